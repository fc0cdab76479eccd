"""What buyer, village and department do in a case; each step holds the order and the case first."""

from collections.abc import Sequence

from flask_babel import gettext as _

from shop.accounts.models import User
from shop.aftersales.deadlines import accept, hold, take_arrival, withdraw_case
from shop.aftersales.letters import tell_step
from shop.aftersales.models import MAX_PHOTOS, MAX_TEXT, AftersaleCase, AftersaleMoveError
from shop.aftersales.policies import may_answer, may_handle, may_rule
from shop.aftersales.states import AftersaleKind, AftersaleStatus, Party, Ruling
from shop.aftersales.steps import (
    Step,
    grant_claim,
    grant_refund,
    move,
    release,
    require_freight_left,
    settle,
    show_photos,
)
from shop.catalogue.stock import return_stock, take_stock
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.money import Money
from shop.orders.couriers import read_tracking_number
from shop.orders.models import Courier
from shop.orders.services import withhold_units
from shop.payments.decisions import retry_failed
from shop.payments.refunds import refunded_by_line
from shop.photos.models import Photo

K = AftersaleKind
S = AftersaleStatus


class WordsMissingError(BusinessError):
    """Something must be said here, and not too much."""


class RestockError(BusinessError):
    """The pieces that can be sold again and those that cannot are not together those that came back."""


class PartyError(BusinessError):
    """Whoever is party to a case cannot decide about it."""


def agree(case: AftersaleCase, *, freight_fen: int = 0, step: Step) -> None:
    """The village agrees; it may give back freight beside the goods."""
    _require(may_answer(_person(step), case))
    hold(case, step)
    _require_status(case, S.AWAITING_VILLAGE)
    require_freight_left(case, freight_fen)
    case.freight_fen = freight_fen
    accept(case, step)


def refuse(case: AftersaleCase, reason: str, photos: Sequence[Photo] = (), *, step: Step) -> None:
    """The village refuses, and says why; what had not been sent may be sent again."""
    _require(may_answer(_person(step), case))
    hold(case, step)
    _require_words(reason, photos, _('写明拒绝的理由，买家会看到'))
    show_photos(move(case, S.REFUSED, step, reason), photos)
    release(case)


def send_back(case: AftersaleCase, courier: Courier, number: str, *, step: Step) -> None:
    """The buyer has sent the goods back; raises `TrackingNumberError`."""
    hold(case, step)
    written = read_tracking_number(courier, number)
    case.return_courier, case.return_number, case.returned_at = courier, written, step.at
    move(case, S.AWAITING_ARRIVAL, step, f'{courier.source_label} {written}'.strip())


def confirm_arrival(case: AftersaleCase, restocked: int, damaged: int, *, step: Step) -> None:
    """The goods have come back: how many can be sold again is decided here, and the case goes on."""
    _require(may_answer(_person(step), case))
    hold(case, step)
    _require_status(case, S.AWAITING_ARRIVAL)
    _restock(case, restocked, damaged)
    take_arrival(case, step)


def restock(case: AftersaleCase, restocked: int, damaged: int, *, step: Step) -> None:
    """Decide later about goods that stayed or came back while time went on by itself."""
    _require(may_handle(_person(step), case))
    hold(case, step)
    if not case.awaits_restocking:
        raise AftersaleMoveError(_('这件售后没有等着入库的货。'))
    _restock(case, restocked, damaged)


def send_again(case: AftersaleCase, courier: Courier, number: str, *, step: Step) -> None:
    """The village sends the goods again; they are taken from stock. Raises `TrackingNumberError`, `OutOfStockError`."""
    _require(may_handle(_person(step), case))
    hold(case, step)
    _require_status(case, S.AWAITING_RESEND)
    written = read_tracking_number(courier, number)
    take_stock({case.line.variant_id: case.units})
    to = S.REPLACED if case.kind is K.REPLACE else S.RESENT
    case.resend_courier, case.resend_number, case.resent_at = courier, written, step.at
    case.settled_at = step.at
    move(case, to, step, f'{courier.source_label} {written}'.strip())
    settle(case, step)


def refund_instead(case: AftersaleCase, *, step: Step) -> None:
    """The village has nothing to send again and gives back what the pieces cost."""
    _require(may_answer(_person(step), case))
    hold(case, step)
    _require_status(case, S.AWAITING_RESEND)
    grant_claim(case, step)


def withdraw(case: AftersaleCase, *, step: Step) -> None:
    """The buyer takes the claim back."""
    hold(case, step)
    withdraw_case(case, step)


def appeal(case: AftersaleCase, text: str, photos: Sequence[Photo] = (), *, step: Step) -> None:
    """The buyer asks the department to decide after a refusal."""
    hold(case, step)
    if not case.is_open:
        raise AftersaleMoveError(_('申请平台介入的时限已过，这件售后已经了结。'))
    _require_words(text, photos, _('写明为什么不同意'))
    show_photos(move(case, S.AT_PLATFORM, step, text), photos)


def add_evidence(case: AftersaleCase, text: str, photos: Sequence[Photo] = (), *, step: Step) -> None:
    """Either side says or shows something more while the case is open."""
    _require(step.party is Party.BUYER or may_handle(_person(step), case))
    hold(case, step)
    if not case.is_open:
        raise AftersaleMoveError(_('这件售后已经定案，不能再补充。'))
    _require_words(text, photos, _('写几句说明'))
    show_photos(case.note(party=step.party, actor_id=step.actor_id, at=step.at, reason=text), photos)


def rule(
    case: AftersaleCase, ruling: Ruling, reason: str, *, amount_fen: int = 0, freight_fen: int = 0, step: Step
) -> None:
    """The department decides for good: so much money for the buyer, or nothing."""
    hold(case, step)
    _require_rulable(case, step)
    _require_words(reason, (), _('写明裁定的理由，双方都会看到'))
    if ruling is Ruling.BUYER:
        fen, _units = refunded_by_line([case.order_line_id]).get(case.order_line_id, (0, 0))
        most = case.line.net_fen - fen
        if not 1 <= amount_fen <= most:
            raise WordsMissingError(_('退款金额填 ¥0.01 到 %(most)s。', most=Money(most)), field='amount')
        require_freight_left(case, freight_fen)
    case.ruling, case.settled_at = ruling, step.at
    event = move(case, S.RULED, step, reason)
    if ruling is Ruling.VILLAGE:
        settle(case, step)
        tell_step(case, event, at=step.at)
        return
    if case.is_unsent and case.line.unshipped >= case.units:
        withhold_units(case.line, case.units)
        case.withheld_units = case.units
    grant_refund(case, amount_fen, freight_fen, step)


def retry(case: AftersaleCase, *, step: Step) -> None:
    """Send the money of a case once more after it came back."""
    _require(may_answer(_person(step), case))
    hold(case, step)
    if case.refund is None or not case.is_refund_failed:
        raise AftersaleMoveError(_('这笔退款没有失败，不用重试。'))
    retry_failed(case.refund, actor=_person(step), at=step.at)


def _restock(case: AftersaleCase, restocked: int, damaged: int) -> None:
    """Put back what can be sold again; the case's lock and its columns see to it that this happens once."""
    if min(restocked, damaged) < 0 or restocked + damaged != case.units:
        raise RestockError(_('放回库存和报损的件数加起来要等于退回的 %(n)s 件。', n=case.units), field='restocked')
    case.restocked_units, case.damaged_units = restocked, damaged
    if restocked:
        return_stock({case.line.variant_id: restocked})


def _require_rulable(case: AftersaleCase, step: Step) -> None:
    actor = _person(step)
    if not may_rule(actor, case):
        raise PartyError(_('您是这件售后的当事人，或经办过它，不能由您裁定。'))
    _require_status(case, S.AT_PLATFORM)


def _require_words(text: str, photos: Sequence[Photo], wanted: str) -> None:
    if not 1 <= len(text) <= MAX_TEXT:
        raise WordsMissingError(
            _('%(wanted)s：1 到 %(most)s 字，现有 %(now)s 字。', wanted=wanted, most=MAX_TEXT, now=len(text)),
            field='text',
        )
    if len(photos) > MAX_PHOTOS:
        raise WordsMissingError(_('照片最多 %(most)s 张。', most=MAX_PHOTOS), field='photos')


def _require_status(case: AftersaleCase, status: AftersaleStatus) -> None:
    if case.status is not status:
        raise AftersaleMoveError(_('这件售后现在是“%(now)s”，这一步已经不需要了。', now=case.status.label))


def _person(step: Step) -> User:
    """Return who acts for the village or the department; never a guest."""
    assert step.actor is not None
    return step.actor


def _require(allowed: bool) -> None:  # noqa: FBT001
    """A case of another village is not there."""
    if not allowed:
        raise NotFoundError

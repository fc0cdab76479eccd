"""What every step of a case shares: it is held, brought up to the instant, settled, and its money is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.aftersales.letters import tell_step
from shop.aftersales.models import AftersaleCase, AftersaleEvent, AftersalePhoto
from shop.aftersales.states import AftersaleKind, AftersaleStatus, Party
from shop.aftersales.terms import Terms
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import kept
from shop.orders.models import Order
from shop.orders.services import lines_now, release_units, resume_receipt
from shop.payments.refunds import Piece, refund_lines, refunded_by_line, refunded_freight
from shop.payments.services import GATEWAYS
from shop.photos.models import Photo

K = AftersaleKind
S = AftersaleStatus
REFUND_REASON = kept('售后退款')
# Only then it stands how much is given.
TOLD_WHEN_SETTLED = frozenset({S.REFUNDING, S.RULED})


class FreightTooLargeError(BusinessError):
    """More freight than was paid and not given back or promised yet."""


@dataclass(frozen=True, slots=True)
class Step:
    """Who takes a step, for which party, when, and within which spans the case goes on."""

    party: Party
    actor: User | None
    at: datetime
    terms: Terms

    @property
    def actor_id(self) -> int | None:
        """The row of whoever acts; None for a guest and for the shop itself."""
        return self.actor.id if self.actor is not None else None


def lock_order(order: Order) -> None:
    """Hold an order with its lines as they are now: whoever acts in a case holds the order first."""
    lock_row(order)
    lines_now(order)


def move(case: AftersaleCase, to: AftersaleStatus, step: Step, reason: str = '') -> AftersaleEvent:
    """Go on, start the time of the new status, and tell the buyer."""
    event = case.move(to, party=step.party, actor_id=step.actor_id, at=step.at, reason=reason)
    spans = {
        S.AWAITING_VILLAGE: step.terms.answer,
        S.AWAITING_RETURN: step.terms.send_back,
        S.AWAITING_ARRIVAL: step.terms.arrival,
        S.AWAITING_RESEND: step.terms.answer,
        S.REFUSED: step.terms.appeal,
    }
    case.due_at = step.at + spans[to] if to in spans else None
    if to not in TOLD_WHEN_SETTLED:
        tell_step(case, event, at=step.at)
    return event


def show_photos(event: AftersaleEvent, photos: Sequence[Photo]) -> None:
    """Hang photos on a step, each picture once."""
    for position, photo in enumerate({photo.id: photo for photo in photos}.values()):
        event.photos.append(AftersalePhoto(photo=photo, position=position))


def settle(case: AftersaleCase, step: Step) -> None:
    """Let go of what the case held; the last one of an order lets its time to be received go on."""
    case.settled_at, case.due_at = step.at, None
    db.session.flush()
    others = select(func.count(AftersaleCase.id)).where(
        AftersaleCase.order_id == case.order_id, AftersaleCase.settled_at.is_(None)
    )
    if not db.session.scalar(others):
        resume_receipt(case.order, receive_within=step.terms.receive, at=step.at)


def release(case: AftersaleCase) -> None:
    """Let the units that were kept back be sent after all."""
    if case.withheld_units:
        release_units(case.line, case.withheld_units)
        case.withheld_units = 0


def grant_refund(case: AftersaleCase, amount_fen: int, freight_fen: int, step: Step, reason: str = '') -> None:
    """Give money back for a case and settle it; raises what `refund_lines` raises."""
    order = case.order
    freight_fen = max(freight_fen, _freight_of_rest(case, amount_fen))
    # Units whose goods went back are units returned, whatever was paid for them; a mere sum returns none.
    units = case.units if case.goods_return or amount_fen == case.amount_fen else 0
    pieces = [Piece(case.order_line_id, units, amount_fen)]
    refund = refund_lines(order, pieces, freight_fen=freight_fen, reason=REFUND_REASON, actor=step.actor, at=step.at)
    event = move(case, S.REFUNDING, step, reason)
    case.refund, case.granted_fen, case.freight_fen = refund, amount_fen, freight_fen
    settle(case, step)
    tell_step(case, case.events[-2] if event.from_status is S.RULED else event, at=step.at)
    GATEWAYS[refund.payment.gateway].request_refund(refund, at=step.at)


def grant_claim(case: AftersaleCase, step: Step, reason: str = '') -> None:
    """Give back what the case asks for."""
    grant_refund(case, case.amount_fen, case.freight_fen, step, reason)


def freight_left(case: AftersaleCase) -> int:
    """Return the fen of freight that were neither given back nor promised in another open case."""
    promised = db.session.scalar(
        select(func.coalesce(func.sum(AftersaleCase.freight_fen), 0)).where(
            AftersaleCase.order_id == case.order_id,
            AftersaleCase.settled_at.is_(None),
            AftersaleCase.id != case.id,
        )
    )
    return case.order.freight_fen - refunded_freight(case.order_id) - int(promised or 0)


def require_freight_left(case: AftersaleCase, freight_fen: int) -> None:
    """Refuse to promise more freight than there is."""
    if not 0 <= freight_fen <= freight_left(case):
        raise FreightTooLargeError(_('另退的运费不能多于还没退的运费。'), field='freight')


def _freight_of_rest(case: AftersaleCase, amount_fen: int) -> int:
    """Return the freight that goes back by itself: nothing was sent, and this leaves nothing of the order."""
    lines = case.order.lines
    if any(line.shipped_quantity for line in lines):
        return 0
    refunded = sum(fen for fen, _units in refunded_by_line([line.id for line in lines]).values())
    is_rest = refunded + amount_fen == case.order.goods_fen
    return case.order.freight_fen - refunded_freight(case.order_id) if is_rest else 0

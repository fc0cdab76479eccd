"""Opening a case: what is asked for is checked against what is left of the line, under the order's lock."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.aftersales.letters import tell_step
from shop.aftersales.models import MAX_PHOTOS, MAX_TEXT, AftersaleCase, AftersaleEvent
from shop.aftersales.offers import Offer, Refunded, offers_for
from shop.aftersales.states import AftersaleReason, AftersaleStatus
from shop.aftersales.steps import Step, lock_order, show_photos
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.ledger.receipts import receive_when_due
from shop.orders.models import OrderLine
from shop.orders.services import pause_receipt, withhold_units
from shop.payments.refunds import refunded_by_line
from shop.photos.models import Photo

S = AftersaleStatus


class OpenCaseError(BusinessError):
    """The line has a case that is not settled; its units and fen cannot be claimed twice."""

    def __init__(self, number: str) -> None:
        """Keep the number of that case, or an empty string while it is being written."""
        super().__init__(_('这件商品有一件售后还没有办完，办完或撤销以后才能再申请。'))
        self.number = number


class ClaimError(BusinessError):
    """What is asked for is not possible for this line, or not so much of it."""


@dataclass(frozen=True)
class Claim:
    """What a buyer asks for; `amount_fen` is asked for instead of pieces where `units` is 0."""

    key: str
    units: int
    amount_fen: int
    reason: AftersaleReason
    text: str
    photos: tuple[Photo, ...] = ()


def open_case(line: OrderLine, claim: Claim, step: Step) -> AftersaleCase:
    """Open a case on a line of one's own order; its units are held, and the time to receive the order stands still.

    Raises `OpenCaseError` and `ClaimError`.
    """
    order = line.order
    lock_order(order)
    receive_when_due(order, at=step.at)
    standing = open_case_of(line.id)
    if standing is not None:
        raise OpenCaseError(standing.number)
    offer = _offer(line, claim, step)
    case = AftersaleCase(
        number=f'{order.number}-{_next_number(order.id)}',
        order=order,
        line=line,
        kind=offer.kind,
        status=S.AWAITING_VILLAGE,
        reason=claim.reason,
        is_unsent=offer.is_unsent,
        units=claim.units,
        withheld_units=claim.units if offer.is_unsent else 0,
        amount_fen=offer.worth(line, claim.units) if claim.units else claim.amount_fen,
        freight_fen=0,
        opened_at=step.at,
        due_at=step.at + step.terms.answer,
    )
    event = AftersaleEvent(
        at=step.at, party=step.party, actor_id=step.actor_id, to_status=S.AWAITING_VILLAGE, reason=claim.text
    )
    case.events.append(event)
    show_photos(event, claim.photos)
    try:
        with db.session.begin_nested():
            db.session.add(case)
    except IntegrityError as error:  # somebody came between in spite of the lock; the database keeps the first
        raise OpenCaseError('') from error
    if offer.is_unsent:
        withhold_units(line, claim.units)
    pause_receipt(order, at=step.at)
    tell_step(case, event, at=step.at)
    return case


def open_case_of(line_id: int) -> AftersaleCase | None:
    """Return the case of a line that is not settled."""
    return db.session.scalar(
        select(AftersaleCase).where(AftersaleCase.order_line_id == line_id, AftersaleCase.settled_at.is_(None))
    )


def offers_of_line(line: OrderLine, step: Step) -> list[Offer]:
    """Return what can be asked for of a line now, an open case apart."""
    fen, units = refunded_by_line([line.id]).get(line.id, (0, 0))
    return offers_for(line, Refunded(fen, units), terms=step.terms, at=step.at)


def _offer(line: OrderLine, claim: Claim, step: Step) -> Offer:
    """Return the offer that the claim takes up, if it asks for no more than that."""
    offer = next((one for one in offers_of_line(line, step) if one.key == claim.key), None)
    if offer is None:
        raise ClaimError(_('现在不能为这件商品申请这种售后，请看上面还能申请的。'), field='kind')
    if claim.reason not in offer.reasons:
        raise ClaimError(_('选择申请原因。'), field='reason')
    _require_amount(offer, line, claim)
    _require_evidence(offer, claim.text, claim.photos)
    return offer


def _require_amount(offer: Offer, line: OrderLine, claim: Claim) -> None:
    if claim.units or not offer.by_amount:
        if not 1 <= claim.units <= offer.units:
            raise ClaimError(_('件数填 1 到 %(most)s。', most=offer.units), field='units')
        if offer.worth(line, claim.units) <= 0:
            raise ClaimError(_('这几件已经没有可退的金额。'), field='units')
    elif not 1 <= claim.amount_fen <= offer.fen:
        raise ClaimError(_('金额填 ¥0.01 到 %(most)s，如 12.50。', most=Money(offer.fen)), field='amount')


def _require_evidence(offer: Offer, text: str, photos: Sequence[Photo]) -> None:
    if len(text) > MAX_TEXT:
        raise ClaimError(_('说明最多 %(most)s 字，现有 %(now)s 字。', most=MAX_TEXT, now=len(text)), field='text')
    if len(photos) > MAX_PHOTOS:
        raise ClaimError(_('照片最多 %(most)s 张。', most=MAX_PHOTOS), field='photos')
    if offer.needs_photos and not photos:
        raise ClaimError(_('坏果包赔要有照片：把坏的和一整箱各拍一张。'), field='photos')


def _next_number(order_id: int) -> int:
    """Number the cases of a locked order."""
    return 1 + (db.session.scalar(select(func.count(AftersaleCase.id)).where(AftersaleCase.order_id == order_id)) or 0)

"""What a buyer may ask for of a line at an instant, why, how much of it, and until when; pure."""

from dataclasses import dataclass
from datetime import datetime

from shop.aftersales.amounts import units_fen
from shop.aftersales.states import AftersaleKind, AftersaleReason
from shop.aftersales.terms import Terms
from shop.catalogue.models import ProductKind, ReturnClass
from shop.orders.models import Order, OrderLine, OrderStatus

K = AftersaleKind
R = AftersaleReason
S = OrderStatus
UNSENT = 'unsent'
SENT_STATUSES = frozenset({S.PARTLY_SHIPPED, S.AWAITING_RECEIPT, S.COMPLETED})
UNSENT_STATUSES = frozenset({S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED})
FAULTS = (R.QUALITY, R.DAMAGED, R.WRONG_GOODS, R.NOT_AS_DESCRIBED)
REASONS: dict[AftersaleKind, tuple[AftersaleReason, ...]] = {
    K.REFUND_ONLY: (R.NOT_RECEIVED, R.SHORT, R.QUALITY, R.DAMAGED, R.NOT_AS_DESCRIBED, R.AGREED),
    K.RETURN_REFUND: (R.UNWANTED, *FAULTS),
    K.REPLACE: (R.QUALITY, R.DAMAGED, R.WRONG_GOODS),
    K.RESEND: (R.SHORT, R.DAMAGED, R.NOT_RECEIVED),
    K.SPOILED: (R.SPOILED,),
}
UNSENT_REASONS = (R.UNWANTED, R.MISTAKE, R.NOT_SENT, R.AGREED)


@dataclass(frozen=True, slots=True)
class Refunded:
    """What of a line went back already, or is going back."""

    fen: int = 0
    units: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """One kind of claim that is possible: on how many units and fen of the line, for which reasons, until when."""

    kind: AftersaleKind
    is_unsent: bool
    units: int
    fen: int
    before_units: int
    reasons: tuple[AftersaleReason, ...]
    until: datetime | None

    @property
    def key(self) -> str:
        """The word for it in an address: the unsent part of an order is a choice of its own."""
        return UNSENT if self.is_unsent else str(self.kind.value)

    @property
    def by_amount(self) -> bool:
        """Whether a sum may be asked for instead of pieces."""
        return self.kind is K.REFUND_ONLY and not self.is_unsent

    @property
    def needs_photos(self) -> bool:
        """Whether it cannot be judged without a picture."""
        return self.kind is K.SPOILED

    def worth(self, line: OrderLine, units: int) -> int:
        """Return the fen of so many units."""
        return units_fen(line.net_fen, line.quantity, before=self.before_units, units=units, left_fen=self.fen)


def received_at(order: Order, *, at: datetime) -> datetime | None:
    """Return when the order was received: time decides, not when the scheduled work came to it."""
    if order.completed_at is not None:
        return min(order.completed_at, order.receive_by or order.completed_at)
    is_due = order.receive_by is not None and order.receive_by <= at and order.disputed_at is None
    return order.receive_by if is_due and order.status is S.AWAITING_RECEIPT else None


def offers_for(line: OrderLine, refunded: Refunded, *, terms: Terms, at: datetime) -> list[Offer]:
    """Return what can be asked for of a line that has no open case."""
    order, left = line.order, line.net_fen - refunded.fen
    if left <= 0:
        return []
    offers = []
    unsent = min(line.unshipped, line.quantity - refunded.units)
    if order.status in UNSENT_STATUSES and unsent > 0:
        offers.append(Offer(K.REFUND_ONLY, True, unsent, left, refunded.units, UNSENT_REASONS, None))  # noqa: FBT003
    sent = line.shipped_quantity - max(0, refunded.units - line.withheld_quantity)
    if order.status in SENT_STATUSES and sent > 0:
        offers += _offers_of_sent(line, refunded, sent, terms=terms, at=at)
    return offers


def _offers_of_sent(line: OrderLine, refunded: Refunded, sent: int, *, terms: Terms, at: datetime) -> list[Offer]:
    left = line.net_fen - refunded.fen
    if sent < line.quantity - refunded.units:  # what is not sent yet is claimed as unsent
        left = units_fen(line.net_fen, line.quantity, before=refunded.units, units=sent, left_fen=left)
    received = received_at(line.order, at=at)
    until = received + terms.claim if received is not None else None
    spoiled_until = received + terms.spoiled if received is not None else None
    offers = []
    for kind in _kinds(line):
        end = spoiled_until if kind is K.SPOILED else until
        reasons = REASONS[kind]
        if line.product.return_class is not ReturnClass.SEVEN_DAYS:
            reasons = tuple(reason for reason in reasons if reason is not R.UNWANTED)
        if received is not None:
            reasons = tuple(reason for reason in reasons if reason is not R.NOT_RECEIVED)
        if end is None or at < end:
            offers.append(Offer(kind, False, sent, left, refunded.units, reasons, end))  # noqa: FBT003
    return offers


def _kinds(line: OrderLine) -> tuple[AftersaleKind, ...]:
    """Return what fits the goods: a service cannot be sent back, only what spoils is claimed as spoiled."""
    product = line.product
    if product.kind is ProductKind.SERVICE:
        return (K.REFUND_ONLY,)
    kinds = (K.REFUND_ONLY, K.RETURN_REFUND, K.REPLACE, K.RESEND)
    spoils = product.kind is ProductKind.FARM_PRODUCE or product.return_class is ReturnClass.NOT_RETURNABLE
    return (*kinds, K.SPOILED) if spoils else kinds

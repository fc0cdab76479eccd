"""What is bought in the campaign: orders as they are planned, before they become rows."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from shop.demo.stage import ProductPlan, Stint, VariantPlan
from shop.orders.models import Channel


class Ending(Enum):
    """How an order ends, given time enough."""

    RECEIVED = 'received'
    RECEIVED_BY_ITSELF = 'received_by_itself'
    EXPIRED = 'expired'
    CANCELLED = 'cancelled'
    PAID_LATE = 'paid_late'
    REFUNDED_BEFORE = 'refunded_before'
    REFUNDED_AFTER = 'refunded_after'
    PART_REFUNDED_BEFORE = 'part_refunded_before'
    PART_REFUNDED_AFTER = 'part_refunded_after'
    UNPAID = 'unpaid'


NEVER_PAID = frozenset({Ending.EXPIRED, Ending.CANCELLED, Ending.PAID_LATE, Ending.UNPAID})


@dataclass(slots=True)
class Buyer:
    """Somebody who buys; a guest has no user but a token."""

    user_id: int | None
    guest_digest: str | None
    name: str
    phone: str
    province: str
    city: str
    county: str
    street: str


@dataclass(slots=True)
class PlannedLine:
    """A variant in a planned order."""

    product: ProductPlan
    variant: VariantPlan
    quantity: int
    discount_fen: int = 0

    @property
    def gross_fen(self) -> int:
        """The price of all units."""
        return self.variant.price_fen * self.quantity

    @property
    def net_fen(self) -> int:
        """The price less the discount."""
        return self.gross_fen - self.discount_fen


@dataclass(frozen=True, slots=True)
class RefundPiece:
    """What is given back of the line at an index: units, which may be none, and fen."""

    line: int
    quantity: int
    amount_fen: int


@dataclass(slots=True)
class PlannedOrder:
    """An order of one supplier's goods; orders of one checkout share the number of their group."""

    channel: Channel
    lines: list[PlannedLine]
    placed_at: datetime
    paid_after: timedelta
    payable_for: timedelta
    ending: Ending = Ending.RECEIVED
    buyer: Buyer | None = None
    institution: str | None = None
    note: str = ''
    is_insider: bool = False
    is_test: bool = False
    is_split: bool = False
    must_complete: bool = False
    group: int = 0
    refund: list[RefundPiece] = field(default_factory=list)

    @property
    def village_id(self) -> int:
        """The village it is bought from."""
        return self.lines[0].product.village.id

    @property
    def goods_fen(self) -> int:
        """The net of all lines."""
        return sum(line.net_fen for line in self.lines)

    @property
    def paid_at(self) -> datetime:
        """When it is paid, if it is."""
        return self.placed_at + self.paid_after

    @property
    def is_sold(self) -> bool:
        """Whether it is paid and counts."""
        return self.ending not in NEVER_PAID and not self.is_test

    def stint(self, line: PlannedLine) -> Stint:
        """Return under which endorsement a line is bought; raises `LookupError` when there is none."""
        stint = line.product.stint_at(self.paid_at)
        if stint is None:
            raise LookupError(f'{line.product.name} is not on sale at {self.paid_at}')
        return stint

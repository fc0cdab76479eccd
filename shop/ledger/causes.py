"""What the book knows of refunds: their shape, without importing the package that makes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import BigInteger, column, table

from shop.orders.models import Order, OrderLine

REFUND_LINES = table(
    'refund_lines',
    column('id', BigInteger),
    column('refund_id', BigInteger),
    column('order_line_id', BigInteger),
    column('amount_fen', BigInteger),
    column('quantity', BigInteger),
    column('benefit_fen', BigInteger),
)
REFUNDS = table(
    'refunds',
    column('id', BigInteger),
    column('payment_id', BigInteger),
    column('order_id', BigInteger),
    column('amount_fen', BigInteger),
    column('freight_fen', BigInteger),
)
PAYMENTS = table('payments', column('id', BigInteger), column('amount_fen', BigInteger))


class RefundedLine(Protocol):
    """What a refund takes back of one line, in fen and units."""

    @property
    def id(self) -> int:
        """The refund line."""

    @property
    def amount_fen(self) -> int:
        """What goes back to the buyer."""

    @property
    def quantity(self) -> int:
        """How many units come back."""

    @property
    def benefit_fen(self) -> int:
        """The part of the line's benefit it takes along."""

    @property
    def line(self) -> OrderLine:
        """The line."""


class LinesRefund(Protocol):
    """A refund of an order's lines; one without an order has nothing in the book."""

    @property
    def order(self) -> Order | None:
        """The order, unless a whole payment goes back."""

    @property
    def requested_at(self) -> datetime:
        """When it happened."""

    @property
    def lines(self) -> Sequence[RefundedLine]:
        """What goes back of which line."""

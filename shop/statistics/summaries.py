"""Sales cells folded by month, channel and place: what the charts and tables of a page show."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from shop.kit import clock
from shop.kit.money import BASIS_POINTS
from shop.orders.models import Channel
from shop.statistics.sales import SalesCell


@dataclass(slots=True)
class SalesSum:
    """Sales in fen, with the parts that must be visible: institutions, insiders, refunds (negative)."""

    amount_fen: int = 0
    institution_fen: int = 0
    insider_fen: int = 0
    refunded_fen: int = 0
    quantity: int = 0
    entry_count: int = 0

    def add(self, cell: SalesCell) -> None:
        """Take a cell in."""
        self.amount_fen += cell.amount_fen
        self.refunded_fen += cell.refunded_fen
        self.quantity += cell.quantity
        self.entry_count += cell.entry_count
        if cell.channel is Channel.INSTITUTION:
            self.institution_fen += cell.amount_fen
        if cell.is_insider:
            self.insider_fen += cell.amount_fen

    @property
    def personal_fen(self) -> int:
        """What was not bought by institutions."""
        return self.amount_fen - self.institution_fen

    @property
    def institution_bp(self) -> int:
        """The institutions' share, in basis points."""
        return rate_bp(self.institution_fen, self.amount_fen)

    @property
    def insider_bp(self) -> int:
        """The insiders' share, in basis points."""
        return rate_bp(self.insider_fen, self.amount_fen)


@dataclass(slots=True)
class SalesSummary:
    """The sales of a page: whole, by month, by channel and by place id."""

    whole: SalesSum = field(default_factory=SalesSum)
    by_month: dict[date, SalesSum] = field(default_factory=dict)
    by_channel: dict[Channel, SalesSum] = field(default_factory=dict)
    by_place: dict[int, SalesSum] = field(default_factory=lambda: defaultdict(SalesSum))


def summarise(cells: Sequence[SalesCell], on: date) -> SalesSummary:
    """Fold cells; every month from the first sale to `on` and every channel has its sum."""
    first = min((cell.month for cell in cells), default=clock.month_of(on))
    summary = SalesSummary(
        by_month={month: SalesSum() for month in months_between(first, on)},
        by_channel={channel: SalesSum() for channel in Channel},
    )
    for cell in cells:
        for total in (
            summary.whole,
            summary.by_month[cell.month],
            summary.by_channel[cell.channel],
            summary.by_place[cell.place_id],
        ):
            total.add(cell)
    return summary


def months_between(first: date, on: date) -> Iterable[date]:
    """Yield the months from that of `first` to that of `on`."""
    month = clock.month_of(first)
    while month <= on:
        yield month
        month = clock.next_month(month)


def rate_bp(part: int, whole: int) -> int:
    """Return `part` of `whole` in basis points, rounded; 0 of nothing."""
    return (part * BASIS_POINTS * 2 + whole) // (2 * whole) if whole > 0 else 0

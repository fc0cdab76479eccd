"""The sunshine board: what anybody may check, without a household being shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from shop.benefits.models import AgreementVersion
from shop.endorsements.agreement_queries import changes_on_notice
from shop.kit.database import db
from shop.ledger.models import DaySeal
from shop.objections.notices import NoticeLine, notices_in_force
from shop.orders.models import Channel
from shop.payouts.models import PayoutBatch
from shop.payouts.queries import batches_on_notice
from shop.statistics.metrics import METRICS, Metric
from shop.statistics.places import Level
from shop.statistics.sales import sales_cells, sources
from shop.statistics.summaries import SalesSummary, rate_bp, summarise
from shop.statistics.tallies import Breakdown, Headline, breakdown, headline

SEALS = 5
NOTICES = 6
MONTHS = 12


@dataclass(frozen=True, slots=True)
class ChannelShare:
    """What one channel sold, and its part of the whole in basis points."""

    channel: Channel
    amount_fen: int
    share_bp: int


@dataclass(frozen=True)
class SunshineBoard:
    """What the board shows; `by_county` has rows in the official order and the repeats."""

    tally: Headline
    by_county: Breakdown
    sales: SalesSummary
    metrics: Sequence[Metric]
    notices: Sequence[NoticeLine]
    payouts: Sequence[PayoutBatch]
    changes: Sequence[AgreementVersion]
    seals: Sequence[DaySeal]

    @property
    def channels(self) -> list[ChannelShare]:
        """The channels in their order, each with its share."""
        whole = self.sales.whole.amount_fen
        return [
            ChannelShare(channel, part.amount_fen, rate_bp(part.amount_fen, whole))
            for channel, part in self.sales.by_channel.items()
        ]

    @property
    def months(self) -> list[tuple[date, int]]:
        """The sales of the last months, the running one last."""
        return last_months(self.sales)


def last_months(sales: SalesSummary, count: int = MONTHS) -> list[tuple[date, int]]:
    """Return month and net sales of the last months of a summary."""
    return [(month, part.amount_fen) for month, part in sales.by_month.items()][-count:]


def open_sunshine_board(*, on: date) -> SunshineBoard:
    """Return the board as of a day."""
    parts = sources(on)
    seals = db.session.scalars(select(DaySeal).order_by(DaySeal.day.desc()).limit(SEALS)).all()
    tally = headline(on, parts=parts)
    return SunshineBoard(
        tally=tally,
        by_county=breakdown(on, level=Level.COUNTY, total=tally.figures, parts=parts),
        sales=summarise(sales_cells(parts), on),
        metrics=list(METRICS.values()),
        notices=notices_in_force(on=on)[:NOTICES],
        payouts=batches_on_notice(on=on)[:NOTICES],
        changes=changes_on_notice(on=on)[:NOTICES],
        seals=seals,
    )

"""The campaign dashboard: everything the page shows of one place at one date, in a fixed number of statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select, union_all

from shop.benefits.models import AgreementVersion, BenefitAgreement
from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.models import BenefitEntry, BenefitPayout, BenefitPool, DaySeal
from shop.statistics.charts import Strip, Trend, draw_strip, draw_trend
from shop.statistics.maps import MapCounty, draw_map
from shop.statistics.places import Level, Scope
from shop.statistics.readers import View
from shop.statistics.sales import ProductSales, Sources, sales_cells, sources, top_products
from shop.statistics.summaries import SalesSummary, rate_bp, summarise
from shop.statistics.tallies import Breakdown, Figures, Headline, breakdown, headline
from shop.statistics.trends import HouseholdPoint, household_trend
from shop.villages.models import Village

# Above these shares of a place's sales its line is flagged: 摊派 and 刷单 must be visible.
INSTITUTION_WARNING_BP = 4_000
INSIDER_WARNING_BP = 300
FIRST_DAY = date(2000, 1, 1)
STRIP_LINES = 24


@dataclass(frozen=True)
class NamedProductSales:
    """A product that sells, with its names."""

    sales: ProductSales
    name: str
    slug: str
    village: str


@dataclass(frozen=True)
class Seals:
    """How far the days are closed."""

    last: date | None
    count: int
    open_days: int

    def covers(self, on: date) -> bool:
        """Tell whether the day can no longer change."""
        return self.last is not None and on <= self.last


@dataclass(frozen=True)
class Dashboard:
    """The dashboard of one place at one date; money in fen."""

    view: View
    on: date
    headline: Headline
    growth: Figures
    table: Breakdown
    sales: SalesSummary
    points: Sequence[HouseholdPoint]
    trend: Trend
    top: Sequence[NamedProductSales]
    owed: Mapping[int, int]
    seals: Seals

    @property
    def owed_fen(self) -> int:
        """What is accrued and not paid yet."""
        return sum(self.owed.values())

    @property
    def rates_are_paid(self) -> bool:
        """Whether the map shows paid of accrued; before the first payout it shows accrued of covered."""
        return self.headline.paid > 0

    @property
    def map(self) -> list[MapCounty]:
        """The counties on the schematic map; empty anywhere but for the whole campaign."""
        if self.view.lines is not Level.COUNTY:
            return []
        return draw_map([(line, self.rate_of(line.figures)) for line in self.table.rows])

    @property
    def institution_strip(self) -> Strip | None:
        """The institutions' share by place; None for a single place or too many."""
        rates = [(line.name, self.sales.by_place[line.place.id].institution_bp) for line in self.table.rows]
        whole = self.sales.whole.institution_bp
        return draw_strip(rates, whole, INSTITUTION_WARNING_BP, left=62, width=90) if self._has_strips else None

    @property
    def insider_strip(self) -> Strip | None:
        """The insiders' share by place; None for a single place or too many."""
        rates = [(line.name, self.sales.by_place[line.place.id].insider_bp) for line in self.table.rows]
        whole = self.sales.whole.insider_bp
        return draw_strip(rates, whole, INSIDER_WARNING_BP, left=220, width=98) if self._has_strips else None

    @property
    def _has_strips(self) -> bool:
        return 1 < len(self.table.rows) <= STRIP_LINES

    def rate_of(self, figures: Figures) -> tuple[int, int, int]:
        """Return the map's rate in basis points with its numerator and denominator."""
        part, whole = (figures.paid, figures.accrued) if self.rates_are_paid else (figures.accrued, figures.covered)
        return rate_bp(part, whole), part, whole


def open_dashboard(view: View, on: date) -> Dashboard:
    """Return the dashboard of a place at the end of a day."""
    scope, parts = view.scope, sources(on)
    now = headline(on, scope=scope, parts=parts)
    summary = summarise(sales_cells(parts, scope, view.lines), on)
    points = household_trend(list(summary.by_month), parts, scope)
    return Dashboard(
        view=view,
        on=on,
        headline=now,
        growth=now.figures - _before_this_month(on, scope),
        table=breakdown(on, scope, view.lines, total=now.figures, parts=parts),
        sales=summary,
        points=points,
        trend=draw_trend(list(summary.by_month.items()), points),
        top=_named(top_products(parts, scope)),
        owed=_owed(on, scope, view.lines),
        seals=_seals(parts),
    )


def _before_this_month(on: date, scope: Scope) -> Figures:
    return headline(max(FIRST_DAY, clock.month_of(on)) - timedelta(days=1), scope=scope).figures


def _named(top: Sequence[ProductSales]) -> list[NamedProductSales]:
    names = {
        row.id: row
        for row in db.session.execute(
            select(Product.id, Product.name, Product.slug, Village.name.label('village'))
            .join(Village, Village.id == Product.village_id)
            .where(Product.id.in_([sales.product_id for sales in top]))
        )
    }
    return [
        NamedProductSales(
            sales, names[sales.product_id].name, names[sales.product_id].slug, names[sales.product_id].village
        )
        for sales in top
    ]


def _owed(on: date, scope: Scope, level: Level) -> dict[int, int]:
    """Return what is accrued less what is paid, by place: the pools less what came after `on`, less payouts."""
    later = -BenefitEntry.amount_fen
    paid = -BenefitPayout.amount_fen
    moves = union_all(
        select(BenefitPool.id.label('pool_id'), BenefitPool.amount_fen.label('fen')),
        select(BenefitEntry.pool_id, later).where(BenefitEntry.booked_on > on),
        select(BenefitPayout.pool_id, paid).where(BenefitPayout.booked_on <= on),
    ).subquery()
    place = level.column
    statement = (
        select(place, func.sum(moves.c.fen))
        .select_from(moves)
        .join(BenefitPool, BenefitPool.id == moves.c.pool_id)
        .join(AgreementVersion, AgreementVersion.id == BenefitPool.version_id)
        .join(BenefitAgreement, BenefitAgreement.id == AgreementVersion.agreement_id)
        .join(Village, Village.id == BenefitAgreement.village_id)
        .where(*scope.conditions)
        .group_by(place)
    )
    return {row[0]: int(row[1]) for row in db.session.execute(statement)}


def _seals(parts: Sources) -> Seals:
    statement = select(func.count(DaySeal.day), func.max(DaySeal.day))
    count, last = db.session.execute(statement).one()
    return Seals(last if count else None, count, (parts.on - last).days if count and parts.on > last else 0)

"""The rows behind a figure, page by page: as many as the figure says, because both come from the same members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _lazy
from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from shop.benefits.models import AgreementShare, AgreementVersion
from shop.catalogue.models import Brand, IndustryProject, Product, ProjectShare
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.pagination import Page
from shop.kit.words import listed
from shop.ledger.causes import REFUND_LINES
from shop.ledger.models import BenefitPayout, SalesEntry
from shop.orders.models import Order, OrderLine
from shop.regions.models import Region
from shop.statistics.members import members
from shop.statistics.metrics import METRICS, Metric
from shop.statistics.places import Scope
from shop.statistics.subjects import sales_condition
from shop.villages.masking import masked_name
from shop.villages.models import FirstSecretary, Household, SponsorUnit, Tenure, TenureStatus, Village

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a row; `kind` says how it is written: text, day, number or fen."""

    value: Any
    kind: str = 'text'
    href: str = ''


@dataclass(frozen=True)
class FigureRows:
    """A page of the rows behind a figure; for sales `total_fen` is their sum over all pages."""

    metric: Metric
    columns: Sequence[Any]
    page: Page[Sequence[Cell]]
    total_fen: int | None = None


Rows = tuple[Sequence[Any], list[list[Cell]]]


def figure_rows(metric: str, on: date, scope: Scope, page: int) -> FigureRows:
    """Return a page of the rows behind a figure at the end of a day; raises `KeyError` for an unknown metric."""
    if metric == 'sales':
        return _sales_rows(on, scope, page)
    counted = members(metric, on, scope).subquery()
    total = db.session.scalar(select(func.count()).select_from(counted)) or 0
    number = min(page, max(1, -(-total // PAGE_SIZE)))
    columns, rows = _ROWS[metric](on, counted, number)
    return FigureRows(METRICS[metric], columns, Page(rows, number, PAGE_SIZE, total))


def _page(statement: Any, number: int) -> Any:
    return db.session.execute(statement.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))


def _placed(statement: Any, counted: Any) -> Any:
    """Join the village with its township and county, and put the rows in the official order."""
    county, township = aliased(Region), aliased(Region)
    return (
        statement.add_columns(county.name.label('county'), Village.name.label('village'))
        .join(Village, Village.id == counted.c.village_id)
        .join(county, county.id == Village.county_id)
        .join(township, township.id == Village.township_id)
        .order_by(county.position, township.position, Village.position, counted.c.member_id)
    )


def _village_rows(on: date, counted: Any, number: int) -> Rows:
    statement = _placed(
        select(FirstSecretary.name, SponsorUnit.name.label('unit'), Tenure.starts_on)
        .select_from(counted)
        .join(Tenure, Tenure.village_id == counted.c.member_id)
        .join(FirstSecretary, FirstSecretary.id == Tenure.secretary_id)
        .join(SponsorUnit, SponsorUnit.id == Tenure.sponsor_unit_id)
        .where(
            Tenure.status != TenureStatus.PLANNED,
            Tenure.starts_on <= on,
            or_(Tenure.ends_on.is_(None), Tenure.ends_on > on),
        ),
        counted,
    )
    rows = [
        [Cell(row.county), Cell(row.village), Cell(row.name), Cell(row.unit), Cell(row.starts_on, 'day')]
        for row in _page(statement, number)
    ]
    return (_('县（市、区）'), _('村'), _('第一书记'), _('派出单位'), _('到任日')), rows


def _product_rows(on: date, counted: Any, number: int) -> Rows:
    first = (
        select(func.min(Endorsement.listed_on))
        .where(Endorsement.product_id == counted.c.member_id, Endorsement.listed_on <= on)
        .scalar_subquery()
    )
    statement = _placed(
        select(Product.name, Product.slug, Brand.name.label('brand'), first.label('first'))
        .select_from(counted)
        .join(Product, Product.id == counted.c.member_id)
        .outerjoin(Brand, Brand.id == Product.brand_id),
        counted,
    )
    rows = [
        [
            Cell(row.county),
            Cell(row.village),
            Cell(row.name, href=f'/products/{row.slug}'),
            Cell(row.brand or '—'),
            Cell(row.first, 'day'),
        ]
        for row in _page(statement, number)
    ]
    return (_('县（市、区）'), _('村'), _('产品（项目）'), _('品牌'), _('首次上架日')), rows


def _project_rows(on: date, counted: Any, number: int) -> Rows:
    statement = _placed(
        select(IndustryProject.id, IndustryProject.name, IndustryProject.kind, IndustryProject.approved_on)
        .select_from(counted)
        .join(IndustryProject, IndustryProject.id == counted.c.member_id),
        counted,
    )
    found = _page(statement, number).all()
    driving: dict[int, list[str]] = {}
    for project_id, name in db.session.execute(
        select(ProjectShare.project_id, Product.name)
        .join(Product, Product.id == ProjectShare.product_id)
        .join(Endorsement, Endorsement.product_id == Product.id)
        .where(ProjectShare.project_id.in_([row.id for row in found]), Endorsement.approved_on <= on)
        .distinct()
        .order_by(ProjectShare.project_id, Product.name)
    ):
        driving.setdefault(project_id, []).append(name)
    rows = [
        [
            Cell(row.county),
            Cell(row.village),
            Cell(row.name),
            Cell(row.kind),
            Cell(listed(driving[row.id])),
            Cell(row.approved_on, 'day'),
        ]
        for row in found
    ]
    return (_('县（市、区）'), _('村'), _('产业项目'), _('类型'), _('带动它的代言产品'), _('认定日')), rows


def _brand_rows(on: date, counted: Any, number: int) -> Rows:
    statement = _placed(
        select(Brand.name, Brand.slug, Brand.status, Brand.trademark_number, Brand.approved_on)
        .select_from(counted)
        .join(Brand, Brand.id == counted.c.member_id),
        counted,
    )
    rows = [
        [
            Cell(row.county),
            Cell(row.village),
            Cell(row.name, href=f'/brands/{row.slug}'),
            Cell(row.status.label),
            Cell(row.trademark_number or '—'),
            Cell(row.approved_on, 'day'),
        ]
        for row in _page(statement, number)
    ]
    return (_('县（市、区）'), _('村'), _('品牌'), _('商标状态'), _('注册号'), _('认定日')), rows


def _household_rows(day: Any, title: Any) -> Callable[[date, Any, int], Rows]:
    """Return what lists households with the day `day` selects; heads stand masked, as on any page."""

    def rows_of(on: date, counted: Any, number: int) -> Rows:
        statement = _placed(
            select(Household.number, Household.head_name, Household.group_name, Household.people)
            .add_columns(day(on).label('since'))
            .select_from(counted)
            .join(Household, Household.id == counted.c.member_id),
            counted,
        )
        rows = [
            [
                Cell(row.county),
                Cell(row.village),
                Cell(row.group_name),
                Cell(row.number),
                Cell(masked_name(row.head_name)),
                Cell(row.people, 'number'),
                Cell(row.since, 'day'),
            ]
            for row in _page(statement, number)
        ]
        return (_('县（市、区）'), _('村'), _('村民小组'), _('户编号'), _('户主'), _('人口'), title), rows

    return rows_of


def _covered_since(on: date) -> Any:
    return (
        select(func.min(AgreementVersion.in_force_on))
        .join(AgreementShare, AgreementShare.version_id == AgreementVersion.id)
        .where(
            AgreementShare.household_id == Household.id,
            AgreementVersion.in_force_on <= on,
            or_(AgreementVersion.ended_on.is_(None), AgreementVersion.ended_on > on),
        )
        .correlate(Household)
        .scalar_subquery()
    )


def _accrued_since(on: date) -> Any:
    first = select(func.min(AgreementShare.accrued_on)).where(AgreementShare.household_id == Household.id)
    return first.correlate(Household).scalar_subquery()


def _paid_since(on: date) -> Any:
    first = select(func.min(BenefitPayout.booked_on)).where(BenefitPayout.household_id == Household.id)
    return first.correlate(Household).scalar_subquery()


def _sales_rows(on: date, scope: Scope, page: int) -> FigureRows:
    """List the entries themselves, the newest first."""
    inside = [SalesEntry.booked_on <= on]
    if scope.conditions:
        inside.append(SalesEntry.village_id.in_(select(Village.id).where(*scope.conditions)))
    if scope.subject is not None:
        inside.append(sales_condition(scope.subject, SalesEntry, on))
    total, fen = db.session.execute(select(func.count(), func.sum(SalesEntry.amount_fen)).where(*inside)).one()
    number = min(page, max(1, -(-total // PAGE_SIZE)))
    line_id = func.coalesce(SalesEntry.order_line_id, REFUND_LINES.c.order_line_id)
    statement = (
        select(
            SalesEntry.booked_on,
            SalesEntry.occurred_on,
            SalesEntry.channel,
            SalesEntry.is_insider,
            SalesEntry.quantity,
            SalesEntry.amount_fen,
            SalesEntry.refund_line_id,
            Order.number,
            OrderLine.product_name,
            Region.name.label('county'),
            Village.name.label('village'),
        )
        .outerjoin(REFUND_LINES, REFUND_LINES.c.id == SalesEntry.refund_line_id)
        .join(OrderLine, OrderLine.id == line_id)
        .join(Order, Order.id == OrderLine.order_id)
        .join(Village, Village.id == SalesEntry.village_id)
        .join(Region, Region.id == SalesEntry.county_id)
        .where(*inside)
        .order_by(SalesEntry.booked_on.desc(), SalesEntry.id.desc())
    )
    rows = [
        [
            Cell(row.booked_on, 'day'),
            Cell(row.occurred_on, 'day'),
            Cell(row.number + (_('（退款）') if row.refund_line_id is not None else '')),
            Cell(row.county),
            Cell(row.village),
            Cell(row.product_name),
            Cell(row.channel.label + (_('·内部') if row.is_insider else '')),
            Cell(row.quantity, 'number'),
            Cell(row.amount_fen, 'fen'),
        ]
        for row in _page(statement, number)
    ]
    columns = (
        _('入账日'),
        _('发生日'),
        _('订单号'),
        _('县（市、区）'),
        _('村'),
        _('产品'),
        _('渠道'),
        _('件数'),
        _('金额（元）'),
    )
    return FigureRows(METRICS['sales'], columns, Page(rows, number, PAGE_SIZE, total), int(fen or 0))


_ROWS: dict[str, Callable[[date, Any, int], Rows]] = {
    'villages': _village_rows,
    'endorsed_products': _product_rows,
    'projects': _project_rows,
    'brands': _brand_rows,
    'covered': _household_rows(_covered_since, _lazy('协议生效日')),
    'accrued': _household_rows(_accrued_since, _lazy('首次测算受益日')),
    'paid': _household_rows(_paid_since, _lazy('首次到账日')),
}

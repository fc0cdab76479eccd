"""What came of a village's share links: visits, orders, and sales as the book has them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload

from shop.kit.database import db
from shop.kit.pagination import Page
from shop.ledger.causes import REFUND_LINES
from shop.ledger.models import SalesEntry
from shop.orders.models import Order, OrderLine
from shop.orders.share_link import ShareLink, ShareLinkDay

PAGE_SIZE = 30


@dataclass(frozen=True)
class LinkFigures:
    """What one link brought; `sales_fen` is paid less refunded, freight apart, test orders left out."""

    visits: int = 0
    orders: int = 0
    sales_fen: int = 0


def page_of_links(village_id: int, number: int) -> Page[tuple[ShareLink, LinkFigures]]:
    """Return a village's links, the newest first, each with what it brought."""
    total = db.session.scalar(select(func.count(ShareLink.id)).where(ShareLink.village_id == village_id)) or 0
    links = db.session.scalars(
        select(ShareLink)
        .where(ShareLink.village_id == village_id)
        .options(joinedload(ShareLink.product), joinedload(ShareLink.village))
        .order_by(ShareLink.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    ).all()
    figures = figures_of([link.id for link in links])
    return Page([(link, figures[link.id]) for link in links], number, PAGE_SIZE, total)


def figures_of(link_ids: Sequence[int]) -> dict[int, LinkFigures]:
    """Return what these links brought; four statements, however many they are."""
    figures = dict.fromkeys(link_ids, LinkFigures())
    if not link_ids:
        return figures
    visits = select(ShareLinkDay.share_link_id, func.sum(ShareLinkDay.visits)).group_by(ShareLinkDay.share_link_id)
    for opened, count in db.session.execute(visits.where(ShareLinkDay.share_link_id.in_(link_ids))):
        figures[opened] = replace(figures[opened], visits=int(count))
    link_id = Order.share_link_id
    orders = select(link_id, func.count(Order.id)).group_by(link_id)
    paid = (link_id.in_(link_ids), Order.paid_at.is_not(None), Order.is_test.is_(False))
    for ordered, count in db.session.execute(orders.where(*paid)):
        assert ordered is not None
        figures[ordered] = replace(figures[ordered], orders=count)
    for way in (SalesEntry.order_line_id == OrderLine.id, _refund_of_line()):
        sales = (
            select(link_id, func.sum(SalesEntry.amount_fen))
            .join(OrderLine, OrderLine.order_id == Order.id)
            .join(SalesEntry, way)
            .where(*paid)
            .group_by(link_id)
        )
        for sold, fen in db.session.execute(sales):
            assert sold is not None
            figures[sold] = replace(figures[sold], sales_fen=figures[sold].sales_fen + int(fen))
    return figures


def days_of(link_id: int) -> list[ShareLinkDay]:
    """Return the visits of a link by day, the newest first."""
    return list(
        db.session.scalars(
            select(ShareLinkDay).where(ShareLinkDay.share_link_id == link_id).order_by(ShareLinkDay.day.desc())
        )
    )


def _refund_of_line() -> ColumnElement[bool]:
    pieces = select(REFUND_LINES.c.id).where(REFUND_LINES.c.order_line_id == OrderLine.id)
    return SalesEntry.refund_line_id.in_(pieces.correlate(OrderLine))

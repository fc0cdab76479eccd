"""Published seals: a page of them, one with its neighbours, a span of days."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.ledger.models import DaySeal
from shop.ledger.sealing import seal_root

PAGE_SIZE = 31


@dataclass(frozen=True)
class SealPage:
    """A seal and the days beside it; `is_consistent` when it is what its own figures come to."""

    seal: DaySeal
    before: date | None
    after: date | None
    is_consistent: bool
    is_chained: bool


def page_of_seals(number: int) -> Page[DaySeal]:
    """Return a page of seals, the newest first."""
    total = db.session.scalar(select(func.count(DaySeal.day))) or 0
    number = min(number, max(1, -(-total // PAGE_SIZE)))
    rows = db.session.scalars(
        select(DaySeal).order_by(DaySeal.day.desc()).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows.all(), number, PAGE_SIZE, total)


def open_seal(day: date) -> SealPage:
    """Return the seal of a day; raises `NotFoundError` for a day that is not closed."""
    seal = db.session.get(DaySeal, day)
    if seal is None:
        raise NotFoundError
    before = db.session.scalar(select(DaySeal).where(DaySeal.day < day).order_by(DaySeal.day.desc()).limit(1))
    after = db.session.scalar(select(func.min(DaySeal.day)).where(DaySeal.day > day))
    figures = (seal.sales_count, seal.sales_fen, seal.benefit_count, seal.benefit_fen, seal.reached_count)
    return SealPage(
        seal=seal,
        before=before.day if before is not None else None,
        after=after,
        is_consistent=seal_root(day, seal.previous_root, seal.entries_root, figures) == seal.root,
        is_chained=before is None or before.root == seal.previous_root,
    )


def seals_between(first: date, last: date) -> list[DaySeal]:
    """Return the seals of a span of days, in order."""
    return list(
        db.session.scalars(select(DaySeal).where(DaySeal.day >= first, DaySeal.day <= last).order_by(DaySeal.day))
    )

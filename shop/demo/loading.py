"""Loads a planned campaign: one unit of work, so that a killed load leaves nothing behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import exists, inspect, select

from shop.demo.campaign import plan_campaign
from shop.demo.pictures import hang_pictures
from shop.demo.register import seal_numbers
from shop.kit.database import Model, db, transaction
from shop.kit.errors import BusinessError
from shop.ledger.closing import close_due_days

CLOSED_AFTER = timedelta(minutes=5)
# Whoever opens a page of the empty shop leaves these; the campaign has none of them.
LEFT_BY_VISITORS = frozenset({'web_sessions', 'baskets'})
Tell = Callable[[str, float], None]


class DatabaseNotEmptyError(BusinessError):
    """There is something in the database already."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load brought."""

    rows: int
    days: int


def has_tables() -> bool:
    """Tell whether the database was brought up to date at least once."""
    return inspect(db.engine).has_table('orders')


def is_empty() -> bool:
    """Tell whether nobody has put anything into the shop yet."""
    tables = (table for table in Model.metadata.sorted_tables if table.name not in LEFT_BY_VISITORS)
    return not any(db.session.scalar(select(exists().select_from(table))) for table in tables)


def load_campaign(seed: int, scale: float, until: date, *, tell: Tell) -> Loaded:
    """Plan the campaign up to `until` and write it, all or nothing; raises `DatabaseNotEmptyError`.

    `tell` hears what is done and which part (0–1) of it.
    """
    if not is_empty():
        raise DatabaseNotEmptyError('数据库里已有数据，演示数据只能装入空库。换一个 SHOP_DATA 或 DATABASE_URL 再试。')
    db.session.rollback()
    campaign = plan_campaign(seed, scale, until, tell=lambda what: tell(what, 0.0))
    seal_numbers(campaign.rows)
    total, done = campaign.rows.count(), 0

    def on_batch(size: int) -> None:
        nonlocal done
        done += size
        tell('写入', done / total)

    with transaction() as session:
        if not is_empty():
            raise DatabaseNotEmptyError('数据库里已有数据，演示数据只能装入空库。')
        campaign.rows.insert(session, on_batch=on_batch)
        session.flush()
        hang_pictures(at=campaign.period.end, on_step=lambda part: tell('画图', part))
        days = close_due_days(
            at=campaign.period.end + CLOSED_AFTER,
            progress=lambda day, _: tell('封账', (day - campaign.period.first).days / campaign.period.days),
        )
        session.expunge_all()
    return Loaded(total, days)

"""Loads a planned campaign: one unit of work, so that a killed load leaves nothing behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from shop.accounts.models import User
from shop.demo.campaign import plan_campaign
from shop.demo.pictures import hang_pictures
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.ledger.closing import close_due_days
from shop.orders.models import Order
from shop.regions.models import Region
from shop.villages.models import Village

CLOSED_AFTER = timedelta(minutes=5)
Tell = Callable[[str, float], None]


class DatabaseNotEmptyError(BusinessError):
    """There is something in the database already."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load brought."""

    rows: int
    days: int


def is_empty() -> bool:
    """Tell whether nobody has put anything into the shop yet."""
    return all(
        not db.session.scalar(select(func.count()).select_from(model)) for model in (User, Region, Village, Order)
    )


def load_campaign(seed: int, scale: float, until: date, *, tell: Tell) -> Loaded:
    """Plan the campaign up to `until` and write it, all or nothing; raises `DatabaseNotEmptyError`.

    `tell` hears what is done and which part (0–1) of it.
    """
    if not is_empty():
        raise DatabaseNotEmptyError('数据库里已有数据，演示数据只能装入空库。换一个 SHOP_DATA 或 DATABASE_URL 再试。')
    db.session.rollback()
    campaign = plan_campaign(seed, scale, until, tell=lambda what: tell(what, 0.0))
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

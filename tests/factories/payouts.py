"""A village with money in its pools, and batches of it brought to any point of their way."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import db, transaction
from shop.payouts.models import BatchStatus, PayoutBatch, PayoutLine
from shop.payouts.paying import pay_cash
from shop.payouts.services import approve_batch, compute_batch, confirm_batch, end_due_notices, put_on_notice
from shop.villages.models import Household, Village
from tests.factories.accounts import make_reviewers
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of, make_completed_order
from tests.factories.villages import desk_user, make_team_member, make_tenure

B = BatchStatus
NOTICE_DAYS = 10


@dataclass
class PayingVillage:
    """A village whose two products have brought 1,002 and 600 fen to three and two households."""

    village: Village
    product: Product
    second: Product
    secretary: User
    member: User
    township: User
    households: list[Household]


def make_paying_village() -> PayingVillage:
    """A village with two pools; its first two households share both."""
    tenure = make_tenure()
    product = make_listed_product(tenure=tenure, households=3, rule=501, stock=500)
    households = list(households_of(product))
    second = make_listed_product(
        tenure=tenure, households=households[:2], rule=600, supplier=product.supplier, stock=500
    )
    member = make_team_member(tenure.village)
    township, _, _ = make_reviewers(tenure.village)
    make_completed_order((product, 2), (second, 1))
    return PayingVillage(tenure.village, product, second, desk_user(tenure), member, township, households)


def compute(paying: PayingVillage, *, by: User | None = None, token: str = '') -> PayoutBatch:
    """The next batch of the village."""
    with transaction():
        return compute_batch(paying.village, form_token=token or new_token(), actor=by or paying.member, at=clock.now())


def bring(paying: PayingVillage, to: BatchStatus) -> PayoutBatch:
    """A new batch, brought on notice, into review, or to where it may be paid."""
    batch = compute(paying)
    with transaction():
        confirm_batch(batch, actor=paying.secretary, at=clock.now())
        put_on_notice(batch, days=NOTICE_DAYS, actor=paying.secretary, at=clock.now())
    if to is B.ON_NOTICE:
        return batch
    clock.shift(timedelta(days=NOTICE_DAYS))
    with transaction():
        end_due_notices(at=clock.now())
    if to is B.DUE:
        with transaction():
            approve_batch(batch, actor=paying.township, at=clock.now())
    return batch


def pay(paying: PayingVillage, batch: PayoutBatch, ids: list[int] | None = None, *, on: date | None = None) -> int:
    """Write down that these lines, or all, have their money in cash."""
    with transaction():
        return pay_cash(
            batch, ids, evidence='现金签领，花名册第 1 页', paid_on=on or clock.today(), actor=paying.member,
            at=clock.now(),
        )  # fmt: skip


def lines(batch: PayoutBatch) -> list[PayoutLine]:
    """The lines of a batch as the database has them."""
    statement = select(PayoutLine).where(PayoutLine.batch_id == batch.id).order_by(PayoutLine.position)
    return list(db.session.scalars(statement.execution_options(populate_existing=True)))

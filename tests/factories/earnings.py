"""Batches of earnings at every stage of their life."""

from datetime import timedelta

from shop.accounts.models import Role, User
from shop.earnings.models import EarningsBatch, EarningsKind
from shop.earnings.services import EarningsFacts, draft_batch, submit_batch, verify_batch
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.villages.models import Household, Village
from tests.factories.accounts import make_user
from tests.factories.building import building


def facts_of(kind: EarningsKind = EarningsKind.WAGES, rate: int = 12_000, gross: int | None = None) -> EarningsFacts:
    """Facts that can stand: wages of ¥120 a day, paid yesterday."""
    return EarningsFacts(
        kind, '蓝莓基地采摘务工', '松岭蓝莓合作社', clock.today() - timedelta(days=1), rate, gross, '转账回单 0615-07'
    )


@building
def make_batch(
    village: Village,
    quantities: list[tuple[Household, int]],
    *,
    kind: EarningsKind = EarningsKind.WAGES,
    rate: int = 12_000,
    gross: int | None = None,
    actor: User | None = None,
    submitted: bool = True,
) -> EarningsBatch:
    """A batch of these households and tenths of the unit, sent to the township unless told otherwise."""
    drafter = actor or make_user(Role.FIRST_SECRETARY, village=village)
    batch = draft_batch(
        village, facts_of(kind, rate, gross), [(one.id, tenths) for one, tenths in quantities],
        form_token=new_token(), actor=drafter, at=clock.now(),
    )  # fmt: skip
    if submitted:
        submit_batch(batch, actor=drafter, at=clock.now())
    return batch


@building
def verify(batch: EarningsBatch, reviewer: User) -> EarningsBatch:
    """The township has signed it."""
    verify_batch(batch, actor=reviewer, at=clock.now())
    return batch

"""What may happen to batches of earnings: drafted, sent, returned, changed, verified; donations beside them."""

from random import Random

from shop.accounts.models import User
from shop.earnings.models import EarningsBatch, EarningsKind, EarningsStatus
from shop.earnings.services import (
    EarningsFacts,
    cancel_batch,
    change_batch,
    draft_batch,
    return_batch,
    submit_batch,
    verify_batch,
)
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import transaction
from shop.villages.models import Household
from tests.ledger.operations import World, operation

S = EarningsStatus


@operation(3)
def draft_earnings(world: World, rng: Random) -> None:
    """The village writes down what some households were paid; the form comes twice, and makes one batch."""
    facts, quantities, token = _facts(rng), _quantities(world, rng), new_token()
    made = set()
    for _ in range(2):
        with transaction():
            batch = draft_batch(
                world.village, facts, quantities, form_token=token, actor=_author(world, rng), at=clock.now()
            )  # fmt: skip
            made.add(batch.id)
    assert len(made) == 1


@operation(1)
def change_earnings(world: World, rng: Random) -> None:
    """A draft is written anew."""
    batch = world.one(EarningsBatch, rng, EarningsBatch.status == S.DRAFT)
    quantities = _quantities(world, rng)
    with transaction():
        change_batch(batch, _facts(rng), quantities, at=clock.now())


@operation(5)
def go_on_with_earnings(world: World, rng: Random) -> None:
    """A batch is sent to the township, or verified there; now and then by who wrote it."""
    batch = world.one(EarningsBatch, rng, EarningsBatch.status.in_((S.DRAFT, S.SUBMITTED)))
    is_draft = batch.status is S.DRAFT
    actor = _author(world, rng) if is_draft or rng.random() < 0.1 else world.township
    with transaction():
        (submit_batch if is_draft else verify_batch)(batch, actor=actor, at=clock.now())


@operation(1)
def send_earnings_back(world: World, rng: Random) -> None:
    """The township wants something else written."""
    batch = world.one(EarningsBatch, rng, EarningsBatch.status == S.SUBMITTED)
    with transaction():
        return_batch(batch, reason='单据号不对', actor=world.township, at=clock.now())


@operation(1)
def give_earnings_up(world: World, rng: Random) -> None:
    """The village gives up what is a draft; mostly, another one than the next."""
    batch = world.one(EarningsBatch, rng, EarningsBatch.status == S.DRAFT)
    with transaction():
        cancel_batch(batch, actor=world.member, at=clock.now())


def _author(world: World, rng: Random) -> User:
    return rng.choice((world.secretary, world.member))


def _facts(rng: Random) -> EarningsFacts:
    kind = rng.choice([*EarningsKind, EarningsKind.DONATION])
    rate = rng.choice((1, 7, 350, 12_000))
    gross = rate * rng.randint(1, 4) if kind is EarningsKind.PURCHASE else None
    evidence = '' if rng.random() < 0.1 else '转账回单 0615-07'
    return EarningsFacts(kind, '蓝莓基地采摘务工', '松岭蓝莓合作社', clock.today(), rate, gross, evidence)


def _quantities(world: World, rng: Random) -> list[tuple[int, int]]:
    households = world.all(Household)
    chosen = rng.sample(households, rng.randint(1, len(households)))
    return [(household.id, rng.choice((3, 10, 25, 123))) for household in chosen]

"""Random operations through the real services: after each of them everything that must hold, holds."""

import itertools
import sys
from collections import Counter
from contextlib import ExitStack
from random import Random

import hypothesis
import pytest
from hypothesis import Phase
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.ledger import pools
from tests.ledger import aftersale_operations, coupon_operations, earnings_operations, payout_operations
from tests.ledger.operations import CHOICES, OPERATIONS, NothingToDoError, World
from tests.support.hands import START
from tests.support.invariants import faults, money_faults

PARTS = (aftersale_operations, coupon_operations, earnings_operations, payout_operations)
STEPS = 100
DONE: Counter[str] = Counter()
REFUSED: Counter[str] = Counter()


class ShopMachine(RuleBasedStateMachine):
    """The shop on a database of its own, and one random operation after another."""

    def __init__(self, enter) -> None:
        super().__init__()
        self.stack = ExitStack()
        enter(self.stack)
        self.stack.enter_context(clock.frozen(START))
        self.world = World()

    @rule(number=st.integers(0, 10**9))
    def act(self, number: int) -> None:
        """Do the operation that this number chooses, in its way; a rule of the shop may refuse it."""
        name = Random(number).choice(CHOICES)  # an example of hypothesis would choose the first ones most
        DONE[name] += 1
        act(self.world, name, number)

    def teardown(self) -> None:
        """Leave the database."""
        self.stack.close()


def act(world: World, name: str, number: int) -> None:
    """Do one operation, and prove the shop after it."""
    try:
        OPERATIONS[name](world, Random(number))
    except (BusinessError, NothingToDoError):
        REFUSED[name] += 1
        db.session.rollback()
    assert [*faults(world.at_first), *money_faults()] == [], f'after {name}({number})'


@pytest.fixture
def enter(databases, database_kind, make_app, tmp_path):
    """Enter a shop on a fresh database, once for each example."""
    numbers = itertools.count()

    def fresh(stack: ExitStack) -> None:
        folder = tmp_path / str(next(numbers))
        folder.mkdir()
        url = stack.enter_context(databases(database_kind).copy(folder))
        app = make_app(DATABASE_URL=url)
        stack.enter_context(app.app_context())
        stack.callback(db.engine.dispose)
        stack.callback(db.session.remove)

    return fresh


@pytest.mark.gauntlet
def test_whatever_is_done_everything_holds(enter, seed, is_long):
    DONE.clear()
    machine = hypothesis.seed(seed)(lambda: ShopMachine(enter))
    run_state_machine_as_test(
        machine,
        settings=hypothesis.settings(
            max_examples=101 if is_long else 3, stateful_step_count=STEPS, database=None, deadline=None,
            phases=[Phase.generate, Phase.shrink] if is_long else [Phase.generate],
            suppress_health_check=list(hypothesis.HealthCheck),
        ),
    )  # fmt: skip
    assert {OPERATIONS[name].__module__ for name in DONE} >= {part.__name__ for part in PARTS}
    sys.stdout.write(f'{DONE.total()} operations, {REFUSED.total()} of them refused: {dict(DONE)}\n{dict(REFUSED)}\n')


def test_a_reversal_that_takes_what_a_batch_holds_would_be_seen(app, clock_hand, monkeypatch):
    monkeypatch.setattr(pools, 'least_pool', lambda *_args: 0)
    world = World()
    with pytest.raises(AssertionError, match='held_within_due'):
        for name in ('place', 'pay', 'ship', 'confirm', 'compute_payouts', 'refund_whole'):
            for number in (0, 1, 2):
                act(world, name, number)

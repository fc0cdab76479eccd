"""Long works: one at a time for a subject, step by step, stopped, broken, and gone on with after a crash."""

from datetime import timedelta

import pytest

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.longworks.models import LongWork, WorkMoveError, WorkStatus
from shop.longworks.runner import BROKEN, run_waiting_works, run_work
from shop.longworks.services import STEPS, Step, request_work, stop_work
from tests.factories.accounts import make_user

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

S = WorkStatus


@pytest.fixture
def steps(monkeypatch):
    """What the steps of a work that counts to ten by threes did."""
    done: list[int] = []

    def count(work, at):
        done.append(min(3, 10 - work.done))
        return Step(work.done + done[-1], 10, is_last=work.done + done[-1] == 10)

    monkeypatch.setitem(STEPS, 'count', count)
    return done


def ask(subject: str = 'x') -> LongWork:
    user = make_user()
    with transaction():
        return request_work('count', subject, {}, total=10, actor=user, at=clock.now())


def now(work: LongWork) -> LongWork:
    db.session.rollback()
    return db.session.get_one(LongWork, work.id)


def test_a_work_is_done_step_by_step_and_once(steps):
    work = ask()
    assert ask().id == work.id
    assert run_waiting_works() == 1
    assert (now(work).status, work.done, work.percent, steps) == (S.DONE, 10, 100, [3, 3, 3, 1])
    assert [event.to_status for event in work.events] == [S.QUEUED, S.RUNNING, S.DONE]
    assert run_work(work.id) is False
    assert run_waiting_works() == 0
    with pytest.raises(WorkMoveError):
        work.move(S.RUNNING, actor_id=None, at=clock.now())
    assert ask().id != work.id


def test_stopped_before_it_begins_or_between_two_steps_it_keeps_what_is_done(steps, monkeypatch):
    waiting = ask('waiting')
    user = make_user()
    with transaction():
        stop_work(waiting, actor=user, at=clock.now())
    running = ask('running')

    def count_and_stop(work, at):
        work.is_stop_wanted = True
        return Step(work.done + 3, 10, is_last=False)

    monkeypatch.setitem(STEPS, 'count', count_and_stop)
    run_waiting_works()
    assert (now(waiting).status, now(running).status, running.done) == (S.CANCELLED, S.CANCELLED, 3)
    with transaction():
        stop_work(running, actor=user, at=clock.now())


def test_a_process_that_is_gone_is_followed_by_another_which_goes_on(steps):
    work = ask()

    def die(work, at):
        raise KeyboardInterrupt

    steps_before = STEPS['count']
    STEPS['count'] = die
    with pytest.raises(KeyboardInterrupt):
        run_work(work.id)
    STEPS['count'] = steps_before
    assert now(work).status is S.RUNNING
    assert run_waiting_works() == 0
    clock.shift(timedelta(minutes=2))
    assert run_waiting_works() == 1
    assert (now(work).status, sum(steps)) == (S.DONE, 10)


@pytest.mark.parametrize(
    ('fault', 'says'), [(BusinessError('没有可发的户'), '没有可发的户'), (OSError('planted'), BROKEN)]
)
def test_a_step_that_fails_leaves_nothing_of_itself_and_says_why(steps, monkeypatch, fault, says):
    work = ask()

    def fail(work, at):
        work.done = 9
        raise fault

    monkeypatch.setitem(STEPS, 'count', fail)
    run_work(work.id)
    assert (now(work).status, work.done, work.message) == (S.FAILED, 0, says)


def test_a_runner_that_lost_its_work_stops(steps, monkeypatch):
    work = ask()

    def lose(work, at):
        work.runner = 'another'
        return Step(3, 10, is_last=False)

    monkeypatch.setitem(STEPS, 'count', lose)
    assert run_work(work.id) is True
    assert (now(work).status, work.done) == (S.RUNNING, 3)

"""Nobody is paid twice: not by a crash half-way, by two processes at once, or by a work that is asked for again."""

import threading
import urllib.error
import urllib.parse
import urllib.request
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.accounts.sessions import COOKIE
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitPayout, PayoutPart
from shop.longworks.models import LongWork, WorkStatus
from shop.longworks.runner import run_waiting_works, run_work
from shop.payouts import works
from shop.payouts.models import BatchStatus, PayoutBatch, PayoutLine
from shop.payouts.paying import pay_cash
from shop.payouts.services import approve_batch, confirm_batch, end_due_notices, put_on_notice
from shop.payouts.works import request_computation, request_payment
from tests.factories.payouts import bring, make_paying_village
from tests.support.client import start_session

B = BatchStatus


def ask_payment(paying, batch) -> LongWork:
    with transaction():
        return request_payment(batch, evidence='签领', paid_on=clock.today(), actor=paying.member, at=clock.now())


def paid() -> tuple[int, int]:
    db.session.rollback()
    count, fen = db.session.execute(select(func.count(), func.sum(BenefitPayout.amount_fen))).one()
    return count, int(fen or 0)


def test_a_crash_half_way_loses_nothing_and_pays_nobody_twice(app, clock_hand, monkeypatch):
    paying = make_paying_village()
    batch = bring(paying, B.DUE)
    monkeypatch.setattr(works, 'AT_ONCE', 1)
    work = ask_payment(paying, batch)
    assert ask_payment(paying, batch).id == work.id
    calls = []

    def pay_and_die(*args, **kwargs):
        count = pay_cash(*args, **kwargs)
        calls.append(count)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return count

    monkeypatch.setattr(works, 'pay_cash', pay_and_die)
    with pytest.raises(KeyboardInterrupt):
        run_work(work.id)
    assert paid() == (2, 634)
    assert db.session.get_one(PayoutBatch, batch.id).status is B.PARTLY_PAID
    assert find_faults() == []
    clock.shift(timedelta(minutes=2))
    assert run_waiting_works() == 1
    assert paid() == (5, 1602)
    assert db.session.get_one(LongWork, work.id).done == 3
    assert find_faults() == []


def test_a_work_whose_time_has_passed_says_why(app, clock_hand):
    paying = make_paying_village()
    first, second = (request(paying, token) for token in ('a' * 30, 'b' * 30))
    run_work(first)
    run_work(second)
    assert db.session.get_one(LongWork, first).status is WorkStatus.DONE
    assert '还没有走完审核' in db.session.get_one(LongWork, second).message


def request(paying, token: str) -> int:
    with transaction():
        work = request_computation(paying.village, form_token=token, actor=paying.member, at=clock.now())
        work.subject = token
        return work.id


def test_two_processes_at_once_compute_one_batch_and_pay_each_household_once(app, server_processes):
    paying = make_paying_village()
    token = start_session(paying.member)
    db.session.rollback()
    servers = server_processes(2)
    at_once(servers.url, token, [('/desk/payouts', {'form_token': f'{n}' * 30}) for n in range(4)])
    db.session.rollback()
    batch = db.session.scalars(select(PayoutBatch)).one()
    assert db.session.scalar(select(func.sum(PayoutPart.amount_fen))) == 1602
    with transaction():
        confirm_batch(batch, actor=paying.secretary, at=clock.now())
        put_on_notice(batch, days=0, actor=paying.secretary, at=clock.now())
        end_due_notices(at=clock.now())
        approve_batch(batch, actor=paying.township, at=clock.now())
    lines = [str(line_id) for line_id in db.session.scalars(select(PayoutLine.id))]
    form = {'paid_on': clock.today().isoformat(), 'evidence': '签领'}
    address = f'/desk/payouts/{batch.id}/payments'
    db.session.rollback()
    answers = at_once(
        servers.url,
        token,
        [(address, {**form, 'scope': 'all'}), *[(address, {**form, 'scope': 'chosen', 'line': lines})] * 3],
    )
    assert [answer for answer in answers if answer >= 500] == []
    assert paid() == (5, 1602)
    assert db.session.get_one(PayoutBatch, batch.id).status is B.PAID
    assert find_faults() == []


def at_once(url: str, token: str, posts: list[tuple[str, dict]]) -> list[int]:
    """Send forms at the same moment; return the answers' statuses."""
    ready = threading.Barrier(len(posts), timeout=30)
    answers: list[int] = []

    def send(path: str, form: dict) -> None:
        body = urllib.parse.urlencode(form, doseq=True).encode()
        ready.wait()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url + path, data=body, headers={'Cookie': f'{COOKIE}={token}'}), timeout=60
            ) as answer:
                answers.append(answer.status)
        except urllib.error.HTTPError as error:
            answers.append(error.code)

    threads = [threading.Thread(target=send, args=post) for post in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers

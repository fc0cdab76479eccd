"""The scheduled work: scans by state that may run at any time, twice, or late, with the same result."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from flask import Flask, current_app
from huey import SqliteHuey, crontab
from sqlalchemy.exc import SQLAlchemyError

from shop.accounts.throttling import sweep_attempts
from shop.aftersales.deadlines import follow_refunds
from shop.aftersales.terms import terms_of
from shop.aftersales.worker import pass_deadlines
from shop.endorsements.agreement_changes import put_due_changes_in_force
from shop.endorsements.licences import follow_licences
from shop.endorsements.services import list_due_endorsements
from shop.households.importing import forget_imports
from shop.kit import clock
from shop.kit.database import transaction
from shop.ledger.closing import close_due_month
from shop.ledger.receipts import receive_due_orders
from shop.letters.transports import transport_of
from shop.letters.worker import send_due_letters
from shop.longworks.runner import run_waiting_works
from shop.orders.services import expire_orders
from shop.payments import reconciler
from shop.payments.worker import deliver_within, redrive_events
from shop.payouts.services import end_due_notices
from shop.posters.services import sweep
from shop.privacy.retention import forget_due
from shop.procurement.following import follow_orders
from shop.ratings.services import publish_due_reviews
from shop.storefront.order_letters import closing_words, compose

LOOK_SECONDS = 1.0


def expire() -> int:
    """Cancel unpaid orders whose time is over."""
    with transaction():
        return expire_orders(at=clock.now())


def receive() -> int:
    """Receive sent orders whose time has come."""
    with transaction():
        return receive_due_orders(at=clock.now())


def follow_procurements() -> int:
    """Write down where the orders of institutions have got to."""
    with transaction():
        return follow_orders(at=clock.now())


def list_endorsements() -> int:
    """Put on sale what has been on notice long enough."""
    with transaction():
        return list_due_endorsements(at=clock.now())


def put_changes_in_force() -> int:
    """Put in force the changes of agreements that have been on notice long enough."""
    with transaction():
        return put_due_changes_in_force(at=clock.now())


def follow_supplier_licences() -> int:
    """Take off sale what is sold under a licence that has run out; put back what has a new one."""
    with transaction():
        return follow_licences(at=clock.now())


def publish_reviews() -> int:
    """Publish the reviews that nobody has moderated in time."""
    with transaction():
        return publish_due_reviews(at=clock.now())


def redeliver() -> int:
    """Bring events to the inbox that it has not answered."""
    return deliver_within(at=clock.now())


def redrive() -> int:
    """Act on events that were stored and not acted on."""
    return redrive_events(at=clock.now())


def ask_providers() -> int:
    """Ask about payments and refunds whose event never came."""
    at = clock.now()
    return reconciler.ask_about_payments(at=at) + reconciler.ask_about_refunds(at=at)


def close_payments() -> int:
    """Close the payment pages of what cannot be paid any more."""
    return reconciler.close_payments(at=clock.now())


def pass_aftersale_deadlines() -> int:
    """Let time act on after-sale cases that nobody has answered, sent back, received or appealed."""
    return pass_deadlines(terms=terms_of(current_app.config), at=clock.now())


def follow_aftersale_refunds() -> int:
    """Write down which refunds of after-sale cases have arrived."""
    with transaction():
        return follow_refunds(at=clock.now())


def send_refunds() -> int:
    """Send refunds to their providers."""
    return reconciler.send_refunds(at=clock.now())


def end_payout_notices() -> int:
    """Send payout batches that were on notice long enough to the township."""
    with transaction():
        return end_due_notices(at=clock.now())


def do_long_works() -> int:
    """Do the long works that wait, and go on with those whose process is gone."""
    return run_waiting_works()


def close_days() -> int:
    """Close every day that is over, a month to a unit of work."""
    count = 0
    while True:
        with transaction():
            closed = len(close_due_month(at=clock.now()))
        if not closed:
            return count
        count += closed


def sweep_posters() -> int:
    """Remove posters and share cards that nobody asks for any more."""
    return sweep(at=clock.now())


def sweep_sign_ins() -> int:
    """Forget attempts to sign in and codes that count for nothing any more."""
    with transaction():
        return sweep_attempts(at=clock.now())


def send_letters() -> int:
    """Send the letters that wait in the outbox."""
    config = current_app.config
    return send_due_letters(
        compose, transport_of(config), sender=config['MAIL_FROM'], words=closing_words, at=clock.now()
    )


def forget_registers() -> int:
    """Forget registers that were uploaded and never decided about."""
    with transaction():
        return forget_imports(at=clock.now())


def forget_persons() -> int:
    """Delete or strip what is past its time: sessions, guests' baskets, addresses of letters, buyers of old orders."""
    with transaction():
        return forget_due(at=clock.now())


# What was paid is heard of before its order would expire.
WORK: tuple[Callable[[], int], ...] = (
    redeliver,
    redrive,
    ask_providers,
    close_payments,
    expire,
    pass_aftersale_deadlines,
    send_refunds,
    follow_aftersale_refunds,
    receive,
    follow_procurements,
    list_endorsements,
    put_changes_in_force,
    follow_supplier_licences,
    publish_reviews,
    end_payout_notices,
    do_long_works,
    close_days,
    sweep_posters,
    sweep_sign_ins,
    send_letters,
    forget_registers,
    forget_persons,
)


def run_due_work() -> dict[str, int]:
    """Do everything that is due, in an application context; return how much of each.

    A work that fails does not keep the others from being done; afterwards its fault is raised, in an `ExceptionGroup`.
    """
    done: dict[str, int] = {}
    faults: list[Exception] = []
    for work in WORK:
        try:
            done[work.__name__] = work()
        except Exception as fault:  # noqa: BLE001  whatever it is, the other works go on
            faults.append(fault)
    if faults:
        raise ExceptionGroup('scheduled work failed', faults)
    return done


@contextmanager
def long_works_done(app: Flask) -> Iterator[None]:
    """Look for long works each second, beside the scheduled work, so that nobody waits for the next minute."""
    over = Event()

    def look() -> None:
        while not over.wait(LOOK_SECONDS):
            with app.app_context():
                try:
                    run_waiting_works()
                except SQLAlchemyError:
                    logging.getLogger(__name__).exception('long works')

    thread = Thread(target=look, name='long-works', daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def worker_of(app: Flask) -> SqliteHuey:
    """Return the queue whose one periodic task does everything that is due, each minute, on this application."""
    huey = SqliteHuey('shop', filename=str(Path(app.config['SHOP_DATA']) / 'jobs.db'))

    @huey.periodic_task(crontab(minute='*'))  # type: ignore[untyped-decorator]
    def each_minute() -> None:
        with app.app_context():
            run_due_work()

    return huey

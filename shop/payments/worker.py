"""Units of work around the inbox: taking an event in, acting on it, and what the scheduled work makes up for."""

import logging
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from shop.kit.database import db, transaction
from shop.payments.gateways import ProviderEvent
from shop.payments.inbox import act_on_event, find_event, store_event, waiting_events
from shop.payments.models import EventOutcome, SandboxDelivery
from shop.payments.sandbox import post_event, signed_headers, undelivered
from shop.payments.services import GATEWAYS

_log = logging.getLogger(__name__)


def receive_event(gateway: str, body: bytes, headers: Mapping[str, str], *, at: datetime) -> EventOutcome:
    """Take a provider's event: verified, stored, then acted on; raises `SignatureError`."""
    return take_event(gateway, GATEWAYS[gateway].parse_event(body, headers, at=at), at=at)


def take_event(gateway: str, event: ProviderEvent, *, at: datetime) -> EventOutcome:
    """Store an event, in a unit of its own, and act on it in another; once, however often it comes.

    An event that is stored is answered, whatever becomes of the act: the scheduled work does it again.
    """
    return act_within(_stored(gateway, event, at=at), at=at)


def act_within(event_id: int, *, at: datetime) -> EventOutcome:
    """Act on a stored event; one that cannot be acted on now waits, and the fault is heard of."""
    try:
        return _acted(event_id, at=at)
    except Exception:  # noqa: BLE001  whatever it is, the event is kept
        _log.exception('event %s is stored and waits', event_id)
        return EventOutcome.RECEIVED


def redrive_events(*, at: datetime) -> int:
    """Act on what was stored and not acted on; return of how many something came.

    One that fails does not keep the others waiting; afterwards the faults are raised, in an `ExceptionGroup`.
    """
    waiting = waiting_events()
    db.session.rollback()
    done, faults = 0, []
    for event_id in waiting:
        try:
            done += _acted(event_id, at=at) is not EventOutcome.PARKED
        except Exception as fault:  # noqa: BLE001  whatever it is, the others go on
            faults.append(fault)
    if faults:
        raise ExceptionGroup('stored events could not be acted on', faults)
    return done


def deliver_over_http(address: str, *, at: datetime, reference: str | None = None) -> int:
    """Post every unanswered event of the sandbox to the inbox at `address`; return how many were answered."""
    waiting = [(delivery.id, delivery.body) for delivery in undelivered(reference)]
    db.session.rollback()
    answered = 0
    for delivery_id, body in waiting:
        is_answered = post_event(body, address, at=at)
        _note(delivery_id, at if is_answered else None)
        answered += is_answered
    return answered


def deliver_within(*, at: datetime, reference: str | None = None) -> int:
    """Take every unanswered event of the sandbox through the same inbox, in this process; return how many."""
    waiting = [(delivery.id, delivery.body.encode()) for delivery in undelivered(reference)]
    db.session.rollback()
    for delivery_id, body in waiting:
        receive_event('sandbox', body, signed_headers(body, at=at), at=at)
        _note(delivery_id, at)
    return len(waiting)


def _stored(gateway: str, event: ProviderEvent, *, at: datetime) -> int:
    try:
        with transaction():
            return store_event(gateway, event, at=at).id
    except IntegrityError:
        # The same event arrived twice at once; the other one has stored it. Anything else is a fault.
        db.session.rollback()
        known = find_event(gateway, event.key)
        if known is None:
            raise
        return known.id


def _acted(event_id: int, *, at: datetime) -> EventOutcome:
    with transaction():
        return act_on_event(event_id, at=at)


def _note(delivery_id: int, delivered_at: datetime | None) -> None:
    with transaction():
        delivery = db.session.get_one(SandboxDelivery, delivery_id)
        delivery.attempts += 1
        delivery.delivered_at = delivery.delivered_at or delivered_at

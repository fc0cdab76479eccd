"""Bringing the sandbox's events to the inbox: over HTTP like a provider, or within when HTTP fails."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError

from shop.kit.database import db, transaction
from shop.payments.models import SandboxDelivery
from shop.payments.sandbox import post_event, signed_headers, undelivered
from shop.payments.services import is_stored, receive_event


def deliver_over_http(address: str, *, at: datetime, reference: str | None = None) -> int:
    """Post every unanswered event to the inbox at `address`; return how many were answered."""
    waiting = [(delivery.id, delivery.body) for delivery in undelivered(reference)]
    db.session.rollback()
    answered = 0
    for delivery_id, body in waiting:
        is_answered = post_event(body, address, at=at)
        _note(delivery_id, at if is_answered else None)
        answered += is_answered
    return answered


def deliver_within(*, at: datetime, reference: str | None = None) -> int:
    """Take every unanswered event through the same inbox, in this process; return how many."""
    waiting = [(delivery.id, delivery.body.encode()) for delivery in undelivered(reference)]
    for delivery_id, body in waiting:
        try:
            with transaction():
                receive_event('sandbox', body, signed_headers(body, at=at), at=at)
        except IntegrityError:
            # Somebody else took the same event in at once; anything else is a fault and is heard of.
            db.session.rollback()
            if not is_stored('sandbox', body, signed_headers(body, at=at), at=at):
                raise
        _note(delivery_id, at)
    return len(waiting)


def _note(delivery_id: int, delivered_at: datetime | None) -> None:
    with transaction():
        delivery = db.session.get_one(SandboxDelivery, delivery_id)
        delivery.attempts += 1
        delivery.delivered_at = delivery.delivered_at or delivered_at

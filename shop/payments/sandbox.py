"""The sandbox gateway: a provider that moves no money, and sends signed events like a real one."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.request import Request, urlopen

from flask import current_app
from sqlalchemy import select

from shop.kit.crypto import is_signature, signature
from shop.kit.database import db
from shop.payments.gateways import Fact, ProviderEvent, SignatureError
from shop.payments.models import Payment, Refund, SandboxDelivery

HEADER = 'Sandbox-Signature'
TOLERANCE = timedelta(minutes=5)
TIMEOUT_SECONDS = 3
PAID = 'payment.succeeded'
REFUNDED = 'refund.succeeded'
INBOX = '/payments/events/sandbox'
OK = 200
FACTS = {PAID: Fact.PAID, REFUNDED: Fact.REFUNDED}
MAX_TEXT = 60


class SandboxGateway:
    """Implements the gateway port with tables of its own as the provider's side."""

    name = 'sandbox'

    def start(self, payment: Payment) -> str:
        """Return the sandbox's own payment page."""
        return f'/sandbox/pay/{payment.reference}'

    def request_refund(self, refund: Refund, *, at: datetime) -> None:
        """Confirm the refund at once, by an event of its own."""
        self._announce(f'refund-{refund.idempotency_key}', REFUNDED, refund.idempotency_key, refund.amount_fen, at)

    def pay(self, payment: Payment, *, at: datetime, amount_fen: int | None = None) -> SandboxDelivery:
        """Act the buyer's payment: one event, however often the button is pressed."""
        amount = payment.amount_fen if amount_fen is None else amount_fen
        return self._announce(f'paid-{payment.reference}', PAID, payment.reference, amount, at)

    def parse_event(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> ProviderEvent:
        """Verify signature and age, then read the event."""
        stamp, _, given = headers.get(HEADER, '').partition(',')
        if not stamp.isascii() or not stamp.isdigit() or not is_signature(_key(), stamp.encode() + b'.' + body, given):
            raise SignatureError('the signature is not ours')
        if abs(at.timestamp() - int(stamp)) > TOLERANCE.total_seconds():
            raise SignatureError('the signature is too old')
        try:
            return self.read_event(json.loads(body))
        except (KeyError, TypeError, ValueError) as error:
            raise SignatureError('the event cannot be read') from error

    def read_event(self, payload: Mapping[str, Any]) -> ProviderEvent:
        """Read an event that was verified when it was stored."""
        return _read(payload)

    def _announce(self, key: str, kind: str, reference: str, amount_fen: int, at: datetime) -> SandboxDelivery:
        found = db.session.scalar(select(SandboxDelivery).where(SandboxDelivery.event_key == key))
        if found is not None:
            return found
        body = {
            'id': key,
            'kind': kind,
            'reference': reference,
            'amount_fen': amount_fen,
            'currency': 'CNY',
            'occurred_at': at.isoformat(),
        }
        delivery = SandboxDelivery(event_key=key, body=json.dumps(body), created_at=at, attempts=0)
        db.session.add(delivery)
        db.session.flush()
        return delivery


def signed_headers(body: bytes, *, at: datetime) -> dict[str, str]:
    """Return the headers with which the sandbox sends a body at this instant."""
    stamp = str(int(at.timestamp()))
    return {HEADER: f'{stamp},{signature(_key(), stamp.encode() + b"." + body)}', 'Content-Type': 'application/json'}


def undelivered(reference: str | None = None) -> list[SandboxDelivery]:
    """Return the events the inbox has not answered yet, oldest first; of one payment or all."""
    statement = select(SandboxDelivery).where(SandboxDelivery.delivered_at.is_(None)).order_by(SandboxDelivery.id)
    if reference is not None:
        statement = statement.where(SandboxDelivery.event_key == f'paid-{reference}')
    return list(db.session.scalars(statement.limit(100)))


def post_event(body: str, address: str, *, at: datetime) -> bool:
    """Send an event over HTTP to the inbox at `address` (scheme and host); tell whether it was answered."""
    content = body.encode()
    request = Request(f'{address}{INBOX}', data=content, headers=signed_headers(content, at=at), method='POST')  # noqa: S310
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  our own address
            return bool(answer.status == OK)
    except (OSError, HTTPException):
        return False


def _read(content: Any) -> ProviderEvent:
    """Read an event; raises `KeyError`, `TypeError` or `ValueError` for anything but what `_announce` writes."""
    amount, occurred_at = content['amount_fen'], datetime.fromisoformat(content['occurred_at'])
    if type(amount) is not int or occurred_at.tzinfo is None:
        raise ValueError('fen are whole, instants are aware')
    texts = [content[name] for name in ('id', 'kind', 'reference', 'currency')]
    if not all(isinstance(text, str) and text.isprintable() and 0 < len(text) <= MAX_TEXT for text in texts):
        raise ValueError('a name is too long, or none')
    key, kind, reference, currency = texts
    fact = FACTS.get(kind, Fact.NOTHING)
    return ProviderEvent(key, kind, reference, amount, currency, occurred_at, content, fact=fact)


def _key() -> bytes:
    return str(current_app.config['SANDBOX_SIGNING_KEY']).encode()

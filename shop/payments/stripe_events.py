"""What Stripe's objects say, whatever wrapped them: an event it sent, or an answer we asked for."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shop.payments.gateways import Fact, ProviderEvent

MAX_KEY = 80
MAX_KIND = 60
REFUND_FACTS = {'succeeded': Fact.REFUNDED, 'failed': Fact.REFUND_FAILED, 'canceled': Fact.REFUND_FAILED}
# A payment that takes time and then fails leaves its page used up.
SPENT = frozenset({'checkout.session.expired', 'checkout.session.async_payment_failed'})


def read_payload(payload: Mapping[str, Any], *, is_live: bool) -> ProviderEvent:
    """Read an event; raises `KeyError`, `TypeError`, `ValueError` or `AttributeError` for what cannot be one."""
    key, kind, thing = payload['id'], payload['type'], payload['data']['object']
    if not (isinstance(key, str) and isinstance(kind, str) and 0 < len(key) <= MAX_KEY and 0 < len(kind) <= MAX_KIND):
        raise ValueError('a name is too long, or none')
    at = _instant(payload['created'])
    if payload.get('account') or payload.get('context') or payload.get('livemode', is_live) is not is_live:
        return ProviderEvent(key, kind, '', 0, '', at, payload, fact=Fact.FOREIGN)
    if thing['object'] == 'checkout.session':
        return _of_session(key, kind, thing, at, payload)
    if thing['object'] == 'refund':
        return _of_refund(key, kind, thing, at, payload)
    return ProviderEvent(key, kind, '', 0, '', at, payload)


def _of_session(
    key: str, kind: str, session: Mapping[str, Any], at: datetime, payload: Mapping[str, Any]
) -> ProviderEvent:
    reference = session.get('client_reference_id') or (session.get('metadata') or {}).get('reference') or ''
    intent = session.get('payment_intent')
    charge = intent.get('latest_charge') if isinstance(intent, dict) else None
    fact = Fact.NOTHING
    if session.get('status') == 'complete' and session.get('payment_status') == 'paid':
        fact = Fact.PAID
    elif session.get('status') == 'expired' or kind in SPENT:
        fact = Fact.PAYMENT_EXPIRED
    return ProviderEvent(
        key,
        kind,
        str(reference),
        _whole(session['amount_total']),
        str(session['currency']).upper(),
        _instant(charge['created']) if isinstance(charge, dict) else at,
        payload,
        fact=fact,
        provider_reference=str(session['id']),
        provider_payment=_id_of(intent),
    )


def _of_refund(
    key: str, kind: str, refund: Mapping[str, Any], at: datetime, payload: Mapping[str, Any]
) -> ProviderEvent:
    metadata = refund.get('metadata') or {}
    attempt = str(metadata.get('attempt', ''))
    return ProviderEvent(
        key,
        kind,
        str(metadata.get('refund', '')),
        _whole(refund['amount']),
        str(refund['currency']).upper(),
        at,
        payload,
        fact=REFUND_FACTS.get(str(refund.get('status')), Fact.NOTHING),
        provider_reference=str(refund['id']),
        attempt=int(attempt) if attempt.isascii() and attempt.isdigit() and len(attempt) < 6 else 0,
        failure=str(refund.get('failure_reason') or ''),
    )


def _id_of(thing: Any) -> str | None:
    """Return the id of what came whole, or as its id."""
    found = thing.get('id') if isinstance(thing, dict) else thing
    return str(found) if found else None


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError('the smallest units are whole')
    return value


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(_whole(seconds), UTC)

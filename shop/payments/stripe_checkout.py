"""The Stripe gateway: Checkout Sessions in CNY by card, Alipay and WeChat Pay; the only module that knows `stripe`."""

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import stripe
from flask import current_app

from shop.payments.gateways import (
    ProviderDownError,
    ProviderEvent,
    ProviderRefusedError,
    RefundRequest,
    Session,
    SessionRequest,
    SignatureError,
)
from shop.payments.models import Payment, Refund
from shop.payments.stripe_events import read_payload

HEADER = 'Stripe-Signature'
TOLERANCE = timedelta(minutes=5)
TIMEOUT_SECONDS = 10
METHODS = ('card', 'alipay', 'wechat_pay')
# Stripe keeps a page open for at least half an hour and at most a day.
LEAST_OPEN = timedelta(minutes=35)
MOST_OPEN = timedelta(hours=23, minutes=30)
EXPANDED = ('payment_intent.latest_charge',)
KEYS = ('sk_test_', 'sk_live_', 'rk_test_', 'rk_live_')

_log = logging.getLogger(__name__)


class StripeGateway:
    """Implements the remote port over the SDK; every call carries the key it is repeated under."""

    name = 'stripe'

    def start(self, payment: Payment) -> str:
        """Return our own page, which opens the provider's outside of any unit of work."""
        return f'/payments/{payment.reference}'

    def request_refund(self, refund: Refund, *, at: datetime) -> None:
        """The refund's row is the request; the scheduled work sends it."""

    def parse_event(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> ProviderEvent:
        """Verify signature and age by the shop's clock, then read the event."""
        header, secret = headers.get(HEADER, ''), str(current_app.config['STRIPE_WEBHOOK_SECRET'])
        try:
            stripe.WebhookSignature.verify_header(body, header, secret)
        except (stripe.SignatureVerificationError, TypeError, UnicodeDecodeError) as error:
            raise SignatureError('the signature is not ours') from error
        stamp = int(next(part[2:] for part in header.split(',') if part.startswith('t=')))
        if abs(at.timestamp() - stamp) > TOLERANCE.total_seconds():
            raise SignatureError('the signature is too old')
        try:
            return self.read_event(json.loads(body))
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise SignatureError('the event cannot be read') from error

    def read_event(self, payload: Mapping[str, Any]) -> ProviderEvent:
        """Read an event, or an answer that was stored like one."""
        return read_payload(payload, is_live='_live_' in current_app.config['STRIPE_SECRET_KEY'])

    def open_session(self, request: SessionRequest) -> Session:
        """Create the page, or get the one that was created under this key."""
        params: stripe.params.checkout.SessionCreateParams = {
            'mode': 'payment',
            'allowed_payment_method_types': list(METHODS),
            'payment_method_options': {'wechat_pay': {'client': 'web'}},
            'adaptive_pricing': {'enabled': False},
            'line_items': [
                {
                    'quantity': 1,
                    'price_data': {
                        'currency': 'cny',
                        'unit_amount': request.amount_fen,
                        'product_data': {'name': request.title},
                    },
                }
            ],
            'client_reference_id': request.reference,
            'metadata': {'reference': request.reference},
            'payment_intent_data': {'metadata': {'reference': request.reference}},
            'success_url': request.return_url,
            'cancel_url': request.return_url,
            'locale': 'zh',
        }
        until = request.payable_until + LEAST_OPEN
        if until < request.started_at + MOST_OPEN:
            params['expires_at'] = int(until.timestamp())
        with _answered():
            session = _client().v1.checkout.sessions.create(params, {'idempotency_key': request.key})
        return self._session(session)

    def look_at_session(self, reference: str) -> Session:
        """Ask what has become of a page; a payment comes with the instant it was made."""
        with _answered():
            session = _client().v1.checkout.sessions.retrieve(reference, {'expand': list(EXPANDED)})
        return self._session(session)

    def close_session(self, reference: str) -> Session:
        """Expire the page; one that is not open any more says what became of it."""
        try:
            with _answered():
                session = _client().v1.checkout.sessions.expire(reference)
        except ProviderRefusedError:
            return self.look_at_session(reference)
        return self._session(session)

    def send_refund(self, request: RefundRequest) -> ProviderEvent:
        """Create the refund, or get the one that was created under this key."""
        params: stripe.params.RefundCreateParams = {
            'payment_intent': request.provider_payment,
            'amount': request.amount_fen,
            'metadata': {'refund': request.reference, 'attempt': str(request.attempt)},
        }
        with _answered():
            found = _sent_before(request) if request.may_be_sent else None
            refund = found or _client().v1.refunds.create(params, {'idempotency_key': request.key})
        return self._told('refund', refund.to_dict())

    def look_at_refund(self, provider_reference: str) -> ProviderEvent:
        """Ask what has become of a refund."""
        with _answered():
            refund = _client().v1.refunds.retrieve(provider_reference)
        return self._told('refund', refund.to_dict())

    def _session(self, session: stripe.checkout.Session) -> Session:
        facts = session.to_dict()
        url = str(facts['url']) if facts.get('status') == 'open' and facts.get('url') else None
        return Session(str(facts['id']), url, self._told('checkout.session', facts))

    def _told(self, kind: str, facts: dict[str, Any]) -> ProviderEvent:
        """Read an answer as the event that would have told the same."""
        state = facts.get('payment_status') if facts.get('status') == 'complete' else facts.get('status')
        return self.read_event(
            {
                'id': f'told:{facts["id"]}:{state}',
                'type': f'told.{kind}',
                'created': facts['created'],
                'data': {'object': {'object': kind, **facts}},
            }
        )


def check_stripe_settings(settings: Mapping[str, Any]) -> None:
    """Raise `ValueError` naming a setting that is missing or wrong; a key the provider does not know is wrong too."""
    key, secret = settings['STRIPE_SECRET_KEY'], settings['STRIPE_WEBHOOK_SECRET']
    if not key.startswith(KEYS):
        raise ValueError(f'STRIPE_SECRET_KEY must begin with {", ".join(KEYS)}; it is {"wrong" if key else "missing"}')
    if not secret.startswith('whsec_'):
        raise ValueError(f'STRIPE_WEBHOOK_SECRET must begin with whsec_; it is {"wrong" if secret else "missing"}')
    if not settings['PUBLIC_URL'].startswith(('https://', 'http://')):
        raise ValueError('PUBLIC_URL must be the address people use (https://…): Stripe sends buyers back to it')
    try:
        _client_of(key, settings['STRIPE_API_BASE']).v1.balance.retrieve()
    except stripe.AuthenticationError as error:
        raise ValueError(f'STRIPE_SECRET_KEY is not a key Stripe knows: {error.user_message}') from error
    except stripe.StripeError as error:
        # A restricted key may not see the balance, and a start must not hang on somebody else's network.
        _log.warning('Stripe could not be asked about the key: %s', error)


def _sent_before(request: RefundRequest) -> stripe.Refund | None:
    """Look among the refunds of the payment for this very attempt."""
    sent = _client().v1.refunds.list({'payment_intent': request.provider_payment, 'limit': 100})
    wanted = {'refund': request.reference, 'attempt': str(request.attempt)}
    return next((refund for refund in sent.data if refund.to_dict().get('metadata') == wanted), None)


def _client() -> stripe.StripeClient:
    config = current_app.config
    return _client_of(config['STRIPE_SECRET_KEY'], config['STRIPE_API_BASE'])


@lru_cache(maxsize=8)
def _client_of(key: str, base: str) -> stripe.StripeClient:
    # What is repeated is repeated by the scheduled work, under the stored key; never while somebody waits.
    return stripe.StripeClient(
        key,
        base_addresses={'api': base} if base else {},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=0,
    )


@contextmanager
def _answered() -> Iterator[None]:
    """Tell apart what the provider refused and what it may be asked again."""
    try:
        yield
    except (stripe.InvalidRequestError, stripe.IdempotencyError, stripe.CardError) as error:
        raise ProviderRefusedError(str(error.user_message)) from error
    except stripe.StripeError as error:
        _log.warning('Stripe did not answer: %s', error)
        raise ProviderDownError(str(error.user_message)) from error

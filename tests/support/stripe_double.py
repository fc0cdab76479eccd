"""A small strict stand-in for what the shop asks of Stripe: Checkout Sessions, refunds, keys, signed events.

It refuses what Stripe refuses (unknown parameters, a key used again for something else, a page that would be open
too short, expiring a page that is not open, more back than was paid) and has switches for what goes wrong on the way.
"""

import json
import logging
import re
import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import stripe
from werkzeug.serving import make_server

from shop.kit import clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

KEY = 'sk_test_double'
SECRET = 'whsec_double'
LEAST_OPEN, MOST_OPEN = 30 * 60, 24 * 60 * 60
MOST_AMOUNT = 99_999_999
SESSION_PARAMETERS = re.compile(
    r'(mode|success_url|cancel_url|client_reference_id|locale|expires_at|metadata\[\w+\]'
    r'|adaptive_pricing\[enabled\]|allowed_payment_method_types\[\d+\]|payment_method_options\[wechat_pay\]\[client\]'
    r'|payment_intent_data\[metadata\]\[\w+\]|line_items\[\d+\]\[quantity\]'
    r'|line_items\[\d+\]\[price_data\]\[(currency|unit_amount)\]'
    r'|line_items\[\d+\]\[price_data\]\[product_data\]\[name\])'
)
REFUND_PARAMETERS = re.compile(r'(payment_intent|amount|metadata\[\w+\])')
METHODS = frozenset({'card', 'alipay', 'wechat_pay'})


class RefusalError(Exception):
    """What Stripe answers instead: a status, a type, a code and words."""

    def __init__(self, status: int, message: str, *, kind: str = 'invalid_request_error', code: str = '') -> None:
        super().__init__(message)
        self.status = status
        self.body = {'error': {'type': kind, 'code': code, 'message': message}}


@dataclass
class Answered:
    """What a key was used for, and what was answered."""

    path: str
    params: dict[str, str]
    status: int
    body: Any


@dataclass
class StripeDouble:
    """The provider; `asked` counts the requests, by method and path without ids."""

    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    intents: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[bytes] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refund_status: str = 'succeeded'
    is_down: bool = False
    answers_lost: int = 0
    before_answer: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self._lock = threading.RLock()
        self._keys: dict[str, Answered] = {}
        self._number = 0
        logging.getLogger('werkzeug').setLevel(logging.ERROR)
        self._server = make_server('127.0.0.1', 0, self, threaded=True)
        self.url = f'http://127.0.0.1:{self._server.server_port}'
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    # What happens on Stripe's side.

    def pay(
        self, session_id: str, *, amount: int | None = None, currency: str = 'cny', is_unpaid: bool = False
    ) -> bytes:
        """Let the buyer pay a page; return the event that tells."""
        with self._lock:
            session = self.sessions[session_id]
            assert session['status'] == 'open', 'nobody can pay on a page that is closed'
            charge = {'id': self._next('ch'), 'object': 'charge', 'created': _now()}
            intent = {
                'id': self._next('pi'), 'object': 'payment_intent', 'status': 'succeeded', 'latest_charge': charge,
                'amount': session['amount_total'] if amount is None else amount, 'currency': currency,
            }  # fmt: skip
            self.intents[intent['id']] = intent
            session.update(
                status='complete', payment_status='unpaid' if is_unpaid else 'paid', payment_intent=intent['id'],
                amount_total=intent['amount'], currency=currency, url=None,
            )  # fmt: skip
            return self.tell('checkout.session.completed', session)

    def pay_again(self, session_id: str) -> bytes:
        """Let the buyer pay once more under the same reference, on a page nobody here knows of."""
        with self._lock:
            twin = {**deepcopy(self.sessions[session_id]), 'id': self._next('cs_test'), 'status': 'open'}
            self.sessions[twin['id']] = twin
            return self.pay(twin['id'])

    def settle_refund(self, refund_id: str, status: str, *, failure: str | None = None) -> bytes:
        """Let a refund arrive, or fail."""
        with self._lock:
            self.refunds[refund_id].update(status=status, failure_reason=failure)
            return self.tell('refund.failed' if status == 'failed' else 'refund.updated', self.refunds[refund_id])

    def tell(self, kind: str, thing: dict[str, Any], **changes: Any) -> bytes:
        """Make an event of what a thing is now, and keep it."""
        with self._lock:
            event = {
                'id': self._next('evt'), 'object': 'event', 'type': kind, 'created': _now(), 'livemode': False,
                'api_version': '2026-10-28.endive', 'data': {'object': deepcopy(thing)},
            }  # fmt: skip
            body = json.dumps({**event, **changes}).encode()
            self.events.append(body)
            return body

    def captured(self) -> int:
        """Return what was taken in, less what was given back."""
        taken = sum(intent['amount'] for intent in self.intents.values())
        return taken - sum(refund['amount'] for refund in self.refunds.values() if refund['status'] != 'failed')

    # What the shop asks.

    def __call__(self, environ: 'WSGIEnvironment', start_response: 'StartResponse') -> Iterable[bytes]:
        method, path = environ['REQUEST_METHOD'], environ['PATH_INFO']
        length = int(environ.get('CONTENT_LENGTH') or 0)
        sent = environ['wsgi.input'].read(length).decode() or environ['QUERY_STRING']
        params = dict(parse_qsl(sent, keep_blank_values=True))
        self.asked.append(f'{method} {re.sub(r"/[a-z_]+_[0-9]+", "/…", path)}')
        try:
            status, body = self._answer(method, path, params, environ)
        except RefusalError as refusal:
            status, body = refusal.status, refusal.body
        if self.before_answer is not None:
            then, self.before_answer = self.before_answer, None
            then()
        if self.answers_lost:
            self.answers_lost -= 1
            status, body = 500, {'error': {'type': 'api_error', 'message': 'the answer was lost'}}
        content = json.dumps(body).encode()
        headers = [('Content-Type', 'application/json'), ('Content-Length', str(len(content)))]
        start_response(f'{status} {HTTPStatus(status).phrase}', headers)
        return [content]

    def _answer(self, method: str, path: str, params: dict[str, str], environ: 'WSGIEnvironment') -> tuple[int, Any]:
        if self.is_down:
            raise RefusalError(503, 'down for maintenance', kind='api_error')
        if environ.get('HTTP_AUTHORIZATION') != f'Bearer {KEY}':
            raise RefusalError(401, 'Invalid API Key provided')
        key = environ.get('HTTP_IDEMPOTENCY_KEY', '')
        with self._lock:
            if method != 'POST':
                return 200, self._get(path, params)
            before = self._keys.get(key) if key else None
            if before is not None:
                if (before.path, before.params) != (path, params):
                    raise RefusalError(400, 'the key was used with other parameters', kind='idempotency_error')
                return before.status, before.body
            body = deepcopy(self._post(path, params))
            self._keys[key] = Answered(path, params, 200, body)
            return 200, body

    def _get(self, path: str, params: dict[str, str]) -> Any:
        if path == '/v1/balance':
            return {'object': 'balance', 'available': []}
        if path == '/v1/refunds':
            found = [refund for refund in self.refunds.values() if refund['payment_intent'] == params['payment_intent']]
            return {'object': 'list', 'data': found, 'has_more': False, 'url': path}
        if path.startswith('/v1/refunds/'):
            return _known(self.refunds, path.rsplit('/', 1)[1])
        session = deepcopy(_known(self.sessions, path.rsplit('/', 1)[1]))
        if params.get('expand[0]') == 'payment_intent.latest_charge' and session['payment_intent']:
            session['payment_intent'] = self.intents[session['payment_intent']]
        return session

    def _post(self, path: str, params: dict[str, str]) -> Any:
        if path == '/v1/checkout/sessions':
            return self._open(params)
        if path == '/v1/refunds':
            return self._refund(params)
        session = _known(self.sessions, path.split('/')[-2])
        assert path.endswith('/expire')
        if session['status'] != 'open':
            raise RefusalError(400, f'a session with status {session["status"]} can not be expired')
        session.update(status='expired', url=None)
        self.tell('checkout.session.expired', session)
        return session

    def _open(self, params: dict[str, str]) -> Any:
        _require_known(params, SESSION_PARAMETERS)
        amount, now = params['line_items[0][price_data][unit_amount]'], _now()
        methods = {value for name, value in params.items() if name.startswith('allowed_payment_method_types')}
        if params['line_items[0][price_data][currency]'] != 'cny' or not methods <= METHODS:
            raise RefusalError(400, 'Alipay and WeChat Pay here take cny')
        if 'wechat_pay' in methods and params.get('payment_method_options[wechat_pay][client]') != 'web':
            raise RefusalError(400, 'wechat_pay needs its client')
        if not amount.isdigit() or not 0 < int(amount) <= MOST_AMOUNT:
            raise RefusalError(400, 'the amount is too small or too large', code='amount_too_large')
        until = int(params.get('expires_at', now + MOST_OPEN))
        if not now + LEAST_OPEN <= until <= now + MOST_OPEN:
            raise RefusalError(400, 'expires_at is from 30 minutes to 24 hours after creation')
        if not params['success_url'].startswith('https://'):
            raise RefusalError(400, 'success_url is not an address', code='url_invalid')
        number = self._next('cs_test')
        session = {
            'id': number, 'object': 'checkout.session', 'status': 'open', 'payment_status': 'unpaid',
            'url': f'https://checkout.example/{number}', 'amount_total': int(amount), 'currency': 'cny',
            'client_reference_id': params['client_reference_id'], 'payment_intent': None, 'created': now,
            'expires_at': until, 'livemode': False, 'metadata': {'reference': params['metadata[reference]']},
        }  # fmt: skip
        self.sessions[number] = session
        return session

    def _refund(self, params: dict[str, str]) -> Any:
        _require_known(params, REFUND_PARAMETERS)
        intent = _known(self.intents, params['payment_intent'])
        back = sum(
            refund['amount']
            for refund in self.refunds.values()
            if refund['payment_intent'] == intent['id'] and refund['status'] != 'failed'
        )
        amount = int(params['amount'])
        if amount > intent['amount'] - back:
            raise RefusalError(400, 'Refund amount is greater than unrefunded amount on charge')
        number = self._next('re')
        metadata = {name[9:-1]: value for name, value in params.items() if name.startswith('metadata[')}
        self.refunds[number] = {
            'id': number, 'object': 'refund', 'status': self.refund_status, 'amount': amount, 'created': _now(),
            'currency': intent['currency'], 'payment_intent': intent['id'], 'metadata': metadata,
            'failure_reason': None,
        }  # fmt: skip
        self.tell('refund.created', self.refunds[number])
        return self.refunds[number]

    def _next(self, kind: str) -> str:
        self._number += 1
        return f'{kind}_{self._number:08d}'


def signed(body: bytes, *, secret: str = SECRET, seconds: int = 0) -> dict[str, str]:
    """Return the headers Stripe would send a body with, so many seconds from now, by the SDK's own signer."""
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), secret, timestamp=_now() + seconds)
    return {'Stripe-Signature': header, 'Content-Type': 'application/json'}


def _now() -> int:
    return int(clock.now().timestamp())


def _known(things: dict[str, dict[str, Any]], number: str) -> dict[str, Any]:
    if number not in things:
        raise RefusalError(404, f'No such thing: {number}', code='resource_missing')
    return things[number]


def _require_known(params: dict[str, str], known: re.Pattern[str]) -> None:
    for name in params:
        if name.startswith('payment_method_types'):
            raise RefusalError(400, f'{name} is no longer supported', code='payment_method_types_no_longer_supported')
        if not known.fullmatch(name):
            raise RefusalError(400, f'Received unknown parameter: {name}', code='parameter_unknown')

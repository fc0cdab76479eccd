"""The transfer gateway: an institution's bank transfer, known by a code in its memo, found in the bank's statement."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from shop.kit.crypto import CODE_ALPHABET
from shop.orders.models import Order, OrderStatus
from shop.orders.services import locked_orders
from shop.payments.gateways import Fact, ProviderEvent, SignatureError
from shop.payments.models import Payment, Refund

ACCOUNT_SETTINGS = ('TRANSFER_ACCOUNT_NAME', 'TRANSFER_ACCOUNT_BANK', 'TRANSFER_ACCOUNT_NUMBER')
RECEIVED = 'transfer.received'
RETURNED = 'transfer.returned'
FACTS = {RECEIVED: Fact.PAID, RETURNED: Fact.REFUNDED}
PREFIX = 'DY'
LETTERS = 8
_CODE = re.compile(rf'{PREFIX}[{CODE_ALPHABET}]{{{LETTERS + 1}}}')
_BETWEEN = re.compile(r'[\s\-_.·]+')


class TransferGateway:
    """Implements the port; its events come from lines of a statement that a person has linked."""

    name = 'transfer'

    def start(self, payment: Payment) -> str:
        """Give the payment its code and its orders the days a transfer takes; return the page that tells how."""
        if payment.transfer_code is None:
            payment.transfer_code = new_code()
            until = payment.created_at + timedelta(days=current_app.config['TRANSFER_WINDOW_DAYS'])
            payment.checkout.payable_until = max(payment.checkout.payable_until, until)
            is_unpaid = Order.status == OrderStatus.PENDING_PAYMENT
            for order in locked_orders(Order.checkout_id == payment.checkout_id, is_unpaid):
                order.payable_until = max(order.payable_until, until)
        return f'/payments/{payment.reference}/transfer'

    def request_refund(self, refund: Refund, *, at: datetime) -> None:
        """The refund's row is the request; a person transfers the money back and says so."""

    def parse_event(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> ProviderEvent:
        """Refuse whatever comes from outside."""
        raise SignatureError('a bank sends no events')

    def read_event(self, payload: Mapping[str, Any]) -> ProviderEvent:
        """Read what `received` or `returned` has written."""
        return ProviderEvent(
            payload['id'],
            payload['kind'],
            payload['reference'],
            payload['amount_fen'],
            'CNY',
            datetime.fromisoformat(payload['occurred_at']),
            payload,
            fact=FACTS[payload['kind']],
            provider_reference=payload['provider_reference'],
            provider_payment=payload['provider_payment'],
        )


def check_transfer_settings(settings: Mapping[str, Any]) -> None:
    """Raise `ValueError` naming the settings that are missing."""
    missing = [name for name in ACCOUNT_SETTINGS if not settings[name]]
    if missing:
        raise ValueError(f'PAYMENT_GATEWAY transfer needs {", ".join(missing)}')


def offers_transfer() -> bool:
    """Tell whether there is an account to transfer to."""
    return all(current_app.config[name] for name in ACCOUNT_SETTINGS)


def received(key: str, payment: Payment, amount_fen: int, came_at: datetime, line: str) -> dict[str, Any]:
    """Return the event that says money has come; a bank that knows only the day says its first instant."""
    at = max(came_at, payment.created_at)
    return _event(key, RECEIVED, payment.reference, amount_fen=amount_fen, at=at, number=line, money=line)


def returned(refund: Refund, slip: str, at: datetime) -> dict[str, Any]:
    """Return the event that says a person has transferred money back."""
    key = f'returned-{refund.id}.{refund.attempt}'
    amount = refund.amount_fen
    return _event(key, RETURNED, refund.idempotency_key, amount_fen=amount, at=at, number=slip, money=None)


def new_code() -> str:
    """Return a code for the memo of a transfer: no lookalike characters, the last one checks the others."""
    letters = ''.join(secrets.choice(CODE_ALPHABET) for _ in range(LETTERS))
    return f'{PREFIX}{letters}{_check_letter(letters)}'


def find_code(text: str) -> str | None:
    """Return the first code in a memo, however it was spaced or written; None for one with a typing error."""
    for match in _CODE.finditer(_BETWEEN.sub('', text).upper()):
        letters = match.group()[len(PREFIX) :]
        if _check_letter(letters[:-1]) == letters[-1]:
            return match.group()
    return None


def _check_letter(letters: str) -> str:
    """Weigh each letter by its place: every wrong letter shows, and nearly every swap of neighbours."""
    weighed = sum((2 * place + 1) * CODE_ALPHABET.index(letter) for place, letter in enumerate(letters))
    return CODE_ALPHABET[weighed % len(CODE_ALPHABET)]


def _event(
    key: str, kind: str, reference: str, *, amount_fen: int, at: datetime, number: str, money: str | None
) -> dict[str, Any]:
    return {
        'id': key,
        'kind': kind,
        'reference': reference,
        'amount_fen': amount_fen,
        'occurred_at': at.isoformat(),
        'provider_reference': number,
        'provider_payment': money,
    }

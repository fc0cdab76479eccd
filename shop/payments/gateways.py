"""The port every payment gateway stands behind; this issue has the sandbox, real providers come beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shop.payments.models import Payment, Refund


class SignatureError(Exception):
    """An event that this provider has not signed, or signed too long ago."""


@dataclass(frozen=True)
class ProviderEvent:
    """What a provider says happened; `amount_fen` is in fen of `currency`."""

    key: str
    kind: str
    reference: str
    amount_fen: int
    currency: str
    occurred_at: datetime
    payload: Mapping[str, object]


class Gateway(Protocol):
    """A provider of payments."""

    name: str

    def start(self, payment: Payment) -> str:
        """Return the address where the buyer pays."""

    def request_refund(self, refund: Refund, *, at: datetime) -> None:
        """Ask for money to go back; the provider confirms by an event."""

    def parse_event(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> ProviderEvent:
        """Verify and read an event; raises `SignatureError`."""

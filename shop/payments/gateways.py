"""The port every payment gateway stands behind, and what passes through it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol, runtime_checkable

from shop.payments.models import Payment, Refund


class SignatureError(Exception):
    """An event that this provider has not signed, or signed too long ago."""


class ProviderDownError(Exception):
    """The provider could not be asked, or could not answer; nothing is known, the same may be asked again."""


class ProviderRefusedError(Exception):
    """The provider understood and said no; asking the same again would change nothing."""


class Fact(Enum):
    """What an event says happened, whatever the provider calls it."""

    PAID = 'paid'
    PAYMENT_EXPIRED = 'payment_expired'
    REFUNDED = 'refunded'
    REFUND_FAILED = 'refund_failed'
    FOREIGN = 'foreign'
    NOTHING = 'nothing'


@dataclass(frozen=True)
class ProviderEvent:
    """What a provider says happened; `amount_fen` is in the smallest unit of `currency`.

    `reference` names our payment, or our refund's key. `provider_payment` is the provider's own number of the
    money that came: two of them for one payment are two payments. `attempt` is that of the refund, 0 if unsaid.
    """

    key: str
    kind: str
    reference: str
    amount_fen: int
    currency: str
    occurred_at: datetime
    payload: Mapping[str, object]
    fact: Fact = Fact.NOTHING
    provider_reference: str | None = None
    provider_payment: str | None = None
    attempt: int = 0
    failure: str = ''


@dataclass(frozen=True)
class SessionRequest:
    """What a provider's payment page is to ask for; `key` makes it one page however often it is asked for."""

    key: str
    reference: str
    title: str
    amount_fen: int
    started_at: datetime
    payable_until: datetime
    return_url: str


@dataclass(frozen=True)
class Session:
    """A provider's payment page: its number, its address while it is open, and what has come of it."""

    reference: str
    url: str | None
    event: ProviderEvent


@dataclass(frozen=True)
class RefundRequest:
    """What is to go back of which of the provider's payments; `key` makes it happen once.

    `may_be_sent` says that the key may be forgotten by now, so that what was sent is looked for first.
    """

    key: str
    reference: str
    attempt: int
    provider_payment: str
    amount_fen: int
    may_be_sent: bool = False


class Gateway(Protocol):
    """A way to pay; nothing here calls out, so all of it may stand in a unit of work."""

    name: str

    def start(self, payment: Payment) -> str:
        """Return the address where the buyer goes on."""

    def request_refund(self, refund: Refund, *, at: datetime) -> None:
        """Note that money is to go back; that it has is told by an event."""

    def parse_event(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> ProviderEvent:
        """Verify and read an event; raises `SignatureError`."""

    def read_event(self, payload: Mapping[str, object]) -> ProviderEvent:
        """Read an event that was verified when it was stored."""


@runtime_checkable
class RemoteGateway(Gateway, Protocol):
    """A gateway whose provider is asked over the network: never inside a unit of work.

    Every call raises `ProviderDownError` or `ProviderRefusedError`.
    """

    def open_session(self, request: SessionRequest) -> Session:
        """Return the provider's payment page, the same for the same key."""

    def look_at_session(self, reference: str) -> Session:
        """Ask what has become of a payment page."""

    def close_session(self, reference: str) -> Session:
        """Close a payment page, or learn that it is not open any more."""

    def send_refund(self, request: RefundRequest) -> ProviderEvent:
        """Ask for money to go back, once per key."""

    def look_at_refund(self, provider_reference: str) -> ProviderEvent:
        """Ask what has become of a refund."""

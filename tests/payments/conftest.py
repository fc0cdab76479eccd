"""What only happens between two who come at once, brought about by hand; and the shop with a provider beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db
from shop.payments import inbox, services
from shop.payments.models import Payment, PaymentEvent
from tests.factories.building import building
from tests.support.client import ShopClient
from tests.support.stripe_double import KEY, SECRET, StripeDouble, signed

PUBLIC = 'https://shop.example'


@pytest.fixture
def look_too_early(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the next look into the inbox see nothing, as if the same event were being stored at this moment."""
    look = inbox.find_event

    def next_look_is_blind() -> None:
        def blind(gateway: str, key: str) -> PaymentEvent | None:
            monkeypatch.setattr(inbox, 'find_event', look)
            return None

        monkeypatch.setattr(inbox, 'find_event', blind)

    return next_look_is_blind


@pytest.fixture
def provider() -> Iterator[StripeDouble]:
    """The stand-in for Stripe on a port of its own."""
    double = StripeDouble()
    yield double
    double.stop()


@pytest.fixture
def make_stripe_app(make_app: Callable[..., Flask], provider: StripeDouble) -> Callable[..., Flask]:
    """Build applications that pay by the stand-in."""

    def make(**given: str) -> Flask:
        settings = {
            'PAYMENT_GATEWAY': 'stripe', 'STRIPE_SECRET_KEY': KEY, 'STRIPE_WEBHOOK_SECRET': SECRET,
            'STRIPE_API_BASE': provider.url, 'PUBLIC_URL': PUBLIC,
        }  # fmt: skip
        return make_app(**{**settings, **given})

    return make


@dataclass
class StripeShop:
    """The shop and its provider, and what happens between them."""

    provider: StripeDouble
    client: ShopClient
    number: str = ''
    village: Any = None
    checkout: Any = None
    begun: Any = None

    @staticmethod
    @building
    def start(checkout: Any, *, gateway: str = 'stripe') -> Payment:
        """The buyer has begun to pay."""
        return services.start_payment(checkout, gateway, at=clock.now())

    def open(self, payment: Payment) -> str:
        """The buyer is on the provider's page; return its number."""
        reference = payment.reference
        answer = self.client.get(f'/payments/{reference}')
        assert answer.status_code == 200, answer.text
        pause, _, address = answer.headers['Refresh'].partition('; url=')
        assert (pause, address[:25]) == ('0', 'https://checkout.example/')
        assert f'href="{address}"' in answer.text
        return address.rsplit('/', 1)[1]

    def send(self, body: bytes, **signing: Any) -> Any:
        """The provider sends an event."""
        return self.client.post('/payments/events/stripe', data=body, headers=signed(body, **signing))

    def payment(self, reference: str) -> Payment:
        """The payment as the database has it."""
        db.session.rollback()
        return db.session.scalars(select(Payment).where(Payment.reference == reference)).one()


@pytest.fixture
def stripe_shop(
    make_stripe_app: Callable[..., Flask], database_url: str, provider: StripeDouble, clock_hand: Any
) -> Iterator[StripeShop]:
    """The shop that pays by the stand-in, inside its context."""
    app = make_stripe_app(DATABASE_URL=database_url)
    with app.app_context():
        client = app.test_client()
        assert isinstance(client, ShopClient)
        yield StripeShop(provider, client)

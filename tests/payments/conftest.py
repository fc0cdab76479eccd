"""What only happens between two who come at once, brought about by hand."""

from collections.abc import Callable

import pytest

from shop.payments import services
from shop.payments.models import PaymentEvent


@pytest.fixture
def look_too_early(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the next look into the inbox see nothing, as if the same event were being stored at this moment."""
    look = services._stored

    def next_look_is_blind() -> None:
        def blind(gateway: str, key: str) -> PaymentEvent | None:
            monkeypatch.setattr(services, '_stored', look)
            return None

        monkeypatch.setattr(services, '_stored', blind)

    return next_look_is_blind

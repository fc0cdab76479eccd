"""The hand of the stopped clock."""

from datetime import UTC, date, datetime, timedelta

from shop.kit import clock

START = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)


class ClockHand:
    """Moves the clock of the shop, which stands still under it; it starts at noon of 15 June 2026 in Shanghai."""

    @property
    def at(self) -> datetime:
        """The instant the clock shows."""
        return clock.now()

    @property
    def day(self) -> date:
        """The business day the clock shows."""
        return clock.today()

    def move(self, **spans: float) -> datetime:
        """Move by a timedelta's arguments (``days=1``, ``minutes=-5``) and return the new instant."""
        clock.shift(timedelta(**spans))
        return clock.now()

    def set(self, at: datetime) -> datetime:
        """Move to an instant."""
        clock.shift(at - clock.now())
        return clock.now()

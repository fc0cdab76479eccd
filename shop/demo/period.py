"""The thirty months of the demo campaign: its days, its instants, and how trade rises and falls in them."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from shop.kit import clock

MONTHS = 30
MINUTE = 60
HOUR = 60 * MINUTE
DAY = timedelta(days=1)
# What people buy for: weeks before the Spring Festival, the Dragon Boat and Mid-Autumn ones, 17 October, 11 November.
MONTH_MOOD = (1.45, 0.75, 0.8, 0.85, 0.95, 1.1, 1.05, 1.1, 1.5, 1.3, 1.25, 1.15)
INSTITUTION_MOOD = (2.6, 0.6, 0.6, 0.7, 0.9, 1.3, 0.7, 0.8, 2.4, 1.2, 0.8, 1.1)
FIRST_MONTH_SHARE = 0.28


@dataclass(frozen=True, slots=True)
class Period:
    """The first and the last day of the campaign, both business days of Asia/Shanghai."""

    first: date
    last: date

    @classmethod
    def until(cls, last: date) -> 'Period':
        """Return the thirty calendar months whose last one holds `last`."""
        months = last.year * clock.MONTHS_PER_YEAR + last.month - MONTHS
        return cls(date(months // clock.MONTHS_PER_YEAR, months % clock.MONTHS_PER_YEAR + 1, 1), last)

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def end(self) -> datetime:
        """The first instant after it; nothing of the plan happens later."""
        return clock.day_end(self.last)

    def day(self, index: int) -> date:
        """Return the day at an index from the first, or from the last when negative (-1 is the last)."""
        return (self.first if index >= 0 else self.last + DAY) + timedelta(days=index)

    def share(self, part: float) -> date:
        """Return the day at a part (0–1) of the way."""
        return self.first + timedelta(days=int((self.days - 1) * part))

    def growth(self, day: date) -> float:
        """Return how far trade has grown by a day; 1 at the end."""
        part = (day - self.first).days / max(1, self.days - 1)
        return FIRST_MONTH_SHARE + (1 - FIRST_MONTH_SHARE) * part


def instant(day: date, seconds: int) -> datetime:
    """Return the instant so many seconds after the start of a business day."""
    return clock.day_start(day) + timedelta(seconds=seconds)


def office_time(rng: Random, day: date) -> datetime:
    """Return a moment of a working day."""
    return instant(day, rng.randrange(8 * HOUR + 30 * MINUTE, 17 * HOUR + 30 * MINUTE))


def shopping_time(rng: Random, day: date) -> datetime:
    """Return a moment when people shop: seldom at night, mostly in the evening."""
    hour = rng.choices(range(24), _HOURS)[0]
    return instant(day, hour * HOUR + rng.randrange(HOUR))


_HOURS = (3, 1, 0, 0, 0, 1, 3, 6, 9, 12, 13, 12, 13, 10, 9, 9, 9, 10, 12, 16, 20, 21, 15, 8)


class Weighted:
    """Things that are drawn by weight, again and again."""

    def __init__(self, weights: list[float]) -> None:
        self._sums = list(accumulate(weights))

    def draw(self, rng: Random) -> int:
        """Return the index of one of them."""
        return min(bisect_right(self._sums, rng.random() * self._sums[-1]), len(self._sums) - 1)


def split(total: int, weights: list[float], *, least: int = 0) -> list[int]:
    """Split a whole number by weights, each part at least `least`; the parts sum to the total."""
    free = total - least * len(weights)
    if free < 0:
        raise ValueError('there is too little to split')
    sums = list(accumulate(weights))
    marks = [round(free * mark / sums[-1]) for mark in sums]
    return [least + here - before for before, here in zip([0, *marks], marks, strict=False)]

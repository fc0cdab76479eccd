"""What happens to an order, when: paid, sent, received, given back; nothing after the campaign's last day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from shop.demo.period import HOUR, MINUTE
from shop.demo.trade import NEVER_PAID, Ending, PlannedOrder
from shop.kit import clock
from shop.orders.models import Channel

AUTO_RECEIVE = timedelta(days=10)
OPENS, CLOSES = 8, 18


@dataclass(slots=True)
class Parcel:
    """A parcel: when it left, and how many units of each line, in line order, are in it."""

    at: datetime
    quantities: list[int]


@dataclass(slots=True)
class Timeline:
    """The instants of an order that fall within the campaign; None for what did not happen in it."""

    paid_at: datetime | None = None
    ended_at: datetime | None = None
    parcels: list[Parcel] | None = None
    is_sent: bool = False
    completed_at: datetime | None = None
    is_received_by_itself: bool = False
    refunded_at: datetime | None = None
    late_paid_at: datetime | None = None

    @property
    def shipped_at(self) -> datetime | None:
        """When the last parcel left."""
        return self.parcels[-1].at if self.parcels and self.is_sent else None


def run(rng: Random, order: PlannedOrder, end: datetime, *, is_waiting: bool = False) -> Timeline:
    """Return what happens to an order before `end`; a waiting one is paid and not yet sent."""
    line = Timeline(parcels=[])
    if order.ending in NEVER_PAID:
        _leave_unpaid(rng, order, line, end)
        return line
    if order.paid_at >= end:
        return line
    line.paid_at = order.paid_at
    if order.ending is Ending.REFUNDED_BEFORE:
        line.refunded_at = _before(order.paid_at + timedelta(seconds=rng.randrange(HOUR // 2, 5 * HOUR)), end)
        return line
    if not is_waiting:
        _send(rng, order, line, end)
    if line.is_sent:
        _receive(rng, order, line, end)
    return line


def _before(at: datetime, end: datetime) -> datetime | None:
    return at if at < end else None


def _leave_unpaid(rng: Random, order: PlannedOrder, line: Timeline, end: datetime) -> None:
    if order.ending is Ending.UNPAID:
        return
    if order.ending is Ending.CANCELLED:
        at = order.placed_at + timedelta(seconds=rng.randrange(2 * MINUTE, 25 * MINUTE))
    else:
        at = order.placed_at + order.payable_for + timedelta(seconds=rng.randrange(5, MINUTE))
    line.ended_at = _before(at, end)
    if order.ending is Ending.PAID_LATE and line.ended_at:
        line.late_paid_at = _before(at + timedelta(seconds=rng.randrange(MINUTE, 9 * MINUTE)), end)


def _send(rng: Random, order: PlannedOrder, line: Timeline, end: datetime) -> None:
    quantities = [one.quantity for one in order.lines]
    if order.channel is Channel.EXPO:
        at = order.paid_at + timedelta(seconds=rng.randrange(40, 400))
        line.parcels = [Parcel(at, quantities)] if at < end else []
        line.is_sent = bool(line.parcels)
        return
    first = _working(order.paid_at + timedelta(seconds=rng.randrange(3 * HOUR, 40 * HOUR)))
    parcels = [Parcel(first, quantities)]
    if order.is_split and sum(quantities) > 1:
        early = [quantities[0] - (len(quantities) == 1), *([0] * (len(quantities) - 1))]
        rest = [whole - part for whole, part in zip(quantities, early, strict=True)]
        second = _working(first + timedelta(seconds=rng.randrange(20 * HOUR, 60 * HOUR)))
        parcels = [Parcel(first, early), Parcel(second, rest)]
    line.parcels = [parcel for parcel in parcels if parcel.at < end]
    line.is_sent = len(line.parcels) == len(parcels)


def _working(at: datetime) -> datetime:
    """Move an instant into the hours in which parcels are handed over."""
    hour = clock.local(at).hour
    if hour < OPENS:
        return at + timedelta(hours=OPENS - hour)
    return at + timedelta(hours=24 + OPENS - hour) if hour >= CLOSES else at


def _receive(rng: Random, order: PlannedOrder, line: Timeline, end: datetime) -> None:
    shipped = line.shipped_at
    assert shipped is not None
    by_itself = order.ending is Ending.RECEIVED_BY_ITSELF
    if order.channel is Channel.EXPO:
        received = shipped + timedelta(seconds=rng.randrange(20, 200))
    elif by_itself:
        received = shipped + AUTO_RECEIVE + timedelta(seconds=rng.randrange(5, MINUTE))
    else:
        received = shipped + timedelta(seconds=rng.randrange(40 * HOUR, 190 * HOUR))
    if order.ending is Ending.PART_REFUNDED_BEFORE:
        line.refunded_at = _before(shipped + timedelta(seconds=rng.randrange(24 * HOUR, 38 * HOUR)), end)
    line.completed_at = _before(received, end)
    line.is_received_by_itself = by_itself
    if line.completed_at and order.ending in {Ending.REFUNDED_AFTER, Ending.PART_REFUNDED_AFTER}:
        line.refunded_at = _before(received + timedelta(seconds=rng.randrange(4 * HOUR, 110 * HOUR)), end)

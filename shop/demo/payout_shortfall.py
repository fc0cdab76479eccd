"""One late refund of the campaign comes after its pool was paid out, so that the supplier bears the rest."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from shop.demo.market import Happened
from shop.demo.period import HOUR, Period, instant
from shop.demo.stage import VillagePlan
from shop.demo.timelines import Timeline
from shop.demo.trade import Ending, PlannedOrder
from shop.kit import clock

# The goods were bad when they were opened, weeks after they came.
LATE = timedelta(days=35)
ENDINGS = frozenset({Ending.REFUNDED_AFTER, Ending.PART_REFUNDED_AFTER})


@dataclass(frozen=True, slots=True)
class _Case:
    """A refund that could come late, with what its pool has grown by then, and what the refund would take."""

    order: PlannedOrder
    timeline: Timeline
    computed_at: datetime
    growth_fen: int
    back_fen: int


def delay_a_refund(planned: Happened, period: Period, home: VillagePlan) -> tuple[VillagePlan, datetime] | None:
    """Put off the refund whose pool grows least against what it takes; return when its village computes before it."""
    brought = _credits(planned)
    cases = [case for order, timeline in planned if (case := _case(order, timeline, period, home, brought))]
    best = max(cases, key=lambda case: (case.back_fen - case.growth_fen, case.computed_at), default=None)
    if best is None or best.timeline.refunded_at is None:
        return None
    best.timeline.refunded_at += LATE
    return best.order.lines[0].product.village, best.computed_at


def _case(
    order: PlannedOrder,
    timeline: Timeline,
    period: Period,
    home: VillagePlan,
    brought: dict[int, list[tuple[datetime, int]]],
) -> _Case | None:
    completed, refunded = timeline.completed_at, timeline.refunded_at
    village = order.lines[0].product.village
    if order.ending not in ENDINGS or completed is None or refunded is None or len(order.lines) > 1 or village is home:
        return None
    computed_at = instant(clock.business_day(completed) + timedelta(days=1), 10 * HOUR)
    if order.is_test or refunded <= completed or refunded + LATE + timedelta(days=30) > period.end:
        return None
    computed_at = min(computed_at, refunded)
    line = order.lines[0]
    version_id, benefit = _benefit(order, 0)
    back = benefit * sum(piece.amount_fen for piece in order.refund) // line.net_fen
    growth = sum(fen for at, fen in brought[version_id] if computed_at < at <= refunded + LATE)
    return _Case(order, timeline, computed_at, growth, back)


def _credits(planned: Happened) -> dict[int, list[tuple[datetime, int]]]:
    """Return what each pool gets, and when."""
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for order, timeline in planned:
        if timeline.completed_at is not None and not order.is_test:
            for index in range(len(order.lines)):
                version_id, benefit = _benefit(order, index)
                found[version_id].append((timeline.completed_at, benefit))
    return found


def _benefit(order: PlannedOrder, index: int) -> tuple[int, int]:
    line = order.lines[index]
    version = line.product.version_at(order.paid_at).version
    return version.id, version.benefit_fen(line.net_fen, line.quantity)

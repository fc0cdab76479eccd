"""Geometry of the dashboard's drawings; colour comes by class, words and numbers from the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from shop.kit.money import FEN_PER_YUAN
from shop.statistics.summaries import SalesSum
from shop.statistics.trends import HouseholdPoint

WAN = 10_000 * FEN_PER_YUAN
LEFT, RIGHT = 44.0, 620.0
SALES_TOP, SALES_ZERO = 32.0, 182.0
PEOPLE_TOP, PEOPLE_ZERO = 232.0, 346.0
BAR_SHARE = 0.68
MONTHS_SHOWN = 36
CLOSE_LABELS = 14


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the drawing with its value."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class MonthBar:
    """A month's sales as a bar: institutions below, other buyers above, refunds under the axis."""

    month: date
    sales: SalesSum
    x: float
    width: float
    personal_y: float
    personal_height: float
    institution_y: float
    institution_height: float
    refund_height: float
    is_peak: bool
    has_label: bool

    @property
    def centre(self) -> float:
        """Where labels stand."""
        return round(self.x + self.width / 2, 1)


@dataclass(frozen=True, slots=True)
class Growth:
    """The three measures over the months, as paths, with where each ends."""

    covered: str
    accrued: str
    paid: str
    gap: str
    covered_y: float
    accrued_y: float
    paid_y: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Everything the picture of sales and households needs."""

    bars: Sequence[MonthBar]
    sales_ticks: Sequence[Tick]
    people_ticks: Sequence[Tick]
    growth: Growth | None
    years: Sequence[tuple[float, int]]


def draw_trend(months: Sequence[tuple[date, SalesSum]], points: Sequence[HouseholdPoint]) -> Trend:
    """Return the picture of the last months; empty without any."""
    months, points = months[-MONTHS_SHOWN:], points[-MONTHS_SHOWN:]
    step = (RIGHT - LEFT) / max(1, len(months))
    top, sales_ticks = _scale([sales.amount_fen // WAN for _, sales in months], SALES_ZERO, SALES_TOP)
    most, people_ticks = _scale([max(p.covered, p.accrued) for p in points], PEOPLE_ZERO, PEOPLE_TOP)
    bars = _bars(months, step, (SALES_ZERO - SALES_TOP) / (top * WAN))
    growth = _growth(points, [bar.centre for bar in bars], (PEOPLE_ZERO - PEOPLE_TOP) / most, step) if bars else None
    years = [
        (round(LEFT + index * step, 1), month.year)
        for index, (month, _) in enumerate(months)
        if index == 0 or month.month == 1
    ]
    return Trend(bars, sales_ticks, people_ticks, growth, years)


def round_scale(most: int) -> tuple[int, int]:
    """Return ``(top, step)`` of an axis that holds `most` in two to four round steps."""
    magnitude = 1
    while True:
        for step in (magnitude, 2 * magnitude, 5 * magnitude):
            if step * 4 >= most:
                return max(-(-most // step), 1) * step, step
        magnitude *= 10


def bar_width(value: int, most: int, full: float) -> float:
    """Return how long a bar for `value` is when `most` fills the row."""
    return round(full * max(0, value) / most, 1) if most > 0 else 0.0


def _scale(values: Sequence[int], zero: float, top_y: float) -> tuple[int, list[Tick]]:
    top, step = round_scale(max([*values, 1]))
    return top, [Tick(round(zero - (zero - top_y) * value / top, 1), value) for value in range(0, top + 1, step)]


def _bars(months: Sequence[tuple[date, SalesSum]], step: float, per_fen: float) -> list[MonthBar]:
    width = step * BAR_SHARE
    most = max((sales.amount_fen for _, sales in months), default=0)
    every = max(1, -(-len(months) // 30))
    bars = []
    for index, (month, sales) in enumerate(months):
        institution, personal = max(0, sales.institution_fen) * per_fen, max(0, sales.personal_fen) * per_fen
        bars.append(
            MonthBar(
                month=month,
                sales=sales,
                x=round(LEFT + index * step + (step - width) / 2, 1),
                width=round(width, 1),
                personal_y=round(SALES_ZERO - institution - personal, 1),
                personal_height=round(personal, 1),
                institution_y=round(SALES_ZERO - institution, 1),
                institution_height=round(institution, 1),
                refund_height=round(-sales.refunded_fen * per_fen, 1),
                is_peak=sales.amount_fen == most > 0,
                has_label=index % every == 0,
            )
        )
    return bars


def _growth(points: Sequence[HouseholdPoint], xs: Sequence[float], per_household: float, step: float) -> Growth:
    def height(value: int) -> float:
        return round(PEOPLE_ZERO - value * per_household, 1)

    covered = [height(point.covered) for point in points]
    accrued = [height(point.accrued) for point in points]
    paid = [height(point.paid) for point in points]
    stairs = _stairs(xs, paid)
    back = ''.join(f'V{y}H{x}' for x, y in zip(reversed(xs[:-1]), reversed(paid[:-1]), strict=True))
    labels = _apart([covered[-1], accrued[-1], paid[-1]])
    return Growth(
        covered=_line(xs, covered),
        accrued=_line(xs, accrued),
        paid=stairs,
        gap=f'{_line(xs, accrued)}L{xs[-1]} {paid[-1]}{back}Z',
        covered_y=labels[0],
        accrued_y=labels[1],
        paid_y=labels[2],
    )


def _line(xs: Sequence[float], ys: Sequence[float]) -> str:
    return 'M' + 'L'.join(f'{x} {y}' for x, y in zip(xs, ys, strict=True))


def _stairs(xs: Sequence[float], ys: Sequence[float]) -> str:
    """Return a path of steps: what is paid arrives in batches."""
    path = f'M{xs[0]} {ys[0]}'
    for x, y in zip(xs[1:], ys[1:], strict=True):
        path += f'H{x}V{y}'
    return path


def _apart(ys: Sequence[float]) -> list[float]:
    """Move labels so that each stands at least a line below the one before."""
    moved: list[float] = []
    for y in ys:
        moved.append(max(y, moved[-1] + CLOSE_LABELS) if moved else y)
    return moved


@dataclass(frozen=True, slots=True)
class Dot:
    """One place's share on a strip; over the warning it is a triangle."""

    name: str
    rate_bp: int
    x: float
    y: float
    is_over: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """The shares of places on one line each, with the whole and the warning as upright lines."""

    dots: Sequence[Dot]
    whole_bp: int
    whole_x: float
    warning_bp: int
    warning_x: float
    height: float


STRIP_ROW, STRIP_FIRST = 17.0, 28.0


def draw_strip(rates: Sequence[tuple[str, int]], whole_bp: int, warning_bp: int, *, left: float, width: float) -> Strip:
    """Return the strip of shares (name, basis points) between `left` and `left + width`."""
    most = max([rate for _, rate in rates] + [whole_bp, warning_bp * 6 // 5])

    def x(rate: int) -> float:
        return round(left + bar_width(rate, most, width), 1)

    dots = [
        Dot(name, rate, x(rate), STRIP_FIRST + STRIP_ROW * index, rate > warning_bp)
        for index, (name, rate) in enumerate(rates)
    ]
    return Strip(dots, whole_bp, x(whole_bp), warning_bp, x(warning_bp), STRIP_FIRST + STRIP_ROW * len(rates))

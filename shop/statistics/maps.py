"""A schematic map of the city's counties: where they lie to one another, not where their borders run."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.statistics.tallies import Line

# Steps of the rate in basis points; the lowest class is hatched.
STEPS_BP = (8_500, 9_200, 9_500)


@dataclass(frozen=True, slots=True)
class Shape:
    """A county's outline and where its words stand; a small one has no room for the third line."""

    points: str
    x: int
    y: int
    is_small: bool = False


SHAPES = {
    '220581': Shape('0,40 54,0 135,0 162,20 162,79.9 135,99.9 27,99.9 0,79.9', 81, 44),
    '220523': Shape('162,20 189,0 297,0 324,20 324,79.9 270,119.9 189,119.9 162,99.9', 243, 54),
    '220524': Shape(
        '27,99.9 135,99.9 162,79.9 162,99.9 189,119.9 243,119.9 243,139.9 216,159.8 54,159.8 27,139.9', 124, 122
    ),
    '220521': Shape(
        '54,159.8 216,159.8 243,139.9 243,119.9 270,119.9 324,159.8 324,219.8 297,239.8 108,239.8 54,199.8', 96, 182
    ),
    '220502': Shape('137.7,177.8 199.8,177.8 199.8,223.8 153.9,223.8 137.7,211.8', 169, 196, is_small=True),
    '220503': Shape('199.8,177.8 253.8,177.8 270,189.8 270,223.8 199.8,223.8', 235, 196, is_small=True),
    '220582': Shape('108,239.8 297,239.8 270,279.7 216,315.7 135,315.7 108,279.7', 197, 264),
}


@dataclass(frozen=True, slots=True)
class MapCounty:
    """A county on the map with its rate."""

    line: Line
    shape: Shape
    rate_bp: int
    part: int
    whole: int

    @property
    def step(self) -> int:
        """The class of the rate, from 1 (lowest) to 4."""
        return 1 + sum(self.rate_bp >= step for step in STEPS_BP)


def draw_map(rated: Sequence[tuple[Line, tuple[int, int, int]]]) -> list[MapCounty]:
    """Return the counties that have a shape, those inside others last; empty when one has none."""
    if not all(line.place.code in SHAPES for line, _ in rated):
        return []
    counties = [MapCounty(line, SHAPES[line.place.code], *rate) for line, rate in rated]
    return sorted(counties, key=lambda county: county.shape.is_small)

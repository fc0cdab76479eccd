"""Leaves, blossoms, grass and grains: what lies around the goods."""

import math
from collections.abc import Callable, Sequence
from random import Random

from shop.demo.drawing.shapes import Point, Tone, fill, oval, place, polygon, smooth, spline, stroke

GREEN: Tone = ('#6f9a5c', '#52803f', '#c0d6a4')
DEEP: Tone = ('#5f8f52', '#44743c', '#aecb92')
FRESH: Tone = ('#7fa868', '#5f8b4b', '#cfe0b0')
AUTUMN: Tone = ('#c58a45', '#9e6a2e', '#e6bd83')
RUST: Tone = ('#b9793b', '#955a26', '#e0ae74')
MOSS = ('#86a75a', '#a3bf70', '#6d9449')


def leaf(x: float, y: float, length: float, width: float, turn: float, tone: Tone, teeth: float = 0) -> str:
    """Return a leaf from its foot, `turn` degrees clockwise from the right; `teeth` px for a serrated edge."""
    body, dark, vein = tone
    if teeth:
        upper: list[Point] = []
        for i in range(9):
            for t, push in ((i / 8, 0.0), ((i + 0.7) / 8, teeth)):
                if t <= 1:
                    upper.append((t * length, -width * 0.78 * math.sin(math.pi * t**0.8) - push))
        lower = [(px, -py) for px, py in upper]
        whole, half = polygon([(0, 0), *upper, (length, 0), *lower[::-1]]), polygon([(0, 0), *lower, (length, 0)])
    else:
        bend = f'C{length * 0.7:.1f},{width:.1f} {length * 0.2:.1f},{width:.1f} 0,0Z'
        whole = f'M0,0C{length * 0.2:.1f},{-width:.1f} {length * 0.7:.1f},{-width:.1f} {length:.1f},0{bend}'
        half = f'M0,0L{length:.1f},0{bend}'
    veins = f'M0,0L{length * 0.93:.1f},0'
    for t in (0.22, 0.42, 0.62):
        reach = width * 0.58 * math.sin(math.pi * t**0.8)
        for side in (-reach, reach):
            veins += f'M{t * length:.1f},0L{t * length + length * 0.13:.1f},{side:.1f}'
    return place(
        fill(whole, body) + fill(half, dark) + stroke(veins, vein, max(1.4, width * 0.045), 0.65), x, y, turn=turn
    )


def flower(x: float, y: float, size: float, petal: str = '#fff6dd', centre: str = '#e0a93b', petals: int = 5) -> str:
    """Return a small open blossom."""
    drawing = ''.join(
        leaf(x, y, size, size * 0.46, i * 360 / petals - 90, (petal, '#f0dfb4', '#e6cf98')) for i in range(petals)
    )
    return drawing + oval(x, y, size * 0.26, size * 0.26, centre)


def grass(rng: Random, count: int, low: float, high: float, height: float = 16) -> str:
    """Return blades scattered over the ground between two heights, in three greens."""
    blades = ['', '', '']
    for i in range(count):
        x, y = rng.uniform(0, 800), rng.uniform(low, high)
        blades[i % 3] += f'M{x:.0f},{y:.0f}l{rng.uniform(-4, 4):.0f},{-rng.uniform(height * 0.5, height * 1.2):.0f}'
    return ''.join(stroke(data, colour, 3.2, 0.85) for data, colour in zip(blades, MOSS, strict=True))


def dome(cx: float, base: float, half: float, height: float) -> str:
    """Return path data of a heap standing on `base`."""
    return smooth(
        [
            (cx - half, base),
            (cx - half * 0.86, base - height * 0.48),
            (cx - half * 0.46, base - height * 0.88),
            (cx, base - height),
            (cx + half * 0.46, base - height * 0.88),
            (cx + half * 0.86, base - height * 0.48),
            (cx + half, base),
            (cx + half * 0.5, base + half * 0.16),
            (cx, base + half * 0.2),
            (cx - half * 0.5, base + half * 0.16),
        ]
    )


def in_dome(rng: Random, count: int, cx: float, base: float, half: float, height: float) -> list[Point]:
    """Return points inside such a heap, from back to front."""
    points = []
    for _ in range(count):
        u = rng.uniform(-1, 1)
        roof = height * math.sqrt(1 - u * u) * 0.93
        floor = half * 0.17 * math.sqrt(1 - u * u)
        points.append((cx + u * half * 0.93, base + rng.uniform(-roof, floor)))
    return sorted(points, key=lambda point: point[1])


def heap(points: Sequence[Point], piece: Callable[[float, float], str]) -> str:
    """Draw one piece at every point."""
    return ''.join(piece(x, y) for x, y in points)


def ear(rng: Random, path: Sequence[Point], grain: Tone, *, size: float = 30, stalk: str = '#8f9a4a') -> str:
    """Return a bowed ear of grain along a path, husks in its upper part."""
    points = spline(path, 9)
    drawing = stroke(points, stalk, 6)
    for i in range(int(len(points) * 0.55), len(points)):
        (ax, ay), (bx, by) = points[i - 1], points[i]
        turn = math.degrees(math.atan2(by - ay, bx - ax))
        for side in (-1, 1):
            drawing += leaf(bx, by, size * rng.uniform(0.9, 1.1), size * 0.3, turn + side * 34, grain)
    return drawing


def twig(points: Sequence[Point], width: float, tone: Tone = ('#6b4a2c', '#553920', '#97714a')) -> str:
    """Return a branch with a lit upper side."""
    lit = [(x - width * 0.1, y - width * 0.25) for x, y in points]
    return stroke(points, tone[0], width) + stroke(lit, tone[2], width * 0.3)

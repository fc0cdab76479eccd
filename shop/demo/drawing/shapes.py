"""The hand that draws everything: smooth outlines, and forms lit from the upper left.

Coordinates are in an 800 by 600 field. A tone is (body, shade, light), each a hex colour.
No clip paths: shade crescent and lit rim are the outline itself, shrunk towards the light,
which renders a hundred times faster and looks the same.
"""

import math
import re
from collections.abc import Sequence
from random import Random

Point = tuple[float, float]
Tone = tuple[str, str, str]

NUMBER = re.compile(r'-?\d+(?:\.\d+)?')
RIM_ANCHOR = 0.9
SHADE_ANCHOR = 0.1


def smooth(points: Sequence[Point], *, closed: bool = True, slack: float = 6.0) -> str:
    """Return path data through the points; a larger slack makes straighter sides."""
    count = len(points)
    data = [f'M{points[0][0]:.1f},{points[0][1]:.1f}']
    for i in range(count if closed else count - 1):
        a, b, c, d = (
            points[j % count] if closed else points[min(max(j, 0), count - 1)] for j in (i - 1, i, i + 1, i + 2)
        )
        data.append(
            f'C{b[0] + (c[0] - a[0]) / slack:.1f},{b[1] + (c[1] - a[1]) / slack:.1f} '
            f'{c[0] - (d[0] - b[0]) / slack:.1f},{c[1] - (d[1] - b[1]) / slack:.1f} {c[0]:.1f},{c[1]:.1f}'
        )
    return ''.join(data) + ('Z' if closed else '')


def polygon(points: Sequence[Point]) -> str:
    """Return path data with straight sides."""
    return 'M' + 'L'.join(f'{x:.1f},{y:.1f}' for x, y in points) + 'Z'


def ellipse(cx: float, cy: float, rx: float, ry: float | None = None) -> str:
    """Return path data of an ellipse, in curves."""
    ry = rx if ry is None else ry
    kx, ky = rx * 0.552, ry * 0.552
    return (
        f'M{cx - rx:.1f},{cy:.1f}C{cx - rx:.1f},{cy - ky:.1f} {cx - kx:.1f},{cy - ry:.1f} {cx:.1f},{cy - ry:.1f}'
        f'C{cx + kx:.1f},{cy - ry:.1f} {cx + rx:.1f},{cy - ky:.1f} {cx + rx:.1f},{cy:.1f}'
        f'C{cx + rx:.1f},{cy + ky:.1f} {cx + kx:.1f},{cy + ry:.1f} {cx:.1f},{cy + ry:.1f}'
        f'C{cx - kx:.1f},{cy + ry:.1f} {cx - rx:.1f},{cy + ky:.1f} {cx - rx:.1f},{cy:.1f}Z'
    )


def rounded(x: float, y: float, width: float, height: float, radius: float = 14) -> str:
    """Return path data of a box with soft corners."""
    r, right, low = radius, x + width, y + height
    return (
        f'M{x + r:.1f},{y:.1f}L{right - r:.1f},{y:.1f}Q{right:.1f},{y:.1f} {right:.1f},{y + r:.1f}'
        f'L{right:.1f},{low - r:.1f}Q{right:.1f},{low:.1f} {right - r:.1f},{low:.1f}'
        f'L{x + r:.1f},{low:.1f}Q{x:.1f},{low:.1f} {x:.1f},{low - r:.1f}L{x:.1f},{y + r:.1f}'
        f'Q{x:.1f},{y:.1f} {x + r:.1f},{y:.1f}Z'
    )


def fill(data: str, colour: str, opacity: float = 1) -> str:
    """Return a filled outline."""
    return f'<path d="{data}" fill="{colour}"{_seen(opacity)}/>'


def stroke(data: str | Sequence[Point], colour: str, width: float, opacity: float = 1) -> str:
    """Return a line with round ends along path data or points."""
    path = data if isinstance(data, str) else smooth(data, closed=False)
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" '
        f'stroke-linecap="round" stroke-linejoin="round"{_seen(opacity)}/>'
    )


def oval(
    cx: float, cy: float, rx: float, ry: float | None = None, colour: str = '#000', opacity: float = 1, turn: float = 0
) -> str:
    """Return a filled ellipse, turned by degrees."""
    turned = f' transform="rotate({turn:.0f} {cx:.1f} {cy:.1f})"' if turn else ''
    ry = rx if ry is None else ry
    return f'<ellipse cx="{cx:.1f}" cy="{cy:.1f}" rx="{rx:.1f}" ry="{ry:.1f}" fill="{colour}"{_seen(opacity)}{turned}/>'


def place(drawing: str, x: float = 0, y: float = 0, *, turn: float = 0, scale: float = 1) -> str:
    """Move, turn (degrees) and scale a drawing."""
    turned = f'rotate({turn:.1f})' if turn else ''
    scaled = f'scale({scale:.3f})' if scale != 1 else ''
    return f'<g transform="translate({x:.1f} {y:.1f}){turned}{scaled}">{drawing}</g>'


def form(data: str, tone: Tone, *, shade: Point = (12, 12), rim: Point = (6, 6), inner: str = '') -> str:
    """Return a body with a shade crescent (lower right) and a lit rim (upper left), in px; `inner` lies on it."""
    body, dark, light = tone
    numbers = [float(value) for value in NUMBER.findall(data)]
    xs, ys = numbers[::2], numbers[1::2]
    left, top, width, height = min(xs), min(ys), (max(xs) - min(xs)) or 1, (max(ys) - min(ys)) or 1
    rx, ry = 1 - abs(rim[0]) / width, 1 - abs(rim[1]) / height
    sx, sy = 1 - abs(shade[0]) / width, 1 - abs(shade[1]) / height
    far = (left + width * _anchor(rim[0], RIM_ANCHOR), top + height * _anchor(rim[1], RIM_ANCHOR))
    near = (left + width * _anchor(shade[0], SHADE_ANCHOR), top + height * _anchor(shade[1], SHADE_ANCHOR))
    mx, my = far[0] * (1 - rx), far[1] * (1 - ry)
    nx, ny = near[0] * (1 - sx) + sx * mx, near[1] * (1 - sy) + sy * my
    return (
        f'<path d="{data}" fill="{light}"/>'
        f'<path d="{data}" fill="{dark}" transform="matrix({rx:.4f} 0 0 {ry:.4f} {mx:.2f} {my:.2f})"/>'
        f'<path d="{data}" fill="{body}" transform="matrix({rx * sx:.4f} 0 0 {ry * sy:.4f} '
        f'{nx:.2f} {ny:.2f})"/>{inner}'
    )


def limb(points: Sequence[Point], widths: Sequence[float], tone: Tone, steps: int = 4) -> str:
    """Return a long lit form along the points, with half-widths spread evenly over its length."""
    body, dark, light = tone
    spine = spline(points, steps)
    count = len(spine)
    half = [_between(widths, i / (count - 1)) for i in range(count)]
    thick = max(half)
    lit = [(x - w * 0.22, y - w * 0.18) for (x, y), w in zip(spine, half, strict=True)]
    glint = [(x - w * 0.5, y - w * 0.34) for (x, y), w in zip(spine, half, strict=True)]
    return (
        fill(ribbon(spine, half), dark)
        + fill(ribbon(lit, [w * 0.76 for w in half]), body)
        + fill(ribbon(glint, [min(w * 0.18, thick * 0.16) for w in half]), light)
    )


def ribbon(spine: Sequence[Point], half: Sequence[float]) -> str:
    """Return the outline of a band along a spine with a half-width at each of its points."""
    left, right = [], []
    last = len(spine) - 1
    for i, (x, y) in enumerate(spine):
        a, b = spine[max(i - 1, 0)], spine[min(i + 1, last)]
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = math.hypot(dx, dy) or 1
        nx, ny = dy / length * half[i], dx / length * half[i]
        left.append((x - nx, y + ny))
        right.append((x + nx, y - ny))
    return smooth(left + right[::-1])


def spline(points: Sequence[Point], steps: int = 8) -> list[Point]:
    """Return points along the curve through the given ones, `steps` per stretch."""
    out: list[Point] = []
    last = len(points) - 1
    for i in range(last):
        a, b, c, d = points[max(i - 1, 0)], points[i], points[i + 1], points[min(i + 2, last)]
        for step in range(steps):
            t = step / steps
            out.append((_curve(a[0], b[0], c[0], d[0], t), _curve(a[1], b[1], c[1], d[1], t)))
    return [*out, points[-1]]


def ball(x: float, y: float, r: float, tone: Tone, glint: float = 0.75) -> str:
    """Return a shining round thing."""
    body, dark, light = tone
    return (
        oval(x, y, r, r, dark)
        + oval(x - r * 0.1, y - r * 0.11, r * 0.86, r * 0.85, light)
        + oval(x - r * 0.05, y - r * 0.05, r * 0.84, r * 0.83, body)
        + oval(x - r * 0.36, y - r * 0.42, r * 0.2, r * 0.13, '#fff', glint, -35)
    )


def shadow(cx: float, cy: float, rx: float, ry: float, colour: str = '#3a2410', opacity: float = 0.22) -> str:
    """Return the soft shadow of a thing on the table."""
    return oval(cx + rx * 0.1, cy, rx, ry, colour, opacity) + oval(
        cx + rx * 0.04, cy - ry * 0.1, rx * 0.8, ry * 0.6, colour, opacity
    )


def ridge(rng: Random, y: float, swing: float, *, steps: int = 9, right: float = 820, base: float = 620) -> str:
    """Return path data of a hill line across the field, closed at the bottom."""
    points = [(-20 + (right + 20) * i / steps, y + (rng.random() - 0.5) * swing * 2) for i in range(steps + 1)]
    return smooth(points, closed=False) + f'L{right:.0f},{base:.0f}L-20,{base:.0f}Z'


def _curve(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t**3)


def _between(values: Sequence[float], at: float) -> float:
    position = at * (len(values) - 1)
    i = min(int(position), len(values) - 2)
    return values[i] + (values[i + 1] - values[i]) * (position - i)


def _anchor(push: float, anchor: float) -> float:
    return anchor if push >= 0 else 1 - anchor


def _seen(opacity: float) -> str:
    return '' if opacity == 1 else f' opacity="{opacity}"'

"""The country: Changbai's rim, pines, birches, farmhouses; village views and the banner."""

from collections.abc import Sequence
from itertools import pairwise
from random import Random

from shop.demo.drawing.scene import svg
from shop.demo.drawing.shapes import Point, Tone, fill, oval, place, polygon, ridge, stroke

VILLAGE_KINDS = ('terrace', 'river', 'snow', 'orchard', 'spring', 'autumn')
WALLS = ('#f3e6cd', '#eddabb', '#f7eede')
ROOFS = ('#8e4334', '#7c4a38', '#9c5540', '#6f5a4c')
SNOWY_ROOFS = ('#eef3f4', '#e3ecee', '#f7f8f5')
RIM: tuple[Point, ...] = (
    (0, 210),
    (90, 150),
    (170, 120),
    (230, 78),
    (280, 96),
    (330, 40),
    (372, 66),
    (420, 18),
    (470, 58),
    (520, 46),
    (566, 84),
    (620, 62),
    (680, 104),
    (760, 120),
    (850, 168),
    (960, 210),
)
ROCK = (
    '<linearGradient id="rock" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#5f818c"/>'
    '<stop offset="1" stop-color="#8aa5ac" stop-opacity="0"/></linearGradient>'
)
SKIES = {
    'terrace': ('#f6e2bd', '#f9efd8'),
    'river': ('#cfe0e2', '#eef2ea'),
    'snow': ('#c8d6e0', '#eef1f0'),
    'orchard': ('#f3d5c2', '#faeedd'),
    'spring': ('#dbe8d8', '#f6f3e4'),
    'autumn': ('#f3d9b4', '#f8ead0'),
}


def pine(x: float, y: float, height: float, light: str, dark: str) -> str:
    """Return a pine standing at a point."""
    drawing = stroke(f'M{x:.1f},{y - height * 0.2:.1f}v{height * 0.2:.1f}', '#4a3524', max(2, height * 0.05))
    lit, shaded = '', ''
    for i in range(4):
        half, top = height * (0.13 + 0.11 * i), y - height + height * 0.24 * i
        low, mid = top + height * 0.34, top + height * 0.26
        lit += f'M{x:.1f},{top:.1f}L{x + half:.1f},{low:.1f}Q{x:.1f},{mid:.1f} {x - half:.1f},{low:.1f}Z'
        shaded += (
            f'M{x:.1f},{top:.1f}L{x + half:.1f},{low:.1f}'
            f'Q{x + half * 0.5:.1f},{low - height * 0.04:.1f} {x:.1f},{low - height * 0.05:.1f}Z'
        )
    return drawing + fill(lit, light) + fill(shaded, dark)


def birch(x: float, y: float, height: float, leaves: Sequence[str]) -> str:
    """Return a birch with leaves of the given colours."""
    h = height
    drawing = stroke(
        f'M{x:.1f},{y:.1f}q{h * 0.02:.1f},{-h * 0.5:.1f} {h * 0.01:.1f},{-h * 0.92:.1f}', '#f3eee2', h * 0.05
    )
    drawing += stroke(
        f'M{x + h * 0.018:.1f},{y:.1f}q{h * 0.02:.1f},{-h * 0.5:.1f} {h * 0.01:.1f},{-h * 0.9:.1f}',
        '#cfc6b4',
        h * 0.014,
    )
    rng = Random(int(x))
    drawing += stroke(
        ''.join(f'M{x - h * 0.02:.1f},{y - h * (0.12 + i * 0.1):.1f}h{h * 0.022:.1f}' for i in range(6)),
        '#4a4238',
        h * 0.012,
    )
    for i in range(12):
        cx, cy = x + rng.uniform(-0.17, 0.19) * h, y - h * rng.uniform(0.52, 1.02)
        drawing += oval(cx, cy, h * rng.uniform(0.08, 0.13), h * rng.uniform(0.06, 0.09), leaves[i % len(leaves)], 0.93)
    return drawing


def house(x: float, y: float, w: float, wall: str, roof: str, lit: str = '#f5cf7c') -> str:
    """Return a farmhouse with its left corner at a point."""
    h = w * 0.42
    drawing = (
        oval(x + w * 0.55, y + 3, w * 0.7, w * 0.07, '#2a2414', 0.22)
        + _box(x, y - h, w, h, wall)
        + _box(x + w * 0.72, y - h, w * 0.28, h, '#000', 0.1)
    )
    drawing += _box(x + w * 0.76, y - h - w * 0.4, w * 0.07, w * 0.2, '#8a6a54')
    drawing += fill(
        polygon(
            [
                (x - w * 0.09, y - h),
                (x + w * 0.1, y - h - w * 0.32),
                (x + w * 0.9, y - h - w * 0.32),
                (x + w * 1.09, y - h),
            ]
        ),
        roof,
    )
    drawing += fill(
        polygon(
            [
                (x + w * 0.55, y - h),
                (x + w * 0.5, y - h - w * 0.32),
                (x + w * 0.9, y - h - w * 0.32),
                (x + w * 1.09, y - h),
            ]
        ),
        '#000',
        0.14,
    )
    tiles = ''.join(
        f'M{x + w * (0.1 + i * 0.114):.1f},{y - h - w * 0.31:.1f}L{x + w * (-0.09 + i * 0.168):.1f},{y - h:.1f}'
        for i in range(1, 7)
    )
    drawing += stroke(tiles, '#2b120c', w * 0.012, 0.2) + _box(
        x + w * 0.42, y - h * 0.72, w * 0.16, h * 0.72, '#6b4a2c'
    )
    for u in (0.12, 0.7):
        left, top = x + w * u, y - h * 0.74
        drawing += _box(left, top, w * 0.18, h * 0.4, lit) + stroke(
            f'M{left + w * 0.09:.1f},{top:.1f}v{h * 0.4:.1f}M{left:.1f},{top + h * 0.2:.1f}h{w * 0.18:.1f}',
            '#7a5a34',
            w * 0.014,
            0.8,
        )
    return drawing


def peaks(width: float, y: float, scale: float) -> str:
    """Return the crater rim of Changbai: broad shoulders, broken teeth, snow in the notches."""
    points = [((px - 480) * scale + width / 2, y + (py - 210) * scale) for px, py in RIM]
    drawing = ROCK + fill(polygon(points), '#8aa5ac')
    for (ax, ay), (bx, by) in pairwise(points[1:]):
        if by > ay:
            face = [
                (ax, ay),
                (bx, by),
                (bx + 26 * scale, y - 6),
                (ax + 34 * scale, y - 6),
                (ax + 6 * scale, ay + 46 * scale),
            ]
            drawing += fill(polygon([*face, (ax + 16 * scale, ay + 24 * scale)]), 'url(#rock)')
    for (ax, ay), (px, py), (bx, by) in zip(points[1:], points[2:], points[3:], strict=False):
        if py < ay and py < by:
            right = (px + (bx - px) * 0.8, py + (by - py) * 0.8)
            snow = [
                (px + (ax - px) * 0.85, py + (ay - py) * 0.85),
                (px, py),
                right,
                (px + 12 * scale, py + 34 * scale),
                (px + 2 * scale, py + 22 * scale),
                (px - 10 * scale, py + 44 * scale),
                (px - 18 * scale, py + 26 * scale),
            ]
            drawing += fill(polygon(snow), '#fbfaf4') + fill(
                polygon([(px, py), right, (px + 12 * scale, py + 34 * scale), (px + 2 * scale, py + 22 * scale)]),
                '#d3e0e3',
            )
    return drawing


def draw_village(seed: int, kind: str = '') -> str:
    """Return a village view, 960 by 720; `kind` is one of `VILLAGE_KINDS`, else the seed chooses.

    Equal arguments give equal drawings.
    """
    rng = Random(f'village {seed}')
    kind = kind or VILLAGE_KINDS[seed % len(VILLAGE_KINDS)]
    is_snow = kind == 'snow'
    sky, low_sky = SKIES[kind]
    drawing = fill('M0,0H800V600H0Z', low_sky) + fill('M0,0H800V150Q400,210 0,150Z', sky, 0.8)
    drawing += oval(rng.uniform(130, 680), rng.uniform(96, 150), 60, 60, '#fff9ea' if is_snow else '#fbe3ad') + _clouds(
        rng
    )
    drawing += place(peaks(800, 336, rng.uniform(0.66, 0.84)), rng.uniform(-150, 150), 0)
    far, near = ('#b9ccd0', '#94b0b6') if is_snow else ('#a9c0ae', '#7fa48f')
    drawing += fill(ridge(rng, 296, 24, steps=8), far) + fill(ridge(rng, 330, 20), near)
    wood = ('#5f8a86', '#e8eff0') if is_snow else ('#47775c', '#37614b')
    for i in range(42):
        tint = ('#c9963c', '#a8742a') if kind == 'autumn' and rng.random() < 0.4 else wood
        drawing += pine(i * 20 + rng.uniform(-6, 6) - 10, 376 + rng.uniform(-6, 8), rng.uniform(36, 70), *tint)
    drawing += _land(rng, kind)
    for x, y in _yards(rng, kind):
        drawing += house(
            x,
            y,
            rng.uniform(0.19, 0.27) * (y - 20) * 1.05,
            rng.choice(WALLS),
            rng.choice(SNOWY_ROOFS if is_snow else ROOFS),
        )
    return svg(drawing + _foreground(rng, kind))


def _land(rng: Random, kind: str) -> str:
    def field(y: float, colour: str, bend: float = 40) -> str:
        return fill(
            f'M-10,{y:.0f}Q{rng.uniform(300, 500):.0f},{y - bend:.0f} 810,{y + rng.uniform(-8, 12):.0f}V610H-10Z',
            colour,
        )

    if kind == 'snow':
        return field(380, '#eef3f2') + field(470, '#fbfbf7', 60) + field(548, '#dfe9ec', 50)
    drawing = field(382, '#8fae62')
    if kind == 'river':
        bank = rng.uniform(-60, 60)
        water = (
            'M430,372C300,410 560,440 420,500C330,540 400,570 380,610H700C640,560 700,520 640,480'
            'C560,430 420,410 478,372Z'
        )
        glint = 'M452,390C390,420 570,440 480,500C420,545 490,575 480,610'
        return (
            drawing
            + field(470, '#a9b864', 50)
            + place(fill(water, '#9cc4cf') + stroke(glint, '#e3f1f2', 8, 0.7), bank, 0)
        )
    if kind in {'orchard', 'spring'}:
        return drawing + field(470, '#b7b764' if kind == 'orchard' else '#a3bd6c', 50)
    colours = ('#a9b864', '#c9b45a', '#b7a84e', '#d3b45e', '#bfa04a', '#d9bf72')
    for i in range(6):
        y = 404 + i * 34
        drawing += fill(
            f'M-10,{y + 20}Q300,{y - 26} 810,{y + 26 + i * 4}V610H-10Z', colours[(i + (kind == 'autumn') * 2) % 6]
        ) + stroke(f'M-10,{y + 20}Q300,{y - 26} 810,{y + 26 + i * 4}', '#7d8a3f', 3, 0.6)
    return drawing


def _yards(rng: Random, kind: str) -> list[Point]:
    spots: list[Point] = []
    tries = 0
    wanted = 3 if kind == 'river' else rng.randint(4, 5)
    while len(spots) < wanted and tries < 60:
        tries += 1
        x, y = rng.uniform(50, 660), rng.uniform(412, 470)
        if kind == 'river' and 240 < x < 640:
            continue
        if all(abs(x - px) > 116 for px, _ in spots):
            spots.append((x, y))
    return sorted(spots, key=lambda spot: spot[1])


def _foreground(rng: Random, kind: str) -> str:
    drawing = ''
    if kind in {'orchard', 'spring'}:
        for row in range(3):
            for i in range(7):
                drawing += _fruit_tree(
                    rng, 50 + i * 118 + row * 26, 492 + row * 44, 38 + row * 5, blossom=kind == 'spring'
                )
        return drawing
    if kind == 'snow':
        for x, y, height in ((60.0, 566, 220.0), (744, 580, 240), (122, 584, 130)):
            drawing += pine(x + rng.uniform(-14, 14), y, height * rng.uniform(0.85, 1.1), '#2f5f55', '#a9c3c6')
        return drawing + ''.join(oval(rng.uniform(0, 800), rng.uniform(0, 580), 3, 3, '#fff', 0.9) for _ in range(56))
    leaves = ('#e0b24a', '#d39a38', '#c8b458') if kind == 'autumn' else ('#a9b864', '#c8b458', '#8fae62')
    for x, height in ((730.0, 220.0), (rng.uniform(40, 90), 250)):
        drawing += birch(x, 590, height * rng.uniform(0.9, 1.1), leaves)
    return drawing


def _fruit_tree(rng: Random, x: float, y: float, r: float, *, blossom: bool) -> str:
    crown: Tone = ('#f3d3d0', '#d8a8a8', '#fff0ee') if blossom else ('#6f9a4c', '#4f7a36', '#a3c470')
    drawing = oval(x + 8, y + 24, r, 7, '#2a2414', 0.2) + stroke(f'M{x:.0f},{y - 8:.0f}v32', '#6b4a2c', 6)
    crown_points = ((0.5, -0.02, 0.62), (-0.5, 0.02, 0.6), (0.1, -0.42, 0.72), (0.0, 0.06, 0.6))
    for dark, colour, shift in ((1, crown[1], 3), (0, crown[0], -1)):
        for u, v, size in crown_points:
            drawing += oval(x + u * r + shift, y - 14 + v * r + shift, r * size - 3 * (1 - dark), None, colour)
    drawing += oval(x - r * 0.16, y - 14 - r * 0.66, r * 0.36, r * 0.2, crown[2], 0.8, -16)
    dots = '#fffaf6' if blossom else '#c9342a'
    return drawing + ''.join(
        oval(x + rng.uniform(-0.7, 0.7) * r, y - 14 + rng.uniform(-0.7, 0.6) * r, 5, 5, dots) for _ in range(7)
    )


def _clouds(rng: Random) -> str:
    drawing = ''
    for _ in range(2):
        x, y, w = rng.uniform(40, 620), rng.uniform(50, 150), rng.uniform(110, 170)
        drawing += fill(
            (
                f'M{x:.0f},{y:.0f}q{w * 0.2:.0f},-26 {w * 0.36:.0f},-6q{w * 0.2:.0f},-30 {w * 0.36:.0f},2'
                f'q{w * 0.2:.0f},-8 {w * 0.28:.0f},12Z'
            ),
            '#fffaf0',
            0.75,
        )
    return drawing


def _box(x: float, y: float, width: float, height: float, colour: str, opacity: float = 1) -> str:
    return fill(polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]), colour, opacity)

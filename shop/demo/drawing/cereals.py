"""Rice, millet, corn and what is made of grain."""

import math
from collections.abc import Sequence
from random import Random

from shop.demo.drawing.plants import FRESH, GREEN, dome, ear, flower, in_dome, leaf
from shop.demo.drawing.shapes import (
    Point,
    Tone,
    fill,
    form,
    limb,
    oval,
    place,
    shadow,
    smooth,
    spline,
    stroke,
)
from shop.demo.drawing.vessels import BERRY, CELADON, CLAY, CREAM, bowl, plate, sack

RICE_HUSK: Tone = ('#e2b655', '#c18f35', '#a8782a')


def _scatter(rng: Random, points: Sequence[Point], size: tuple[float, float], colours: Sequence[str]) -> str:
    return ''.join(oval(x, y, *size, rng.choice(colours), 1, rng.uniform(0, 180)) for x, y in points)


def rice(rng: Random) -> str:
    """Return a sack of rice, a full bowl, and bowed ears."""
    back, front = bowl(505, 404, 168, 40, 108, CELADON, '#22413a', '#e8d9b4')
    drawing = shadow(250, 506, 150, 22) + shadow(500, 520, 210, 26) + sack(250, 150, 500, 126)
    drawing += back + fill(dome(505, 408, 154, 124), '#e2d5b4')
    drawing += (
        _scatter(
            rng, in_dome(rng, 230, 505, 404, 152, 124), (12, 4.8), ('#fff', '#fdf8ea', '#efe5cd', '#f8f1de', '#e6dabd')
        )
        + front
    )
    for path in ([(770, 560), (760, 240), (640, 190), (578, 280)], [(800, 540), (790, 170), (700, 110), (638, 200)]):
        drawing += ear(rng, path, RICE_HUSK)
    return drawing


def millet(rng: Random) -> str:
    """Return a bowl of yellow millet under two heavy ears."""
    back, front = bowl(370, 366, 215, 50, 142, CLAY, '#4a2a1b')
    drawing = shadow(390, 516, 235, 28) + back + fill(dome(370, 372, 200, 138), '#d9a42c')
    drawing += (
        _scatter(
            rng,
            in_dome(rng, 430, 370, 368, 198, 138),
            (6.4, 6.4),
            ('#f5cf5f', '#e9b93c', '#ffe08a', '#d9a42c', '#f2c54d'),
        )
        + front
    )
    for path in (
        [(640, 570), (660, 380), (640, 230), (560, 150), (480, 190), (452, 270)],
        [(720, 570), (740, 400), (736, 250), (690, 150), (630, 160), (600, 250)],
    ):
        drawing += _foxtail(rng, path)
    return drawing


def _foxtail(rng: Random, path: Sequence[Point]) -> str:
    points = spline(path, 8)
    half = len(points) // 2
    drawing = stroke(points[: half + 2], '#8f9a4a', 9) + leaf(
        points[8][0], points[8][1], 190, 26, -40, ('#8fa455', '#6f8540', '#c9d596')
    )
    for i in range(half, len(points)):
        wide = 26 * math.sin(math.pi * (0.12 + 0.86 * (i - half) / (len(points) - half))) ** 0.6
        (ax, ay), (x, y) = points[i - 1], points[i]
        length = math.hypot(x - ax, y - ay) or 1
        for _ in range(8):
            u = rng.uniform(-1, 1) * wide
            px, py, r = x - (y - ay) / length * u, y + (x - ax) / length * u, rng.uniform(6, 8.5)
            drawing += (
                oval(px, py, r, r, '#9a6a16')
                + oval(px - 1, py - 1, r * 0.8, r * 0.8, '#e0ac35')
                + oval(px - 2, py - 2, r * 0.34, r * 0.34, '#ffe08a')
            )
    return drawing


def corn(rng: Random) -> str:
    """Return three cobs in their husks, golden and waxy purple-white."""
    drawing = shadow(400, 520, 320, 30)
    gold, pearl = ('#f2c03c', '#c98f1e', '#ffe596'), ('#f3e6c4', '#c9ae78', '#fffaf0')
    for x, y, turn, tone, spots in (
        (250, 350, -22, gold, ()),
        (560, 350, 24, gold, ()),
        (405, 330, 2, pearl, ('#7a3f66', '#9a5f86')),
    ):
        drawing += place(_cob(rng, tone, spots), x, y, turn=turn)
    return drawing


def _cob(rng: Random, tone: Tone, spots: Sequence[str]) -> str:
    husk: Tone = ('#a9c46c', '#7a9a44', '#d6e6a4')
    drawing = leaf(0, 190, 330, 70, -112, husk) + leaf(0, 190, 330, 70, -68, husk)
    drawing += fill(
        smooth([(-58, 130), (-64, 0), (-50, -120), (0, -200), (50, -120), (64, 0), (58, 130), (0, 170)]), tone[1]
    )
    for row in range(18):
        y = -176 + row * 18
        half = 60 * math.sin(math.pi * min(0.5, (row + 2.2) / 22)) ** 0.8
        for i in range(7):
            u = (i - 3) / 3.4
            body = rng.choice(spots) if spots and rng.random() < 0.3 else tone[0]
            wide = 9.6 * (1 - 0.35 * abs(u)) * half / 58
            drawing += oval(u * half, y + (1 - u * u) * 6, wide, 9.4, body) + oval(
                u * half - wide * 0.3, y + (1 - u * u) * 6 - 3, wide * 0.36, 3, tone[2], 0.85
            )
    drawing += fill(smooth([(-70, 20), (-86, 110), (-50, 186), (0, 204), (20, 150), (-20, 110)]), husk[0]) + fill(
        smooth([(70, 10), (88, 110), (50, 186), (0, 204), (-24, 160), (26, 110)]), husk[1]
    )
    return (
        drawing
        + stroke('M-62,50Q-60,130 -6,190M-40,80Q-36,140 0,186M64,40Q66,130 10,190M44,90Q40,140 6,180', husk[2], 3, 0.7)
        + limb([(0, 196), (2, 226)], [15, 13], husk)
    )


def buckwheat(rng: Random) -> str:
    """Return dark buckwheat in a bowl, a bundle of noodles, and white flowers."""
    back, front = bowl(300, 400, 170, 42, 110, CREAM, '#8d7a5c', '#1f4d3a')
    drawing = shadow(400, 524, 290, 26)
    for x, top in ((560.0, 150.0), (620.0, 120.0), (680.0, 170.0)):
        drawing += (
            stroke([(600, 420), (x - 10, 300), (x, top)], '#a8543f', 6)
            + leaf(x - 14, 310, 80, 44, -150, GREEN)
            + leaf(x - 8, 270, 80, 44, -20, FRESH)
        )
        drawing += ''.join(
            flower(x + rng.uniform(-44, 44), top + rng.uniform(-30, 44), 19, '#fdf3f0', '#d98a84') for _ in range(8)
        )
    drawing += back + fill(dome(300, 404, 158, 116), '#4a372c')
    for x, y in in_dome(rng, 210, 300, 400, 154, 114):
        drawing += place(
            fill('M0,-11L10,8L-10,8Z', rng.choice(('#6b5040', '#7f6250', '#57402f', '#8f7460')))
            + stroke('M0,-9V6', '#b09a84', 1.6, 0.7),
            x,
            y,
            turn=rng.uniform(0, 120),
        )
    return drawing + front + _noodle_bundle(rng, 590, 490, '#a89078', '#7c6450', '#cdb8a0')


def _noodle_bundle(rng: Random, x: float, y: float, body: str, dark: str, light: str) -> str:
    drawing = shadow(x, y + 36, 140, 14) + form(
        smooth([(x - 150, y - 30), (x + 150, y - 34), (x + 156, y + 30), (x - 146, y + 34)], slack=14),
        (body, dark, light),
        shade=(4, 14),
        rim=(3, 6),
    )
    for i in range(9):
        drawing += stroke(
            (
                f'M{x - 146:.0f},{y - 24 + i * 6:.0f}Q{x:.0f},{y - 30 + i * 6 + rng.uniform(-2, 2):.0f} '
                f'{x + 148:.0f},{y - 25 + i * 6:.0f}'
            ),
            light if i % 2 else dark,
            2.2,
            0.8,
        )
    return (
        drawing
        + form(
            smooth([(x - 30, y - 38), (x + 30, y - 40), (x + 32, y + 38), (x - 28, y + 40)], slack=14),
            ('#f6eddb', '#d8c7a7', '#fff'),
            shade=(8, 6),
            rim=(3, 3),
        )
        + oval(x, y, 19, 19, BERRY)
    )


def noodles(rng: Random) -> str:
    """Return a bowl of cold noodles with egg, cucumber and chopsticks."""
    back, front = bowl(390, 360, 250, 76, 150, ('#b9c4c4', '#8a989a', '#e8eeec'), '#6f8082')
    drawing = shadow(410, 520, 260, 28) + back + oval(390, 374, 232, 62, '#b98a54')
    for i in range(30):
        a = rng.uniform(0, 2 * math.pi)
        x, y = 390 + math.cos(a) * rng.uniform(20, 130), 356 + math.sin(a) * rng.uniform(8, 34)
        drawing += stroke(
            (
                f'M{x - 76:.0f},{y:.0f}q{rng.uniform(30, 60):.0f},-{rng.uniform(34, 56):.0f} '
                f'{rng.uniform(120, 150):.0f},-4'
            ),
            ('#efdcae', '#e2c78a', '#f8ecca')[i % 3],
            7,
        )
    drawing += (
        oval(330, 316, 64, 42, '#e2d6c0')
        + oval(328, 310, 62, 42, '#fffaf0')
        + oval(330, 310, 32, 24, '#e9a83a')
        + oval(322, 303, 12, 7, '#f8d27c')
    )
    for i in range(6):
        drawing += limb(
            [(410 + i * 15, 300 + i % 2 * 5), (450 + i * 14, 350 + i % 3 * 5)],
            [7, 7],
            ('#7fae5a', '#4f7e34', '#c4e0a0'),
        )
    for x, y in ((270, 368), (316, 380), (360, 372)):
        drawing += form(
            smooth([(x - 36, y), (x, y - 20), (x + 36, y - 4), (x + 20, y + 16), (x - 20, y + 18)]),
            ('#a8564a', '#74302a', '#d08c7c'),
            shade=(6, 6),
            rim=(3, 3),
        )
    drawing += (
        ''.join(oval(rng.uniform(220, 560), rng.uniform(350, 400), 5, 3, '#fff6dc') for _ in range(16))
        + oval(520, 376, 26, 16, '#c4281f')
        + front
    )
    return (
        drawing
        + limb([(790, 190), (560, 330)], [9, 5], ('#6b4a2c', '#4c321c', '#a8744a'))
        + limb([(800, 236), (580, 348)], [9, 5], ('#6b4a2c', '#4c321c', '#a8744a'))
    )


def rice_cake(rng: Random) -> str:
    """Return pounded rice cakes dusted with bean flour, the mallet behind."""
    wood: Tone = ('#b98a56', '#87602f', '#dcb67c')
    drawing = limb([(770, 120), (590, 250)], [13, 15], wood) + form(
        smooth([(490, 190), (560, 150), (660, 290), (590, 336)], slack=9), wood, shade=(16, 14), rim=(7, 7)
    )
    drawing += plate(390, 450, 300, 90, CELADON)
    for x, y in (
        (220, 404),
        (330, 386),
        (450, 386),
        (560, 404),
        (276, 446),
        (392, 452),
        (506, 446),
        (330, 326),
        (444, 326),
    ):
        body: Tone = ('#e8c68c', '#b98f50', '#f6e3ba') if (x + y) % 4 else ('#f8f0dc', '#d3bf96', '#fff')
        drawing += oval(x + 6, y + 36, 64, 16, '#1e362e', 0.35) + form(
            smooth(
                [
                    (x - 62, y - 6),
                    (x - 36, y - 40),
                    (x + 36, y - 42),
                    (x + 64, y - 4),
                    (x + 48, y + 34),
                    (x - 48, y + 36),
                ]
            ),
            body,
            shade=(14, 12),
            rim=(6, 6),
        )
        drawing += ''.join(
            oval(x + rng.uniform(-40, 36), y + rng.uniform(-30, 22), 2.6, 2, '#fff6dc', 0.9) for _ in range(9)
        )
    return drawing

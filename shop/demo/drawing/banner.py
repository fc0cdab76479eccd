"""The home page's country: Changbai in the morning, a village at its foot; wide, and tall for phones."""

import math
from random import Random

from shop.demo.drawing.landscapes import ROOFS, WALLS, birch, house, peaks, pine
from shop.demo.drawing.shapes import fill, oval, place, ridge, stroke

WIDE = (0, -200, 1600, 920)
TALL = (700, -260, 780, 980)


def draw_banner(*, tall: bool = False) -> str:
    """Return the landscape of the home page: 1600 by 920, or 780 by 980 for phones. The sky is left free for words."""
    rng = Random('banner')
    x, y, width, height = TALL if tall else WIDE
    sky = (
        '<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f3d9b4"/>'
        '<stop offset=".45" stop-color="#f8ead0"/><stop offset="1" stop-color="#e7ead7"/></linearGradient></defs>'
        '<path d="M0,-300H1600V720H0Z" fill="url(#sky)"/>'
    )
    body = sky + _heights(rng) + _valley(rng) + _village(rng)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{x} {y} {width} {height}" '
        f'width="{width}" height="{height}">{body}</svg>'
    )


def _heights(rng: Random) -> str:
    drawing = oval(1180, 190, 104, 104, '#fbe9c0') + oval(1180, 190, 74, 74, '#f2c878')
    for x, y, w in ((860, 120, 220), (1300, 250, 260), (560, 200, 160)):
        drawing += fill(
            (
                f'M{x},{y}q{w * 0.2:.0f},-26 {w * 0.36:.0f},-6q{w * 0.2:.0f},-30 {w * 0.36:.0f},2'
                f'q{w * 0.2:.0f},-8 {w * 0.28:.0f},12Z'
            ),
            '#fffaf0',
            0.8,
        )
    for x, y in ((620, 180), (664, 160), (700, 190)):
        drawing += stroke(f'M{x},{y}q10,-12 18,0q8,-12 18,0', '#46413a', 3, 0.7)
    return drawing + place(peaks(1600, 440, 1.5), 230, 0)


def _valley(rng: Random) -> str:
    drawing = fill(ridge(rng, 404, 26, steps=12, right=1620, base=720), '#a9c0ae') + fill(
        ridge(rng, 444, 22, steps=14, right=1620, base=720), '#85a68f'
    )
    drawing += fill('M-20,430Q400,400 800,428T1620,420V456Q1200,440 800,458T-20,462Z', '#f6efdd', 0.45)
    for i in range(116):
        drawing += pine(
            i * 14 + rng.uniform(-6, 6) - 10,
            486 + math.sin(i * 0.21) * 12 + rng.uniform(-4, 6),
            rng.uniform(40, 72),
            '#4f7f66',
            '#3f6c56',
        )
    drawing += fill(ridge(rng, 492, 10, steps=14, right=1620, base=720), '#5e8a5c')
    drawing += fill('M-10,540Q500,470 1610,520V730H-10Z', '#8aa55a') + fill(
        'M-10,590Q600,500 1610,560V730H-10Z', '#a9b864'
    )
    rows = ''.join(f'M{820 + i * 30},{554 + i * 9}Q1200,{516 + i * 9} 1610,{536 + i * 9}' for i in range(9))
    drawing += stroke(rows, '#6f8f45', 3.2, 0.55)
    drawing += fill('M-10,640Q420,560 900,640T1610,620V730H-10Z', '#d3b45e') + fill(
        'M-10,668Q420,590 900,668T1610,650V730H-10Z', '#c49f47'
    )
    ears = ''.join(
        f'M{x:.0f},{y:.0f}q2,-12 8,-18M{x:.0f},{y:.0f}q-2,-12 -7,-16'
        for x, y in [(rng.uniform(0, 1600), rng.uniform(672, 716)) for _ in range(70)]
    )
    return drawing + stroke(ears, '#e9d08a', 2.6, 0.75)


def _village(rng: Random) -> str:
    drawing = fill(
        (
            'M880,720C900,650 1010,630 1060,590C1096,562 1060,548 1090,532C1080,548 1120,562 1096,592'
            'C1060,640 1000,660 1010,720Z'
        ),
        '#f0dfb8',
    )
    for x, y, w in (
        (1020, 552, 70),
        (1236, 548, 92),
        (1130, 560, 84),
        (1470, 556, 84),
        (1346, 566, 100),
        (1180, 606, 110),
        (1312, 624, 120),
    ):
        drawing += house(x, y, w, rng.choice(WALLS), rng.choice(ROOFS))
    drawing += stroke('M1240,500q-8,-18 4,-30q10,-14 0,-30', '#fffaf0', 8, 0.5)
    for x, y, h in ((1420, 690, 190), (1462, 700, 230)):
        drawing += birch(x, y, h, ('#e0b24a', '#d39a38', '#c8b458', '#a9b864'))
    for x, y, h in ((18, 700, 200), (70, 712, 140), (1540, 676, 200), (1590, 700, 260), (730, 716, 150)):
        drawing += pine(x, y, h, '#2f6b52', '#1f4d3a')
    return drawing

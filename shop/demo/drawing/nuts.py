"""Nuts and what they grow in."""

import math
from random import Random

from shop.demo.drawing.plants import DEEP, FRESH, GREEN, dome, heap, in_dome, leaf
from shop.demo.drawing.shapes import (
    Tone,
    ellipse,
    fill,
    form,
    oval,
    place,
    shadow,
    smooth,
    stroke,
)
from shop.demo.drawing.vessels import basket

BROWN: Tone = ('#8a431d', '#57240b', '#c47a45')


def pine_nuts(rng: Random) -> str:
    """Return a Korean pine cone with needles and nuts."""
    drawing = shadow(320, 510, 210, 28) + shadow(600, 520, 140, 18)
    needles = ['', '', '']
    for x, y, turn in ((440, 190, -20), (430, 210, 14), (200, 200, 196)):
        for i in range(24):
            a, reach = math.radians(turn + rng.uniform(-42, 42)), rng.uniform(150, 260)
            needles[i % 3] += (
                f'M{x},{y}Q{x + math.cos(a) * reach * 0.5:.0f},{y + math.sin(a) * reach * 0.5:.0f} '
                f'{x + math.cos(a) * reach:.0f},{y + math.sin(a) * reach + 22:.0f}'
            )
    drawing += ''.join(
        stroke(data, colour, 4.5) for data, colour in zip(needles, ('#2f6b4a', '#3f7f58', '#5b9670'), strict=True)
    )
    drawing += place(_cone(), 40, 36, scale=0.92)
    for x, y, turn in (
        (520, 470, 10),
        (580, 440, -30),
        (640, 470, 24),
        (560, 512, -14),
        (624, 524, 40),
        (690, 510, -8),
        (500, 530, 30),
        (708, 462, 60),
        (130, 530, -40),
    ):
        nut = form(
            'M-40,6C-38,-22 -6,-32 18,-22C34,-14 44,-2 44,4C36,22 4,32 -18,26C-32,22 -40,14 -40,6Z',
            ('#a5683a', '#70401d', '#dca670'),
            shade=(7, 10),
            rim=(4, 6),
        )
        drawing += shadow(x, y + 22, 36, 8) + place(
            nut + stroke('M-24,-6C-14,-14 2,-16 12,-12', '#f0cfa0', 5, 0.8), x, y, turn=turn
        )
    return drawing


def _cone() -> str:
    drawing = fill(
        smooth([(320, 130), (430, 240), (466, 380), (400, 500), (320, 524), (240, 500), (174, 380), (210, 240)]),
        '#54321a',
    )
    for row in range(11):
        t = row / 10
        half = 14 + 140 * math.sin(math.pi * (t * 0.74 + 0.05)) ** 0.85
        count = max(3, int(half / 23)) + row % 2
        for i in range(count):
            u = (i + 0.5) / count * 2 - 1
            x, y, size, lean = 320 + u * half, 160 + t * 320 + (1 - u * u) * 22, 0.78 + 0.3 * (1 - abs(u)), u * 16
            tone: Tone = ('#7a4d2b', '#54321a', '#a87848') if u > 0.35 else ('#8f5f38', '#54321a', '#c4935f')
            scale = smooth(
                [
                    (x - 30 * size, y + 12),
                    (x - 27 * size + lean * 0.4, y - 12),
                    (x + lean, y - 36 * size),
                    (x + 27 * size + lean * 0.4, y - 12),
                    (x + 30 * size, y + 12),
                    (x, y + 26),
                ],
                slack=5,
            )
            drawing += form(scale, tone, shade=(9, -7), rim=(4, 5)) + form(
                ellipse(x + lean, y - 22 * size, 10 * size, 10 * size),
                ('#d0a874', '#95693a', '#ecd2a6'),
                shade=(4, 4),
                rim=(2, 2),
            )
    return drawing


def chestnut(rng: Random) -> str:
    """Return a burr opened on three chestnuts, more beside it."""
    drawing = (
        shadow(330, 520, 220, 28)
        + shadow(610, 524, 140, 18)
        + leaf(470, 270, 230, 58, -28, ('#8aa552', '#6b873c', '#cfdd9c'), 9)
        + leaf(210, 290, 190, 50, 206, ('#7d9a4a', '#5f7d35', '#c2d490'), 9)
    )
    drawing += (
        _spikes(rng, 170)
        + form(ellipse(320, 360, 190, 150), ('#9a9342', '#65652a', '#c9bf6c'), shade=(24, 22), rim=(8, 8))
        + _spikes(rng, 210)
    )
    drawing += form(
        smooth([(176, 352), (240, 286), (320, 268), (404, 288), (464, 354), (410, 424), (320, 448), (228, 424)]),
        ('#f0e0ba', '#c5a971', '#fff6dd'),
        shade=(-10, -14),
        rim=(-4, -4),
    )
    for x, y, scale, turn in (
        (260, 360, 0.86, -20),
        (388, 362, 0.86, 20),
        (322, 352, 1, 0),
        (566, 452, 0.84, -16),
        (680, 476, 0.8, 22),
        (602, 500, 0.62, 84),
    ):
        drawing += (shadow(x, y + 62 * scale, 70 * scale, 11) if x > 500 else '') + place(
            _chestnut(), x, y, turn=turn, scale=scale
        )
    return drawing


def _spikes(rng: Random, count: int) -> str:
    lines = [''] * 3
    for i in range(count):
        a, out, bend = rng.uniform(0, 2 * math.pi), rng.uniform(0.55, 1), rng.uniform(-0.4, 0.4)
        x, y, reach = 320 + math.cos(a) * 186 * out, 360 + math.sin(a) * 147 * out, rng.uniform(24, 40)
        lines[i % 3] += f'M{x:.0f},{y:.0f}l{math.cos(a + bend) * reach:.0f},{math.sin(a + bend) * reach:.0f}'
    return ''.join(
        stroke(data, colour, 3.4) for data, colour in zip(lines, ('#a9a04a', '#c6bb66', '#77772f'), strict=True)
    )


def _chestnut() -> str:
    drawing = form(
        'M0,-84C26,-62 78,-44 80,14C82,58 44,76 0,76C-44,76 -82,58 -80,14C-78,-44 -26,-62 0,-84Z',
        BROWN,
        shade=(20, 14),
        rim=(8, 8),
    ) + stroke('M-44,-30C-58,0 -56,30 -46,46', '#e0a36c', 12, 0.6)
    return (
        drawing
        + fill('M-72,36C-50,24 50,24 72,36C68,66 40,77 0,77C-40,77 -68,66 -72,36Z', '#d6b184')
        + fill('M-4,-82L0,-104L5,-82Z', '#e2c598')
    )


def hazelnut(rng: Random) -> str:
    """Return hazelnuts in their ruffs and in a basket."""
    tone: Tone = ('#b9773c', '#824c1e', '#e6b47c')
    cap: Tone = ('#e6cfa4', '#b99d68', '#f8ebcc')

    def nut(x: float, y: float, r: float = 40) -> str:
        data = smooth(
            [
                (0, -r * 1.05),
                (r * 0.7, -r * 0.62),
                (r * 0.96, 0),
                (r * 0.6, r * 0.78),
                (-r * 0.6, r * 0.78),
                (-r * 0.96, 0),
                (-r * 0.7, -r * 0.62),
            ]
        )
        inner = fill(
            smooth(
                [
                    (-r * 0.64, r * 0.46),
                    (0, r * 0.3),
                    (r * 0.64, r * 0.46),
                    (r * 0.5, r * 0.74),
                    (0, r * 0.86),
                    (-r * 0.5, r * 0.74),
                ]
            ),
            cap[0],
        )
        inner += stroke(
            (
                f'M0,{-r:.0f}Q{-r * 0.6:.0f},-4 {-r * 0.44:.0f},{r * 0.36:.0f}M0,{-r:.0f}Q{r * 0.5:.0f},-4 '
                f'{r * 0.36:.0f},{r * 0.34:.0f}'
            ),
            tone[1],
            3,
            0.6,
        ) + oval(-r * 0.4, -r * 0.4, r * 0.13, r * 0.24, '#fff', 0.5, 30)
        return place(
            form(data, tone, shade=(r * 0.24, r * 0.2), rim=(r * 0.1, r * 0.1), inner=inner),
            x,
            y,
            turn=rng.uniform(-50, 50),
        )

    drawing = shadow(360, 534, 260, 26) + leaf(440, 310, 190, 90, -44, GREEN, 9) + leaf(270, 310, 170, 80, 222, DEEP, 9)
    drawing += (
        fill(dome(350, 390, 220, 140), '#824c1e')
        + heap(in_dome(rng, 40, 350, 384, 204, 128), nut)
        + basket(350, 390, 530, 230)
    )
    for x, y, turn in ((640, 410, 0), (700, 480, 30)):
        ruff = ''.join(leaf(0, 30, 92, 30, a, FRESH, 5) for a in (-165, -130, -50, -15, -105, -75))
        drawing += shadow(x, y + 50, 60, 12) + place(ruff, x, y, turn=turn) + nut(x, y - 4, 44)
        drawing += place(''.join(leaf(0, 54, 62, 22, a, GREEN, 4) for a in (-150, -115, -65, -30)), x, y, turn=turn)
    return drawing + nut(620, 520, 34) + nut(110, 516, 34)

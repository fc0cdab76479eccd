"""Honey and wax."""

import math
from random import Random

from shop.demo.drawing.plants import FRESH, GREEN, flower, leaf
from shop.demo.drawing.shapes import (
    Tone,
    ellipse,
    fill,
    form,
    oval,
    place,
    polygon,
    rounded,
    shadow,
    smooth,
    stroke,
)
from shop.demo.drawing.vessels import BERRY, label

AMBER: Tone = ('#e3982a', '#b86c13', '#ffd57e')


def _hexagon(x: float, y: float, r: float) -> str:
    return polygon(
        [
            (x + r * math.cos(math.pi / 6 + i * math.pi / 3), y + r * math.sin(math.pi / 6 + i * math.pi / 3))
            for i in range(6)
        ]
    )


def _comb(x: float, y: float) -> str:
    drawing = form(
        smooth(
            [
                (x - 100, y + 6),
                (x - 46, y - 50),
                (x + 50, y - 52),
                (x + 104, y - 4),
                (x + 96, y + 58),
                (x + 40, y + 84),
                (x - 54, y + 82),
                (x - 104, y + 50),
            ]
        ),
        ('#efc069', '#b97a20', '#ffe3a3'),
        shade=(12, 12),
        rim=(5, 5),
    )
    for row in range(4):
        for i in range(5 - row % 2):
            cx, cy = x - 72 + i * 36 + row % 2 * 18, y - 26 + row * 31
            drawing += fill(_hexagon(cx, cy, 17), '#c67d1a' if (row * 5 + i * 3) % 4 else '#f0b549') + stroke(
                f'M{cx - 8:.0f},{cy - 7:.0f}l10,-5', '#ffdc94', 4, 0.7
            )
    return drawing


def honey(rng: Random) -> str:
    """Return a jar of honey under a gingham cloth, a comb and a dipper."""
    drawing = (
        shadow(330, 520, 190, 26)
        + shadow(610, 520, 120, 18)
        + leaf(470, 300, 190, 66, -28, FRESH, 5)
        + leaf(500, 330, 150, 52, 20, GREEN, 5)
    )
    jar_data = smooth(
        [(210, 250), (192, 310), (192, 470), (216, 520), (330, 526), (444, 520), (468, 470), (468, 310), (450, 250)],
        slack=8,
    )
    drawing += (
        form(jar_data, AMBER, shade=(38, 8), rim=(12, 2))
        + stroke('M212,330C206,390 208,440 218,486', '#ffe9b5', 13, 0.75)
        + stroke('M238,330v40', '#ffe9b5', 8, 0.6)
    )
    drawing += label(330, 406, 164, 126)
    cloth = smooth(
        [
            (176, 252),
            (150, 284),
            (196, 274),
            (236, 292),
            (286, 276),
            (328, 296),
            (372, 276),
            (420, 292),
            (462, 274),
            (510, 284),
            (482, 252),
            (462, 198),
            (328, 182),
            (194, 198),
        ],
        slack=7,
    )
    drawing += form(cloth, ('#f2e6d2', '#cdb793', '#fffaf0'), shade=(20, 10), rim=(8, 6))
    checks = (
        ''.join(f'M{190 + i * 46 + (138 - i * 46) * 0.15:.0f},200L{190 + i * 46},262' for i in range(7))
        + 'M200,208Q328,192 456,208M192,230Q328,214 464,230M186,262Q328,246 472,262'
    )
    drawing += (
        stroke(checks, BERRY, 3.4, 0.45)
        + stroke('M186,248Q328,268 470,248', '#8a6a3a', 9)
        + stroke('M186,245Q328,265 470,245', '#c39d5f', 4)
    )
    drawing += _comb(640, 446) + stroke('M742,150L590,300', '#9a6a3a', 16) + stroke('M738,148L588,296', '#c4935c', 6)
    dipper = ''.join(
        form(ellipse(0, i * 17, 34 - abs(i - 2) * 5, 10), ('#b98047', '#8c5a2c', '#dcab73'), shade=(6, 4), rim=(3, 2))
        for i in range(5)
    )
    drawing += place(dipper, 592, 288, turn=44) + fill(
        'M546,350C544,376 560,384 552,420C568,408 578,376 572,352Z', '#f0a52e'
    )
    return drawing + flower(506, 508, 34) + flower(150, 510, 30) + flower(524, 268, 26)


def candle(rng: Random) -> str:
    """Return beeswax candles, rolled and moulded, one lit."""
    wax: Tone = ('#e6b04a', '#b07e22', '#fbdc94')
    drawing = shadow(400, 526, 270, 26) + oval(330, 150, 130, 130, '#fff3c4', 0.55)
    for x, top, half in ((220, 300, 56), (330, 220, 62), (450, 330, 66)):
        drawing += form(rounded(x - half, top, half * 2, 516 - top, 12), wax, shade=(half * 0.5, 4), rim=(9, 2))
        for row in range(int((500 - top) / 30)):
            for i in range(3):
                drawing += stroke(
                    _hexagon(x - half * 0.52 + i * half * 0.52 + row % 2 * 8 - 4, top + 34 + row * 30, half * 0.24),
                    '#c9922e',
                    3,
                    0.75,
                )
        drawing += (
            oval(x, top + 4, half, half * 0.24, wax[2])
            + oval(x, top + 6, half * 0.7, half * 0.14, '#f3c766')
            + stroke(f'M{x},{top + 4}v-26', '#4c321c', 5)
        )
    drawing += fill('M330,120C362,160 356,196 330,200C304,196 298,160 330,120Z', '#f7a832') + fill(
        'M330,150C346,172 342,194 330,196C318,194 314,172 330,150Z', '#fff0b0'
    )
    return drawing + _comb(640, 450) + flower(540, 520, 30) + flower(130, 510, 28)

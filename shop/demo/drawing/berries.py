"""Berries, their garden and their jam."""

import math
from random import Random

from shop.demo.drawing.plants import DEEP, FRESH, GREEN, flower, leaf
from shop.demo.drawing.shapes import Tone, ball, fill, form, oval, place, polygon, shadow, smooth, stroke
from shop.demo.drawing.vessels import WILLOW, basket, bowl, jar, label

BLUES: tuple[Tone, ...] = (
    ('#48598f', '#2b3766', '#8797c4'),
    ('#3f4f86', '#27305a', '#7c8cbd'),
    ('#566a9e', '#344374', '#9dadd4'),
)
RED: Tone = ('#d5302b', '#9c1713', '#f2705e')


BLUE_JAM: Tone = ('#5a2a4e', '#341330', '#94608a')
RED_JAM: Tone = ('#a8243c', '#701428', '#d9667a')


def _blueberry(x: float, y: float, r: float, rng: Random) -> str:
    cx, cy, turn = x + r * 0.12, y - r * 0.18, rng.uniform(-0.5, 0.5)
    star = [
        (
            cx + math.cos(turn + i * math.pi / 5) * r * (0.4 if i % 2 == 0 else 0.22),
            cy + math.sin(turn + i * math.pi / 5) * r * (0.29 if i % 2 == 0 else 0.16),
        )
        for i in range(10)
    ]
    return (
        ball(x, y, r, rng.choice(BLUES), 0.5)
        + fill(polygon(star), '#222a4d')
        + oval(cx, cy, r * 0.15, r * 0.1, '#4a5788')
    )


def blueberry(rng: Random) -> str:
    """Return a bowl heaped with blueberries."""
    back, front = bowl(385, 350, 225, 52, 152, ('#e9ddc8', '#bda886', '#fbf3e2'), '#8d7a5c', '#c8963e')
    drawing = (
        shadow(405, 510, 245, 30)
        + leaf(520, 300, 200, 58, -32, GREEN)
        + leaf(250, 300, 170, 50, 212, DEEP)
        + leaf(470, 240, 170, 48, -72, FRESH)
        + back
    )
    for x, y, r in (
        (215, 335, 42),
        (292, 318, 45),
        (374, 312, 46),
        (458, 318, 45),
        (540, 334, 42),
        (250, 285, 44),
        (332, 262, 46),
        (420, 262, 46),
        (502, 290, 43),
        (300, 228, 40),
        (378, 212, 43),
        (454, 226, 40),
        (250, 352, 40),
        (330, 356, 44),
        (418, 362, 45),
        (500, 352, 42),
    ):
        drawing += _blueberry(x, y, r, rng)
    drawing += front + leaf(590, 500, 120, 34, 18, GREEN)
    for x, y, r in ((612, 482, 38), (680, 512, 36), (150, 508, 37)):
        drawing += shadow(x, y + r * 0.86, r, 9) + _blueberry(x, y, r, rng)
    return drawing


def strawberry(rng: Random) -> str:
    """Return three strawberries and a cut half."""
    drawing = (
        shadow(420, 520, 300, 32) + leaf(520, 260, 190, 84, -40, GREEN, 10) + leaf(280, 260, 180, 80, 218, DEEP, 10)
    )
    for x, y, scale, turn in ((262, 356, 1.02, 14), (560, 366, 0.96, -18), (408, 384, 1.1, 2)):
        drawing += place(_strawberry(), x, y, turn=turn, scale=scale)
    half = form(
        'M0,92C-40,74 -76,22 -70,-22C-66,-56 -30,-66 0,-62C30,-66 66,-56 70,-22C76,22 40,74 0,92Z',
        RED,
        shade=(10, 8),
        rim=(4, 4),
    )
    for scale, colour in ((0.82, '#f7a79b'), (0.54, '#fbd6cc'), (0.24, '#fff3ee')):
        half += place(
            fill('M0,92C-40,74 -76,22 -70,-22C-66,-56 -30,-66 0,-62C30,-66 66,-56 70,-22C76,22 40,74 0,92Z', colour),
            scale=scale,
        )
    return (
        drawing
        + shadow(668, 520, 66, 10)
        + place(half, 664, 470, turn=30, scale=0.8)
        + flower(156, 508, 48, '#fffaf2', '#e7b43f')
    )


def _strawberry() -> str:
    data = 'M0,128C-52,104 -104,30 -98,-30C-94,-76 -44,-92 0,-86C44,-92 94,-76 98,-30C104,30 52,104 0,128Z'
    seeds = oval(-40, -30, 34, 46, '#ea5a4c', 0.6, 20)
    for row in range(7):
        y, half, count = -62 + row * 26, 84 - max(0, row - 2) * 17, max(1, 5 - max(0, row - 3))
        for i in range(count):
            u = (i + 0.5) / count * 2 - 1 + (0.12 if row % 2 else -0.08)
            seeds += oval(u * half * 0.92, y + (1 - u * u) * 8 + 1.5, 5, 7.5, '#96150f', 0.55) + oval(
                u * half * 0.92, y + (1 - u * u) * 8, 3.6, 6, '#f6d27a'
            )
    drawing = form(data, RED, shade=(24, 16), rim=(9, 9), inner=seeds) + oval(-52, -38, 12, 22, '#fff', 0.5, 24)
    calyx: Tone = ('#6c9a4c', '#4c7a34', '#b5d08c')
    drawing += ''.join(leaf(0, -82, 66, 20, turn, calyx) for turn in (-160, -128, -90, -52, -20, 14, 166))
    return drawing + stroke('M0,-84C2,-108 12,-124 26,-136', calyx[0], 9)


def raspberry(rng: Random) -> str:
    """Return raspberries in a small basket and before it."""
    tone: Tone = ('#cf3a55', '#92203a', '#f08c9c')
    drawing = shadow(390, 530, 250, 28) + leaf(520, 290, 200, 70, -40, GREEN, 8) + leaf(260, 290, 190, 66, 216, DEEP, 8)
    for x, y in (
        (320, 270),
        (420, 260),
        (270, 330),
        (370, 316),
        (470, 330),
        (540, 356),
        (210, 362),
        (320, 388),
        (420, 388),
    ):
        drawing += place(_drupes(tone), x, y, turn=rng.uniform(-24, 24))
    drawing += basket(385, 380, 528, 220, WILLOW)
    for x, y, turn in ((660, 486, 70), (120, 496, -60)):
        drawing += shadow(x, y + 44, 56, 11) + place(_drupes(tone), x, y, turn=turn)
    return drawing


def _drupes(tone: Tone) -> str:
    drawing = fill(smooth([(-56, -36), (0, -58), (56, -36), (48, 30), (0, 70), (-48, 30)]), tone[1])
    for row, (y, half, count) in enumerate(
        ((-38, 40, 4), (-18, 46, 5), (4, 42, 4), (26, 32, 4), (46, 16, 2), (60, 0, 1))
    ):
        for i in range(count):
            u = 0 if count == 1 else i / (count - 1) * 2 - 1
            drawing += ball(u * half, y + row % 2 * 3, 14.5, tone, 0.6)
    return drawing + ''.join(leaf(0, -52, 38, 11, turn, FRESH) for turn in (-170, -130, -90, -50, -10))


def jam(rng: Random) -> str:
    """Return a jar of blueberry jam, bread and berries."""
    spots = ((146, 500, 32), (104, 520, 28), (480, 530, 27), (640, 440, 20), (600, 452, 19))
    return _jam(BLUE_JAM) + ''.join(_blueberry(x, y, r, rng) for x, y, r in spots)


def raspberry_jam(rng: Random) -> str:
    """Return a jar of raspberry jam, bread and berries."""
    tone: Tone = ('#cf3a55', '#92203a', '#f08c9c')
    spots = ((132, 492, 0.62), (470, 522, 0.5), (626, 446, 0.34))
    return _jam(RED_JAM) + ''.join(
        place(_drupes(tone), x, y, turn=rng.uniform(-20, 20), scale=scale) for x, y, scale in spots
    )


def _jam(fruit: Tone) -> str:
    drawing = shadow(330, 524, 150, 22) + shadow(590, 520, 150, 18) + leaf(450, 300, 170, 50, -34, GREEN)
    drawing += jar(310, 170, 520, 140, fruit, '#b3261e') + label(310, 394, 190, 150)
    crust = form(
        smooth([(480, 430), (500, 390), (600, 380), (700, 392), (724, 436), (706, 500), (600, 516), (490, 500)]),
        ('#d9a866', '#a87436', '#efcf9a'),
        shade=(10, 10),
        rim=(5, 5),
    )
    crumb = fill(
        smooth([(500, 434), (520, 408), (600, 400), (684, 410), (702, 440), (688, 486), (600, 498), (508, 486)]),
        '#f6e6c4',
    )
    spread = form(
        smooth([(526, 440), (560, 418), (640, 416), (676, 444), (650, 478), (590, 484), (540, 470)]),
        fruit,
        shade=(8, 8),
        rim=(4, 4),
    )
    return drawing + crust + crumb + spread + oval(576, 436, 22, 7, '#fff', 0.4, -14)


def picking_garden(rng: Random) -> str:
    """Return rows of strawberries on raised beds under a greenhouse's hoops, a full basket in front."""
    drawing = ''
    for half, top, width in ((420, 60, 12), (340, 120, 9), (260, 176, 7), (190, 222, 5)):
        hoop = (
            f'M{400 - half},440V{top + half * 0.5:.0f}Q{400 - half},{top} 400,{top}Q{400 + half},{top} '
            f'{400 + half},{top + half * 0.5:.0f}V440'
        )
        drawing += fill(hoop, '#fff', 0.14) + stroke(hoop, '#fff', width, 0.85)
    drawing += fill('M-10,430H810V610H-10Z', '#b99a6a')
    for x0, x1, x2, x3 in ((40, 180, 330, 360), (250, 550, 384, 416), (620, 760, 440, 470)):
        drawing += fill(polygon([(x2, 330), (x3, 330), (x1, 600), (x0, 600)]), '#6b8f45')
        for row in range(7):
            t = (row / 6) ** 1.5
            left, right, y = x2 + (x0 - x2) * t, x3 + (x1 - x3) * t, 334 + 240 * t
            size = 12 + 34 * t
            for u in (0.15, 0.5, 0.85):
                x = left + (right - left) * u
                drawing += (
                    leaf(x, y, size * 1.4, size * 0.6, -150, GREEN)
                    + leaf(x, y, size * 1.4, size * 0.6, -30, DEEP)
                    + ball(x + size * 0.2, y + size * 0.2, size * 0.36, RED, 0.6)
                )
    drawing += shadow(400, 576, 190, 18)
    for x, y, turn in ((320, 446, 10), (400, 430, -6), (480, 446, -14), (360, 410, -20), (444, 404, 16)):
        drawing += place(_strawberry(), x, y, turn=turn, scale=0.52)
    handle = stroke('M240,470C250,300 550,300 560,470', '#8a6130', 18) + stroke(
        'M238,466C248,296 548,296 558,466', '#dcb67c', 6
    )
    return drawing + handle + basket(400, 470, 576, 166)

"""Greens, herbs and what is brewed of them."""

import math
from random import Random

from shop.demo.drawing.plants import DEEP, FRESH, GREEN, leaf
from shop.demo.drawing.shapes import Point, Tone, ball, ellipse, fill, form, limb, oval, place, shadow, smooth, stroke
from shop.demo.drawing.vessels import CELADON, CREAM, WILLOW, basket, bowl


def wild_greens(rng: Random) -> str:
    """Return a bundle of fern fiddleheads tied with straw."""
    drawing = (
        shadow(420, 530, 250, 26) + leaf(250, 350, 170, 46, 212, FRESH, 7) + leaf(560, 340, 180, 46, -30, GREEN, 7)
    )
    for x, cx, cy, r, w, side in (
        (300, 226, 214, 62, 15, 1),
        (500, 588, 206, 62, 15, -1),
        (340, 330, 168, 66, 17, 1),
        (470, 488, 164, 66, 17, -1),
        (405, 418, 216, 60, 17, 1),
        (360, 300, 306, 48, 14, 1),
        (450, 520, 304, 48, 14, -1),
    ):
        drawing += _fiddlehead(x, cx, cy, r, w, side)
    green: Tone = ('#6f9a3f', '#4c7428', '#b4d47a')
    for x in (296, 326, 356, 386, 416, 446, 476, 504):
        drawing += (
            limb([(x * 0.9 + 40, 430), (x, 540)], [17, 16], green)
            + oval(x, 541, 16, 7, '#dfe9bd')
            + oval(x, 541, 8, 3.4, '#b4cc86')
        )
    straw: Tone = ('#d9b467', '#a8803a', '#f2dca2')
    drawing += form(
        smooth([(292, 430), (400, 446), (512, 428), (516, 474), (400, 492), (290, 476)], slack=7),
        straw,
        shade=(10, 8),
        rim=(4, 5),
    )
    drawing += limb([(404, 462), (470, 500), (540, 512)], [9, 7, 3], straw) + limb(
        [(404, 462), (450, 520), (486, 552)], [9, 7, 3], straw
    )
    return drawing + form(ellipse(404, 460, 20, 16), straw, shade=(5, 5), rim=(3, 3))


def _fiddlehead(x: float, cx: float, cy: float, r: float, width: float, side: int) -> str:
    points: list[Point] = [(x, 520), ((x * 2 + cx - r * side) / 3, (1040 + cy) / 3 + 10), (cx - r * side, cy + 40)]
    for i in range(23):
        turn, reach = math.pi + i / 22 * 1.75 * 2 * math.pi, r * (1 - i / 22 * 0.86)
        points.append((cx + side * math.cos(turn) * reach, cy + math.sin(turn) * reach))
    return limb(
        points,
        [width * 1.15, width * 1.1] + [width * (1 - 0.5 * i / 20) for i in range(20)],
        ('#6f9a3f', '#456a24', '#a9cc6c'),
        3,
    )


def herbs(rng: Random) -> str:
    """Return a herb drawer's scoop: sliced roots on paper, a bound bunch, a bronze mortar."""
    bronze: Tone = ('#b08a3e', '#7c5d22', '#e0c07a')
    drawing = shadow(220, 516, 110, 18) + limb([(300, 160), (250, 290)], [13, 18], bronze)
    back, front = bowl(220, 300, 106, 26, 206, bronze, '#5c4518', '#8a6a2c')
    drawing = shadow(220, 516, 110, 18) + back + limb([(310, 150), (240, 310)], [20, 13], bronze) + front
    drawing += shadow(540, 520, 210, 18) + form(
        smooth([(330, 470), (520, 410), (740, 462), (720, 520), (540, 546), (360, 526)], slack=11),
        ('#f3e8d0', '#d3bf96', '#fffaf0'),
        shade=(10, 10),
        rim=(4, 4),
    )
    for _ in range(16):
        x, y = rng.uniform(400, 680), rng.uniform(446, 510)
        drawing += place(_slice(), x, y, turn=rng.uniform(-30, 30), scale=rng.uniform(0.85, 1.1))
    for i in range(9):
        lean = (i - 4) * 22
        drawing += limb(
            [(560 + lean * 1.5, 150), (552 + lean * 0.5, 270), (540 + lean * 0.35, 440)],
            [4, 6, 4],
            ('#9c7a48', '#74552c', '#cda672'),
        )
        drawing += leaf(560 + lean * 1.5, 160, 74, 22, -90 + lean * 0.8, (GREEN, DEEP, FRESH)[i % 3], 3) + leaf(
            556 + lean, 214, 60, 18, -90 + lean * 1.4, DEEP, 3
        )
    return drawing + form(
        smooth([(506, 320), (552, 330), (600, 320), (602, 348), (552, 358), (506, 348)]),
        ('#b3261e', '#7f120d', '#e0685c'),
        shade=(6, 6),
        rim=(3, 3),
    )


def _slice() -> str:
    return (
        oval(2, 5, 34, 21, '#8a6a3c', 0.5)
        + oval(0, 0, 34, 21, '#a9783f')
        + oval(0, 0, 29, 17, '#f2e2b8')
        + oval(1, 1, 16, 9, '#e0c384')
        + stroke('M-20,0H20M0,-12V12M-14,-8L14,8M14,-8L-14,8', '#c9a662', 1.6, 0.8)
    )


def mushroom_tea(rng: Random) -> str:
    """Return a glass pot of amber tea, a cup, and the leaves it is made of."""
    glass: Tone = ('#d99545', '#b06c22', '#f5c887')
    drawing = shadow(320, 520, 190, 24) + shadow(610, 520, 100, 16)
    drawing += stroke('M462,300C570,280 570,440 456,440', '#e8e2d4', 18) + stroke(
        'M462,296C566,278 564,436 456,434', '#fff', 6
    )
    pot = smooth(
        [(250, 232), (182, 300), (170, 400), (214, 500), (320, 516), (426, 500), (470, 400), (458, 300), (390, 232)]
    )
    drawing += fill('M182,330L110,262L92,272L168,400Z', '#eadfca') + form(
        pot, ('#efe9da', '#cfc4ac', '#fffdf6'), shade=(26, 10), rim=(10, 8)
    )
    tea = smooth([(184, 350), (182, 420), (222, 490), (320, 504), (418, 490), (456, 420), (454, 350), (320, 368)])
    drawing += form(tea, glass, shade=(24, 10), rim=(8, 0)) + oval(320, 352, 136, 17, '#f0b865')
    drawing += ''.join(
        leaf(
            rng.uniform(230, 380),
            rng.uniform(400, 480),
            56,
            14,
            rng.uniform(-50, 50),
            ('#7c4a26', '#5a3216', '#a8744a'),
        )
        for _ in range(9)
    )
    drawing += stroke('M208,300C196,340 194,400 208,440', '#fff', 10, 0.7)
    drawing += form(
        smooth([(250, 232), (270, 206), (320, 196), (370, 206), (390, 232), (320, 246)]),
        CREAM,
        shade=(10, 6),
        rim=(5, 4),
    ) + ball(320, 186, 16, CREAM)
    back, front = bowl(610, 430, 92, 24, 84, CELADON, '#22413a')
    drawing += back + oval(610, 438, 76, 15, '#d99545') + oval(590, 434, 30, 5, '#f5c887', 0.8) + front
    drawing += ''.join(stroke(f'M{x},400q-14,-26 0,-50q14,-24 0,-48', '#fff', 6, 0.55) for x in (590, 630))
    return drawing + ''.join(
        leaf(x, y, 70, 18, turn, GREEN, 3) for x, y, turn in ((470, 540, -14), (520, 548, 20), (690, 540, -24))
    )


def vegetable_box(rng: Random) -> str:
    """Return a basket of vegetables: cabbage, tomatoes, cucumbers, greens."""
    drawing = shadow(400, 540, 300, 28)
    for x, turn in ((250, -116), (300, -100), (214, -134), (350, -88)):
        drawing += leaf(x, 360, 220, 62, turn, (GREEN, FRESH)[x % 4 // 2], 6)
    drawing += limb([(470, 380), (560, 250), (640, 170)], [30, 34, 20], ('#5a8a44', '#3a652a', '#9cc47c')) + limb(
        [(540, 390), (630, 290), (710, 230)], [28, 30, 18], ('#6a9a50', '#457334', '#abd088')
    )
    cabbage: Tone = ('#b9d08a', '#86a85c', '#e4efc0')
    drawing += form(ellipse(340, 330, 116, 104), cabbage, shade=(20, 18), rim=(9, 9))
    drawing += stroke(
        (
            'M340,432C300,360 320,290 350,240M330,410C280,380 256,330 262,282M352,410C400,380 424,330 '
            '420,284M300,330q20,-30 40,-34M392,340q-18,-32 -40,-40'
        ),
        '#f3f7dc',
        5,
        0.85,
    )
    tomato: Tone = ('#d5402b', '#9c2213', '#f28a6c')
    for x, y, r in ((480, 366, 60), (580, 372, 54), (206, 380, 50)):
        drawing += ball(x, y, r, tomato) + ''.join(
            leaf(x, y - r * 0.74, 30, 8, turn, DEEP) for turn in (-170, -120, -60, -10)
        )
    return drawing + basket(400, 400, 540, 290, WILLOW)

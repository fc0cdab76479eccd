"""Honey, wine, sauces, pickles and what hangs in a kitchen."""

import math
from random import Random

from shop.demo.drawing.plants import DEEP, FRESH, GREEN, ear, flower, heap, leaf
from shop.demo.drawing.shapes import (
    Tone,
    ball,
    ellipse,
    fill,
    form,
    limb,
    oval,
    place,
    polygon,
    rounded,
    shadow,
    smooth,
    stroke,
)
from shop.demo.drawing.vessels import BERRY, CELADON, CREAM, PLANK, WHEAT, bottle, bowl, crock, jar, label, plate

CHILLI: Tone = ('#c4281f', '#86140e', '#f0765c')
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


def rice_wine(rng: Random) -> str:
    """Return an earthen wine jar sealed with red cloth, two cups, grain beside."""
    drawing = (
        shadow(320, 528, 190, 26)
        + ear(rng, [(690, 560), (720, 300), (640, 170), (560, 230)], ('#c07a4a', '#95542c', '#7a4420'), size=28)
        + crock(310, 214, 520, 170)
    )
    drawing += form(
        smooth(
            [(190, 240), (206, 176), (310, 148), (414, 176), (430, 240), (380, 226), (310, 244), (240, 226)], slack=7
        ),
        CHILLI,
        shade=(18, 10),
        rim=(7, 6),
    ) + stroke('M204,214Q310,246 416,214', WHEAT, 8)
    diamond = polygon([(310, 300), (384, 374), (310, 448), (236, 374)])
    drawing += (
        fill(diamond, '#b3261e')
        + fill(polygon([(310, 316), (368, 374), (310, 432), (252, 374)]), '#f3dfb0')
        + oval(310, 374, 26, 26, '#b3261e')
    )
    for x, y in ((540, 466), (664, 484)):
        back, front = bowl(x, y, 66, 18, 50, CREAM, '#d8c7a7', '#b3261e')
        drawing += (
            shadow(x, y + 54, 56, 10)
            + back
            + oval(x, y + 4, 54, 12, '#fbf6e6')
            + oval(x - 14, y + 2, 20, 4, '#fff')
            + front
        )
    return drawing


def soy_sauce(rng: Random) -> str:
    """Return a bean-paste crock with its ladle, a bottle of sauce, beans."""
    paste: Tone = ('#7c4420', '#4f270e', '#b87a48')
    back = crock(300, 268, 524, 180)
    drawing = shadow(320, 530, 200, 26) + shadow(590, 528, 110, 16) + back + oval(300, 272, 104, 21, paste[1])
    drawing += form(
        smooth([(206, 266), (240, 232), (300, 216), (360, 232), (394, 266), (350, 284), (300, 290), (250, 284)]),
        paste,
        shade=(14, 10),
        rim=(6, 6),
    ) + limb([(330, 250), (420, 130)], [11, 13], PLANK)
    drawing += form(ellipse(316, 250, 40, 20), PLANK, shade=(6, 5), rim=(4, 3)) + oval(314, 244, 32, 13, paste[0])
    drawing += bottle(590, 120, 524, 72, ('#3a2018', '#1e0e08', '#7a5040'), neck=0.36, cap='#b3261e') + label(
        590, 410, 126, 128
    )
    bean: Tone = ('#e6c66e', '#b8913c', '#fbeeb8')
    return drawing + ''.join(
        ball(x, y, 15, bean)
        for x, y in ((470, 520), (496, 534), (450, 540), (700, 524), (726, 510), (110, 520), (86, 506))
    )


def soy_oil(rng: Random) -> str:
    """Return a clear jug of golden oil and the beans it is pressed from."""
    oil: Tone = ('#efb52e', '#c48818', '#ffe08a')
    drawing = (
        shadow(320, 530, 170, 24)
        + stroke('M428,230C540,230 540,420 440,420', '#d9a02a', 26)
        + stroke('M426,226C530,228 530,412 440,414', '#ffe08a', 7)
    )
    drawing += form(
        smooth(
            [
                (262, 150),
                (258, 196),
                (196, 250),
                (186, 330),
                (186, 490),
                (206, 524),
                (320, 530),
                (434, 524),
                (454, 490),
                (454, 330),
                (444, 250),
                (382, 196),
                (378, 150),
            ],
            slack=8,
        ),
        oil,
        shade=(44, 8),
        rim=(12, 2),
    )
    drawing += (
        stroke('M214,300V480', '#fff', 12, 0.5)
        + stroke('M240,300v50', '#fff', 7, 0.45)
        + form(rounded(256, 104, 128, 60, 10), ('#1f4d3a', '#123327', '#4a7a64'), shade=(20, 4), rim=(8, 6))
        + label(320, 400, 190, 150)
    )
    back, front = bowl(610, 450, 116, 28, 74, CELADON, '#22413a', '#e8d9b4')

    def bean(x: float, y: float) -> str:
        return ball(x, y, 16, ('#e6c66e', '#b8913c', '#fbeeb8'))

    piles = [
        (x, y)
        for y, xs in (
            (398, (580, 612, 644)),
            (422, (550, 582, 614, 646, 674)),
            (446, (526, 558, 590, 622, 654, 688)),
            (466, (560, 594, 628, 662)),
        )
        for x in xs
    ]
    return (
        drawing
        + shadow(610, 528, 100, 14)
        + back
        + heap(piles, bean)
        + front
        + heap([(510, 540), (720, 536), (744, 520)], bean)
    )


def tofu(rng: Random) -> str:
    """Return blocks of tofu on a board: fresh, frozen with holes, and dried sheets."""
    white: Tone = ('#f8f1de', '#d9c8a0', '#fffdf6')
    drawing = (
        shadow(400, 540, 320, 24)
        + form(rounded(90, 470, 620, 56, 16), PLANK, shade=(14, 20), rim=(6, 8))
        + stroke('M130,486q140,-8 280,0M360,500q120,-6 260,0', '#96703f', 3, 0.5)
    )
    drawing += _block(150, 300, 250, 170, white, holes=False, rng=rng) + _block(
        430, 340, 210, 130, ('#efe0b8', '#c9ae74', '#fbf3d8'), holes=True, rng=rng
    )
    for i in range(6):
        drawing += form(
            rounded(450 + i % 2 * 8, 252 - i * 13 + 50, 190, 13, 5),
            ('#e6c98c', '#b9975a', '#f6e6bd'),
            shade=(10, 4),
            rim=(4, 3),
        )
    return drawing + leaf(150, 300, 90, 26, -70, GREEN, 4) + leaf(170, 296, 80, 22, -30, DEEP, 4)


def _block(x: float, y: float, width: float, height: float, tone: Tone, *, holes: bool, rng: Random) -> str:
    deep = 44
    drawing = fill(polygon([(x, y), (x + 40, y - deep), (x + width + 40, y - deep), (x + width, y)]), tone[2])
    drawing += fill(
        polygon(
            [(x + width, y), (x + width + 40, y - deep), (x + width + 40, y + height - deep), (x + width, y + height)]
        ),
        tone[1],
    ) + fill(polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)]), tone[0])
    if holes:
        for _ in range(34):
            size = rng.uniform(3, 8)
            drawing += oval(
                rng.uniform(x + 10, x + width - 10), rng.uniform(y + 10, y + height - 10), size, size * 0.8, tone[1]
            )
        return drawing
    grid = f'M{x + width / 2:.0f},{y}V{y + height}M{x},{y + height / 2:.0f}H{x + width}M{x + width / 2:.0f},{y}l40,-{deep}M{x + 20},{y - deep / 2:.0f}H{x + width + 20}'
    return drawing + stroke(grid, tone[1], 4, 0.8)


def kimchi(rng: Random) -> str:
    """Return quartered spiced cabbage on a celadon plate, a crock behind."""
    drawing = (
        shadow(210, 500, 130, 20)
        + crock(210, 200, 496, 138)
        + stroke('M126,250Q210,276 294,250', BERRY, 9)
        + plate(470, 470, 280, 74, CELADON)
    )
    for x, y, turn in ((400, 420, -8), (540, 430, 6), (470, 372, 0)):
        drawing += place(_cabbage_quarter(rng), x, y, turn=turn)
    drawing += ''.join(oval(rng.uniform(300, 640), rng.uniform(480, 506), 4, 2.6, '#fff3d0') for _ in range(14))
    return drawing + place(_chilli(120), 120, 530, turn=-10) + place(_chilli(100), 700, 316, turn=60)


def _cabbage_quarter(rng: Random) -> str:
    drawing = oval(10, 48, 170, 26, '#1c362c', 0.3)
    layers = (
        ('#a8c46c', 54, 176),
        ('#d2501f', 46, 170),
        ('#f3e2b4', 40, 160),
        ('#c8381c', 32, 150),
        ('#f8ecc8', 25, 138),
        ('#dd5a2a', 17, 122),
        ('#fbf3d8', 10, 104),
    )
    for colour, half, length in layers:
        wave = [(length * (1 - i / 5) + rng.uniform(-6, 6), -half + (i % 2) * 9) for i in range(5)]
        drawing += fill(
            smooth(
                [(-150, 10), *wave[::-1], (length + 8, 6), (length * 0.9, half * 0.8), (40, half), (-90, half * 0.8)]
            ),
            colour,
        )
    drawing += form(
        smooth([(-160, -6), (-120, -24), (-60, -16), (-40, 8), (-70, 30), (-130, 34)]),
        CREAM,
        shade=(12, 10),
        rim=(5, 5),
    )
    return (
        drawing
        + ''.join(oval(rng.uniform(-110, 130), rng.uniform(-38, 34), 6, 4, '#b3261e', 0.9) for _ in range(26))
        + ''.join(oval(rng.uniform(-80, 120), rng.uniform(-34, 30), 4, 2.6, '#fff6dc') for _ in range(12))
    )


def pickles(rng: Random) -> str:
    """Return jars of pickled garlic and cucumbers, a dish of them in front."""
    drawing = (
        shadow(250, 520, 140, 20)
        + shadow(540, 520, 140, 20)
        + jar(250, 150, 500, 128, ('#c9bb6c', '#8f8238', '#efe6ae'), '#1f4d3a')
        + jar(540, 150, 500, 128, ('#e0b07c', '#ab7a44', '#f8dcb4'), BERRY)
    )
    for i in range(7):
        x = 158 + i * 30
        drawing += limb(
            [(x, 270 + i % 2 * 16), (x + 4, 380), (x, 466 - i % 3 * 10)],
            [13, 16, 12],
            ('#7c9a44', '#526e26', '#b4cc78'),
        ) + ''.join(oval(x - 4, y, 2.4, 2.4, '#c9dc94') for y in (310, 350, 400))
    for x, y in (
        (470, 450),
        (540, 458),
        (606, 450),
        (496, 396),
        (570, 398),
        (462, 346),
        (536, 340),
        (606, 344),
        (500, 292),
        (574, 290),
    ):
        drawing += _bulb(x, y, 34, ('#f3d9c0', '#c79a84', '#fff6ea'))
    drawing += stroke('M146,240V440M436,240V440', '#fff', 12, 0.4) + plate(400, 530, 120, 30)
    return (
        drawing
        + ''.join(oval(x, 520, 22, 13, '#6f8c38') + oval(x, 518, 17, 9, '#c9dc94') for x in (340, 384, 428))
        + _bulb(468, 510, 22, ('#f3d9c0', '#c79a84', '#fff6ea'))
    )


def _bulb(x: float, y: float, r: float, tone: Tone) -> str:
    data = smooth(
        [
            (x, y - r * 1.15),
            (x + r * 0.24, y - r * 0.7),
            (x + r * 0.92, y - r * 0.3),
            (x + r * 0.96, y + r * 0.4),
            (x + r * 0.4, y + r * 0.86),
            (x - r * 0.4, y + r * 0.86),
            (x - r * 0.96, y + r * 0.4),
            (x - r * 0.92, y - r * 0.3),
            (x - r * 0.24, y - r * 0.7),
        ]
    )
    ribs = ''.join(
        f'M{x:.0f},{y - r:.0f}Q{x + u * r * 1.3:.0f},{y:.0f} {x + u * r * 0.5:.0f},{y + r * 0.8:.0f}'
        for u in (-0.66, 0.0, 0.66)
    )
    return form(
        data,
        tone,
        shade=(r * 0.26, r * 0.2),
        rim=(r * 0.1, r * 0.1),
        inner=stroke(ribs, tone[1], max(1.6, r * 0.05), 0.8),
    )


def garlic(rng: Random) -> str:
    """Return a braid of purple garlic, bulbs and cloves before it."""
    tone: Tone = ('#f0dfe0', '#b78fa0', '#fff8f4')
    drawing = shadow(420, 530, 290, 26) + limb(
        [(300, 20), (308, 130), (300, 240), (308, 380)], [20, 26, 26, 14], ('#d9c48c', '#a58d50', '#f0e2b4')
    )
    for x, y, turn in (
        (236, 150, 50),
        (372, 160, -50),
        (226, 250, 46),
        (384, 262, -46),
        (236, 352, 40),
        (376, 364, -40),
        (306, 420, 0),
    ):
        drawing += place(_bulb(0, 0, 66, tone) + _clove_stripes(), x, y, turn=180 + turn)
    for x, y, r in ((560, 450, 74), (690, 470, 62)):
        drawing += shadow(x, y + r * 0.84, r, 12) + _bulb(x, y, r, tone) + place(_clove_stripes(), x, y, scale=r / 66)
    for x, y, turn in ((520, 530, 70), (600, 540, 100), (460, 536, 40)):
        drawing += place(
            form(
                smooth([(0, -34), (18, -4), (16, 26), (-14, 28), (-18, 0)]),
                ('#e6c4cc', '#a8748a', '#fff0f0'),
                shade=(7, 7),
                rim=(3, 3),
            ),
            x,
            y,
            turn=turn,
        )
    return drawing


def _clove_stripes() -> str:
    return stroke('M-6,-50Q-50,-6 -30,46M6,-50Q50,-6 30,46M-14,-40Q-34,0 -14,50M14,-40Q34,0 14,50', '#9a5f7c', 3.4, 0.6)


def _chilli(length: float) -> str:
    drawing = limb(
        [(0, 0), (length * 0.45, -10), (length * 0.8, 6), (length, 26)],
        [length * 0.15, length * 0.14, length * 0.09, 1.5],
        CHILLI,
    )
    return drawing + limb([(4, 0), (-14, -2), (-34, -16)], [length * 0.1, 5, 4], ('#6f8f45', '#4c6c2c', '#a8c474'))


def pepper(rng: Random) -> str:
    """Return strings of dried red chillies, a bowl of powder below."""
    drawing = shadow(400, 526, 250, 22) + stroke('M120,70H680', '#8a6130', 14) + stroke('M120,66H680', '#dcb67c', 5)
    for x, rows in ((230, 10), (400, 8), (570, 10)):
        drawing += stroke(f'M{x},70V{120 + rows * 30}', '#d9c48c', 7)
        for row in range(rows):
            for side in (-1, 1):
                turn = 90 - side * rng.uniform(28, 50)
                drawing += place(_chilli(rng.uniform(84, 98)), x + side * 8, 104 + row * 30, turn=turn)
        drawing += place(_chilli(96), x, 116 + rows * 30, turn=88)
    back, front = bowl(400, 446, 130, 32, 78, CREAM, '#d8c7a7', BERRY)
    drawing += (
        back
        + fill(smooth([(290, 450), (340, 400), (400, 384), (460, 400), (510, 450), (400, 472)]), '#a81f16')
        + ''.join(
            oval(rng.uniform(320, 480), rng.uniform(408, 462), 4, 3, rng.choice(('#e0553c', '#7c120c', '#f0a06c')))
            for _ in range(60)
        )
    )
    return drawing + front

"""Wine, sauces, oil and tofu."""

from random import Random

from shop.demo.drawing.plants import DEEP, GREEN, ear, heap, leaf
from shop.demo.drawing.shapes import (
    Tone,
    ball,
    ellipse,
    fill,
    form,
    limb,
    oval,
    polygon,
    rounded,
    shadow,
    smooth,
    stroke,
)
from shop.demo.drawing.vessels import CELADON, CREAM, PLANK, WHEAT, bottle, bowl, crock, label

CHILLI: Tone = ('#c4281f', '#86140e', '#f0765c')


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
    grid = (
        f'M{x + width / 2:.0f},{y}V{y + height}M{x},{y + height / 2:.0f}H{x + width}'
        f'M{x + width / 2:.0f},{y}l40,-{deep}M{x + 20},{y - deep / 2:.0f}H{x + width + 20}'
    )
    return drawing + stroke(grid, tone[1], 4, 0.8)

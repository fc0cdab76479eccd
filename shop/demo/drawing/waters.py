"""What lives in the cold streams and the rice fields."""

from random import Random

from shop.demo.drawing.plants import DEEP, GREEN, leaf
from shop.demo.drawing.shapes import (
    Tone,
    fill,
    form,
    limb,
    oval,
    place,
    shadow,
    smooth,
    stroke,
)
from shop.demo.drawing.vessels import CELADON, plate

STRAW = ('#c79b4e', '#dcb668', '#a87c35', '#ecd08c', '#8f6a2c')


def fish(rng: Random) -> str:
    """Return two rainbow trout on a leaf-lined plate."""
    drawing = (
        plate(400, 440, 350, 110, CELADON)
        + leaf(150, 430, 250, 70, -18, DEEP, 8)
        + leaf(660, 440, 240, 66, 196, GREEN, 8)
    )
    return (
        drawing
        + place(_trout(rng), 390, 370, turn=-7)
        + place(_trout(rng), 420, 474, turn=-4, scale=0.94)
        + ''.join(
            oval(x, y, 30, 18, '#e9c23a')
            + oval(x, y, 24, 13, '#fbf0a8')
            + stroke(f'M{x - 20},{y}h40M{x},{y - 11}v22', '#e9c23a', 2.4)
            for x, y in ((640, 366), (690, 390))
        )
    )


def _trout(rng: Random) -> str:
    tone: Tone = ('#b9c4bc', '#6f8078', '#f0f2ea')
    drawing = (
        fill('M206,-4C250,-40 286,-66 310,-60C296,-30 292,10 312,54C280,54 244,26 206,10Z', '#7c8c80')
        + fill('M-30,-56C0,-96 70,-92 90,-50Z', '#7c8c80')
        + fill('M-60,54C-40,92 10,92 20,54ZM100,44C120,74 150,70 160,30Z', '#93a196')
    )
    data = smooth(
        [
            (-270, 6),
            (-220, -34),
            (-120, -62),
            (20, -62),
            (140, -34),
            (222, -8),
            (222, 12),
            (140, 38),
            (20, 62),
            (-120, 60),
            (-220, 40),
        ]
    )
    back = smooth(
        [(-262, 0), (-214, -28), (-120, -54), (20, -56), (140, -30), (214, -6), (120, -14), (0, -24), (-140, -22)]
    )
    spots = fill(back, '#5f7a6c') + stroke('M-170,4Q0,-4 200,2', '#d98a84', 17, 0.75)
    for _ in range(44):
        u = rng.uniform(-190, 190)
        spots += oval(u, rng.uniform(-48, 26) * (1 - abs(u) / 330), 3.6, 3, '#2f3c36', 0.8)
    head = (
        stroke('M-186,-40Q-164,0 -184,42', '#5f7a6c', 6)
        + oval(-228, -8, 12, 12, '#f3e6b0')
        + oval(-229, -8, 7, 7, '#1c1814')
        + stroke('M-268,10Q-244,16 -226,12', '#4a584f', 4)
    )
    return (
        oval(10, 60, 250, 22, '#1c362c', 0.35)
        + drawing
        + form(data, tone, shade=(8, 26), rim=(5, 5), inner=spots)
        + head
    )


def crab(rng: Random) -> str:
    """Return a river crab among rice straw."""
    tone: Tone = ('#7c8a54', '#4c5a30', '#b4c088')
    claw: Tone = ('#8f7a4a', '#5c4c28', '#c8b480')
    drawing = shadow(400, 500, 270, 34) + ''.join(
        stroke(
            (
                f'M{rng.uniform(60, 300):.0f},{rng.uniform(490, 560):.0f}q160,-20 '
                f'{rng.uniform(300, 420):.0f},{rng.uniform(-14, 14):.0f}'
            ),
            rng.choice(STRAW),
            6,
        )
        for _ in range(16)
    )
    for side in (-1, 1):
        for x0, y0, x1, y1, x2, y2 in (
            (130, 30, 250, -10, 300, 90),
            (130, 50, 240, 50, 280, 140),
            (120, 70, 210, 100, 226, 180),
            (100, 84, 160, 140, 160, 206),
        ):
            drawing += limb(
                [(400 + side * x0, 360 + y0), (400 + side * x1, 360 + y1), (400 + side * x2, 360 + y2)],
                [17, 14, 3],
                tone,
            )
        drawing += limb([(400 + side * 120, 350), (400 + side * 190, 280), (400 + side * 160, 210)], [26, 24, 22], claw)
        drawing += form(
            smooth(
                [
                    (400 + side * x, y)
                    for x, y in (
                        (180, 230),
                        (120, 210),
                        (70, 150),
                        (84, 90),
                        (110, 150),
                        (130, 160),
                        (126, 90),
                        (160, 96),
                        (196, 160),
                    )
                ]
            ),
            claw,
            shade=(10, 10),
            rim=(5, 5),
        )
        drawing += oval(400 + side * 164, 222, 24, 17, '#4c4020', 0.75)
    shell = smooth(
        [
            (240, 350),
            (276, 296),
            (340, 270),
            (400, 280),
            (460, 270),
            (524, 296),
            (560, 350),
            (520, 426),
            (460, 462),
            (400, 470),
            (340, 462),
            (280, 426),
        ]
    )
    drawing += form(shell, tone, shade=(24, 24), rim=(9, 9)) + stroke(
        'M310,350Q350,310 390,352M490,350Q450,310 410,352M340,410Q400,380 460,410', tone[1], 6, 0.8
    )
    return drawing + ''.join(
        stroke(f'M{x},282v-26', tone[0], 9) + oval(x, 250, 12, 12, '#1c1814') + oval(x - 4, 246, 4, 4, '#fff')
        for x in (360, 440)
    )

"""Pickles, garlic and chillies."""

from random import Random

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
from shop.demo.drawing.vessels import BERRY, CELADON, CREAM, bowl, crock, jar, plate

CHILLI: Tone = ('#c4281f', '#86140e', '#f0765c')


SPICED = ('#a8c46c', '#d2501f', '#f3e2b4', '#c8381c', '#f8ecc8', '#dd5a2a', '#fbf3d8')
SOURED = ('#b9c47a', '#d8d9a0', '#f1e7bd', '#e0d79c', '#f8f0d0', '#e9dfae', '#fdf8e4')


def kimchi(rng: Random) -> str:
    """Return quartered spiced cabbage on a celadon plate, a crock behind."""
    drawing = (
        shadow(210, 500, 130, 20)
        + crock(210, 200, 496, 138)
        + stroke('M126,250Q210,276 294,250', BERRY, 9)
        + plate(470, 470, 280, 74, CELADON)
    )
    for x, y, turn in ((400, 420, -8), (540, 430, 6), (470, 372, 0)):
        drawing += place(_cabbage_quarter(rng) + _spice(rng), x, y, turn=turn)
    drawing += ''.join(oval(rng.uniform(300, 640), rng.uniform(480, 506), 4, 2.6, '#fff3d0') for _ in range(14))
    return drawing + place(_chilli(120), 120, 530, turn=-10) + place(_chilli(100), 700, 316, turn=60)


def sour_cabbage(rng: Random) -> str:
    """Return quarters of pale soured cabbage on a celadon plate, a crock behind."""
    drawing = shadow(210, 500, 130, 20) + crock(210, 200, 496, 138) + plate(470, 470, 280, 74, CELADON)
    for x, y, turn in ((400, 420, -8), (540, 430, 6), (470, 372, 0)):
        drawing += place(_cabbage_quarter(rng, SOURED), x, y, turn=turn)
    return drawing


def _cabbage_quarter(rng: Random, leaves: tuple[str, ...] = SPICED) -> str:
    drawing = oval(10, 48, 170, 26, '#1c362c', 0.3)
    layers = ((54, 176), (46, 170), (40, 160), (32, 150), (25, 138), (17, 122), (10, 104))
    for colour, (half, length) in zip(leaves, layers, strict=True):
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
    return drawing


def _spice(rng: Random) -> str:
    return ''.join(
        oval(rng.uniform(-110, 130), rng.uniform(-38, 34), 6, 4, '#b3261e', 0.9) for _ in range(26)
    ) + ''.join(oval(rng.uniform(-80, 120), rng.uniform(-34, 30), 4, 2.6, '#fff6dc') for _ in range(12))


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

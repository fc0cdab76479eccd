"""Roots, berries and other strengthening things of the mountains."""

import math
from random import Random

from shop.demo.drawing.plants import DEEP, GREEN, leaf, twig
from shop.demo.drawing.shapes import Tone, ball, ellipse, fill, form, limb, oval, place, shadow, smooth, stroke
from shop.demo.drawing.vessels import CREAM, bowl, plate

RED: Tone = ('#c4281f', '#7f120d', '#f0765c')
ROOT: Tone = ('#e3be82', '#bf8c4c', '#f7e4bb')


def ginseng(rng: Random) -> str:
    """Return a fresh root with its leaves and red berries, laid across the cloth."""
    hairs = ['', '', '']
    starts = (
        (-74, 372, 100, 120),
        (-66, 330, 150, 90),
        (64, 392, 78, 120),
        (72, 350, 35, 90),
        (-120, 180, 125, 90),
        (-110, 165, 170, 70),
        (128, 210, 60, 90),
        (118, 195, 20, 70),
        (-30, 250, 140, 90),
        (40, 260, 40, 80),
        (0, 230, 92, 150),
    )
    for x, y, turn, length in starts:
        for i in range(3):
            a, reach = math.radians(turn + rng.uniform(-22, 22)), length * rng.uniform(0.6, 1.1)
            mx, my = (
                x + math.cos(a) * reach * 0.5 + rng.uniform(-18, 18),
                y + math.sin(a) * reach * 0.5 + rng.uniform(-18, 18),
            )
            hairs[i] += smooth([(x, y), (mx, my), (x + math.cos(a) * reach, y + math.sin(a) * reach)], closed=False)
    root = ''.join(
        stroke(data, colour, 3.2) for data, colour in zip(hairs, ('#cf9f5f', '#d9b071', '#c29050'), strict=True)
    )
    for points, widths in (
        ([(-30, 50), (-80, 100), (-122, 185)], [16, 11, 4]),
        ([(34, 80), (88, 130), (130, 214)], [17, 12, 4]),
        ([(-16, 150), (-48, 250), (-74, 380)], [34, 22, 5]),
        ([(20, 150), (52, 270), (64, 400)], [32, 20, 5]),
    ):
        root += limb(points, widths, ROOT)
    body = smooth(
        [
            (-13, -46),
            (13, -46),
            (16, -4),
            (44, 22),
            (56, 80),
            (50, 150),
            (30, 206),
            (4, 226),
            (-28, 204),
            (-50, 150),
            (-56, 84),
            (-42, 24),
            (-16, -4),
        ]
    )
    root += form(body, ROOT, shade=(16, -9), rim=(8, -4))
    rings = ''.join(
        f'M{x - w * 0.6:.0f},{y}q{w * 0.5:.0f},9 {w * 1.1:.0f},0'
        for x, y, w in (
            (-2, 14, 30),
            (2, 32, 42),
            (-4, 52, 46),
            (6, 76, 38),
            (-8, 104, 44),
            (2, 136, 34),
            (0, -30, 18),
            (0, -16, 18),
        )
    )
    root += stroke(rings, '#a9773a', 2.6, 0.65)
    return oval(440, 500, 330, 40, '#1c2a20', 0.28) + place(root + _ginseng_top(), 352, 300, turn=-60, scale=0.96)


def _ginseng_top() -> str:
    drawing = stroke('M0,-44C-4,-110 14,-150 4,-206', '#6f8f45', 11) + stroke(
        'M-3,-44C-7,-110 11,-150 1,-206', '#94b160', 4
    )
    for turn, length in ((-168, 150), (-128, 165), (-20, 150), (-55, 160)):
        x, y = 4 + 34 * math.cos(math.radians(turn)), -200 + 34 * math.sin(math.radians(turn))
        drawing += stroke([(4, -200), (x, y)], '#6f8f45', 6)
        for aside, scale in ((-38, 0.66), (38, 0.66), (0, 1)):
            drawing += leaf(x, y, length * scale, 34 * scale, turn + aside, DEEP, 5)
    drawing += stroke([(4, -206), (0, -250)], '#6f8f45', 6)
    berries = (
        (0, -250, 19),
        (-26, -262, 18),
        (26, -264, 18),
        (-14, -286, 18),
        (14, -290, 19),
        (40, -286, 15),
        (-40, -284, 15),
        (0, -312, 16),
    )
    return drawing + ''.join(ball(x, y, r, RED) for x, y, r in berries)


def schisandra(rng: Random) -> str:
    """Return hanging red clusters on a vine."""
    drawing = shadow(420, 532, 230, 24) + twig([(-20, 92), (200, 70), (330, 110), (520, 74), (700, 84), (830, 110)], 17)
    for x, y, length, width, turn, tone in (
        (150, 84, 190, 60, 118, GREEN),
        (330, 100, 170, 56, 62, DEEP),
        (560, 84, 190, 60, 108, GREEN),
        (690, 86, 170, 54, 60, DEEP),
        (430, 84, 150, 50, -66, GREEN),
        (230, 70, 150, 50, -54, DEEP),
        (620, 74, 150, 50, -120, DEEP),
        (70, 70, 160, 52, 70, DEEP),
    ):
        drawing += leaf(x, y, length, width, turn, tone, 4)
    drawing += (
        _cluster(rng, 250, 96, 12)
        + _cluster(rng, 590, 92, 11)
        + leaf(420, 92, 170, 52, 96, GREEN, 4)
        + _cluster(rng, 420, 120, 13)
    )
    drawing += shadow(640, 520, 90, 12)
    return drawing + ''.join(
        ball(x, y, 19, RED)
        for x, y in ((600, 500), (640, 512), (680, 498), (656, 482), (722, 516), (150, 520), (186, 506))
    )


def _cluster(rng: Random, x: float, y: float, rows: int) -> str:
    drawing = stroke(f'M{x},{y}q-6,60 0,{rows * 14}', '#7d8f45', 6)
    for i in range(rows):
        half = 26 * math.sin(math.pi * min(1, (i + 1.4) / (rows + 0.8)) ** 0.8) + 7
        for u in (-1, -0.1, 0.9):
            tone = RED if u < 0.5 else ('#ac1e18', '#6d0f0a', '#e0654e')
            drawing += ball(
                x + u * half + rng.uniform(-5, 5), y + 40 + i * 20 + rng.uniform(-7, 7), rng.uniform(17, 20), tone
            )
    return drawing


def frog_oil(rng: Random) -> str:
    """Return a forest frog by its stream, and the pale oil in a porcelain cup."""
    drawing = fill('M-10,520Q200,486 420,520T810,506V610H-10Z', '#8fbcc4') + stroke(
        'M40,556q90,-14 180,0M300,578q120,-14 240,0M600,548q70,-10 150,0', '#d5e9ea', 5, 0.9
    )
    stone: Tone = ('#9aa39a', '#6f7a72', '#c6cdc2')
    drawing += shadow(330, 520, 220, 22) + form(
        smooth([(110, 500), (170, 440), (330, 418), (470, 440), (540, 500), (460, 536), (200, 536)]),
        stone,
        shade=(20, 16),
        rim=(8, 8),
    )
    return drawing + place(_frog(), 330, 330) + place(_oil_cup(rng), 636, 440)


def _frog() -> str:
    skin: Tone = ('#8a6a3c', '#5f4724', '#bd9a62')
    drawing = limb([(96, 30), (150, 50), (120, 108), (40, 116)], [34, 30, 20, 10], skin)
    drawing += form(
        smooth(
            [(-150, -30), (-120, -84), (-50, -96), (30, -64), (104, -10), (122, 60), (60, 104), (-50, 104), (-120, 60)]
        ),
        skin,
        shade=(20, 16),
        rim=(8, 8),
    )
    drawing += fill(smooth([(-146, -16), (-110, 50), (-40, 92), (-30, 60), (-80, 10)]), '#e6d2a0')
    drawing += limb([(-60, 60), (-78, 100), (-110, 122)], [20, 15, 8], skin) + limb(
        [(60, 108), (20, 126), (-30, 124)], [15, 12, 7], skin
    )
    drawing += stroke('M-134,122l22,-4M-122,130l16,-8M-44,130l22,-6', skin[0], 7)
    drawing += (
        form(ellipse(-96, -86, 30, 28), skin, shade=(6, 6), rim=(4, 4))
        + oval(-100, -88, 18, 18, '#f3d98a')
        + oval(-101, -87, 11, 12, '#231a10')
        + oval(-106, -93, 4, 4, '#fff')
    )
    drawing += stroke('M-148,-28Q-110,-6 -66,-18', '#4a3518', 5)
    drawing += fill('M-70,-52Q-44,-62 -20,-50Q-44,-40 -70,-52Z', '#5f4724') + ''.join(
        oval(x, y, r, r * 0.7, skin[1], 0.8)
        for x, y, r in ((0, -30, 12), (40, 0, 14), (70, 40, 11), (16, 20, 9), (-20, 0, 8))
    )
    return drawing


def _oil_cup(rng: Random) -> str:
    back, front = bowl(0, 0, 104, 26, 82, CREAM, '#d8c7a7', '#3f6b63')
    oil = ''.join(
        oval(
            rng.uniform(-66, 66),
            rng.uniform(-24, 6),
            rng.uniform(20, 30),
            rng.uniform(11, 16),
            rng.choice(('#f3e3a8', '#ecd488', '#fbf0c6')),
            0.95,
        )
        for _ in range(15)
    )
    return shadow(0, 84, 80, 12) + back + oil + front


def antler(rng: Random) -> str:
    """Return velvet antlers with their slices on a plate."""
    velvet: Tone = ('#a8744a', '#754a2a', '#d8aa7c')
    drawing = shadow(330, 516, 190, 22)
    for dx, flip in ((0, 1), (150, -1)):
        base = 270 + dx
        drawing += limb(
            [(base, 500), (base - flip * 50, 380), (base - flip * 70, 250), (base - flip * 30, 130)],
            [30, 28, 27, 21],
            velvet,
        )
        drawing += limb(
            [(base - flip * 20, 440), (base + flip * 24, 390), (base + flip * 30, 340)], [22, 20, 15], velvet
        ) + limb([(base - flip * 66, 300), (base - flip * 130, 250), (base - flip * 150, 190)], [24, 22, 16], velvet)
        drawing += oval(base, 506, 33, 15, '#d9b48c') + oval(base, 506, 23, 9, '#b3523c')
    drawing += plate(600, 480, 160, 46)
    for i in range(11):
        x, y = 600 + (i % 4 - 1.5) * 62 + (i // 4) * 12, 456 + (i // 4) * 22 + rng.uniform(-4, 4)
        drawing += (
            oval(x, y + 4, 38, 18, '#5f3a20', 0.4)
            + oval(x, y, 38, 18, '#8f5f3a')
            + oval(x, y, 33, 14, '#f0d2b0')
            + oval(x, y, 22, 9, '#cf6f50')
            + oval(x - 4, y - 2, 10, 4, '#e39a7c')
        )
    return drawing

"""Mushrooms, roots and greens of the forest."""

import math
from random import Random

from shop.demo.drawing.plants import AUTUMN, DEEP, FRESH, GREEN, RUST, grass, leaf, twig
from shop.demo.drawing.shapes import Point, Tone, ball, ellipse, fill, form, limb, oval, place, shadow, smooth, stroke
from shop.demo.drawing.vessels import CELADON, CREAM, WILLOW, basket, bowl, jar, log, plate

RED: Tone = ('#c4281f', '#7f120d', '#f0765c')
ROOT: Tone = ('#e3be82', '#bf8c4c', '#f7e4bb')
EARS: tuple[Tone, ...] = (
    ('#5d392b', '#2c1912', '#a8745a'),
    ('#4a2c22', '#22130d', '#8f6049'),
    ('#6e4635', '#382117', '#ba8668'),
)


def black_fungus(rng: Random) -> str:
    """Return ruffled ears on an oak log."""
    drawing = shadow(410, 540, 340, 26) + log(rng, 60, 388, 690, 156)
    spots = (
        (214, 322, 92, -16),
        (586, 326, 96, 14),
        (330, 262, 108, -8),
        (478, 270, 114, 6),
        (252, 408, 98, -8),
        (552, 414, 96, 8),
        (400, 378, 122, -2),
    )
    for i, (x, y, r, turn) in enumerate(spots):
        drawing += oval(x + r * 0.12, y + r * 0.56, r * 0.74, r * 0.2, '#2a1a12', 0.38) + place(
            _ear(rng, r, EARS[i % 3]), x, y, turn=turn
        )
    return drawing


def _ear(rng: Random, r: float, tone: Tone) -> str:
    """One thin ruffled cup held at its foot, its edge lit from behind."""
    phase, waves = rng.random() * 6, rng.choice((2.4, 2.9, 3.4))
    edge: list[Point] = []
    for i in range(21):
        turn = math.radians(158 + 224 * i / 20)
        swell = r * (1 + 0.1 * math.sin(waves * turn + phase) + 0.05 * math.sin(2.3 * waves * turn + phase * 2))
        edge.append((math.cos(turn) * swell, math.sin(turn) * swell * 0.86))
    foot = [(r * 0.42, r * 0.56), (0, r * 0.66), (-r * 0.42, r * 0.54)]
    body, dark, light = tone
    cup = smooth(
        [(x * 0.8, y * 0.74 + r * 0.07) for x, y in edge] + [(r * 0.3, r * 0.34), (0, r * 0.42), (-r * 0.3, r * 0.33)]
    )
    inner = fill(cup, dark) + fill(
        smooth([(x * 0.68 + r * 0.05, y * 0.64 + r * 0.14) for x, y in edge] + [(0, r * 0.3)]), body, 0.8
    )
    for t, colour, width in ((0.52, dark, 0.06), (0.5, light, 0.02), (0.3, dark, 0.05), (0.28, light, 0.02)):
        inner += stroke([(x * t + r * 0.05, y * t + r * 0.2) for x, y in edge[3:-3]], colour, max(2, r * width), 0.6)
    inner += oval(-r * 0.34, -r * 0.3, r * 0.26, r * 0.1, '#d9b59b', 0.25, -38)
    return (
        fill(smooth(edge + foot), body)
        + inner
        + stroke(edge, light, max(3, r * 0.06))
        + stroke(edge[3:11], '#e3b995', max(2, r * 0.026), 0.8)
    )


def hazel_mushroom(rng: Random) -> str:
    """Return a cluster of honey-brown caps in the moss."""
    drawing = shadow(410, 524, 290, 34, '#22301a', 0.35)
    drawing += leaf(150, 500, 150, 50, -160, RUST, 6) + leaf(620, 516, 150, 46, 12, AUTUMN, 6)
    spots = (
        (260, 300, 84, 70, 40, -10),
        (545, 296, 92, 74, -40, 10),
        (400, 218, 108, 88, 4, 0),
        (180, 402, 66, 52, 60, -16),
        (630, 402, 70, 56, -56, 14),
        (330, 366, 88, 70, 24, -5),
        (480, 378, 92, 72, -20, 6),
        (404, 446, 60, 46, 0, 0),
    )
    tones: tuple[Tone, ...] = (
        ('#a9713d', '#7a4a22', '#d9a468'),
        ('#b98048', '#88562a', '#e4b47a'),
        ('#966034', '#68401f', '#c8925a'),
    )
    for i, (x, y, rx, ry, lean, turn) in enumerate(spots):
        drawing += place(_mushroom(rng, rx, ry, lean, tones[i % 3]), x, y, turn=turn)
    return drawing + _moss(rng) + leaf(110, 566, 130, 40, -18, AUTUMN, 6) + leaf(600, 574, 120, 36, 12, RUST, 6)


def _mushroom(rng: Random, rx: float, ry: float, lean: float, tone: Tone) -> str:
    stem: Tone = ('#e9d3ac', '#b7935f', '#f9ebce')
    drawing = limb([(0, 6), (lean * 0.35, 60), (lean, 96 + ry)], [15, 13, 18], stem)
    drawing += form(
        smooth([(-16, 44), (0, 38), (18, 44), (24, 60), (2, 68), (-20, 60)]), stem, shade=(5, 3), rim=(3, 2)
    )
    drawing += oval(0, 5, rx * 0.9, ry * 0.34, '#c9aa78')
    gills = ''.join(f'M{i * 2.5:.0f},8L{i * rx * 0.115:.0f},{4 + ry * 0.26:.0f}' for i in range(-7, 8))
    drawing += stroke(gills, '#9c7744', 1.8, 0.6)
    cap = f'M{-rx},8C{-rx},{-ry * 0.62:.1f} {-rx * 0.52:.1f},{-ry} 0,{-ry}C{rx * 0.52:.1f},{-ry} {rx},{-ry * 0.62:.1f} {rx},8C{rx * 0.55:.1f},{-ry * 0.22:.1f} {-rx * 0.55:.1f},{-ry * 0.22:.1f} {-rx},8Z'
    spots = oval(-rx * 0.2, -ry * 0.58, rx * 0.4, ry * 0.22, tone[2], 0.5)
    for _ in range(14):
        turn, reach = rng.uniform(math.pi, 2 * math.pi), rng.uniform(0.05, 0.75)
        spots += oval(
            math.cos(turn) * rx * reach * 0.7,
            -ry * 0.42 + math.sin(turn) * ry * reach * 0.45,
            4 * (1.2 - reach),
            2.7 * (1.2 - reach),
            tone[1],
            0.7,
        )
    return drawing + form(cap, tone, shade=(rx * 0.2, ry * 0.1), rim=(rx * 0.06, ry * 0.08), inner=spots)


def _moss(rng: Random) -> str:
    line = [
        (-40, 548),
        (60, 512),
        (160, 520),
        (260, 498),
        (350, 512),
        (440, 496),
        (540, 514),
        (640, 500),
        (740, 518),
        (840, 500),
    ]
    ground = fill(smooth([*line, (860, 660), (-60, 660)]), '#55793a')
    return ground + stroke([(x, y + 6) for x, y in line], '#86a75a', 9) + grass(rng, 110, 516, 596)


def lingzhi(rng: Random) -> str:
    """Return lacquered red fans on a log."""
    drawing = shadow(420, 540, 260, 30, '#22301a', 0.35) + log(rng, 112, 440, 590, 126)
    spots = (
        (250, 318, 128, 116, 30),
        (570, 304, 136, 122, -36),
        (410, 246, 168, 150, 0),
        (330, 420, 88, 74, 20),
        (512, 430, 96, 80, -10),
    )
    for x, y, w, h, lean in spots:
        drawing += place(_fan(w, h, lean, 480 - y), x, y)
    return drawing + grass(rng, 60, 552, 590, 20)


def _fan(w: float, h: float, lean: float, reach: float) -> str:
    drawing = limb(
        [(0, 10), (lean * 0.5, reach * 0.45), (lean, reach)], [18, 16, 24], ('#7c2a1a', '#4f150c', '#b8583a')
    )
    edge = [
        (-w, 4),
        (-w * 0.86, -h * 0.5),
        (-w * 0.4, -h * 0.92),
        (w * 0.1, -h),
        (w * 0.62, -h * 0.82),
        (w * 0.96, -h * 0.36),
        (w, 8),
        (w * 0.6, 24),
        (w * 0.1, 18),
        (-w * 0.4, 26),
    ]
    for scale, colour in ((1, '#f3dfb0'), (0.92, '#d98a3f'), (0.8, '#b9502a'), (0.62, '#963420'), (0.38, '#7c2517')):
        drawing += fill(smooth([(x * scale, 16 + (y - 16) * scale) for x, y in edge]), colour)
    drawing += stroke(
        f'M{-w * 0.6:.0f},{-h * 0.3:.0f}Q{-w * 0.4:.0f},{-h * 0.66:.0f} {w * 0.04:.0f},{-h * 0.74:.0f}',
        '#ffe3c4',
        9,
        0.55,
    )
    lip = smooth(
        [
            (-w * 0.9, 8),
            (-w * 0.4, 26),
            (w * 0.1, 18),
            (w * 0.6, 24),
            (w * 0.94, 10),
            (w * 0.5, 36),
            (0, 34),
            (-w * 0.5, 38),
        ]
    )
    return drawing + fill(lip, '#efdcb4')


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
        ([(-30, 50), (-80, 100), (-122, 185)], [16, 11, 4]), ([(34, 80), (88, 130), (130, 214)], [17, 12, 4]),
        ([(-16, 150), (-48, 250), (-74, 380)], [34, 22, 5]), ([(20, 150), (52, 270), (64, 400)], [32, 20, 5]),
    ):  # fmt: skip
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
        'M340,432C300,360 320,290 350,240M330,410C280,380 256,330 262,282M352,410C400,380 424,330 420,284M300,330q20,-30 40,-34M392,340q-18,-32 -40,-40',
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


def kimchi_jar(rng: Random) -> str:
    """Return a jar as used beside other things: spiced cabbage behind glass."""
    drawing = jar(0, 0, 300, 110, ('#c8442a', '#8f2412', '#ea8a5c'))
    for _ in range(12):
        x, y = rng.uniform(-70, 60), rng.uniform(110, 260)
        drawing += leaf(
            x,
            y,
            rng.uniform(40, 64),
            17,
            rng.uniform(-40, 40),
            rng.choice((('#f0d9a8', '#d8a468', '#fff3d6'), ('#e08a4c', '#b85a28', '#f6c48c'))),
        )
    return drawing

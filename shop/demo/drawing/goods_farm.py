"""Eggs, poultry, fish and nuts; hands' work and days in the village."""

import math
from random import Random

from shop.demo.drawing.landscapes import birch, house, pine
from shop.demo.drawing.plants import DEEP, FRESH, GREEN, dome, heap, in_dome, leaf
from shop.demo.drawing.shapes import (
    Point,
    Tone,
    ball,
    ellipse,
    fill,
    form,
    limb,
    oval,
    place,
    polygon,
    ridge,
    shadow,
    smooth,
    stroke,
)
from shop.demo.drawing.vessels import CELADON, CREAM, WHEAT, basket, plate

STRAW = ('#c79b4e', '#dcb668', '#a87c35', '#ecd08c', '#8f6a2c')
FEATHER: Tone = ('#f6f1e4', '#cfc6b0', '#fffdf8')
BROWN: Tone = ('#8a431d', '#57240b', '#c47a45')


def _egg(rng: Random, r: float, tone: Tone) -> str:
    data = f'M0,{-r * 1.28:.1f}C{r * 0.55:.1f},{-r * 1.28:.1f} {r:.1f},{-r * 0.42:.1f} {r:.1f},{r * 0.14:.1f}C{r:.1f},{r * 0.68:.1f} {r * 0.56:.1f},{r:.1f} 0,{r:.1f}C{-r * 0.56:.1f},{r:.1f} {-r:.1f},{r * 0.68:.1f} {-r:.1f},{r * 0.14:.1f}C{-r:.1f},{-r * 0.42:.1f} {-r * 0.55:.1f},{-r * 1.28:.1f} 0,{-r * 1.28:.1f}Z'
    specks = ''.join(
        oval(rng.uniform(-r * 0.6, r * 0.6), rng.uniform(-r * 0.8, r * 0.6), 2, 1.8, tone[1], 0.5) for _ in range(10)
    )
    return form(data, tone, shade=(r * 0.26, r * 0.22), rim=(r * 0.1, r * 0.1), inner=specks) + oval(
        -r * 0.38, -r * 0.5, r * 0.2, r * 0.32, '#fff', 0.5, 28
    )


def _straw(rng: Random, count: int, low: float, high: float, turns: tuple[float, float]) -> str:
    lines = [''] * len(STRAW)
    for i in range(count):
        a = rng.uniform(*turns)
        x, y = 400 + math.cos(a) * rng.uniform(220, 296), low + math.sin(a) * rng.uniform(60, high)
        t, reach = a + math.pi / 2 + rng.uniform(-0.5, 0.5), rng.uniform(36, 84)
        dx, dy = math.cos(t) * reach, math.sin(t) * reach * 0.4
        lines[i % len(STRAW)] += (
            f'M{x - dx:.0f},{y - dy:.0f}Q{x:.0f},{y + rng.uniform(-8, 8):.0f} {x + dx:.0f},{y + dy:.0f}'
        )
    return ''.join(stroke(data, colour, 4.5) for data, colour in zip(lines, STRAW, strict=True))


def eggs(rng: Random) -> str:
    """Return seven eggs of different hens in a straw nest."""
    drawing = (
        shadow(410, 528, 300, 34) + oval(400, 412, 290, 112, '#8a6429') + _straw(rng, 130, 396, 96, (0, 2 * math.pi))
    )
    cream, tan, green, red = (
        ('#f6e6cd', '#d2b58a', '#fffaf0'),
        ('#e3b488', '#b57f51', '#f8dcbd'),
        ('#cfdccb', '#9db59c', '#eef5ea'),
        ('#d79a6c', '#a5683c', '#f2c7a1'),
    )
    for x, y, r, turn, tone in (
        (268, 330, 70, -22, cream),
        (400, 296, 74, 4, tan),
        (534, 330, 70, 20, green),
        (210, 402, 66, -34, red),
        (332, 392, 76, -8, tan),
        (472, 394, 76, 10, cream),
        (594, 402, 66, 32, red),
    ):
        drawing += oval(x + 8, y + r * 0.86, r * 0.9, r * 0.3, '#5b3f14', 0.35) + place(
            _egg(rng, r, tone), x, y, turn=turn
        )
    return (
        drawing
        + fill(
            'M116,400C120,500 260,536 400,536C540,536 680,500 684,400C640,470 520,500 400,500C280,500 160,470 116,400Z',
            '#9c7431',
        )
        + _straw(rng, 190, 416, 118, (0.02, math.pi - 0.02))
    )


def duck_egg(rng: Random) -> str:
    """Return salted duck eggs, pale blue, one cut to its oily red yolk."""
    blue: Tone = ('#d3e2dc', '#9fb8b0', '#f2f8f4')
    drawing = plate(390, 456, 300, 86, ('#b9946a', '#8a6840', '#dcbc92'))
    for x, y, turn in ((240, 390, -30), (360, 340, -6), (480, 346, 12), (300, 420, -14), (420, 426, 8)):
        drawing += oval(x + 8, y + 62, 70, 20, '#3a2410', 0.3) + place(_egg(rng, 76, blue), x, y, turn=turn)
    for x, y, turn in ((560, 430, 70), (660, 506, 96)):
        half = (
            place(_egg(rng, 78, blue), scale=1)
            + place(fill(ellipse(0, -8, 68, 84), '#fffaf0'), scale=1)
            + oval(0, 6, 44, 46, '#d9681f')
            + oval(0, 4, 38, 40, '#f08c2e')
            + oval(-12, -8, 14, 12, '#ffc064', 0.9)
        )
        drawing += shadow(x, y + 64, 84, 14) + place(half, x, y, turn=turn)
    return drawing


def goose(rng: Random) -> str:
    """Return a white goose standing in the grass."""
    drawing = shadow(400, 536, 220, 24, '#22301a', 0.3)
    drawing += (
        limb([(370, 440), (366, 530)], [10, 8], ('#e08a2c', '#b0621a', '#f8bc74'))
        + limb([(450, 440), (456, 530)], [10, 8], ('#e08a2c', '#b0621a', '#f8bc74'))
        + stroke('M340,536L366,526L398,540M430,536L456,526L490,540', '#e08a2c', 11)
    )
    body = smooth(
        [
            (220, 330),
            (280, 270),
            (400, 262),
            (510, 290),
            (610, 250),
            (640, 262),
            (590, 360),
            (500, 440),
            (380, 456),
            (270, 420),
        ]
    )
    drawing += form(body, FEATHER, shade=(24, 26), rim=(9, 9)) + limb(
        [(330, 372), (262, 300), (240, 190), (262, 112)], [52, 52, 31, 29], FEATHER
    )
    drawing += form(
        smooth([(222, 110), (240, 74), (284, 68), (312, 96), (304, 134), (256, 146)]),
        FEATHER,
        shade=(12, 12),
        rim=(6, 6),
    )
    beak: Tone = ('#e8922e', '#b8651a', '#f9c47c')
    drawing += (
        form(
            smooth([(234, 92), (190, 108), (152, 124), (158, 134), (200, 136), (240, 126)]),
            beak,
            shade=(4, 10),
            rim=(4, 4),
        )
        + ball(252, 78, 17, beak)
        + oval(266, 104, 8, 9, '#2b1d18')
        + oval(263, 101, 3, 3, '#fff')
    )
    wing = smooth([(320, 320), (400, 296), (500, 316), (590, 300), (540, 380), (440, 410), (350, 390)])
    drawing += form(wing, ('#efe8d6', '#c2b89e', '#fffdf8'), shade=(14, 16), rim=(6, 7))
    return drawing + stroke('M380,340q70,30 150,10M390,366q60,24 120,12M420,390q40,10 74,2', '#c2b89e', 4, 0.9)


def chicken(rng: Random) -> str:
    """Return a barred rooster with a red comb and a sweeping tail."""
    drawing = shadow(400, 538, 210, 22, '#22301a', 0.3)
    for x0, y0, x1, y1, colour in (
        (500, 300, 690, 150, '#1f4d3a'),
        (500, 320, 720, 220, '#2f6b52'),
        (490, 340, 700, 290, '#24352e'),
        (500, 290, 630, 110, '#3f7f66'),
        (490, 330, 740, 330, '#1f4d3a'),
    ):
        drawing += limb(
            [(x0, y0), ((x0 + x1) / 2, min(y0, y1) - 40), (x1, y1 + 30)], [26, 24, 5], (colour, '#14241d', '#7aa898')
        )
    leg: Tone = ('#e0a83c', '#a87618', '#f8d890')
    drawing += (
        limb([(370, 440), (372, 530)], [9, 7], leg)
        + limb([(440, 440), (446, 530)], [9, 7], leg)
        + stroke('M342,538L372,528L402,540M416,538L446,528L478,540', leg[0], 8)
    )
    tone: Tone = ('#c8743a', '#8c441c', '#eba874')
    drawing += form(
        smooth([(270, 330), (330, 290), (430, 280), (520, 300), (530, 370), (470, 440), (380, 462), (300, 430)]),
        tone,
        shade=(22, 24),
        rim=(8, 8),
    )
    drawing += limb(
        [(372, 372), (312, 330), (286, 240), (300, 168)], [44, 62, 42, 29], ('#e0a04a', '#a8661c', '#f8d08c')
    )
    drawing += stroke('M268,270q0,40 22,70M290,250q2,50 26,90M312,256q6,46 28,78', '#b0702a', 5, 0.8)
    red: Tone = ('#cf2f23', '#94180f', '#ee6a52')
    drawing += form(
        smooth([(262, 150), (258, 100), (282, 122), (292, 82), (312, 116), (336, 92), (338, 150), (300, 160)], slack=7),
        red,
        shade=(8, 8),
        rim=(4, 4),
    ) + ball(300, 168, 37, ('#e0a04a', '#a8661c', '#f8d08c'), 0)
    drawing += (
        fill('M266,158L222,176L268,188Z', '#f0b844')
        + form(ellipse(276, 214, 15, 26), red, shade=(5, 6), rim=(3, 3))
        + oval(290, 160, 8, 9, '#2b1d18')
        + oval(287, 157, 3, 3, '#fff')
    )
    wing = smooth([(350, 330), (430, 316), (510, 340), (500, 390), (430, 420), (370, 396)])
    return (
        drawing
        + form(wing, ('#8f4a22', '#5c2a0e', '#c98452'), shade=(14, 14), rim=(6, 6))
        + stroke('M392,356q50,20 96,4M400,380q40,16 76,6M420,400q24,8 46,2', '#3f6b58', 6, 0.9)
    )


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
            f'M{rng.uniform(60, 300):.0f},{rng.uniform(490, 560):.0f}q160,-20 {rng.uniform(300, 420):.0f},{rng.uniform(-14, 14):.0f}',
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


def pine_nuts(rng: Random) -> str:
    """Return a Korean pine cone with needles and nuts."""
    drawing = shadow(320, 510, 210, 28) + shadow(600, 520, 140, 18)
    needles = ['', '', '']
    for x, y, turn in ((440, 190, -20), (430, 210, 14), (200, 200, 196)):
        for i in range(24):
            a, reach = math.radians(turn + rng.uniform(-42, 42)), rng.uniform(150, 260)
            needles[i % 3] += (
                f'M{x},{y}Q{x + math.cos(a) * reach * 0.5:.0f},{y + math.sin(a) * reach * 0.5:.0f} {x + math.cos(a) * reach:.0f},{y + math.sin(a) * reach + 22:.0f}'
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
            f'M0,{-r:.0f}Q{-r * 0.6:.0f},-4 {-r * 0.44:.0f},{r * 0.36:.0f}M0,{-r:.0f}Q{r * 0.5:.0f},-4 {r * 0.36:.0f},{r * 0.34:.0f}',
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


def straw_craft(rng: Random) -> str:
    """Return round straw cushions and a plaited rope wreath."""
    tone: Tone = ('#dcb668', '#a87c35', '#f3dfa4')
    drawing = shadow(390, 534, 300, 28)
    for y, rx in ((460, 270), (400, 256)):
        drawing += oval(380, y + 28, rx, 88, tone[1]) + form(ellipse(380, y, rx, 84), tone, shade=(14, 8), rim=(6, 6))
        drawing += ''.join(
            stroke(f'M{380 + u * rx:.0f},{y + 86 * math.sqrt(1 - u * u):.0f}l5,18', tone[1], 5, 0.8)
            for u in [i / 12 - 0.92 for i in range(23)]
        )
    for k in range(9):
        drawing += stroke(
            ellipse(380, 400, 240 - k * 27, 72 - k * 8), (tone[2], tone[1], '#c79b4e')[k % 3], 8 if k % 3 == 0 else 4
        )
    for i in range(30):
        a = i / 30 * 2 * math.pi
        drawing += place(
            form(ellipse(0, 0, 25, 12), tone, shade=(6, 5), rim=(3, 3)),
            590 + math.cos(a) * 112,
            214 + math.sin(a) * 112,
            turn=math.degrees(a) + 56,
        )
    return (
        drawing
        + stroke('M590,326q-20,50 -34,90M590,326q20,50 34,90', '#b3261e', 10)
        + form(ellipse(590, 328, 22, 18), ('#c4281f', '#86140e', '#f0765c'), shade=(6, 6), rim=(3, 3))
    )


def paper_cut(rng: Random) -> str:
    """Return a red window-paper rosette with birds and blossoms, and scissors."""
    drawing = (
        shadow(400, 500, 270, 34)
        + form(smooth([(150, 80), (610, 80), (620, 530), (140, 530)], slack=24), CREAM, shade=(10, 12), rim=(5, 5))
        + oval(380, 302, 196, 196, '#b3261e')
    )
    paper = '#f6eddb'
    for i in range(24):
        a = i * math.pi / 12
        drawing += oval(380 + math.cos(a) * 184, 302 + math.sin(a) * 184, 15, 15, paper if i % 2 else '#b3261e') + oval(
            380 + math.cos(a) * 168, 302 + math.sin(a) * 168, 5, 5, paper
        )
    for i in range(8):
        petal = (
            fill('M0,-148C22,-124 22,-98 0,-84C-22,-98 -22,-124 0,-148Z', paper)
            + fill('M0,-134C9,-120 9,-108 0,-98C-9,-108 -9,-120 0,-134Z', '#b3261e')
            + fill('M44,-128L56,-104L36,-96Z', paper)
        )
        drawing += place(petal, 380, 302, turn=i * 45)
    drawing += oval(380, 302, 78, 78, paper) + oval(380, 302, 70, 70, '#b3261e')
    drawing += (
        fill('M328,316C340,270 372,262 392,282L424,268L410,292C426,312 414,344 384,346C368,346 352,338 346,326Z', paper)
        + fill('M346,316C366,296 386,304 396,320C380,332 360,330 346,316Z', '#b3261e')
        + oval(398, 290, 4, 4, '#b3261e')
        + stroke('M376,346l-4,18M388,346l4,18', paper, 5)
    )
    steel: Tone = ('#8f989c', '#5c656a', '#dde3e4')
    drawing += limb([(540, 330), (650, 450)], [4, 12], steel) + limb([(600, 320), (640, 450)], [4, 12], steel)
    return (
        drawing
        + stroke(ellipse(690, 490, 34, 26), '#b3261e', 14)
        + stroke(ellipse(628, 512, 26, 34), '#b3261e', 14)
        + oval(642, 442, 9, 9, '#3c4448')
    )


def handicraft(rng: Random) -> str:
    """Return embroidered sachets with tassels, a cloth tiger's bright hand."""
    drawing = shadow(400, 528, 260, 22) + stroke('M110,84H690', '#8a6130', 14) + stroke('M110,80H690', '#dcb67c', 5)
    for x, top, tone, petal in (
        (230, 190, ('#b3261e', '#7c1610', '#e0685c'), '#f6d27a'),
        (400, 230, ('#1f5a6a', '#123c48', '#5f98a8'), '#f7b6a4'),
        (570, 190, ('#c8862a', '#8f5a12', '#f0c070'), '#fff3dc'),
    ):
        drawing += _sachet(x, top, tone, petal)
    return drawing


def _sachet(x: float, top: float, tone: Tone, petal: str) -> str:
    drawing = stroke(f'M{x},84V{top}', WHEAT, 6) + ball(x, top - 16, 14, ('#4a8a70', '#24573c', '#a8d4c0'))
    body = smooth(
        [
            (x - 30, top + 4),
            (x + 30, top + 4),
            (x + 74, top + 64),
            (x + 70, top + 130),
            (x, top + 170),
            (x - 70, top + 130),
            (x - 74, top + 64),
        ]
    )
    drawing += form(body, tone, shade=(18, 16), rim=(7, 7)) + stroke(
        [(x - 50, top + 60), (x - 54, top + 116), (x, top + 150), (x + 46, top + 116), (x + 46, top + 60)],
        WHEAT,
        4,
        0.9,
    )
    for i in range(6):
        drawing += leaf(x, top + 94, 38, 14, i * 60, (petal, petal, tone[1]))
    drawing += oval(x, top + 94, 11, 11, '#f0b844') + form(
        smooth(
            [(x - 34, top - 4), (x, top + 8), (x + 34, top - 4), (x + 28, top + 22), (x, top + 30), (x - 28, top + 22)]
        ),
        tone,
        shade=(6, 6),
        rim=(3, 3),
    )
    return (
        drawing
        + ''.join(
            stroke(
                f'M{x + u * 3},{top + 176}q{u * 2},50 {u * 4},{96 - abs(u) * 3}',
                (tone[0], WHEAT, tone[2])[abs(u) % 3],
                5,
            )
            for u in range(-4, 5)
        )
        + ball(x, top + 176, 13, ('#f0b844', '#b07e22', '#ffe3a3'))
    )


def homestay(rng: Random) -> str:
    """Return a lit farmhouse at dusk with a lantern, a bench and birches."""
    drawing = fill(ridge(rng, 396, 10), '#8aa55a') + fill(ridge(rng, 470, 10), '#a9b864')
    for i in range(24):
        drawing += pine(
            i * 36 - 10 + rng.uniform(-8, 8), 404 + rng.uniform(-6, 6), rng.uniform(60, 120), '#4f7f66', '#3f6c56'
        )
    drawing += house(200, 500, 400, '#f3e6cd', '#7c4a38', '#ffd97a')
    points: list[Point] = [(330, 610), (372, 540), (386, 502), (432, 502), (446, 540), (500, 610)]
    drawing += (
        fill(polygon(points), '#ecdcb4')
        + stroke('M176,356V404', '#4c321c', 4)
        + ball(176, 424, 24, ('#d5302b', '#9c1713', '#f2705e'))
        + stroke('M176,448v22', WHEAT, 6)
    )
    drawing += (
        stroke('M624,356V404', '#4c321c', 4)
        + ball(624, 424, 24, ('#d5302b', '#9c1713', '#f2705e'))
        + stroke('M624,448v22', WHEAT, 6)
    )
    drawing += birch(86, 560, 330, ('#e0b24a', '#d39a38', '#a9b864')) + birch(
        724, 570, 360, ('#a9b864', '#c8b458', '#8fae62')
    )
    return drawing + stroke('M540,556h120M556,556v34M644,556v34', '#6b4a2c', 12) + stroke('M540,552h120', '#a8744a', 5)

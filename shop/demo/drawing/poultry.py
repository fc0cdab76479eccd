"""Eggs and the birds that lay them."""

import math
from random import Random

from shop.demo.drawing.shapes import (
    Tone,
    ball,
    ellipse,
    fill,
    form,
    limb,
    oval,
    place,
    shadow,
    smooth,
    stroke,
)
from shop.demo.drawing.vessels import plate

STRAW = ('#c79b4e', '#dcb668', '#a87c35', '#ecd08c', '#8f6a2c')
FEATHER: Tone = ('#f6f1e4', '#cfc6b0', '#fffdf8')


def _egg(rng: Random, r: float, tone: Tone) -> str:
    data = (
        f'M0,{-r * 1.28:.1f}C{r * 0.55:.1f},{-r * 1.28:.1f} {r:.1f},{-r * 0.42:.1f} '
        f'{r:.1f},{r * 0.14:.1f}C{r:.1f},{r * 0.68:.1f} {r * 0.56:.1f},{r:.1f} 0,{r:.1f}'
        f'C{-r * 0.56:.1f},{r:.1f} {-r:.1f},{r * 0.68:.1f} {-r:.1f},{r * 0.14:.1f}'
        f'C{-r:.1f},{-r * 0.42:.1f} {-r * 0.55:.1f},{-r * 1.28:.1f} 0,{-r * 1.28:.1f}Z'
    )
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
            (
                'M116,400C120,500 260,536 400,536C540,536 680,500 684,400C640,470 520,500 400,500C280,500 '
                '160,470 116,400Z'
            ),
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

"""Berries, orchard fruit, and what is made of them."""

import math
from random import Random

from shop.demo.drawing.plants import DEEP, FRESH, GREEN, dome, flower, heap, in_dome, leaf, twig
from shop.demo.drawing.shapes import Tone, ball, ellipse, fill, form, limb, oval, place, polygon, shadow, smooth, stroke
from shop.demo.drawing.vessels import CELADON, CREAM, WILLOW, basket, bottle, bowl, crate, jar, label, plate

BLUES: tuple[Tone, ...] = (
    ('#48598f', '#2b3766', '#8797c4'),
    ('#3f4f86', '#27305a', '#7c8cbd'),
    ('#566a9e', '#344374', '#9dadd4'),
)
GRAPE: Tone = ('#4b2a55', '#2c1534', '#8d6a9a')
RED: Tone = ('#d5302b', '#9c1713', '#f2705e')


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


def _bunch(x: float, y: float, r: float, tone: Tone, rows: int = 6) -> str:
    """A hanging bunch: narrow shoulders, a full belly, a pointed end."""
    counts = {4: (2, 3, 2, 1), 6: (2, 3, 4, 3, 3, 2)}[rows]
    drawing = ''
    for row, count in enumerate(counts):
        for i in range(count):
            u = i - (count - 1) / 2
            drawing += ball(x + u * r * 1.62 + row % 2 * 3, y + row * r * 1.34 - abs(u) * r * 0.3, r, tone, 0.6)
    return drawing + (ball(x, y + rows * r * 1.26, r * 0.9, tone, 0.6) if rows > 4 else '')


def grape(rng: Random) -> str:
    """Return bunches of grapes under their leaves."""
    drawing = shadow(400, 528, 260, 26) + twig([(90, 112), (280, 92), (480, 116), (720, 88)], 15)
    drawing += (
        leaf(210, 110, 180, 84, 130, DEEP, 11)
        + leaf(620, 100, 190, 86, 52, GREEN, 11)
        + _bunch(230, 200, 32, GRAPE)
        + _bunch(576, 196, 32, ('#5c3168', '#361a40', '#9d78aa'))
    )
    drawing += leaf(400, 96, 190, 92, 96, FRESH, 12) + _bunch(404, 190, 39, GRAPE)
    return drawing + ''.join(
        shadow(x, y + 26, 28, 7) + ball(x, y, 30, GRAPE) for x, y in ((650, 504), (146, 508), (700, 520))
    )


def pear(rng: Random) -> str:
    """Return apple pears: round, speckled, with a rosy side, one cut."""
    tone: Tone = ('#d9bd5a', '#a88a34', '#f3e4a0')
    drawing = shadow(400, 526, 300, 30) + leaf(410, 184, 150, 44, -160, GREEN) + leaf(420, 180, 160, 46, -24, DEEP)
    for x, y, r in ((270, 380, 116), (530, 384, 112), (404, 310, 124)):
        drawing += _apple_pear(rng, x, y, r, tone)
    drawing += (
        shadow(656, 530, 80, 12)
        + form(ellipse(652, 474, 82, 76), tone, shade=(10, 8), rim=(5, 5))
        + oval(650, 472, 72, 66, '#fbf3dc')
        + oval(650, 474, 30, 32, '#f0e2b8')
    )
    return (
        drawing
        + leaf(650, 496, 36, 9, -90, ('#6b4a2c', '#4c321c', '#97714a'))
        + ''.join(oval(x, 474, 6, 11, '#4c321c', 1, turn) for x, turn in ((638, 16), (664, -16)))
    )


def _apple_pear(rng: Random, x: float, y: float, r: float, tone: Tone) -> str:
    data = smooth(
        [
            (x - r * 0.3, y - r * 0.92),
            (x, y - r * 0.84),
            (x + r * 0.32, y - r * 0.92),
            (x + r * 0.86, y - r * 0.5),
            (x + r, y + r * 0.1),
            (x + r * 0.68, y + r * 0.78),
            (x, y + r * 0.96),
            (x - r * 0.68, y + r * 0.78),
            (x - r, y + r * 0.1),
            (x - r * 0.86, y - r * 0.5),
        ]
    )
    specks = oval(x + r * 0.3, y + r * 0.1, r * 0.42, r * 0.56, '#c8603a', 0.34, -14) + oval(
        x + r * 0.36, y + r * 0.14, r * 0.26, r * 0.4, '#c0482e', 0.3, -14
    )
    for _ in range(26):
        turn, reach = rng.uniform(0, 2 * math.pi), r * 0.8 * math.sqrt(rng.random())
        specks += oval(x + math.cos(turn) * reach, y + math.sin(turn) * reach, 2.4, 2.2, '#fbf0bc', 0.85)
    dip = oval(x, y - r * 0.78, r * 0.2, r * 0.08, tone[1], 0.8) + limb(
        [(x, y - r * 0.78), (x + 8, y - r), (x + 20, y - r * 1.14)], [5, 4, 6], ('#6b4a2c', '#4c321c', '#97714a')
    )
    return (
        form(data, tone, shade=(r * 0.2, r * 0.18), rim=(r * 0.07, r * 0.07), inner=specks)
        + oval(x - r * 0.44, y - r * 0.42, r * 0.14, r * 0.24, '#fff', 0.45, 36)
        + dip
    )


def kiwi(rng: Random) -> str:
    """Return hardy kiwis, smooth and green, whole and cut."""
    tone: Tone = ('#7d9f45', '#547526', '#b9d17c')
    drawing = leaf(480, 320, 190, 76, -40, GREEN, 6) + leaf(310, 330, 180, 70, 214, DEEP, 6) + plate(390, 480, 290, 70)
    for x, y, turn in (
        (230, 440, -12),
        (330, 400, 14),
        (450, 396, -10),
        (560, 440, 12),
        (290, 340, 6),
        (400, 320, -4),
        (500, 344, 8),
    ):
        drawing += place(
            form(ellipse(0, 0, 68, 54), tone, shade=(14, 13), rim=(5, 5))
            + oval(-26, -22, 16, 8, '#fff', 0.5, -24)
            + oval(64, 2, 7, 7, '#5a4424'),
            x,
            y,
            turn=turn,
        )
    for x, y in ((342, 478), (470, 486)):
        drawing += _kiwi_half(x, y)
    return drawing


def _kiwi_half(x: float, y: float) -> str:
    drawing = (
        oval(x + 4, y + 6, 76, 62, '#3a5218', 0.4)
        + oval(x, y, 76, 62, '#6b8c36')
        + oval(x, y, 69, 55, '#b3d36a')
        + oval(x, y, 50, 40, '#9cc452')
    )
    rays = ''.join(
        f'M{x + math.cos(a) * 22:.1f},{y + math.sin(a) * 16:.1f}L{x + math.cos(a) * 60:.1f},{y + math.sin(a) * 47:.1f}'
        for a in [i * math.pi / 9 for i in range(18)]
    )
    seeds = ''.join(
        oval(x + math.cos(a) * 34, y + math.sin(a) * 26, 3.4, 5.4, '#231c10', 1, math.degrees(a) + 90)
        for a in [0.17 + i * math.pi / 8 for i in range(16)]
    )
    return drawing + stroke(rays, '#d6ea9c', 2.4, 0.7) + seeds + oval(x, y, 19, 13, '#f0f4cc')


def dried_fruit(rng: Random) -> str:
    """Return dried plums and berries in a bowl with some before it."""
    tones: tuple[Tone, ...] = (
        ('#8f3a2a', '#5c1e14', '#c8745c'),
        ('#b0762c', '#7a4c14', '#e0b068'),
        ('#6a2f44', '#42182a', '#a06478'),
    )
    back, front = bowl(390, 380, 210, 48, 130, CELADON, '#22413a', '#e8d9b4')

    def piece(x: float, y: float) -> str:
        tone = rng.choice(tones)
        r = rng.uniform(27, 34)
        data = smooth(
            [
                (x - r, y),
                (x - r * 0.5, y - r * 0.68),
                (x + r * 0.3, y - r * 0.74),
                (x + r, y - r * 0.1),
                (x + r * 0.5, y + r * 0.66),
                (x - r * 0.4, y + r * 0.6),
            ]
        )
        wrinkles = stroke(
            f'M{x - r * 0.6:.0f},{y:.0f}q{r * 0.4:.0f},-{r * 0.4:.0f} {r * 0.8:.0f},-{r * 0.12:.0f}M{x - r * 0.4:.0f},{y + r * 0.3:.0f}q{r * 0.4:.0f},-{r * 0.3:.0f} {r * 0.8:.0f},0',
            tone[1],
            3,
            0.7,
        )
        return form(data, tone, shade=(8, 7), rim=(4, 4), inner=wrinkles)

    drawing = (
        shadow(400, 518, 230, 28)
        + leaf(540, 320, 170, 48, -36, GREEN)
        + back
        + fill(dome(390, 384, 190, 128), '#6a2f24')
    )
    drawing += heap(in_dome(rng, 62, 390, 380, 190, 128), piece) + front
    return drawing + heap([(640, 500), (700, 520), (150, 510), (210, 530), (600, 536)], piece)


def jam(rng: Random) -> str:
    """Return a jar of berry jam with a cloth lid, bread and berries."""
    drawing = shadow(330, 524, 150, 22) + shadow(590, 520, 150, 18) + leaf(450, 300, 170, 50, -34, GREEN)
    drawing += jar(310, 170, 520, 140, ('#5a2a4e', '#341330', '#94608a'), '#b3261e') + label(310, 394, 190, 150)
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
        ('#5a2a4e', '#341330', '#94608a'),
        shade=(8, 8),
        rim=(4, 4),
    )
    return (
        drawing
        + crust
        + crumb
        + spread
        + oval(576, 436, 22, 7, '#fff', 0.4, -14)
        + ''.join(
            _blueberry(x, y, r, rng)
            for x, y, r in ((146, 500, 32), (104, 520, 28), (480, 530, 27), (640, 440, 20), (600, 452, 19))
        )
    )


def _wine_glass(tone: Tone) -> str:
    glass = 'M-72,0C-84,94 -58,152 0,156C58,152 84,94 72,0Z'
    drawing = fill(glass, '#fff', 0.38) + form(
        'M-74,50C-74,110 -48,148 0,150C48,148 74,110 74,50Z', tone, shade=(18, 6), rim=(6, 0)
    )
    drawing += oval(0, 50, 74, 13, tone[2]) + oval(0, 0, 72, 12, '#fff', 0.45) + stroke(glass, '#f5e9ec', 4, 0.9)
    drawing += (
        stroke('M0,156V264', '#f0e2e6', 9, 0.95)
        + stroke('M3,158V264', '#b796a4', 3, 0.6)
        + oval(0, 274, 66, 12, '#e6d3da')
        + oval(-4, 271, 58, 8, '#f7edef')
    )
    return drawing + stroke('M-54,20C-58,64 -50,94 -38,114', '#fff', 7, 0.75)


def grape_wine(rng: Random) -> str:
    """Return a bottle of mountain grape wine, a glass and a bunch."""
    wine: Tone = ('#7c1f3b', '#561029', '#a83d58')
    drawing = shadow(300, 528, 120, 18) + shadow(530, 530, 110, 16) + shadow(640, 534, 130, 18)
    drawing += bottle(300, 58, 524, 74, ('#3d1f31', '#241019', '#7a4a63'), neck=0.5, cap='#a2352e') + label(
        300, 388, 136, 144
    )
    drawing += (
        place(_wine_glass(wine), 510, 236)
        + leaf(646, 400, 140, 56, -58, GREEN, 8)
        + leaf(640, 410, 120, 48, -130, FRESH, 8)
    )
    return drawing + stroke([(640, 372), (648, 402), (640, 430)], '#6b4a2c', 8) + _bunch(648, 432, 25, GRAPE, 4)


def grape_juice(rng: Random) -> str:
    """Return a flask of dark juice, a tumbler and grapes."""
    juice: Tone = ('#6b2352', '#431232', '#a45c8a')
    drawing = (
        shadow(290, 528, 130, 18)
        + shadow(520, 524, 100, 16)
        + bottle(290, 100, 524, 104, juice, neck=0.4, cap='#1f4d3a')
        + label(290, 404, 170, 140)
    )
    tumbler = smooth([(440, 290), (600, 290), (588, 510), (520, 520), (452, 510)], slack=12)
    drawing += form(tumbler, ('#f3eef0', '#d3c6cc', '#fff'), shade=(14, 4), rim=(6, 0)) + form(
        smooth([(450, 350), (590, 350), (580, 500), (520, 508), (460, 500)], slack=12), juice, shade=(16, 4), rim=(6, 0)
    )
    drawing += (
        oval(520, 350, 70, 13, juice[2]) + oval(520, 290, 80, 14, '#fff', 0.6) + stroke('M466,320V460', '#fff', 8, 0.6)
    )
    return drawing + leaf(680, 410, 120, 52, -110, GREEN, 8) + _bunch(672, 424, 27, GRAPE, 4)


def vinegar(rng: Random) -> str:
    """Return a bottle of fruit vinegar with its grapes and a small dish."""
    amber: Tone = ('#b0482c', '#7c2a16', '#e08c64')
    drawing = (
        shadow(330, 528, 110, 18)
        + shadow(590, 524, 140, 14)
        + leaf(430, 330, 170, 56, -34, GREEN, 8)
        + bottle(330, 60, 524, 84, amber, neck=0.34, cap='#6b4a2c')
        + label(330, 390, 146, 140)
    )
    back, front = bowl(580, 466, 104, 25, 52, CREAM, '#d8c7a7', '#b3261e')
    return (
        drawing
        + back
        + oval(580, 472, 86, 16, '#8f3420')
        + oval(556, 468, 34, 5, '#e08c64', 0.7)
        + front
        + _bunch(150, 420, 25, ('#a33a52', '#6b1c30', '#d8808e'), 4)
    )


def picking_garden(rng: Random) -> str:
    """Return rows of strawberries on raised beds under a greenhouse's hoops, a full basket in front."""
    drawing = ''
    for half, top, width in ((420, 60, 12), (340, 120, 9), (260, 176, 7), (190, 222, 5)):
        hoop = f'M{400 - half},440V{top + half * 0.5:.0f}Q{400 - half},{top} 400,{top}Q{400 + half},{top} {400 + half},{top + half * 0.5:.0f}V440'
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


def orchard_box(rng: Random) -> str:
    """Return a wooden box of apple pears, the orchard's other face."""
    drawing = shadow(400, 540, 300, 26) + leaf(300, 260, 160, 46, -140, GREEN) + leaf(500, 250, 170, 48, -40, DEEP)
    for x, y, r in (
        (240, 350, 78),
        (400, 340, 82),
        (560, 350, 78),
        (320, 280, 74),
        (480, 278, 74),
        (400, 400, 76),
        (270, 410, 70),
        (536, 410, 70),
    ):
        drawing += _apple_pear(rng, x, y, r, ('#d9bd5a', '#a88a34', '#f3e4a0'))
    return drawing + crate(130, 410, 540, 130)

"""Grapes and what is pressed from them."""

from random import Random

from shop.demo.drawing.plants import DEEP, FRESH, GREEN, leaf, twig
from shop.demo.drawing.shapes import Tone, ball, fill, form, oval, place, shadow, smooth, stroke
from shop.demo.drawing.vessels import CREAM, bottle, bowl, label

GRAPE: Tone = ('#4b2a55', '#2c1534', '#8d6a9a')


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

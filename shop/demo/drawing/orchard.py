"""Fruit of the trees, fresh and dried."""

import math
from random import Random

from shop.demo.drawing.plants import DEEP, GREEN, dome, heap, in_dome, leaf
from shop.demo.drawing.shapes import Tone, ellipse, fill, form, limb, oval, place, shadow, smooth, stroke
from shop.demo.drawing.vessels import CELADON, bowl, crate, plate


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
        (
            f'M{x + math.cos(a) * 22:.1f},{y + math.sin(a) * 16:.1f}'
            f'L{x + math.cos(a) * 60:.1f},{y + math.sin(a) * 47:.1f}'
        )
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
            (
                f'M{x - r * 0.6:.0f},{y:.0f}q{r * 0.4:.0f},-{r * 0.4:.0f} {r * 0.8:.0f},-{r * 0.12:.0f}'
                f'M{x - r * 0.4:.0f},{y + r * 0.3:.0f}q{r * 0.4:.0f},-{r * 0.3:.0f} {r * 0.8:.0f},0'
            ),
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

"""Beans, tubers, and their starch."""

from collections.abc import Sequence
from random import Random

from shop.demo.drawing.plants import DEEP, GREEN, dome, heap, in_dome, leaf
from shop.demo.drawing.shapes import (
    Tone,
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
from shop.demo.drawing.vessels import CLAY, CREAM, LINEN, WILLOW, basket, bowl, plate, pouch, sack


def _pulses(rng: Random, tones: Sequence[Tone], front_pods: str) -> str:
    drawing = shadow(390, 522, 260, 26) + sack(210, 150, 500, 120)

    def bean(x: float, y: float) -> str:
        tone = rng.choice(tones)
        return oval(x + 2, y + 3, 15, 13, tone[1]) + oval(x, y, 14, 12.4, tone[0]) + oval(x - 4, y - 4, 4.4, 3, tone[2])

    back, front = bowl(480, 400, 180, 42, 112, CLAY, '#4a2a1b')
    drawing += (
        back + fill(dome(480, 404, 166, 110), tones[0][1]) + heap(in_dome(rng, 190, 480, 400, 162, 108), bean) + front
    )
    return drawing + front_pods + heap([(680, 500), (716, 522), (650, 530), (120, 532), (310, 540)], bean)


def soy(rng: Random) -> str:
    """Return golden soybeans with their furry pods."""
    tone: Tone = ('#e6c66e', '#b8913c', '#fbeeb8')
    pods = place(_pod(('#a8b060', '#78803a', '#d2d892')), 600, 236, turn=28) + place(
        _pod(('#b8a860', '#887834', '#e0d498')), 650, 300, turn=60
    )
    return _pulses(
        rng,
        [tone, ('#dcb95c', '#ab8634', '#f5e2a0')],
        leaf(590, 230, 120, 50, -90, GREEN) + leaf(600, 230, 110, 46, -20, DEEP) + pods,
    )


def _pod(tone: Tone) -> str:
    drawing = limb([(-80, -8), (-30, 10), (30, 10), (84, -14)], [6, 26, 26, 5], tone)
    return drawing + ''.join(oval(x, y, 17, 15, tone[2], 0.55) for x, y in ((-36, 3), (2, 7), (38, 2)))


def beans(rng: Random) -> str:
    """Return four heaps of beans, red, green, black and white, on one tray."""
    drawing = plate(400, 430, 320, 120, ('#c9a26a', '#94703c', '#e2c494'))
    heaps: tuple[tuple[float, float, Tone], ...] = (
        (280, 392, ('#9c2f2a', '#681814', '#d87a68')),
        (520, 392, ('#7f9a48', '#56702a', '#b9cf84')),
        (270, 476, ('#3a3436', '#1c181a', '#7c7478')),
        (530, 476, ('#f0e4c8', '#c4ac7c', '#fffaf0')),
    )
    for cx, base, tone in heaps:
        drawing += fill(dome(cx, base, 120, 86), tone[1])
        for x, y in in_dome(rng, 96, cx, base, 118, 84):
            turn = rng.uniform(-50, 50)
            drawing += (
                oval(x, y + 2, 15, 10, tone[1], 1, turn)
                + oval(x, y, 14, 9, tone[0], 1, turn)
                + oval(x - 3, y - 3, 5, 2.4, tone[2], 0.85, turn)
            )
    return (
        drawing
        + place(_pod(('#8fa850', '#637a30', '#c4d68c')), 400, 290, turn=-16)
        + leaf(470, 290, 110, 46, -40, GREEN)
    )


def potato(rng: Random) -> str:
    """Return potatoes spilling from a sack, one cut open."""
    tone: Tone = ('#c99a5c', '#946a34', '#e6c48e')
    drawing = shadow(400, 528, 320, 28) + sack(570, 150, 510, 140, LINEN)
    for x, y, rx, ry, turn in (
        (230, 400, 92, 70, -16),
        (380, 390, 88, 68, 12),
        (300, 320, 84, 64, 4),
        (170, 480, 84, 62, 8),
        (330, 480, 96, 70, -6),
        (480, 478, 84, 62, 14),
    ):
        lumps = smooth(
            [
                (-rx, 0),
                (-rx * 0.7, -ry * 0.8),
                (0, -ry * 0.92),
                (rx * 0.7, -ry * 0.86),
                (rx, -ry * 0.1),
                (rx * 0.72, ry * 0.8),
                (0, ry),
                (-rx * 0.74, ry * 0.76),
            ]
        )
        eyes = ''.join(
            stroke(
                f'M{rng.uniform(-rx * 0.6, rx * 0.4):.0f},{rng.uniform(-ry * 0.5, ry * 0.5):.0f}q7,6 15,1', tone[1], 4
            )
            for _ in range(5)
        )
        drawing += shadow(x, y + ry * 0.86, rx * 0.9, 12) + place(
            form(lumps, tone, shade=(18, 16), rim=(6, 6), inner=eyes), x, y, turn=turn
        )
    drawing += (
        oval(640, 536, 70, 14, '#3a2410', 0.25)
        + form(ellipse(636, 496, 74, 52), tone, shade=(8, 6), rim=(4, 4))
        + oval(632, 492, 65, 44, '#f6e3a4')
        + oval(626, 486, 44, 26, '#fbf0c6')
    )
    return drawing


def peanut(rng: Random) -> str:
    """Return peanuts heaped in a basket, some shelled."""
    shell: Tone = ('#d9b078', '#a57c44', '#f0d4a4')
    drawing = shadow(390, 532, 260, 26)

    def piece(x: float, y: float) -> str:
        return place(_peanut(shell), x, y, turn=rng.uniform(-70, 70), scale=rng.uniform(0.86, 1.04))

    drawing += (
        fill(dome(390, 380, 240, 150), '#a57c44')
        + heap(in_dome(rng, 46, 390, 376, 226, 140), piece)
        + basket(390, 384, 530, 250)
    )
    for x, y in ((680, 500), (720, 530), (110, 520), (660, 540)):
        drawing += shadow(x, y + 18, 24, 7) + form(
            ellipse(x, y, 26, 19), ('#b5553a', '#7c3020', '#e09878'), shade=(6, 6), rim=(3, 3)
        )
    return drawing


def _peanut(tone: Tone) -> str:
    data = smooth(
        [(-58, 0), (-44, -26), (-16, -22), (8, -17), (34, -27), (58, 0), (36, 27), (8, 18), (-16, 22), (-44, 26)]
    )
    net = stroke(
        (
            'M-46,-8q22,-10 40,-4t44,-4M-48,6q24,8 44,2t44,4M-34,-20q-8,20 2,40M-14,-16q-6,16 0,32'
            'M18,-18q8,18 0,34M38,-20q8,20 0,38'
        ),
        tone[1],
        2.6,
        0.6,
    )
    return oval(4, 6, 56, 24, '#5f431c', 0.3) + form(data, tone, shade=(8, 9), rim=(4, 4), inner=net)


def vermicelli(rng: Random) -> str:
    """Return glassy starch noodles in folded skeins, hung and on a tray."""
    drawing = stroke('M90,96H710', '#8a6130', 15) + stroke('M90,92H710', '#dcb67c', 5)
    for i in range(5):
        x = 190 + i * 104
        drawing += fill(
            smooth([(x - 40, 96), (x + 40, 96), (x + 34, 330), (x, 346), (x - 34, 330)], slack=10), '#d5c8ac'
        )
        for k in range(9):
            u = (k - 4) / 4.4
            drawing += stroke(
                (
                    f'M{x + u * 40:.0f},96Q{x + u * 44:.0f},220 '
                    f'{x + u * 32 + rng.uniform(-4, 4):.0f},{334 + rng.uniform(-8, 8):.0f}'
                ),
                ('#f6eedd', '#e6dac0', '#fffaf0')[k % 3],
                5.5,
            )
        drawing += stroke(f'M{x - 40},98q40,14 80,0', '#b3261e', 7)
    drawing += plate(400, 470, 290, 80, WILLOW)
    for x, y in ((280, 450), (400, 436), (520, 450), (400, 480)):
        for k in range(7):
            drawing += stroke(ellipse(x, y, 74 - k * 9, 34 - k * 4), ('#f6eedd', '#d8caac', '#fffaf0')[k % 3], 5.5)
    return drawing


def flour(rng: Random) -> str:
    """Return a bag of starch with a scoop of white powder."""
    drawing = (
        shadow(300, 528, 150, 20)
        + shadow(590, 524, 160, 16)
        + pouch(290, 150, 520, 120, CREAM)
        + fill(dome(590, 500, 140, 90), '#e6dcc8')
    )
    drawing += fill(dome(584, 494, 128, 86), '#fbf7ec') + ''.join(
        oval(rng.uniform(500, 670), rng.uniform(440, 510), 4, 3, '#e6dcc8') for _ in range(20)
    )
    return (
        drawing
        + limb([(700, 340), (640, 440)], [11, 13], WILLOW)
        + form(ellipse(610, 456, 62, 30), WILLOW, shade=(8, 6), rim=(4, 4))
        + oval(606, 448, 50, 20, '#fffdf6')
    )

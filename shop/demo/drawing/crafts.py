"""Work of the hands, and a night in the village."""

import math
from random import Random

from shop.demo.drawing.landscapes import birch, house, pine
from shop.demo.drawing.plants import leaf
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
from shop.demo.drawing.vessels import CREAM, WHEAT


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
        fill(
            ('M328,316C340,270 372,262 392,282L424,268L410,292C426,312 414,344 384,346C368,346 352,338 346,326Z'), paper
        )
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

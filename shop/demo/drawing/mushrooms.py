"""Mushrooms of the forest and of the oak log."""

import math
from random import Random

from shop.demo.drawing.plants import AUTUMN, RUST, grass, leaf
from shop.demo.drawing.shapes import Point, Tone, ellipse, fill, form, limb, oval, place, shadow, smooth, stroke

EARS: tuple[Tone, ...] = (
    ('#5d392b', '#2c1912', '#a8745a'),
    ('#4a2c22', '#22130d', '#8f6049'),
    ('#6e4635', '#382117', '#ba8668'),
)


def black_fungus(rng: Random) -> str:
    """Return ruffled ears on an oak log."""
    drawing = shadow(410, 540, 340, 26) + _log(rng, 60, 388, 690, 156)
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
    cap = (
        f'M{-rx},8C{-rx},{-ry * 0.62:.1f} {-rx * 0.52:.1f},{-ry} 0,{-ry}C{rx * 0.52:.1f},{-ry} '
        f'{rx},{-ry * 0.62:.1f} {rx},8C{rx * 0.55:.1f},{-ry * 0.22:.1f} '
        f'{-rx * 0.55:.1f},{-ry * 0.22:.1f} {-rx},8Z'
    )
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
    drawing = shadow(420, 540, 260, 30, '#22301a', 0.35) + _log(rng, 112, 440, 590, 126)
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


def _log(rng: Random, x: float, y: float, width: float, height: float) -> str:
    """Return an oak log lying on the ground, its cut end to the right."""
    low, right = y + height, x + width
    tone: Tone = ('#7a573d', '#4a3122', '#a98359')
    data = smooth(
        [
            (x, y + height * 0.4),
            (x + 40, y + 4),
            (x + width * 0.5, y - 2),
            (right - 30, y + 6),
            (right, y + height * 0.5),
            (right - 30, low - 4),
            (x + width * 0.5, low + 2),
            (x + 40, low - 6),
        ],
        slack=7,
    )
    marks = ['', '']
    for i in range(22):
        my = y + 14 + (height - 28) * rng.random()
        marks[i % 2] += (
            f'M{rng.uniform(x + 34, right - 180):.0f},{my:.0f}q40,{rng.uniform(-6, 6):.0f} {rng.uniform(60, 110):.0f},0'
        )
    bark = stroke(marks[0], '#54382a', 5, 0.7) + stroke(marks[1], '#9b7653', 4, 0.6)
    cx, cy, rx, ry = right - 34, y + height * 0.5, height * 0.3, height * 0.47
    end = form(ellipse(cx, cy, rx, ry), ('#d9b583', '#a87f50', '#ecd2a6'), shade=(8, 8), rim=(4, 4))
    rings = ''.join(stroke(ellipse(cx, cy, rx * t, ry * t), '#b58a58', 3, 0.8) for t in (0.74, 0.5, 0.26))
    return form(data, tone, shade=(12, height * 0.26), rim=(4, 9), inner=bark) + end + rings

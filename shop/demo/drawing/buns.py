"""Drawings of sticky bean buns in their steamer."""

from random import Random

from shop.demo.drawing.plants import leaf
from shop.demo.drawing.shapes import Tone, form, oval, place, rounded, shadow, smooth, stroke

BAMBOO: Tone = ('#d9ac68', '#a97a3b', '#efcf97')
MILLET_DOUGH: Tone = ('#efc75e', '#c4953a', '#fae7a8')
RICE_DOUGH: Tone = ('#f7eed6', '#d5c29a', '#ffffff')
PERILLA: Tone = ('#6f9a4e', '#4c7437', '#a9c684')
PASTE: Tone = ('#7c2f27', '#551c18', '#a8564a')


def bean_buns(rng: Random) -> str:
    """Return buns of yellow and white sticky dough on leaves in a bamboo steamer, one opened on its red beans."""
    drawing = shadow(380, 540, 300, 30)
    drawing += form(rounded(96, 420, 568, 110, 34), BAMBOO, shade=(14, 16), rim=(6, 6))
    drawing += ''.join(stroke(f'M{x},434V520', BAMBOO[1], 5, 0.5) for x in range(140, 650, 46))
    drawing += stroke('M100,456H660M104,500H656', BAMBOO[1], 7, 0.75)
    drawing += oval(380, 420, 284, 62, BAMBOO[2]) + oval(380, 422, 262, 50, BAMBOO[1])
    back = ((236, 372, RICE_DOUGH), (380, 352, MILLET_DOUGH), (524, 372, RICE_DOUGH))
    front = ((168, 414, MILLET_DOUGH), (308, 420, MILLET_DOUGH), (452, 420, RICE_DOUGH), (592, 414, MILLET_DOUGH))
    for x, y, dough in (*back, *front):
        drawing += place(_bun(rng, dough), x, y)
    drawing += _opened(662, 498)
    return drawing + _steam()


def _bun(rng: Random, dough: Tone) -> str:
    drawing = leaf(-84, 14, 168, 40, rng.uniform(-3, 3), PERILLA, 5)
    drawing += oval(6, 16, 70, 16, '#3a2410', 0.25)
    dome = smooth([(-72, 10), (-66, -36), (-34, -76), (4, -88), (42, -74), (70, -34), (74, 10), (40, 26), (-40, 26)])
    drawing += form(dome, dough, shade=(18, 16), rim=(8, 8))
    drawing += oval(-26, -50, 15, 9, '#fff', 0.7, -36)
    spots = [(rng.uniform(-46, 46), rng.uniform(-48, 10)) for _ in range(8)]
    return drawing + ''.join(oval(x, y, 2.4, 1.8, dough[1], 0.45) for x, y in spots)


def _opened(x: float, y: float) -> str:
    half = smooth([(-66, 26), (-62, -14), (-34, -52), (4, -62), (42, -48), (66, -10), (66, 26), (0, 38)])
    filled = smooth([(-42, 18), (-38, -10), (-6, -32), (30, -20), (44, 8), (30, 24), (-20, 28)])
    beans = ((-18, 2), (6, -12), (24, 6), (2, 14), (-30, 12))
    drawing = shadow(0, 32, 78, 14) + form(half, MILLET_DOUGH, shade=(12, 12), rim=(7, 7))
    drawing += form(filled, PASTE, shade=(8, 8), rim=(4, 4))
    return place(drawing + ''.join(oval(bx, by, 9, 6.5, PASTE[2], 0.9, -20) for bx, by in beans), x, y)


def _steam() -> str:
    curls = ('M270,250q-26,-34 0,-66t0,-64', 'M380,226q-26,-36 0,-70t0,-66', 'M490,250q-26,-34 0,-66t0,-64')
    return ''.join(stroke(curl, '#ffffff', 11, 0.6) for curl in curls)

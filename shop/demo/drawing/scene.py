"""Where goods stand: a wall of light, a pale disc, far ridges, and a table or the ground in front."""

from dataclasses import dataclass
from random import Random

from shop.demo.drawing.plants import flower, grass, leaf
from shop.demo.drawing.shapes import fill, oval, ridge, stroke

WIDTH, HEIGHT = 960, 720
FIELD = 800  # the drawings' own field is 800 by 600


@dataclass(frozen=True)
class Setting:
    """The colours behind and below the goods, and what the season adds."""

    wall: str
    disc: str
    far: str
    near: str
    table: str
    edge: str
    grain: str
    season: str = ''


SAGE = Setting('#dfe6d3', '#f0f1e0', '#c3d2bd', '#a3bba4', '#b98a56', '#d3a873', '#9c7142')
DAWN = Setting('#f3ddc8', '#fbeedd', '#e3bfa6', '#c99f8b', '#8c5b3d', '#ad7852', '#6f452c')
MIST = Setting('#d5e1e4', '#eaf0ee', '#b5cad0', '#92b0b6', '#c9a57a', '#dfc39d', '#ad8759')
WHEAT = Setting('#f4e6c3', '#fdf5de', '#e2cd9b', '#c6b27c', '#a8743f', '#c8965a', '#875a2c', 'autumn')
PLUM = Setting('#e6d3da', '#f5e8ea', '#cdb1be', '#a98b9e', '#7b5644', '#9b715a', '#603f31')
LINEN = Setting('#e9e2d4', '#f8f4ea', '#cfc9b8', '#b1ae9c', '#e4d3bb', '#f3e8d6', '#cdb796', 'cloth')
SNOW = Setting('#d3dee6', '#f2f4f1', '#e6edf0', '#c5d5dc', '#9a7556', '#b99372', '#7d5c42', 'snow')
SPRING = Setting('#e6ebd6', '#f8f6e6', '#cbd9b6', '#aac49a', '#cda679', '#e4c49c', '#b0875a', 'spring')
ROSE = Setting('#f6dcd4', '#fdf0ea', '#e6bfb6', '#cfa79e', '#e3cfb0', '#f4e8d2', '#cbb28a', 'cloth')
PINE = Setting('#c9d8cc', '#e6ede2', '#9fbcaa', '#7ba08d', '#2f5a46', '#44785f', '#24483a')
CREAM = Setting('#efe6cc', '#faf5e3', '#d3d3b0', '#b0bb97', '#2f5a46', '#44785f', '#24483a')
INDIGO = Setting('#dbe0ea', '#f1f2f4', '#b9c3d6', '#96a4bd', '#4c5a78', '#66769a', '#3b4762', 'cloth')
MOSS = Setting('#dbe4c9', '#eff2dc', '#b7caa0', '#8fac7f', '#5d7c4c', '#7d9b62', '#4a673d', 'ground')
FOREST = Setting('#f3dcc4', '#fcefdd', '#dfbd9f', '#b98f72', '#6b6a3c', '#8a8750', '#545430', 'ground')
COPSE = Setting('#d3e2e0', '#eef4ee', '#a9c6bd', '#7fa595', '#55795a', '#72976f', '#446549', 'ground')

ON_TABLE = (WHEAT, MIST, SAGE, DAWN, LINEN, SNOW, PLUM)
ON_GROUND = (MOSS, FOREST, COPSE)


def compose(body: str, setting: Setting, rng: Random, *, horizon: float = 402, sun: float = 400) -> str:
    """Return the whole SVG: the setting, the season's touch, then the goods."""
    disc = oval(sun + rng.uniform(-30, 30), 180 + rng.uniform(-14, 14), rng.uniform(150, 182), None, setting.disc)
    hills = fill(ridge(rng, horizon - 92, 34, steps=7), setting.far) + fill(
        ridge(rng, horizon - 40, 22, steps=10), setting.near
    )
    ground = _ground(rng, setting, horizon) if setting.season == 'ground' else _table(rng, setting, horizon)
    return svg(fill('M0,0H800V600H0Z', setting.wall) + disc + hills + _season(rng, setting) + ground + body)


def svg(body: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Wrap a drawing made in an 800-wide field."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f'<g transform="scale({width / FIELD:.4f})">{body}</g></svg>'
    )


def _table(rng: Random, setting: Setting, y: float) -> str:
    top = f'M-10,{y + 6:.0f}Q400,{y - 10:.0f} 810,{y + 6:.0f}'
    drawing = fill(f'{top}V610H-10Z', setting.table)
    drawing += fill(f'{top}V{y + 14:.0f}Q400,{y - 2:.0f} -10,{y + 14:.0f}Z', setting.edge)
    if setting.season == 'cloth':
        for i, width in enumerate((4, 12, 4)):
            drawing += stroke(
                f'M-10,{y + 146 + i * 17:.0f}Q400,{y + 132 + i * 17:.0f} 810,{y + 146 + i * 17:.0f}',
                setting.grain,
                width,
                0.7,
            )
        return drawing
    for i in range(5):
        x, low = rng.random() * 500 - 60, y + 50 + i * 34 + rng.random() * 12
        drawing += stroke(f'M{x:.0f},{low:.0f}q{90 + i * 20},-6 {220 + i * 50},0', setting.grain, 3, 0.5)
    return drawing


def _ground(rng: Random, setting: Setting, y: float) -> str:
    return (
        fill(ridge(rng, y + 10, 9, steps=8), setting.table)
        + fill(ridge(rng, y + 90, 12, steps=6), setting.grain, 0.55)
        + grass(rng, 50, y + 24, y + 110)
    )


def _season(rng: Random, setting: Setting) -> str:
    if setting.season == 'snow':
        flakes = (
            oval(rng.uniform(0, 800), rng.uniform(10, 380), size, size, '#fff', 0.85)
            for size in [rng.uniform(2, 5) for _ in range(44)]
        )
        return ''.join(flakes)
    if setting.season == 'spring':
        branch = stroke([(810, 44), (720, 66), (640, 54), (566, 78)], '#8a6a52', 8) + stroke(
            [(690, 62), (660, 100), (640, 112)], '#8a6a52', 5
        )
        spots = ((760, 52), (716, 76), (672, 50), (640, 114), (622, 62), (570, 84), (738, 30))
        return branch + ''.join(flower(x, y, rng.uniform(17, 24), '#fbe6e4', '#d98a84') for x, y in spots)
    if setting.season == 'autumn':
        places = ((716, 60, 118), (764, 120, 96), (62, 96, 70), (664, 28, 140))
        return ''.join(
            leaf(x, y, rng.uniform(44, 60), 17, turn, ('#d99a4a', '#b87430', '#f0cf94'), 3) for x, y, turn in places
        )
    return ''

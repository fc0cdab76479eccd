"""The campaign's illustrations: goods, villages, people and the home page's landscape, drawn as SVG."""

from shop.demo.drawing.banner import draw_banner
from shop.demo.drawing.goods import draw_goods, kinds
from shop.demo.drawing.landscapes import draw_village
from shop.demo.drawing.portraits import draw_avatar
from shop.demo.drawing.raster import rasterise, store_drawing, store_drawings

__all__ = [
    'draw_avatar',
    'draw_banner',
    'draw_goods',
    'draw_village',
    'kinds',
    'rasterise',
    'store_drawing',
    'store_drawings',
]

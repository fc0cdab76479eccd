"""Which kinds of goods can be drawn, and the settings that suit each."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from shop.demo.drawing import goods_farm as farm
from shop.demo.drawing import goods_forest as forest
from shop.demo.drawing import goods_fruit as fruit
from shop.demo.drawing import goods_grain as grain
from shop.demo.drawing import goods_kitchen as kitchen
from shop.demo.drawing.scene import (
    COPSE,
    CREAM,
    DAWN,
    FOREST,
    INDIGO,
    LINEN,
    MIST,
    MOSS,
    ON_GROUND,
    ON_TABLE,
    PINE,
    PLUM,
    ROSE,
    SAGE,
    SNOW,
    SPRING,
    WHEAT,
    Setting,
    compose,
)


@dataclass(frozen=True)
class Goods:
    """One kind: how it is drawn, where it may stand, how high the table's edge is."""

    draw: Callable[[Random], str]
    settings: tuple[Setting, ...] = ON_TABLE
    horizon: float = 402
    sun: float = 400


KINDS: dict[str, Goods] = {
    'antler': Goods(forest.antler, (SAGE, MIST, WHEAT, PINE), sun=520),
    'beans': Goods(grain.beans, (LINEN, SAGE, MIST, SNOW), 350),
    'black_fungus': Goods(forest.black_fungus, (WHEAT, MIST, SAGE, SNOW, LINEN, DAWN, SPRING), 420),
    'blueberry': Goods(fruit.blueberry, (MIST, LINEN, SAGE, ROSE, WHEAT), sun=240),
    'buckwheat': Goods(grain.buckwheat, (MIST, SAGE, LINEN, WHEAT), sun=520),
    'candle': Goods(kitchen.candle, (PLUM, INDIGO, SAGE, SNOW)),
    'chestnut': Goods(farm.chestnut, (WHEAT, SAGE, MIST, LINEN, PLUM), sun=560),
    'chicken': Goods(farm.chicken, ON_GROUND, 430),
    'corn': Goods(grain.corn, (SAGE, MIST, LINEN, PINE, PLUM)),
    'crab': Goods(farm.crab, (SAGE, MIST, WHEAT), 380),
    'dried_fruit': Goods(fruit.dried_fruit, (WHEAT, SAGE, MIST, LINEN)),
    'duck_egg': Goods(farm.duck_egg, (SAGE, DAWN, WHEAT, MIST)),
    'eggs': Goods(farm.eggs, (DAWN, SAGE, MIST, SPRING, WHEAT, LINEN)),
    'fish': Goods(farm.fish, (MIST, LINEN, SNOW, SAGE), 350),
    'flour': Goods(grain.flour, (SAGE, MIST, WHEAT), sun=520),
    'frog_oil': Goods(forest.frog_oil, (MOSS, COPSE, FOREST), 430),
    'garlic': Goods(kitchen.garlic, (MIST, SAGE, WHEAT, PINE), sun=560),
    'ginseng': Goods(forest.ginseng, (CREAM, PINE, INDIGO, WHEAT, PLUM, SNOW), 330, 590),
    'goose': Goods(farm.goose, ON_GROUND, 430),
    'grape': Goods(fruit.grape, (SAGE, WHEAT, ROSE, MIST), 430),
    'grape_juice': Goods(fruit.grape_juice, (SAGE, MIST, ROSE), sun=520),
    'grape_wine': Goods(fruit.grape_wine, (PLUM, SAGE, WHEAT, SNOW, MIST, ROSE), sun=250),
    'handicraft': Goods(farm.handicraft, (LINEN, SAGE, MIST, WHEAT), 420),
    'hazel_mushroom': Goods(forest.hazel_mushroom, (MOSS, FOREST, COPSE), 430, 540),
    'hazelnut': Goods(farm.hazelnut, (SAGE, WHEAT, MIST, DAWN, LINEN)),
    'herbs': Goods(forest.herbs, (SAGE, MIST, LINEN, SPRING, DAWN)),
    'homestay': Goods(farm.homestay, (DAWN, PLUM, SPRING, SNOW), 400, 560),
    'honey': Goods(kitchen.honey, (WHEAT, SAGE, MIST, SPRING, LINEN), sun=520),
    'jam': Goods(fruit.jam, (ROSE, SAGE, MIST), sun=520),
    'kimchi': Goods(kitchen.kimchi, (WHEAT, SNOW, MIST, SAGE, LINEN), sun=540),
    'kiwi': Goods(fruit.kiwi, (WHEAT, MIST, LINEN)),
    'lingzhi': Goods(forest.lingzhi, (MOSS, FOREST, COPSE), 436),
    'millet': Goods(grain.millet, (SAGE, MIST, WHEAT, LINEN, PLUM), sun=300),
    'mushroom_tea': Goods(forest.mushroom_tea, (SAGE, MIST, WHEAT, SPRING, PLUM), sun=540),
    'noodles': Goods(grain.noodles, (MIST, WHEAT, LINEN, SAGE), sun=250),
    'orchard_box': Goods(fruit.orchard_box, (SAGE, MIST, WHEAT)),
    'paper_cut': Goods(farm.paper_cut, (SAGE, MIST, WHEAT)),
    'peanut': Goods(grain.peanut, (MIST, SAGE, DAWN, LINEN)),
    'pear': Goods(fruit.pear, (SAGE, MIST, ROSE, WHEAT, PINE)),
    'pepper': Goods(kitchen.pepper, (WHEAT, MIST, SAGE, SNOW), 420),
    'picking_garden': Goods(fruit.picking_garden, (SPRING, MIST, SAGE), 420),
    'pickles': Goods(kitchen.pickles, (MIST, SAGE, WHEAT, LINEN)),
    'pine_nuts': Goods(farm.pine_nuts, (MIST, WHEAT, SNOW, SAGE, LINEN, DAWN), sun=540),
    'potato': Goods(grain.potato, (SAGE, MIST, WHEAT), sun=250),
    'raspberry': Goods(fruit.raspberry, (LINEN, MIST, SAGE, ROSE)),
    'rice': Goods(grain.rice, (SAGE, WHEAT, MIST, SPRING, LINEN, DAWN, SNOW), sun=540),
    'rice_cake': Goods(grain.rice_cake, (WHEAT, MIST, SAGE, SNOW), 380),
    'rice_wine': Goods(kitchen.rice_wine, (WHEAT, SAGE, SNOW, PLUM, MIST), sun=540),
    'schisandra': Goods(forest.schisandra, (WHEAT, PLUM, SAGE, MIST, LINEN), 430),
    'soy': Goods(grain.soy, (SAGE, MIST, WHEAT, LINEN), sun=540),
    'soy_oil': Goods(kitchen.soy_oil, (SAGE, MIST, LINEN), sun=540),
    'soy_sauce': Goods(kitchen.soy_sauce, (WHEAT, SAGE, MIST, SNOW), sun=440),
    'straw_craft': Goods(farm.straw_craft, (SAGE, MIST, PINE, SNOW)),
    'strawberry': Goods(fruit.strawberry, (ROSE, SAGE, MIST, SPRING, LINEN)),
    'tofu': Goods(kitchen.tofu, (PINE, MIST, SAGE, PLUM)),
    'vegetable_box': Goods(forest.vegetable_box, (WHEAT, MIST, SPRING)),
    'vermicelli': Goods(grain.vermicelli, (PINE, MIST, SAGE, PLUM), 400),
    'vinegar': Goods(fruit.vinegar, (SAGE, WHEAT, MIST), sun=480),
    'wild_greens': Goods(forest.wild_greens, (SAGE, SPRING, MIST, WHEAT, DAWN), 408),
}
ALIASES = {'apple_pear': 'pear', 'tea': 'mushroom_tea'}


def kinds() -> list[str]:
    """Return the kinds of goods that can be drawn, in order."""
    return sorted(KINDS)


def draw_goods(kind: str, variation: int) -> str:
    """Return goods in their setting as SVG, 960 by 720; any variation from 0 up, at least three differ in setting.

    Raises `KeyError` for a kind that is not in `kinds()` (``apple_pear`` and ``tea`` are taken as aliases).
    """
    kind = ALIASES.get(kind, kind)
    goods = KINDS[kind]
    rng = Random(f'{kind} {variation}')
    setting = goods.settings[variation % len(goods.settings)]
    sun = goods.sun if variation % 2 == 0 else 800 - goods.sun
    return compose(goods.draw(rng), setting, rng, horizon=goods.horizon, sun=sun)

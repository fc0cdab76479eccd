"""Which kinds of goods can be drawn, and the settings that suit each."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from shop.demo.drawing import (
    berries,
    buns,
    cereals,
    crafts,
    ferments,
    greens,
    hive,
    larder,
    mushrooms,
    nuts,
    orchard,
    poultry,
    pulses,
    remedies,
    vines,
    waters,
)
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
    'antler': Goods(remedies.antler, (SAGE, MIST, WHEAT, PINE), sun=520),
    'bean_buns': Goods(buns.bean_buns, (WHEAT, SNOW, SAGE, PLUM), 400, 560),
    'beans': Goods(pulses.beans, (LINEN, SAGE, MIST, SNOW), 350),
    'black_fungus': Goods(mushrooms.black_fungus, (WHEAT, MIST, SAGE, SNOW, LINEN, DAWN, SPRING), 420),
    'blueberry': Goods(berries.blueberry, (MIST, LINEN, SAGE, ROSE, WHEAT), sun=240),
    'buckwheat': Goods(cereals.buckwheat, (MIST, SAGE, LINEN, WHEAT), sun=520),
    'candle': Goods(hive.candle, (PLUM, INDIGO, SAGE, SNOW)),
    'chestnut': Goods(nuts.chestnut, (WHEAT, SAGE, MIST, LINEN, PLUM), sun=560),
    'chicken': Goods(poultry.chicken, ON_GROUND, 430),
    'corn': Goods(cereals.corn, (SAGE, MIST, LINEN, PINE, PLUM)),
    'crab': Goods(waters.crab, (SAGE, MIST, WHEAT), 380),
    'dried_fruit': Goods(orchard.dried_fruit, (WHEAT, SAGE, MIST, LINEN)),
    'duck_egg': Goods(poultry.duck_egg, (SAGE, DAWN, WHEAT, MIST)),
    'eggs': Goods(poultry.eggs, (DAWN, SAGE, MIST, SPRING, WHEAT, LINEN)),
    'fish': Goods(waters.fish, (MIST, LINEN, SNOW, SAGE), 350),
    'flour': Goods(pulses.flour, (SAGE, MIST, WHEAT), sun=520),
    'frog_oil': Goods(remedies.frog_oil, (MOSS, COPSE, FOREST), 430),
    'garlic': Goods(ferments.garlic, (MIST, SAGE, WHEAT, PINE), sun=560),
    'ginseng': Goods(remedies.ginseng, (CREAM, PINE, INDIGO, WHEAT, PLUM, SNOW), 330, 590),
    'goose': Goods(poultry.goose, ON_GROUND, 430),
    'grape': Goods(vines.grape, (SAGE, WHEAT, ROSE, MIST), 430),
    'grape_juice': Goods(vines.grape_juice, (SAGE, MIST, ROSE), sun=520),
    'grape_wine': Goods(vines.grape_wine, (PLUM, SAGE, WHEAT, SNOW, MIST, ROSE), sun=250),
    'handicraft': Goods(crafts.handicraft, (LINEN, SAGE, MIST, WHEAT), 420),
    'hazel_mushroom': Goods(mushrooms.hazel_mushroom, (MOSS, FOREST, COPSE), 430, 540),
    'hazelnut': Goods(nuts.hazelnut, (SAGE, WHEAT, MIST, DAWN, LINEN)),
    'herbs': Goods(greens.herbs, (SAGE, MIST, LINEN, SPRING, DAWN)),
    'homestay': Goods(crafts.homestay, (DAWN, PLUM, SPRING, SNOW), 400, 560),
    'honey': Goods(hive.honey, (WHEAT, SAGE, MIST, SPRING, LINEN), sun=520),
    'jam': Goods(berries.jam, (ROSE, SAGE, MIST), sun=520),
    'kimchi': Goods(ferments.kimchi, (WHEAT, SNOW, MIST, SAGE, LINEN), sun=540),
    'kiwi': Goods(orchard.kiwi, (WHEAT, MIST, LINEN)),
    'lingzhi': Goods(mushrooms.lingzhi, (MOSS, FOREST, COPSE), 436),
    'millet': Goods(cereals.millet, (SAGE, MIST, WHEAT, LINEN, PLUM), sun=300),
    'mushroom_tea': Goods(greens.mushroom_tea, (SAGE, MIST, WHEAT, SPRING, PLUM), sun=540),
    'noodles': Goods(cereals.noodles, (MIST, WHEAT, LINEN, SAGE), sun=250),
    'orchard_box': Goods(orchard.orchard_box, (SAGE, MIST, WHEAT)),
    'paper_cut': Goods(crafts.paper_cut, (SAGE, MIST, WHEAT)),
    'peanut': Goods(pulses.peanut, (MIST, SAGE, DAWN, LINEN)),
    'pear': Goods(orchard.pear, (SAGE, MIST, ROSE, WHEAT, PINE)),
    'pepper': Goods(ferments.pepper, (WHEAT, MIST, SAGE, SNOW), 420),
    'picking_garden': Goods(berries.picking_garden, (SPRING, MIST, SAGE), 420),
    'pickles': Goods(ferments.pickles, (MIST, SAGE, WHEAT, LINEN)),
    'pine_nuts': Goods(nuts.pine_nuts, (MIST, WHEAT, SNOW, SAGE, LINEN, DAWN), sun=540),
    'potato': Goods(pulses.potato, (SAGE, MIST, WHEAT), sun=250),
    'raspberry_jam': Goods(berries.raspberry_jam, (ROSE, SAGE, LINEN)),
    'raspberry': Goods(berries.raspberry, (LINEN, MIST, SAGE, ROSE)),
    'rice': Goods(cereals.rice, (SAGE, WHEAT, MIST, SPRING, LINEN, DAWN, SNOW), sun=540),
    'rice_cake': Goods(cereals.rice_cake, (WHEAT, MIST, SAGE, SNOW), 380),
    'rice_wine': Goods(larder.rice_wine, (WHEAT, SAGE, SNOW, PLUM, MIST), sun=540),
    'schisandra': Goods(remedies.schisandra, (WHEAT, PLUM, SAGE, MIST, LINEN), 430),
    'sour_cabbage': Goods(ferments.sour_cabbage, (SNOW, SAGE, MIST)),
    'soy': Goods(pulses.soy, (SAGE, MIST, WHEAT, LINEN), sun=540),
    'soy_oil': Goods(larder.soy_oil, (SAGE, MIST, LINEN), sun=540),
    'soy_sauce': Goods(larder.soy_sauce, (WHEAT, SAGE, MIST, SNOW), sun=440),
    'straw_craft': Goods(crafts.straw_craft, (SAGE, MIST, PINE, SNOW)),
    'strawberry': Goods(berries.strawberry, (ROSE, SAGE, MIST, SPRING, LINEN)),
    'tofu': Goods(larder.tofu, (PINE, MIST, SAGE, PLUM)),
    'vegetable_box': Goods(greens.vegetable_box, (WHEAT, MIST, SPRING)),
    'vermicelli': Goods(pulses.vermicelli, (PINE, MIST, SAGE, PLUM), 400),
    'vinegar': Goods(vines.vinegar, (SAGE, WHEAT, MIST), sun=480),
    'wild_greens': Goods(greens.wild_greens, (SAGE, SPRING, MIST, WHEAT, DAWN), 408),
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

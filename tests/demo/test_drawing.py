"""The drawn pictures: enough kinds, all different, the same every time, and plain shapes only."""

import io
import re

import pytest
from PIL import Image

from shop.demo import words
from shop.demo.drawing import (
    draw_avatar,
    draw_banner,
    draw_goods,
    draw_village,
    kinds,
    rasterise,
    store_drawing,
    store_drawings,
)
from shop.demo.drawing.landscapes import VILLAGE_KINDS
from shop.demo.home import HOME_PRODUCTS

ALLOWED = {'svg', 'g', 'path', 'ellipse', 'defs', 'linearGradient', 'stop'}


def size(svg: str, width: int) -> tuple[int, int]:
    return Image.open(io.BytesIO(rasterise(svg, width))).size


def test_there_are_at_least_twenty_four_kinds():
    assert len(kinds()) >= 24
    assert kinds() == sorted(set(kinds()))


@pytest.mark.parametrize('kind', kinds())
def test_goods_have_three_different_pictures_that_stay_the_same(kind):
    drawings = [draw_goods(kind, variation) for variation in range(3)]
    assert len(set(drawings)) == 3
    assert drawings == [draw_goods(kind, variation) for variation in range(3)]
    for svg in drawings:
        assert 'viewBox="0 0 960 720"' in svg
        assert set(re.findall(r'<(\w+)', svg)) <= ALLOWED
        assert 'nan' not in svg
        assert len(svg) < 300_000


def test_goods_are_drawn_in_four_to_three():
    assert size(draw_goods('rice', 0), 320) == (320, 240)


def test_every_product_has_a_drawing_of_its_own_kind():
    products = (*words.products(), *HOME_PRODUCTS)
    assert not [product.name for product in products if not set(product.drawings) & set(kinds())]


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError):
        draw_goods('spaceship', 0)


@pytest.mark.parametrize('kind', VILLAGE_KINDS)
def test_villages_differ_and_stay_the_same(kind):
    assert draw_village(1, kind) == draw_village(1, kind) != draw_village(2, kind)
    assert size(draw_village(1, kind), 320) == (320, 240)


def test_people_are_square_and_differ():
    faces = {draw_avatar(seed, woman=is_woman) for seed in range(12) for is_woman in (True, False)}
    assert len(faces) == 24
    assert size(draw_avatar(3, woman=True), 160) == (160, 160)


def test_the_banner_is_wide_and_tall():
    assert size(draw_banner(), 320) == (320, 184)
    assert size(draw_banner(tall=True), 390) == (390, 490)


def test_a_drawing_becomes_a_marked_photo(app, clock_hand):
    photo = store_drawing(draw_goods('honey', 0), '椴树蜂蜜（示意图）', at=clock_hand.at)
    assert (photo.width, photo.height, photo.widths, photo.is_illustration) == (800, 600, '320,640,800', True)
    again, other = store_drawings([(draw_goods('honey', 0), '蜂蜜'), (draw_goods('rice', 0), '大米')], at=clock_hand.at)
    assert again is photo
    assert other.alt == '大米'

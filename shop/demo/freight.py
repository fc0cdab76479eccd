"""The suppliers' freight, by piece or by weight, and what sending a planned order costs by it."""

from datetime import timedelta
from random import Random

from shop.demo.goods import Goods
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.demo.trade import PlannedOrder
from shop.orders.basket import FreightMeasure, FreightRegion, FreightTemplate
from shop.orders.freight import freight_fen
from shop.orders.models import Channel

# Rows of provinces as suppliers of the north east have them: the south costs more; the islands are not reached.
SOUTH = ('310000', '320000', '330000', '340000', '350000', '360000', '420000', '430000', '440000', '450000')
SOUTH_WEST = ('460000', '500000', '510000', '520000', '530000')
ISLANDS = ('710000', '810000', '820000')
BY_WEIGHT = 0.4


def plan_freight(rows: Rows, rng: Random, period: Period, goods: Goods, home: VillagePlan) -> None:
    """Let some suppliers, the home village's first among them, ask by weight and in rows of provinces."""
    products = sorted((*goods.listed, *goods.unlisted), key=lambda product: product.id)
    templates = {product.freight.id: (product.freight, product.village) for product in products}
    homely = next(product.freight.id for product in products if product.village is home)
    for template_id, (template, village) in sorted(templates.items()):
        if template_id == homely or rng.random() < BY_WEIGHT:
            _by_weight(rows, rng, template)
            row = rows.of(FreightTemplate)[template_id - 1]
            row['changed_by_id'] = rng.choice(village.member_ids)
            row['changed_at'] = office_time(rng, period.first + timedelta(days=1))


def freight_of(order: PlannedOrder) -> int:
    """Return the freight of an order in fen; what is handed over costs nothing."""
    if order.channel is Channel.EXPO or order.lines[0].product.kind == 'service':
        return 0
    assert order.buyer is not None
    return freight_fen(
        order.lines[0].product.freight,
        province_code=order.buyer.province,
        pieces=sum(line.quantity for line in order.lines),
        grams=sum(line.quantity * line.variant.weight_grams for line in order.lines),
        goods_fen=order.goods_fen,
    )


def _by_weight(rows: Rows, rng: Random, template: FreightTemplate) -> None:
    first, following = rng.choice(((1_000, 1_000), (1_000, 500), (2_000, 1_000))), rng.choice((200, 300, 400))
    changes = {
        'measure': FreightMeasure.WEIGHT,
        'first_units': first[0],
        'next_units': first[1],
        'next_fen': following,
    }
    for name, value in changes.items():
        setattr(template, name, value)
    rows.of(FreightTemplate)[template.id - 1].update(changes)
    dearer = rng.choice((200, 400))
    for position, provinces, more in ((3, SOUTH, dearer), (4, SOUTH_WEST, 2 * dearer), (5, ISLANDS, None)):
        for province in provinces:
            region = {
                'template_id': template.id,
                'position': position,
                'province_code': province,
                'is_refused': more is None,
                'is_never_free': False,
                'first_fen': 0 if more is None else template.first_fen + more,
                'next_fen': 0 if more is None else following + more // 2,
            }
            template.regions.append(FreightRegion(**region))
            rows.add(FreightRegion, **region)

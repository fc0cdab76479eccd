"""What sending a planned order costs, by its supplier's template."""

from shop.demo.trade import PlannedOrder
from shop.orders.basket import FreightRegion
from shop.orders.models import Channel


def freight_of(order: PlannedOrder) -> int:
    """Return the freight of an order in fen; what is handed over costs nothing."""
    if order.channel is Channel.EXPO or order.lines[0].product.kind == 'service':
        return 0
    assert order.buyer is not None
    template = order.lines[0].product.freight
    if template.free_above_fen is not None and order.goods_fen >= template.free_above_fen:
        return 0
    region: FreightRegion | None = next(
        (one for one in template.regions if one.province_code == order.buyer.province), None
    )
    first, following = (region.first_fen, region.next_fen) if region else (template.first_fen, template.next_fen)
    pieces = sum(line.quantity for line in order.lines)
    more = max(0, pieces - template.first_pieces)
    return first + -(-more // template.next_pieces) * following

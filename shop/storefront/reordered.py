"""What buying the same again has come to, in sentences for the buyer."""

from collections.abc import Iterator

from flask_babel import gettext as _

from shop.kit.money import Money
from shop.kit.words import listed
from shop.orders.models import OrderLine
from shop.orders.reordering import Reordered

MOST_TOLD = 5


def reordered_words(done: Reordered) -> Iterator[str]:
    """Yield a sentence for what went into the basket, what lay there, what is gone, short, dearer or cheaper."""
    if done.kinds:
        yield _('放进购物车 %(kinds)s 种，共 %(pieces)s 件。', kinds=done.kinds, pieces=done.pieces)
    if done.already:
        yield _('%(kinds)s 种购物车里已经够数，没有重复放。', kinds=done.already)
    if done.gone:
        yield _('%(names)s现在买不到，没有放进去。', names=listed(_quoted(line) for line in done.gone))
    for line, left in done.short[:MOST_TOLD]:
        yield _(
            '%(name)s只剩 %(left)s 件，当时买了 %(before)s 件。', name=_quoted(line), left=left, before=line.quantity
        )
    for line, now_fen in done.changed[:MOST_TOLD]:
        yield _(
            '%(name)s的价格变了：当时 %(before)s，现在 %(now)s。',
            name=_quoted(line),
            before=Money(line.unit_price_fen),
            now=Money(now_fen),
        )


def _quoted(line: OrderLine) -> str:
    return str(_('“%(name)s”', name=f'{line.product_name} {line.variant_name}'))

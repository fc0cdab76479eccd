"""What a basket or checkout page had shown, read back from its hidden fields, and what has changed since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from shop.kit.errors import BusinessError
from shop.kit.fields import read_id
from shop.kit.words import counted
from shop.orders.basket import BasketLine
from shop.orders.baskets import Facts
from shop.orders.changes import Seen, freight_change, line_changes, shortage
from shop.orders.quoting import Quote

MOST_LINES = 200
MAX_DIGITS = 12


@dataclass(frozen=True)
class Shown:
    """What a checkout page had shown: units, price, pre-sale and agreement of each variant; freight by supplier."""

    wanted: dict[int, tuple[int, int]] = field(default_factory=dict)
    presales: dict[int, date] = field(default_factory=dict)
    versions: dict[int, int] = field(default_factory=dict)
    freights: dict[int, int] = field(default_factory=dict)

    @classmethod
    def read(cls, form: 'MultiDict[str, str]') -> 'Shown':
        """Read ``variant:quantity:price``, ``variant:version``, ``variant:day``, ``supplier:fen``; odd ones not."""
        shown = cls()
        for variant, quantity, price in _numbers(form.getlist('line'), 3):
            shown.wanted[variant] = (quantity, price)
        for variant, version in _numbers(form.getlist('version'), 2):
            shown.versions[variant] = version
        for supplier, fen in _numbers(form.getlist('freight'), 2):
            shown.freights[supplier] = fen
        for text in form.getlist('presale')[:MOST_LINES]:
            variant_text, _colon, day = text.partition(':')
            try:
                shown.presales[read_id(variant_text) or 0] = date.fromisoformat(day)
            except ValueError:
                continue
        return shown

    @property
    def facts(self) -> dict[int, Facts]:
        """What was shown of each variant: price, agreement, pre-sale."""
        return {
            variant: (price, self.versions.get(variant), self.presales.get(variant))
            for variant, (_quantity, price) in self.wanted.items()
        }

    def seen(self, variant_id: int) -> Seen | None:
        """Return what was shown of a variant, None where nothing was."""
        if variant_id not in self.wanted:
            return None
        return Seen(self.wanted[variant_id][1], self.versions.get(variant_id), self.presales.get(variant_id))


def notes_of(lines: Sequence[BasketLine], costs: Quote, today: date, shown: Shown | None = None) -> dict[str, str]:
    """Return what is not as it was shown, by the name of the place it is told at: ``price-12``, ``stock-12``.

    A page that was shown later than the basket was filled goes first.
    """
    kept = {line.variant_id: line for line in lines}
    notes: dict[str, str] = {}
    for line in costs.lines:
        variant_id = line.offer.variant.id
        seen = shown.seen(variant_id) if shown is not None else None
        changes: list[BusinessError] = line_changes(line, seen, today) if seen is not None else []
        changes += line_changes(line, _seen_in_basket(kept[variant_id]), today)
        changes += filter(None, [shortage(line)])
        for change in changes:
            notes.setdefault(change.field or 'basket', change.message)
        if shown is not None and shown.wanted:
            notes.update(_quantity_note(variant_id, line.quantity, shown.wanted))
    if shown is not None and (gone := set(shown.wanted) - kept.keys()):
        notes['gone'] = counted('有 %(num)s 种商品已经不在购物车里，没有一起结算。', len(gone))
    return notes


def freight_notes(costs: Quote, freights: Mapping[int, int]) -> dict[str, str]:
    """Return of which parcels the freight is not as it was shown."""
    changes = filter(None, (freight_change(parcel, freights.get(parcel.supplier.id)) for parcel in costs.parcels))
    return {change.field or 'basket': change.message for change in changes}


def _seen_in_basket(line: BasketLine) -> Seen:
    return Seen(line.seen_price_fen, line.seen_version_id, line.seen_presale_on)


def _quantity_note(variant_id: int, now: int, wanted: Mapping[int, tuple[int, int]]) -> dict[str, str]:
    key = f'quantity-{variant_id}'
    if variant_id not in wanted:
        return {key: _('这一件是刚放进购物车的，之前的页面上没有。')}
    before = wanted[variant_id][0]
    return {key: _('数量从 %(before)s 变成了 %(now)s。', before=before, now=now)} if before != now else {}


def _numbers(texts: list[str], count: int) -> list[list[int]]:
    """Read texts of so many numbers with colons between."""
    rows = []
    for text in texts[:MOST_LINES]:
        parts = text.split(':')
        if len(parts) == count and all(p.isascii() and p.isdigit() and len(p) <= MAX_DIGITS for p in parts):
            rows.append([int(part) for part in parts])
    return rows

"""Finds the goods that rows of a sheet, or pasted lines, name; what is wrong is named by row, column and value."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from shop.catalogue.models import Product, Variant
from shop.catalogue.search import cut_words, simplified
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db
from shop.kit.words import kept, listed
from shop.orders.basket import MOST_FOR_INSTITUTIONS
from shop.procurement.lists import Wanted

MAX_PASTED = 200
MAX_NAMED = 4
CODE, NAME, VARIANT, PER_HEAD, IN_ALL = 'code', 'name', 'variant', 'per_head', 'in_all'
COLUMNS = {
    CODE: kept('商品编号'),
    NAME: kept('品名'),
    VARIANT: kept('规格'),
    PER_HEAD: kept('每人数量'),
    IN_ALL: kept('总数量'),
}
_WHOLE = re.compile(r'\d{1,6}', re.ASCII)
_PASTED = re.compile(r'[\t,，;；|]|\s{2,}')
_COUNT_AT_END = re.compile(r'(?:[\s×xX*]+)(\d{1,6})\s*(?:件|份|袋|盒|箱|瓶|桶)?\s*$', re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says, by column, as text."""

    number: int
    texts: Mapping[str, str]


@dataclass(slots=True)
class Picked:
    """The goods that were found, and what was wrong with the other rows."""

    wanted: list[Wanted] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class _RowError(Exception):
    """A cell of a row does not hold what its column holds."""

    def __init__(self, column: str, what: str) -> None:
        super().__init__(what)
        self.column, self.what = column, what


def pick_rows(rows: Sequence[Row]) -> Picked:
    """Find what rows name; a row is either wanted or has its fault."""
    shelf = _Shelf()
    picked = Picked()
    seen: dict[int, int] = {}
    for row in rows:
        try:
            wanted = _read(row, shelf, seen)
        except _RowError as fault:
            picked.faults.append(
                _(
                    '第 %(row)s 行“%(column)s”现为“%(value)s”。%(what)s',
                    row=row.number,
                    column=_(COLUMNS[fault.column]),
                    value=row.texts.get(fault.column, '')[:40],
                    what=fault.what,
                )
            )
            continue
        seen[wanted.variant_id] = row.number
        picked.wanted.append(wanted)
    return picked


def read_pasted(text: str) -> list[Row]:
    """Read lines like ``秋木耳  250 g 袋装  30``: the name, maybe the variant, the units at the end."""
    rows = []
    for number, line in enumerate(text.splitlines()[:MAX_PASTED], 1):
        parts = [part.strip() for part in _PASTED.split(line.strip()) if part.strip()]
        if not parts:
            continue
        if len(parts) == 1 and (match := _COUNT_AT_END.search(parts[0])):
            parts = [parts[0][: match.start()].strip(), match[1]]
        count = parts.pop() if len(parts) > 1 else ''
        rows.append(Row(number, {NAME: parts[0], VARIANT: ' '.join(parts[1:]), IN_ALL: count}))
    return rows


def look_up(query: str, *, limit: int = 12) -> list[Variant]:
    """Return variants on sale whose product's name holds what was typed, in the order of their products."""
    plain = _plain(query[:60])
    if not plain:
        return []
    shelf = _Shelf()
    found = [variant for name, variants in shelf.by_name.items() if plain in name for variant in variants]
    return found[:limit]


class _Shelf:
    """Everything on sale, by number, by name and by name and variant."""

    def __init__(self) -> None:
        rows = db.session.scalars(
            select(Variant)
            .join(Variant.product)
            .join(Endorsement, Endorsement.product_id == Product.id)
            .where(Endorsement.status == EndorsementStatus.LISTED, Variant.is_offered)
            .options(joinedload(Variant.product).lazyload('*'))
            .order_by(Variant.id)
        ).all()
        self.by_id = {variant.id: variant for variant in rows}
        self.by_name: dict[str, list[Variant]] = {}
        for variant in rows:
            self.by_name.setdefault(_plain(variant.product.name), []).append(variant)

    def named(self, name: str) -> list[Variant]:
        """Return the variants of the product of this name, or of the only one whose name holds it."""
        plain = _plain(name)
        if plain in self.by_name:
            return self.by_name[plain]
        holding = [key for key in self.by_name if plain and (plain in key or key in plain)]
        if len(holding) > 1:
            names = listed(self.by_name[key][0].product.name for key in holding[:MAX_NAMED])
            raise _RowError(NAME, _('有几种商品都像：%(names)s。请写全名。', names=names))
        return self.by_name[holding[0]] if holding else []


def _read(row: Row, shelf: _Shelf, seen: Mapping[int, int]) -> Wanted:
    variant = _variant(row, shelf)
    if variant.id in seen:
        raise _RowError(NAME, _('与第 %(other)s 行是同一种商品，请合并成一行。', other=seen[variant.id]))
    per_head, in_all = row.texts.get(PER_HEAD, ''), row.texts.get(IN_ALL, '')
    column = PER_HEAD if per_head else IN_ALL
    if per_head and in_all:
        raise _RowError(IN_ALL, _('“每人数量”和“总数量”只填一个。'))
    text = (per_head or in_all).replace(',', '').removesuffix('.0')
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= MOST_FOR_INSTITUTIONS:
        raise _RowError(column, _('填 1 到 %(most)s 的整数。', most=f'{MOST_FOR_INSTITUTIONS:,}'))
    return Wanted(variant.id, int(text), is_per_head=bool(per_head))


def _variant(row: Row, shelf: _Shelf) -> Variant:
    code, name, wanted = (row.texts.get(column, '') for column in (CODE, NAME, VARIANT))
    if code:
        digits = code.removesuffix('.0')
        found = shelf.by_id.get(int(digits)) if _WHOLE.fullmatch(digits) else None
        if found is None:
            raise _RowError(CODE, _('没有这个编号的在售商品；可以空着，只填品名和规格。'))
        return found
    if not name:
        raise _RowError(NAME, _('填商品页上的品名，如“秋木耳”。'))
    variants = shelf.named(name)
    if not variants:
        raise _RowError(NAME, _('没有这个名字的在售商品，请到“全部山货”里核对品名。'))
    names = listed(variant.name for variant in variants[:MAX_NAMED])
    if not wanted:
        if len(variants) > 1:
            raise _RowError(VARIANT, _('这种商品有几个规格：%(names)s。请写一个。', names=names))
        return variants[0]
    same = [variant for variant in variants if _plain(variant.name) == _plain(wanted)]
    if not same:
        raise _RowError(VARIANT, _('没有这个规格，现有：%(names)s。', names=names))
    return same[0]


def _plain(text: str) -> str:
    """Write a name without spaces and signs, small, in simplified characters."""
    return ''.join(simplified(word) for word in cut_words(text))

"""Reads the form of a freight template; keeps what was typed and says what is wrong where."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from shop.kit.enums import Labelled
from shop.kit.fields import FieldReader
from shop.kit.money import Money
from shop.orders.basket import FreightMeasure, FreightRegion, FreightTemplate
from shop.regions.divisions import provinces, short_name

MAX_ROWS = 8
MAX_PIECES, MAX_GRAMS, MAX_FEE_FEN, MAX_FREE_FEN = 999, 100_000, 100_000, 10_000_000
_KILOGRAMS = re.compile(r'\d{1,3}(\.\d{1,3})?', re.ASCII)


class RegionRule(Labelled):
    """What holds for a row of provinces."""

    FEES = 'fees', '运费按下面填的'
    NEVER_FREE = 'never_free', '运费按下面填的，满额也不包邮'
    REFUSED = 'refused', '不配送'


@dataclass(frozen=True, slots=True)
class RegionRow:
    """One row of provinces, as typed."""

    provinces: tuple[str, ...] = ()
    rule: str = RegionRule.FEES.value
    first: str = ''
    next: str = ''

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything."""
        return not (self.provinces or self.first or self.next)

    @property
    def names(self) -> list[str]:
        """The provinces by their short names."""
        return [short_name(code) for code in self.provinces]


@dataclass(frozen=True, slots=True)
class FreightTyped:
    """A template as typed."""

    measure: str = FreightMeasure.PIECES.value
    first_units: str = '1'
    first_fee: str = ''
    next_units: str = '1'
    next_fee: str = ''
    free_above: str = ''
    rows: list[RegionRow] = field(default_factory=list)

    @property
    def is_by_weight(self) -> bool:
        """Whether units are kilograms."""
        return FreightMeasure.find(self.measure) is FreightMeasure.WEIGHT


def typed_of(template: FreightTemplate | None) -> FreightTyped:
    """Return what the form shows before anybody types, with a blank row to fill."""
    if template is None:
        return FreightTyped(rows=[RegionRow()])
    rows: dict[int, list[FreightRegion]] = {}
    for region in template.regions:
        rows.setdefault(region.position, []).append(region)
    return FreightTyped(
        measure=template.measure.value,
        first_units=units_text(template.measure, template.first_units),
        first_fee=Money(template.first_fen).yuan,
        next_units=units_text(template.measure, template.next_units),
        next_fee=Money(template.next_fen).yuan,
        free_above=Money(template.free_above_fen).yuan if template.free_above_fen is not None else '',
        rows=[*(_row_of(regions) for _position, regions in sorted(rows.items())), RegionRow()][:MAX_ROWS],
    )


def units_text(measure: FreightMeasure, units: int) -> str:
    """Write units as they are typed: pieces, or kilograms."""
    return str(units) if measure is FreightMeasure.PIECES else f'{units / 1_000:g}'


def read_typed(form: 'MultiDict[str, str]') -> FreightTyped:
    """Return the form as typed, the rows in their order, one of them blank."""
    reader = FieldReader(form)
    known = [one.code for one in provinces()]
    rows = []
    for index in range(MAX_ROWS):
        chosen = set(form.getlist(f'row-{index}-province'))
        row = RegionRow(
            tuple(code for code in known if code in chosen),
            reader.raw(f'row-{index}-rule') or RegionRule.FEES.value,
            reader.raw(f'row-{index}-first'),
            reader.raw(f'row-{index}-next'),
        )
        if not row.is_blank:
            rows.append(row)
    names = ('measure', 'first_units', 'first_fee', 'next_units', 'next_fee', 'free_above')
    return FreightTyped(**{name: reader.raw(name) for name in names}, rows=[*rows, RegionRow()][:MAX_ROWS])


def read_template(typed: FreightTyped) -> tuple[FreightTemplate | None, dict[str, str]]:
    """Return the template that was typed, not yet anybody's; None where a field was wrong, with what would be right."""
    reader = FieldReader({name: getattr(typed, name) for name in FreightTyped.__slots__ if name != 'rows'})
    measure = reader.choice('measure', _('计费方式'), FreightMeasure) or FreightMeasure.PIECES
    template = FreightTemplate(
        measure=measure,
        first_units=_read_units(reader, 'first_units', measure),
        first_fen=reader.money('first_fee', _('首费'), least=0, most=MAX_FEE_FEN),
        next_units=_read_units(reader, 'next_units', measure),
        next_fen=reader.money('next_fee', _('续费'), least=0, most=MAX_FEE_FEN),
        free_above_fen=reader.money('free_above', _('包邮金额'), most=MAX_FREE_FEN) if typed.free_above else None,
        regions=[],
    )
    taken: dict[str, int] = {}
    for index, row in enumerate(typed.rows):
        if not row.is_blank:
            template.regions += _read_row(index, row, taken, reader.errors)
    return (None if reader.errors else template), reader.errors


def _read_row(index: int, row: RegionRow, taken: dict[str, int], errors: dict[str, str]) -> list[FreightRegion]:
    rule = RegionRule.find(row.rule)
    reader = FieldReader({f'row-{index}-first': row.first, f'row-{index}-next': row.next})
    if rule is None:
        reader.errors[f'row-{index}-rule'] = _('选这些省份怎么收。')
    if not row.provinces:
        reader.errors[f'row-{index}-province'] = _('勾选这一组有哪些省份。')
    twice = [short_name(code) for code in row.provinces if code in taken]
    if twice:
        reader.errors[f'row-{index}-province'] = _(
            '%(name)s在第 %(n)s 组已经选过，一个省份只能在一组。',
            name=twice[0],
            n=taken[next(c for c in row.provinces if c in taken)],
        )
    is_refused = rule is RegionRule.REFUSED
    first = 0 if is_refused else reader.money(f'row-{index}-first', _('首费'), least=0, most=MAX_FEE_FEN)
    following = 0 if is_refused else reader.money(f'row-{index}-next', _('续费'), least=0, most=MAX_FEE_FEN)
    errors.update(reader.errors)
    taken.update(dict.fromkeys(row.provinces, index + 1) | taken)
    return [
        FreightRegion(
            position=index + 1,
            province_code=code,
            is_refused=is_refused,
            is_never_free=rule is RegionRule.NEVER_FREE,
            first_fen=first,
            next_fen=following,
        )
        for code in row.provinces
    ]


def read_grams(text: str) -> int | None:
    """Read kilograms with at most three decimals as grams; None for anything else."""
    return int(Decimal(text) * 1_000) if _KILOGRAMS.fullmatch(text) else None


def _read_units(reader: FieldReader, name: str, measure: FreightMeasure) -> int:
    if measure is FreightMeasure.PIECES:
        label = _('首件数') if name == 'first_units' else _('续件数')
        return reader.whole(name, label, least=1, most=MAX_PIECES)
    grams = read_grams(reader.raw(name))
    if grams is None or not 1 <= grams <= MAX_GRAMS:
        reader.errors[name] = _('重量填千克，如 1 或 0.5，最多 %(most)s 千克。', most=MAX_GRAMS // 1_000)
        return 1
    return grams


def _row_of(regions: list[FreightRegion]) -> RegionRow:
    one = regions[0]
    known = [province.code for province in provinces()]
    return RegionRow(
        tuple(sorted((region.province_code for region in regions), key=known.index)),
        _rule_of(one).value,
        '' if one.is_refused else Money(one.first_fen).yuan,
        '' if one.is_refused else Money(one.next_fen).yuan,
    )


def _rule_of(region: FreightRegion) -> RegionRule:
    if region.is_refused:
        return RegionRule.REFUSED
    return RegionRule.NEVER_FREE if region.is_never_free else RegionRule.FEES


def read_load(form: Mapping[str, str]) -> tuple[str, int, int, int]:
    """Read what the calculator is asked: province, pieces, grams, fen of goods; odd values count as the least."""
    known = {one.code for one in provinces()}
    reader = FieldReader(form)
    province = reader.raw('calc_province')
    return (
        province if province in known else '',
        reader.whole('calc_pieces', '', least=1, most=MAX_PIECES),
        min(read_grams(reader.raw('calc_weight')) or 0, 10 * MAX_GRAMS),
        reader.money('calc_goods', '', least=0),
    )

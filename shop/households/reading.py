"""Reading the national register's columns: each good row, and what would be right in each bad one."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import ParamSpec, TypeVar

from flask_babel import gettext as _

from shop.households.columns import (
    AGREED,
    AGREED_WORDS,
    COLUMNS,
    DAY,
    EXAMPLE_MARK,
    FIRST_YEAR,
    HEAD,
    HEADER_WITHIN,
    NEEDED,
    NO,
    REFUSED,
    YEAR,
)
from shop.households.consents import wrong_number_words
from shop.households.models import NumberKind
from shop.households.numbers import holds_number, is_right, masked_number, plain_number
from shop.kit.sheets import Cell, SheetError, read_sheet
from shop.kit.words import listed, told

P = ParamSpec('P')
T = TypeVar('T')

MAX_ROWS = 1_000
MAX_PEOPLE = 30
_LIMITS = {'number': 30, 'head_name': 40, 'status': 30, 'attribute': 30, 'group_name': 20}
_BRACKETS = re.compile(r'[(（\[].*?[)）\]]|\s|\*')
_SECRET = {kind.value: kind for kind in NumberKind}


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: where, what stands there (a number masked), what would be right."""

    row: int
    column: str
    value: str
    what: str


@dataclass(frozen=True)
class RegisterRow:
    """A row of the file; None is what it says nothing of, which leaves the entry as it is."""

    row: int
    number: str
    head_name: str
    status: str
    people: int
    group_name: str | None = None
    attribute: str | None = None
    left_poverty: str | None = None
    id_number: str | None = None
    bank_account: str | None = None
    agrees_to: tuple[str, ...] = ()
    refuses: bool = False
    consent_on: str | None = None


@dataclass
class Reading:
    """What was read of a file."""

    rows: list[RegisterRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0


def read_register(content: bytes, *, on: date) -> Reading:
    """Read a file; raises `SheetError` when it is no register at all."""
    rows = read_sheet(content, max_rows=MAX_ROWS + HEADER_WITHIN)
    header = next(((number, found) for number, cells in rows[:HEADER_WITHIN] if (found := _header(cells))), None)
    if header is None:
        wanted = listed(told(COLUMNS[name][0]) for name in NEEDED)
        raise SheetError(
            _('前 %(n)s 行里没有找到表头。表头要有这些列：%(wanted)s。', n=HEADER_WITHIN, wanted=wanted), field='file'
        )
    first, columns = header
    reader = _Reader(columns, on)
    for number, cells in rows:
        if number > first:
            reader.read(number, cells)
    reading = reader.reading
    if not reading.rows and not reading.faults:
        raise SheetError(_('这份名册里没有农户的行。'), field='file')
    return reading


class _CellError(Exception):
    def __init__(self, column: str, value: str, what: str) -> None:
        super().__init__(what)
        self.column, self.value, self.what = column, value, what


class _Reader:
    """Reads row after row under one header."""

    def __init__(self, columns: Mapping[str, int], on: date) -> None:
        self.columns = columns
        self.on = on
        self.reading = Reading()
        self._seen: dict[tuple[str, str], int] = {}

    def read(self, row: int, cells: Sequence[Cell]) -> None:
        found = {name: cells[place] if place < len(cells) else Cell(None) for name, place in self.columns.items()}
        if not any(cell.text for cell in found.values()) or found['head_name'].text.startswith(EXAMPLE_MARK):
            return
        if 'relation' in found and found['relation'].text not in HEAD:
            self.reading.skipped += 1
            return
        before = len(self.reading.faults)
        read = self._row(row, found)
        if read is not None and len(self.reading.faults) == before:
            self.reading.rows.append(read)

    def _row(self, row: int, found: Mapping[str, Cell]) -> RegisterRow | None:
        """Read every cell of a row, so that all that is wrong is told at once."""
        live = [(name, cell) for name, cell in found.items() if cell.is_formula or cell.is_error]
        for name, cell in live:
            self._note(row, _CellError(name, cell.text, _('这是公式或错误值，请粘贴为数值。')))
        if live:
            return None
        texts = {name: self._take(row, self._text, name, found[name]) for name in _LIMITS if name in found}
        if texts['number']:
            self._take(row, self._require_once, row, 'number', texts['number'])
        numbers = {name: self._take(row, self._number, row, name, found[name]) for name in _SECRET if name in found}
        given = [name for name in _SECRET if numbers.get(name)]
        agrees_to, refuses = self._take(row, self._consent, found.get('consent'), given) or ((), False)
        consent_on = self._take(row, self._consent_on, found.get('consent_on'), agrees_to)
        return RegisterRow(
            row=row,
            number=texts['number'] or '',
            head_name=texts['head_name'] or '',
            status=texts['status'] or '',
            people=self._take(row, self._people, found['people']) or 0,
            group_name=texts.get('group_name') or None,
            attribute=texts.get('attribute') or None,
            left_poverty=self._take(row, self._left_poverty, found.get('left_poverty')),
            id_number=numbers.get('id_number'),
            bank_account=numbers.get('bank_account'),
            agrees_to=agrees_to,
            refuses=refuses,
            consent_on=consent_on,
        )

    def _take(self, row: int, read: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Return what a cell holds, or keep what is wrong with it."""
        try:
            return read(*args, **kwargs)
        except _CellError as fault:
            self._note(row, fault)
            return None

    def _note(self, row: int, fault: _CellError) -> None:
        shown = shown_number(fault.value) if fault.column in _SECRET else fault.value[:40]
        self.reading.faults.append(Fault(row, COLUMNS[fault.column][0], shown, fault.what))

    def _text(self, name: str, cell: Cell) -> str:
        text = cell.text
        if name in NEEDED and not text:
            raise _CellError(name, text, _('这一格不能空。'))
        if len(text) > _LIMITS[name]:
            raise _CellError(name, text, _('最多 %(n)s 个字。', n=_LIMITS[name]))
        if holds_number(text):
            raise _CellError(name, shown_number(text), _('这一列不能填证件号码或银行账号。'))
        return text

    def _people(self, cell: Cell) -> int:
        text = cell.text
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MAX_PEOPLE and len(text) <= 2):
            raise _CellError('people', text, _('填 1 到 %(n)s 的整数。', n=MAX_PEOPLE))
        return int(text)

    def _left_poverty(self, cell: Cell | None) -> str | None:
        text = cell.text if cell is not None else ''
        if not text:
            return None
        year = YEAR.match(text)
        day = None if year else _day(text)
        said = int(year[1]) if year else day.year if day else 0
        if not FIRST_YEAR <= said <= self.on.year or (day is not None and day > self.on):
            raise _CellError(
                'left_poverty',
                text,
                _('填 %(first)s 到 %(last)s 的年度，如 2019。', first=FIRST_YEAR, last=self.on.year),
            )
        return str(said) if day is None else day.isoformat()

    def _number(self, row: int, name: str, cell: Cell) -> str | None:
        text = plain_number(cell.text)
        if not text:
            return None
        if isinstance(cell.value, int | float) and len(text) > 15:
            raise _CellError(name, text, _('这一格是数字格式，末几位已经丢失；请把整列设为文本后重填。'))
        if not is_right(_SECRET[name], text, on=self.on):
            raise _CellError(name, text, wrong_number_words(_SECRET[name]))
        if name == NumberKind.ID_NUMBER.value:
            self._require_once(row, name, text)
        return text

    def _consent(self, cell: Cell | None, given: Sequence[str]) -> tuple[tuple[str, ...], bool]:
        """Return what the row agrees to, and whether it says no; an empty cell says neither."""
        text = cell.text if cell is not None else ''
        if text in REFUSED:
            return (), bool(text)
        if text in AGREED:
            return tuple(given), False
        named = tuple(name for name, word in AGREED_WORDS if word in text and NO not in text)
        if not named:
            raise _CellError('consent', text, _('填“是”或“否”，或写明同意的是证件号码还是银行账号。'))
        return named, False

    def _consent_on(self, cell: Cell | None, agrees_to: Sequence[str]) -> str | None:
        text = cell.text if cell is not None else ''
        if not text:
            if agrees_to:
                raise _CellError('consent_on', text, _('填了同意，还要填同意的日期，如 2026-05-18。'))
            return None
        day = _day(text)
        if day is None or day > self.on:
            raise _CellError('consent_on', text, _('填不晚于今天的日期，如 2026-05-18。'))
        return day.isoformat()

    def _require_once(self, row: int, name: str, text: str) -> None:
        before = self._seen.setdefault((name, text), row)
        if before != row:
            raise _CellError(name, text, _('与第 %(row)s 行重复。', row=before))


def shown_number(text: str) -> str:
    """Hide the middle of what should be a number, whatever was written."""
    return masked_number(text[:30]) if len(text) > 8 else '*' * len(text)


def _day(text: str) -> date | None:
    match = DAY.match(text)
    if match is None:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def _header(cells: Sequence[Cell]) -> dict[str, int] | None:
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        places.setdefault(_BRACKETS.sub('', cell.text), place)
    found = {
        name: next(places[alias] for alias in aliases if alias in places)
        for name, aliases in COLUMNS.items()
        if any(alias in places for alias in aliases)
    }
    return found if set(NEEDED) <= set(found) else None

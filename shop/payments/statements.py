"""Reading a bank's statement, xlsx or csv: which money came in when, from whom, with what memo."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _

from shop.kit import clock
from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text
from shop.kit.money import MAX_FEN, Money, MoneyFormatError
from shop.kit.sheets import Cell, Row, SheetError, read_sheet
from shop.kit.words import listed
from shop.payments.statement_columns import COLUMNS, DAY, MEMOS, NEEDED, OUT

MAX_FAULTS = 20
HEADER_WITHIN = 15
MAX_SERIAL = 60
_BRACKETS = re.compile(r'[(（\[].*?[)）\]]|\s')


class StatementError(BusinessError):
    """The file cannot be read; `faults` name the row, the column and the value of each thing that is wrong."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep the faults."""
        super().__init__(faults[0], field='statement')
        self.faults = tuple(faults)


@dataclass(frozen=True)
class StatementLine:
    """One sum that came in; `key` is the bank's own name for it."""

    row: int
    key: str
    came_at: datetime
    amount_fen: int
    payer_name: str
    payer_tail: str
    memo: str


@dataclass
class Statement:
    """What was read: the sums that came in, and how many rows were payments out."""

    lines: list[StatementLine] = field(default_factory=list)
    skipped: int = 0


def read_statement(content: bytes, *, at: datetime) -> Statement:
    """Read a whole file, or nothing of it; raises `StatementError` with every fault found."""
    rows = _rows(content)
    header = next(((number, found) for number, cells in rows[:HEADER_WITHIN] if (found := _header(cells))), None)
    if header is None:
        wanted = listed(NEEDED.values())
        raise StatementError(
            [_('前 %(n)s 行里没有找到表头。表头要有这些列：%(wanted)s。', n=HEADER_WITHIN, wanted=wanted)]
        )
    number, (columns, memos) = header
    reader = _Reader(columns, memos, at)
    for row, cells in rows:
        if row > number:
            reader.read(row, cells)
    if reader.faults:
        raise StatementError(reader.faults)
    if not reader.statement.lines:
        raise StatementError([_('这份对账单里没有收入的行。')])
    return reader.statement


class _CellError(Exception):
    """A cell does not hold what its column holds."""

    def __init__(self, column: str, cell: Cell, what: str) -> None:
        super().__init__(what)
        self.column, self.cell, self.what = column, cell, what


class _Reader:
    """Reads row after row under one header, and keeps what is wrong."""

    def __init__(self, columns: Mapping[str, int], memos: Sequence[int], at: datetime) -> None:
        self.columns = columns
        self.memos = memos
        self.at = at
        self.statement = Statement()
        self.faults: list[str] = []
        self._seen: dict[str, int] = {}

    def read(self, row: int, cells: Sequence[Cell]) -> None:
        """Read one row; rows without day and number are headings or totals."""
        found = {name: _at(cells, place) for name, place in self.columns.items()}
        if len(self.faults) >= MAX_FAULTS or not (found['day'].text or found['serial'].text):
            return
        try:
            self._keep(row, found, ' '.join(text for place in self.memos if (text := _at(cells, place).text)))
        except _CellError as fault:
            self.faults.append(
                _(
                    '第 %(row)s 行“%(column)s”现为“%(value)s”。%(what)s',
                    row=row,
                    column=NEEDED[fault.column],
                    value=fault.cell.text[:40],
                    what=fault.what,
                )
            )

    def _keep(self, row: int, found: Mapping[str, Cell], memo: str) -> None:
        for name in NEEDED:
            if found[name].is_formula or found[name].is_error:
                raise _CellError(name, found[name], _('这是公式或错误值，请粘贴为数值。'))
        amount = _fen(found['amount'].value)
        if amount is None:
            raise _CellError('amount', found['amount'], _('这不是金额，应像 1234.50。'))
        if amount <= 0 or ('direction' in found and found['direction'].text in OUT):
            self.statement.skipped += 1
            return
        came_at, serial = self._came_at(found['day']), found['serial'].text.removesuffix('.0')
        if not 0 < len(serial) <= MAX_SERIAL:
            raise _CellError('serial', found['serial'], _('银行流水号应为 1 到 60 个字符。'))
        payer = found['payer'].text
        if not payer:
            raise _CellError('payer', found['payer'], _('请填付款单位的户名。'))
        key = f'{clock.business_day(came_at):%Y%m%d}:{serial}'
        if key in self._seen:
            raise _CellError('serial', found['serial'], _('与第 %(other)s 行重复。', other=self._seen[key]))
        self._seen[key] = row
        tail = (
            ''.join(letter for letter in found['account'].text if letter.isdigit())[-4:] if 'account' in found else ''
        )
        self.statement.lines.append(StatementLine(row, key, came_at, amount, payer[:80], tail, memo[:200]))

    def _came_at(self, cell: Cell) -> datetime:
        came_at = _instant(cell.value)
        if came_at is None:
            raise _CellError('day', cell, _('这不是日期，应像 2026-06-15。'))
        if clock.business_day(came_at) > clock.business_day(self.at):
            raise _CellError('day', cell, _('这是以后的日期。'))
        return came_at


def _at(cells: Sequence[Cell], place: int) -> Cell:
    return cells[place] if place < len(cells) else Cell(None)


def _header(cells: Sequence[Cell]) -> tuple[dict[str, int], list[int]] | None:
    """Return where each column stands and where the memos stand, or None when this row is no header."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        places.setdefault(_BRACKETS.sub('', cell.text), place)
    found = {}
    for name, aliases in COLUMNS.items():
        known = [places[alias] for alias in aliases if alias in places]
        if known:
            found[name] = known[0]
    return (found, [places[name] for name in MEMOS if name in places]) if set(NEEDED) <= set(found) else None


def _rows(content: bytes) -> list[Row]:
    try:
        return read_sheet(content)
    except SheetError as error:
        raise StatementError([error.message]) from error


def _fen(value: Any) -> int | None:
    """Read an amount that a person or a spreadsheet wrote; nothing written is no money."""
    if value is None or (isinstance(value, str) and value.strip() in {'', '-', '--'}):
        return 0
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return Money.parse(value.strip().lstrip('+').replace(' ', '')).fen
        except MoneyFormatError:
            return None
    try:
        fen = Decimal(str(value)) * 100
    except InvalidOperation:
        return None
    return int(fen) if fen == fen.to_integral_value() and abs(fen) <= MAX_FEN else None


def _instant(value: Any) -> datetime | None:
    """Read a day, with its time when there is one, as Shanghai wrote it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=clock.SHANGHAI)
    match = DAY.match(clean_text(str(value)))
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=clock.SHANGHAI)
    except ValueError:
        return None

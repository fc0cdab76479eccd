"""Budget lists as spreadsheets: written for the buyer, and read back within bounds."""

import io
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from shop.kit.money import FEN_PER_YUAN, Money
from shop.kit.sheets import SheetError, read_sheet
from shop.kit.words import listed
from shop.procurement.budget_list import MAX_LINES
from shop.procurement.lists import Budget
from shop.procurement.picking import COLUMNS, IN_ALL, NAME, PER_HEAD, Row

MAX_BYTES = 1024 * 1024
MAX_TEXT = 80
HEADER_WITHIN = 10
WIDTHS = (10, 22, 18, 18, 12, 10, 10, 10, 14)
_THIN = Side(style='thin', color='FF8D8271')
_HEAD = PatternFill('solid', fgColor='FFEEF3EC')
_YUAN = '#,##0.00'


def write_list(budget: Budget) -> bytes:
    """Return a list as a workbook that can be filled in further and read back."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _('采购清单')
    _put(sheet, 1, 1, budget.title or _('采购清单')).font = Font(bold=True, size=14)
    facts = _(
        '%(heads)s 人，合计 ¥%(total)s，人均 ¥%(per_head)s。价格以下单时为准，运费另计。',
        heads=budget.heads,
        total=Money(budget.total_fen).grouped,
        per_head=Money(budget.per_head_fen).grouped,
    )
    _put(sheet, 2, 1, facts)
    _head(sheet, 4)
    for place, listed_line in enumerate(budget.lines, 5):
        line, variant = listed_line.line, listed_line.variant
        village = variant.product.village
        values: tuple[Any, ...] = (
            variant.id,
            variant.product.name,
            variant.name,
            f'{village.county.name} {village.name}',
            variant.price_fen / FEN_PER_YUAN,
            line.quantity if line.is_per_head else None,
            None if line.is_per_head else line.quantity,
            listed_line.quantity,
            listed_line.amount_fen / FEN_PER_YUAN,
        )
        for column, value in enumerate(values, 1):
            cell = _put(sheet, place, column, value)
            cell.border = Border(bottom=_THIN)
            if column in {5, 9}:
                cell.number_format = _YUAN
    return _bytes(book, sheet)


def write_template() -> bytes:
    """Return an empty list with one line that shows how it is filled in."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _('采购清单')
    _put(sheet, 1, 1, _('采购清单模板')).font = Font(bold=True, size=14)
    _put(
        sheet, 2, 1, _('一行一种商品：品名和规格照商品页填写；“每人数量”和“总数量”只填一个；编号、产地、单价可以空着。')
    )
    _head(sheet, 4)
    return _bytes(book, sheet)


def read_list(content: bytes) -> list[Row]:
    """Read the rows under the header; raises `SheetError` when the file is no list."""
    read = read_sheet(content, max_bytes=MAX_BYTES, is_calculated=True)
    cells = [[cell.text[:MAX_TEXT] for cell in row] for _number, row in read]
    header = next(
        ((at, found) for at, row in enumerate(cells[:HEADER_WITHIN]) if (found := _columns(row)) is not None), None
    )
    if header is None:
        wanted = listed(_(COLUMNS[name]) for name in (NAME, PER_HEAD, IN_ALL))
        raise SheetError(
            _('前 %(n)s 行里没有找到表头。表头要有：%(wanted)s（后两列有一列即可）。', n=HEADER_WITHIN, wanted=wanted),
            field='sheet',
        )
    start, columns = header
    rows = []
    for number, row in enumerate(cells[start + 1 :], start + 2):
        texts = {name: row[place] if place < len(row) else '' for name, place in columns.items()}
        if any(texts.values()):
            rows.append(Row(number, texts))
    if not rows:
        raise SheetError(_('表头下面没有商品。'), field='sheet')
    if len(rows) > MAX_LINES:
        raise SheetError(_('一张清单最多 %(n)s 行。', n=MAX_LINES), field='sheet')
    return rows


def _columns(row: Sequence[str]) -> dict[str, int] | None:
    places = {text.replace(' ', ''): place for place, text in reversed(list(enumerate(row))) if text}
    found = {}
    for name, title in COLUMNS.items():
        for known in (title, _(title)):
            if known.replace(' ', '') in places:
                found[name] = places[known.replace(' ', '')]
    return found if NAME in found and (PER_HEAD in found or IN_ALL in found) else None


def _head(sheet: Worksheet, row: int) -> None:
    titles = (
        COLUMNS['code'], COLUMNS[NAME], COLUMNS['variant'], _('产地'), _('单价(元)'), COLUMNS[PER_HEAD],
        COLUMNS[IN_ALL], _('共计件数'), _('金额(元)'),
    )  # fmt: skip
    for column, (title, width) in enumerate(zip(titles, WIDTHS, strict=True), 1):
        cell = _put(sheet, row, column, _(title))
        cell.font, cell.fill, cell.border = Font(bold=True), _HEAD, Border(bottom=_THIN, top=_THIN)
        cell.alignment = Alignment(wrap_text=True, vertical='center')
        sheet.column_dimensions[cell.column_letter].width = width


def _put(sheet: Worksheet, row: int, column: int, value: Any) -> Any:
    """Write a value; a text that begins like a formula stays a text."""
    cell = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = 's'
    return cell


def _bytes(book: Workbook, sheet: Worksheet) -> bytes:
    sheet.freeze_panes = 'A5'
    sheet.page_setup.orientation = 'portrait'
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

"""Tables that people bring and take away, xlsx and csv: bounded, never calculated, written as plain text."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text

XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_GROWTH = 20
MAX_TITLE = 31
MAX_ROWS = 5_000
MAX_COLUMNS = 60
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, KeyError, IndexError, ValueError, TypeError, SyntaxError,
    AttributeError, NotImplementedError, RuntimeError, EOFError, OSError,
)  # fmt: skip
OLD_EXCEL = b'\xd0\xcf\x11\xe0'
ZIP = b'PK'
# A spreadsheet would calculate a text that begins with one of these.
_LIVE = ('=', '+', '-', '@', '\t', '\r')


class SheetError(BusinessError):
    """The file is no table that can be read."""


@dataclass(frozen=True)
class Cell:
    """A value as the file has it; `is_formula` and `is_error` are what must not be taken for a value."""

    value: Any
    is_formula: bool = False
    is_error: bool = False

    @property
    def text(self) -> str:
        """The value as text, cleaned; a whole number that the spreadsheet keeps as 12.0 is ``12``."""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return clean_text(str(self.value)) if self.value is not None else ''


Row = tuple[int, Sequence[Cell]]


def read_sheet(
    content: bytes, *, max_rows: int = MAX_ROWS, max_bytes: int | None = None, is_calculated: bool = False
) -> list[Row]:
    """Return the rows of the first sheet with their numbers from 1; raises `SheetError`.

    A formula is told as one, or read as what the spreadsheet last calculated when `is_calculated`.
    """
    most = MAX_BYTES if max_bytes is None else max_bytes
    if not content:
        raise SheetError(_('选择一个文件（.xlsx 或 .csv）。'), field='file')
    if len(content) > most:
        raise SheetError(too_large_words(most), field='file')
    if content.startswith(OLD_EXCEL):
        raise SheetError(_('这是旧版 Excel 文件（.xls），请另存为 .xlsx 或 CSV 再上传。'), field='file')
    if content.startswith(ZIP):
        _require_small(content, min(MAX_UNPACKED_BYTES, MAX_GROWTH * most))
        read = _rows_of_workbook(content, max_rows, is_calculated=is_calculated)
    else:
        read = _rows_of_text(content)
    rows: list[Row] = []
    for number, cells in enumerate(read, 1):
        if number > max_rows:
            raise SheetError(_('行数太多：最多 %(n)s 行，请分几次上传。', n=f'{max_rows:,}'), field='file')
        rows.append((number, cells))
    return rows


def too_large_words(most: int = MAX_BYTES) -> str:
    """Say how large a file may be."""
    return str(_('文件太大：最多 %(n)s MB，请分几次上传。', n=most // 1024 // 1024))


def write_sheet(
    title: str, header: Sequence[str], rows: Iterable[Sequence[object]], *, widths: Sequence[int] = ()
) -> bytes:
    """Return a workbook with one sheet; texts stay texts, whatever they begin with, and keep all their digits."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:MAX_TITLE])
    sheet.freeze_panes = 'A2'
    for place, width in enumerate(widths or [max(12, 2 * len(name) + 4) for name in header], 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    bold = [_plain(sheet, name) for name in header]
    for cell in bold:
        cell.font = Font(bold=True)
    sheet.append(bold)
    for row in rows:
        sheet.append([_plain(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(rows: Iterable[Sequence[str]]) -> bytes:
    """Return a csv file that spreadsheets open as UTF-8; no text in it is taken for a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator='\r\n').writerows([safe_text(text) for text in row] for row in rows)
    return out.getvalue().encode('utf-8-sig')


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_LIVE) else text


def _plain(sheet: Any, value: object) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, safe_text(value) or None)
    cell.data_type, cell.number_format = 's' if value else 'n', '@'
    return cell


def _require_small(content: bytes, most: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except UNREADABLE as error:
        raise _unreadable() from error
    if unpacked > most:
        raise SheetError(_('文件展开后太大，请分几次上传。'), field='file')


def _unreadable() -> SheetError:
    return SheetError(_('这个 Excel 文件打不开，请重新导出，或另存为 CSV 再上传。'), field='file')


def _rows_of_workbook(content: bytes, max_rows: int, *, is_calculated: bool) -> Iterator[Sequence[Cell]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=is_calculated, keep_links=False)
        try:
            for cells in book.worksheets[0].iter_rows(max_row=max_rows + 1, max_col=MAX_COLUMNS):
                yield [
                    Cell(cell.value, is_formula=cell.data_type == 'f', is_error=cell.data_type == 'e') for cell in cells
                ]
        finally:
            book.close()
    except UNREADABLE as error:
        raise _unreadable() from error


def _rows_of_text(content: bytes) -> Iterator[Sequence[Cell]]:
    text = _decoded(content)
    first = text[:4000]
    delimiter = max(',\t;', key=first.count)
    try:
        for values in csv.reader(io.StringIO(text), delimiter=delimiter):
            yield [Cell(value, is_formula=value.strip().startswith('=')) for value in values[:MAX_COLUMNS]]
    except csv.Error as error:
        raise SheetError(_('这个 CSV 文件读不下去，请重新导出。'), field='file') from error


def _decoded(content: bytes) -> str:
    for encoding in ('utf-8-sig', 'gb18030'):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if '\x00' not in text:
            return text
    raise SheetError(_('这不是 Excel 或 CSV 文件。'), field='file')

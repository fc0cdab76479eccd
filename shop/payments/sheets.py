"""Reading the cells of a sheet somebody uploads, xlsx or csv, whatever it is about."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text

MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_COLUMNS = 60
UNREADABLE = (
    zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError, SyntaxError, AttributeError,
)  # fmt: skip
OLD_EXCEL = b'\xd0\xcf\x11\xe0'
ZIP = b'PK'


class SheetError(BusinessError):
    """The file cannot be read as a sheet."""


@dataclass(frozen=True)
class SheetWords:
    """What is said of a file that cannot be read, in the words of what it should have been."""

    missing: str
    too_big: str
    too_long: str
    unpacked_too_big: str
    broken_book: str
    broken_text: str


@dataclass(frozen=True)
class Cell:
    """A value as the file has it; `is_formula` and `is_error` are what must not be taken for a value."""

    value: Any
    is_formula: bool = False
    is_error: bool = False

    @property
    def text(self) -> str:
        """The value as text, cleaned."""
        return clean_text(str(self.value)) if self.value is not None else ''


def read_rows(content: bytes, words: SheetWords, *, max_bytes: int, max_rows: int) -> list[tuple[int, Sequence[Cell]]]:
    """Return every row with its number; raises `SheetError`."""
    if not content:
        raise SheetError(words.missing)
    if len(content) > max_bytes:
        raise SheetError(words.too_big)
    if content.startswith(OLD_EXCEL):
        raise SheetError(_('这是旧版 Excel 文件（.xls），请另存为 .xlsx 或 CSV 再上传。'))
    read = _rows_of_workbook if content.startswith(ZIP) else _rows_of_text
    rows = []
    for number, cells in enumerate(read(content, words, max_rows), 1):
        if number > max_rows:
            raise SheetError(words.too_long)
        rows.append((number, cells))
    return rows


def _rows_of_workbook(content: bytes, words: SheetWords, max_rows: int) -> Iterator[Sequence[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        _require_unpacked(unpacked, words)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        try:
            for cells in book.worksheets[0].iter_rows(max_row=max_rows + 1, max_col=MAX_COLUMNS):
                yield [
                    Cell(cell.value, is_formula=cell.data_type == 'f', is_error=cell.data_type == 'e') for cell in cells
                ]
        finally:
            book.close()
    except UNREADABLE as error:
        raise SheetError(words.broken_book) from error


def _require_unpacked(size: int, words: SheetWords) -> None:
    if size > MAX_UNPACKED_BYTES:
        raise SheetError(words.unpacked_too_big)


def _rows_of_text(content: bytes, words: SheetWords, max_rows: int) -> Iterator[Sequence[Cell]]:
    for encoding in ('utf-8-sig', 'gb18030'):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetError(_('这不是 Excel 或 CSV 文件。'))
    if '\x00' in text:
        raise SheetError(_('这不是 Excel 或 CSV 文件。'))
    first = text[:4000]
    delimiter = max(',\t;', key=first.count)
    try:
        for values in csv.reader(io.StringIO(text), delimiter=delimiter):
            yield [Cell(value, is_formula=value.strip().startswith('=')) for value in values[:MAX_COLUMNS]]
    except csv.Error as error:
        raise SheetError(words.broken_text) from error

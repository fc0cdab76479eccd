"""Tables as banks exchange them: rows of an xlsx or csv file somebody brings, and files we write."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence

from flask_babel import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from shop.kit.errors import BusinessError
from shop.kit.fields import clean_text

MAX_BYTES = 2 * 1024 * 1024
MAX_UNPACKED_BYTES = 40 * 1024 * 1024
MAX_ROWS, MAX_COLUMNS = 10_000, 40
UNREADABLE = (
    zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, TypeError, SyntaxError, AttributeError,
)  # fmt: skip
OLD_EXCEL, ZIP = b'\xd0\xcf\x11\xe0', b'PK'
FORMULA_STARTS = ('=', '+', '-', '@', '\t')


class SheetError(BusinessError):
    """The file cannot be taken; `faults` name the row, the value and what would be right."""

    def __init__(self, faults: Sequence[str]) -> None:
        """Keep the faults."""
        super().__init__(faults[0], field='result')
        self.faults = tuple(faults)


def read_rows(content: bytes) -> list[list[str]]:
    """Return the cells of a file as text, row by row; raises `SheetError`."""
    if not content:
        raise SheetError([_('选择银行给的结果文件（.xlsx 或 .csv）。')])
    if len(content) > MAX_BYTES:
        raise SheetError([_('文件太大：最多 %(n)s MB。', n=MAX_BYTES // 1024 // 1024)])
    if content.startswith(OLD_EXCEL):
        raise SheetError([_('这是旧版 Excel 文件（.xls），请另存为 .xlsx 或 CSV 再上传。')])
    rows: list[list[str]] = []
    for cells in _rows_of_workbook(content) if content.startswith(ZIP) else _rows_of_text(content):
        if len(rows) == MAX_ROWS:
            raise SheetError([_('行数太多：最多 %(n)s 行。', n=f'{MAX_ROWS:,}')])
        rows.append(cells)
    return rows


def write_workbook(title: str, rows: Sequence[Sequence[str]]) -> bytes:
    """Return an xlsx file; every cell is text, so that a long account number keeps its digits."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    for row in rows:
        sheet.append([_harmless(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_text(rows: Sequence[Sequence[str]]) -> bytes:
    """Return a csv file that spreadsheets open as UTF-8; a cell never begins like a formula."""
    out = io.StringIO()
    csv.writer(out, lineterminator='\r\n').writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue().encode('utf-8-sig')


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def _rows_of_workbook(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MAX_UNPACKED_BYTES:
                raise SheetError([_('文件展开后太大。')])
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            for values in book.worksheets[0].iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS, values_only=True):
                yield [clean_text(str(value)) if value is not None else '' for value in values]
        finally:
            book.close()
    except UNREADABLE as error:
        raise SheetError([_('这个 Excel 文件打不开，请另存为 CSV 再上传。')]) from error


def _rows_of_text(content: bytes) -> Iterator[list[str]]:
    for encoding in ('utf-8-sig', 'gb18030'):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SheetError([_('这不是 Excel 或 CSV 文件。')])
    if '\x00' in text:
        raise SheetError([_('这不是 Excel 或 CSV 文件。')])
    delimiter = max(',\t;', key=text[:4000].count)
    try:
        for values in csv.reader(io.StringIO(text), delimiter=delimiter):
            yield [clean_text(value) for value in values[:MAX_COLUMNS]]
    except csv.Error as error:
        raise SheetError([_('这个 CSV 文件读不下去，请重新导出。')]) from error

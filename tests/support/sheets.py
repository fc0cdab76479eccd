"""Tables as people bring them."""

import csv
import io
from collections.abc import Sequence

from openpyxl import Workbook, load_workbook


def xlsx_of(*rows: Sequence[object]) -> bytes:
    """Return a workbook with these rows."""
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def csv_of(*rows: Sequence[object], encoding: str = 'utf-8') -> bytes:
    """Return a text with these rows."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def rows_of(content: bytes) -> list[list[object]]:
    """Return the rows of a workbook."""
    return [list(row) for row in load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]

"""Tables that come in and go out: bounded, never calculated."""

import io
import zipfile

import pytest
from openpyxl import load_workbook

from shop.kit import sheets
from shop.kit.sheets import Cell, SheetError, read_sheet, safe_text, write_csv, write_sheet
from tests.support.sheets import csv_of, rows_of, xlsx_of


def texts(content: bytes) -> list[list[str]]:
    return [[cell.text for cell in cells if cell.text] for _number, cells in read_sheet(content)]


@pytest.mark.parametrize(
    'content',
    [
        xlsx_of(['户编号', '人口'], ['001', 3]),
        csv_of(['户编号', '人口'], ['001', 3]),
        csv_of(['户编号', '人口'], ['001', 3], encoding='gb18030'),
        csv_of(['户编号', '人口'], ['001', 3], encoding='utf-8-sig'),
        '户编号\t人口\n001\t3\n'.encode(),
    ],
    ids=['xlsx', 'utf-8', 'gb18030', 'bom', 'tabs'],
)
def test_a_table_is_read_however_it_was_saved(content):
    assert texts(content) == [['户编号', '人口'], ['001', '3']]


def test_formulas_are_told_apart_and_whole_numbers_are_whole():
    ((_, cells),) = read_sheet(xlsx_of(['=1+1', 12.0, None, '#N/A']))
    assert [(cell.is_formula, cell.is_error, cell.text) for cell in cells[:4]] == [
        (True, False, '=1+1'), (False, False, '12'), (False, False, ''), (False, True, '#N/A'),
    ]  # fmt: skip
    assert read_sheet(b'=cmd,1')[0][1][0] == Cell('=cmd', is_formula=True)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'', '选择一个文件'),
        (b'\xd0\xcf\x11\xe0old', '旧版 Excel'),
        (b'PK rubbish', '打不开'),
        (b'\xff\xfe\xfa\x81', '不是 Excel 或 CSV'),
        (b'a\x00b', '不是 Excel 或 CSV'),
        (b'x' * (sheets.MAX_BYTES + 1), '文件太大'),
        (b'\n' * (sheets.MAX_ROWS + 1), '行数太多'),
        (b'"' + b'x' * 140_000, '读不下去'),
    ],
    ids=lambda value: str(value)[:12],
)
def test_rubbish_gets_words_beside_the_field(content, message):
    with pytest.raises(SheetError, match=message) as caught:
        read_sheet(content)
    assert caught.value.field == 'file'


def test_a_file_that_unpacks_into_a_flood_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sheets, 'MAX_UNPACKED_BYTES', 1000)
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_DEFLATED) as parts:
        parts.writestr('xl/workbook.xml', 'x' * 5000)
    with pytest.raises(SheetError, match='展开后太大'):
        read_sheet(content.getvalue())


@pytest.mark.parametrize('live', ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1'])
def test_no_text_goes_out_that_a_spreadsheet_would_calculate(live):
    content = write_sheet('名册', ['姓名', live], [[live, 3]])
    assert rows_of(content) == [['姓名', f"'{live}"], [f"'{live}", 3]]
    assert texts(write_csv([['6228480000000012345', live]])) == [['6228480000000012345', f"'{live}".replace('\t', '')]]
    sheet = load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {'s', 'n'}
    assert safe_text('赵德林') == '赵德林'


def test_an_empty_text_keeps_its_cell_for_text():
    sheet = load_workbook(io.BytesIO(write_sheet('长' * 40, ['单号'], [['']], widths=[20]))).active
    assert (sheet['A2'].value, sheet['A2'].number_format, sheet.column_dimensions['A'].width) == (None, '@', 20)


def test_a_formula_can_be_read_as_what_it_last_came_to():
    content = xlsx_of(['=1+1', 12])
    assert [cell.text for cell in read_sheet(content, is_calculated=True)[0][1][:2]] == ['', '12']
    with pytest.raises(SheetError, match='最多 1 MB'):
        read_sheet(b'x' * (1024 * 1024 + 1), max_bytes=1024 * 1024)

"""Bank statements as banks export them, and as they come out wrong."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from shop.kit import sheets
from shop.kit.clock import SHANGHAI
from shop.payments import statements
from shop.payments.statements import StatementError, StatementLine, read_statement

AT = datetime(2026, 6, 15, 4, 0, tzinfo=UTC)
HEADER = ['交易日期', '收入金额', '支出金额', '对方户名', '对方账号', '流水号', '摘要', '附言']
GOOD = ['2026-06-14', '1,234.50', '', '市交通运输局', '6222020812345678', 'N001', '转账', 'DY2345678AB']


@pytest.fixture(autouse=True)
def _words(make_app):
    with make_app().app_context():
        yield


def csv_of(*rows: list[object], encoding: str = 'utf-8-sig', delimiter: str = ',') -> bytes:
    quoted = [[f'"{cell}"' if ',' in str(cell) else str(cell) for cell in row] for row in rows]
    return '\r\n'.join(delimiter.join(row) for row in quoted).encode(encoding)


def xlsx_of(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def lines(content: bytes) -> list[StatementLine]:
    return read_statement(content, at=AT).lines


def faults(content: bytes) -> tuple[str, ...]:
    with pytest.raises(StatementError) as caught:
        read_statement(content, at=AT)
    assert (caught.value.field, caught.value.message) == ('statement', caught.value.faults[0])
    return caught.value.faults


def with_(name: str, value: object) -> list[object]:
    return [value if column == name else cell for column, cell in zip(HEADER, GOOD, strict=True)]


@pytest.mark.parametrize('encoding', ['utf-8-sig', 'utf-8', 'gb18030'])
@pytest.mark.parametrize('delimiter', [',', '\t', ';'])
def test_a_csv_of_any_chinese_bank_is_read(encoding, delimiter):
    money = with_('收入金额', '1234.50')
    out = ['2026-06-14', '', '88.00', '电费', '', 'N002', '扣款', '']
    total = ['合计', '', '', '', '', '', '', '']
    statement = read_statement(
        csv_of(['账号', '0000'], HEADER, money, out, total[1:], encoding=encoding, delimiter=delimiter), at=AT
    )
    assert statement.skipped == 1
    assert statement.lines == [
        StatementLine(
            row=3,
            key='20260614:N001',
            came_at=datetime(2026, 6, 14, tzinfo=SHANGHAI),
            amount_fen=123_450,
            payer_name='市交通运输局',
            payer_tail='5678',
            memo='DY2345678AB 转账',
        )
    ]


def test_a_workbook_is_read_with_its_own_dates_and_numbers():
    first = ['2026-06-14', 79.8, None, '市局', 6222020812345678, 90210, None, '附言']
    rows = [first, with_('流水号', 'N002'), with_('流水号', 'N003')]
    rows[1][0], rows[2][0] = datetime(2026, 6, 14, 9, 30), date(2026, 6, 13)  # noqa: DTZ001  as a workbook has it
    found = lines(xlsx_of(['对账单'], HEADER, *rows))
    assert [(line.row, line.key, line.amount_fen, line.payer_tail) for line in found] == [
        (3, '20260614:90210', 7980, '5678'),
        (4, '20260614:N002', 123_450, '5678'),
        (5, '20260613:N003', 123_450, '5678'),
    ]
    assert found[1].came_at == datetime(2026, 6, 14, 9, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ('text', 'hour', 'minute'),
    [
        ('2026-06-14', 0, 0), ('2026/6/14', 0, 0), ('20260614', 0, 0), ('2026年6月14日', 0, 0),
        ('2026-06-14 09:30:15', 9, 30), ('20260614 0930', 9, 30), ('2026-06-14T23:59', 23, 59),
    ],
)  # fmt: skip
def test_days_are_read_as_banks_write_them(text, hour, minute):
    came_at = lines(csv_of(HEADER, with_('交易日期', text), delimiter=';'))[0].came_at
    assert came_at.replace(second=0) == datetime(2026, 6, 14, hour, minute, tzinfo=SHANGHAI)


def test_other_names_of_columns_and_a_column_of_directions_are_known():
    header = ['记账日期', '借贷标志', '交易金额（元）', '付款人名称', '银行流水号']
    content = csv_of(
        header,
        ['2026-06-14', '贷', '79.80', '市局', 'A1'],
        ['2026-06-14', '借', '10.00', '电力公司', 'A2'],
        ['2026-06-14', '贷', '-5.00', '冲正', 'A3'],
    )
    statement = read_statement(content, at=AT)
    assert [(line.amount_fen, line.payer_name, line.payer_tail, line.memo) for line in statement.lines] == [
        (7980, '市局', '', '')
    ]
    assert statement.skipped == 2


def test_a_short_row_has_no_memo():
    assert lines(csv_of(HEADER, GOOD[:6]))[0].memo == ''


@pytest.mark.parametrize(
    ('column', 'value', 'message'),
    [
        ('收入金额', '=SUM(B2:B9)', '第 2 行“收入金额”现为“=SUM(B2:B9)”。这是公式或错误值，请粘贴为数值。'),
        ('收入金额', '一百', '第 2 行“收入金额”现为“一百”。这不是金额，应像 1234.50。'),
        ('收入金额', '1.234', '第 2 行“收入金额”现为“1.234”。这不是金额，应像 1234.50。'),
        ('交易日期', '昨天', '第 2 行“交易日期”现为“昨天”。这不是日期，应像 2026-06-15。'),
        ('交易日期', '2026-02-30', '第 2 行“交易日期”现为“2026-02-30”。这不是日期，应像 2026-06-15。'),
        ('交易日期', '2026-06-16', '第 2 行“交易日期”现为“2026-06-16”。这是以后的日期。'),
        ('对方户名', '', '第 2 行“对方户名”现为“”。请填付款单位的户名。'),
        ('流水号', '', '第 2 行“流水号”现为“”。银行流水号应为 1 到 60 个字符。'),
        ('流水号', 'N' * 61, f'第 2 行“流水号”现为“{"N" * 40}”。银行流水号应为 1 到 60 个字符。'),
    ],
)
@pytest.mark.parametrize('make', [csv_of, xlsx_of])
def test_what_is_wrong_is_named_by_row_column_and_value(make, column, value, message):
    assert faults(make(HEADER, with_(column, value))) == (message,)


@pytest.mark.parametrize('value', [float('nan'), float('inf'), 79.801, True, date(2026, 6, 14)], ids=str)
def test_a_cell_that_is_no_amount_is_no_amount(value):
    assert statements._fen(value) is None


def test_an_error_of_a_spreadsheet_is_not_a_value():
    assert '这是公式或错误值' in faults(xlsx_of(HEADER, with_('收入金额', '#N/A')))[0]


def test_every_fault_is_told_at_once_but_not_hundreds():
    bad = [with_('流水号', f'N{number}') for number in range(30)]
    assert len(faults(csv_of(HEADER, *[[*row[:1], '一百', *row[2:]] for row in bad]))) == 20


def test_the_same_number_twice_in_a_file_names_both_rows():
    assert faults(csv_of(HEADER, GOOD, GOOD)) == ('第 3 行“流水号”现为“N001”。与第 2 行重复。',)


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (b'', '选择一个文件'),
        (b'\xd0\xcf\x11\xe0old', '旧版 Excel'),
        (b'PK rubbish', '打不开'),
        (b'\xff\xfe\xfa\x81', '不是 Excel 或 CSV'),
        (b'a\x00b', '不是 Excel 或 CSV'),
        (b'hello', '没有找到表头'),
        (csv_of(HEADER), '没有收入的行'),
        (csv_of(HEADER[:5], GOOD[:5]), '没有找到表头'),
        (b'x' * (sheets.MAX_BYTES + 1), '文件太大'),
        (b'\n' * (sheets.MAX_ROWS + 1), '行数太多'),
        (b'"' + b'x' * 140_000, '读不下去'),
    ],
    ids=lambda value: str(value)[:20],
)
def test_rubbish_gets_words(content, message):
    assert message in faults(content)[0]


def test_a_file_that_unpacks_into_a_flood_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sheets, 'MAX_UNPACKED_BYTES', 1000)
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w', zipfile.ZIP_DEFLATED) as parts:
        parts.writestr('xl/workbook.xml', 'x' * 5000)
    assert faults(content.getvalue()) == ('文件展开后太大，请分几次上传。',)


def test_a_zip_that_is_no_workbook_gets_words():
    content = io.BytesIO()
    with zipfile.ZipFile(content, 'w') as parts:
        parts.writestr('readme.txt', 'hello')
    assert '打不开' in faults(content.getvalue())[0]

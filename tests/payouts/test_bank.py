"""The bank's file and its result: accounts go into the file alone, results are read whole, once, and by reference."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitPayout
from shop.payouts import bank_numbers
from shop.payouts.bank import NoAccountError, ResultCount, make_bank_file, read_result
from shop.payouts.bank_columns import FILE_COLUMNS
from shop.payouts.bank_numbers import BankAccount
from shop.payouts.evidence_models import PayoutBankFile
from shop.payouts.models import BatchStatus, LineStatus
from shop.payouts.sheets import MAX_BYTES, SheetError, read_rows, write_text, write_workbook
from tests.factories.payouts import bring, lines, make_paying_village, pay

pytestmark = pytest.mark.usefixtures('app', 'clock_hand')

B, L = BatchStatus, LineStatus
HEAD = ['业务参考号', '金额(元)', '处理结果', '流水号', '失败原因']


@pytest.fixture
def paying(app, clock_hand):
    return make_paying_village()


@pytest.fixture
def with_accounts(monkeypatch):
    """The first two households have an account."""

    def accounts(household_ids, **_):
        return {
            one: BankAccount(f'62284800000000{one:05d}', f'农户{one}', '农业银行') for one in sorted(household_ids)[:2]
        }

    monkeypatch.setattr(bank_numbers, 'bank_accounts_of', accounts)


def send(paying, batch):
    with transaction():
        return make_bank_file(batch, actor=paying.member, at=clock.now())


def result(paying, batch, *rows: list[str], name: str = 'jg.csv'):
    with transaction():
        return read_result(
            batch, write_text([['某银行代发结果'], HEAD, *rows]), file_name=name, paid_on=clock.today(),
            actor=paying.member, at=clock.now(),
        )  # fmt: skip


def test_without_accounts_there_is_nothing_for_the_bank(paying):
    with pytest.raises(NoAccountError, match='没有登记银行账号'):
        send(paying, bring(paying, B.DUE))
    assert db.session.scalar(select(func.count(PayoutBankFile.id))) == 0


@pytest.mark.usefixtures('with_accounts')
def test_the_file_names_each_household_once_and_takes_it_out_of_the_cash_roster(paying):
    batch = bring(paying, B.DUE)
    file, rows = send(paying, batch)
    assert rows[0] == list(FILE_COLUMNS)
    assert [row[4:] for row in rows[1:]] == [
        ['6.34', '惠农兑付', f'{batch.number}-0001'], ['6.34', '惠农兑付', f'{batch.number}-0002'],
    ]  # fmt: skip
    assert (file.line_count, file.amount_fen, file.made_by_id) == (2, 1268, paying.member.id)
    assert [line.status for line in lines(batch)] == [L.SENT, L.SENT, L.WAITING]
    assert pay(paying, batch) == 1
    assert batch.status is B.PARTLY_PAID
    with pytest.raises(NoAccountError):
        send(paying, batch)


@pytest.mark.usefixtures('with_accounts')
def test_a_result_is_written_down_once_and_a_failure_can_be_paid_otherwise(paying):
    batch = bring(paying, B.DUE)
    send(paying, batch)
    good = [f'{batch.number}-0001', '6.34', '成功', 'YH001', '']
    bad = [f'{batch.number}-0002', '6.34', '失败', '', '账号与户名不符']
    assert result(paying, batch, good, bad) == ResultCount(1, 1, 0)
    assert result(paying, batch, good, bad) == ResultCount(0, 0, 2)
    assert result(paying, batch, bad, good, name='again.csv') == ResultCount(0, 0, 2)
    assert [(line.status, line.bank_serial, line.failure) for line in lines(batch)] == [
        (L.PAID, 'YH001', ''), (L.FAILED, '', '账号与户名不符'), (L.WAITING, '', ''),
    ]  # fmt: skip
    assert pay(paying, batch) == 2
    assert db.session.scalar(select(func.sum(BenefitPayout.amount_fen))) == 1602
    assert find_faults() == []


@pytest.mark.usefixtures('with_accounts')
def test_everything_wrong_is_named_and_nothing_is_written(paying):
    batch = bring(paying, B.DUE)
    send(paying, batch)
    one, two, three = (f'{batch.number}-000{n}' for n in (1, 2, 3))
    with pytest.raises(SheetError) as refused:
        result(
            paying, batch,
            [one, '6.34', '成功', 'YH001', ''], [one, '6.34', '成功', 'YH001', ''], [two, '6.35', '成功', 'YH002', ''],
            ['X-1', '1.00', '成功', 'YH003', ''], [three, '3.34', '成功', 'YH004', ''], ['', '', '', '', ''],
        )  # fmt: skip
    assert refused.value.faults == (
        f'第 4 行：业务参考号“{one}”在文件里出现了两次。',
        f'第 5 行：{two} 的金额是 ¥6.35，应发 ¥6.34。',
        '第 6 行：业务参考号“X-1”不在这一批里。',
        f'第 7 行：{three} 现在是“待发放”，不在银行代发中，请与银行核对。',
    )
    for row, says in (
        ([one, 'abc', '成功', 'YH001', ''], '应像 123.45'),
        ([one, '6.34', '大概', 'YH001', ''], '应为成功或失败'),
        ([one, '6.34', '成功', '', ''], '没有流水号'),
    ):
        with pytest.raises(SheetError, match=says):
            result(paying, batch, row)
    with pytest.raises(SheetError, match='没有找到表头'), transaction():
        read_result(
            batch, b'a,b\n1,2\n', file_name='', paid_on=clock.today(), actor=paying.member, at=clock.now()
        )  # fmt: skip
    assert db.session.scalar(select(func.count(BenefitPayout.id))) == 0
    assert [line.status for line in lines(batch)] == [L.SENT, L.SENT, L.WAITING]


def test_sheets_keep_digits_and_are_no_formulas():
    rows = [['6228480000000012345', '=1+1', '张三']]
    (cells,) = load_workbook(io.BytesIO(write_workbook('代发', rows))).active.iter_rows(values_only=True)
    assert cells == ('6228480000000012345', "'=1+1", '张三')
    assert next(csv.reader(io.StringIO(write_text(rows).decode('utf-8-sig')))) == list(cells)
    assert read_rows(write_workbook('代发', rows))[0][:3] == list(cells)
    assert read_rows('账号\t户名\n1\t张三\n'.encode('gb18030')) == [['账号', '户名'], ['1', '张三']]


@pytest.mark.parametrize(
    ('content', 'says'),
    [
        (b'', '选择银行给的结果文件'),
        (b'x' * (MAX_BYTES + 1), '文件太大'),
        (b'\xd0\xcf\x11\xe0abc', '旧版 Excel'),
        (b'PK\x03\x04nothing', '打不开'),
        (b'\xff\xfe\xff\xff\xff', '不是 Excel 或 CSV'),
        (b'a\x00b', '不是 Excel 或 CSV'),
        (b'1\n' * 10_001, '行数太多'),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, says):
    with pytest.raises(SheetError, match=says):
        read_rows(content)

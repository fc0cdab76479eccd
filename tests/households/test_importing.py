"""The national register as a file: checked first, good rows kept, the same file twice changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.households.importing import (
    ImportDecidedError,
    check_import,
    drop_import,
    forget_imports,
    keep_import,
    planned_import,
)
from shop.households.models import ConsentMeans, HouseholdConsent, HouseholdEvent, HouseholdNumber, RegisterImport
from shop.households.plans import BatchConsent, ImportPlan
from shop.households.reading import read_register
from shop.households.services import status_on
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.sheets import SheetError
from shop.villages.models import Household
from tests.factories.households import KEYS, card_number, id_number, make_number, make_status_kind
from tests.factories.villages import desk_user, make_household, make_tenure, make_village
from tests.support.sheets import csv_of, xlsx_of

HEADER = [
    '户编号', '户主姓名', '证件号码', '脱贫状态', '脱贫年度', '家庭人口数', '户属性', '村民小组', '银行账号', '同意',
    '同意日期',
]  # fmt: skip
GOOD = ['001', '赵德林', id_number(1), '已脱贫', '2019', 3, '一般脱贫户', '一组', card_number(1), '是', '2026-05-18']
ALL_AGREE = BatchConsent(('id_number', 'bank_account'), '2026-05-01', '档案柜')


@pytest.fixture
def village(app, clock_hand):
    make_status_kind('已脱贫')
    return make_village()


@pytest.fixture
def secretary(village):
    return desk_user(make_tenure(village))


def with_(column: str, value: object, row=GOOD) -> list[object]:
    return [value if name == column else old for name, old in zip(HEADER, row, strict=True)]


def check(village, secretary, *rows, batch=None, header=HEADER) -> RegisterImport:
    reading = read_register(xlsx_of(header, *rows), on=clock.today())
    with transaction():
        return check_import(
            village, reading, batch or BatchConsent(), file_name='a.xlsx', keys=KEYS, actor=secretary, at=clock.now()
        )


def plan(row) -> ImportPlan:
    return planned_import(row, keys=KEYS, on=clock.today())


def keep(row, secretary) -> tuple[int, int, int, int]:
    with transaction():
        kept = keep_import(row, keys=KEYS, actor=secretary, at=clock.now())
        return len(kept.new), len(kept.changed), len(kept.unchanged), len(kept.faults)


def households() -> list[Household]:
    return list(db.session.scalars(select(Household).order_by(Household.id)))


def test_a_register_comes_in_once(village, secretary):
    second = ['002', '孙芝', '', '已脱贫', '', 2, '', '', '', '', '']
    first_time = check(village, secretary, GOOD, second)
    assert households() == []
    assert id_number(1) not in (first_time.sealed_rows or '')
    assert keep(first_time, secretary) == (2, 0, 0, 0)
    assert first_time.sealed_rows is None
    one, other = households()
    assert (one.number, one.head_name, one.people, one.attribute, one.group_name) == (
        '001', '赵德林', 3, '一般脱贫户', '一组',
    )  # fmt: skip
    assert (one.left_poverty_on.isoformat(), other.left_poverty_on) == ('2019-12-31', None)
    assert status_on(one, clock.today()).kind.name == '已脱贫'
    assert len(db.session.scalars(select(HouseholdNumber)).all()) == 2
    assert {consent.given_on.isoformat() for consent in db.session.scalars(select(HouseholdConsent))} == {'2026-05-18'}
    before = len(db.session.scalars(select(HouseholdEvent)).all())
    assert keep(check(village, secretary, GOOD, second), secretary) == (0, 0, 2, 0)
    assert len(db.session.scalars(select(HouseholdEvent)).all()) == before
    changed = check(village, secretary, with_('家庭人口数', 4), second)
    assert [row.changes for row in plan(changed).changed] == [['家庭人口数']]
    assert keep(changed, secretary) == (0, 1, 1, 0)
    assert households()[0].people == 4
    with pytest.raises(ImportDecidedError):
        keep(changed, secretary)


FAULTS = (
    ('户编号', '', '这一格不能空'),
    ('户编号', '1' * 14 + '-' * 17, '最多 30'),
    ('户主姓名', id_number(3), '不能填证件号码'),
    ('证件号码', id_number(1)[:-2] + '00', '末位校验码'),
    ('证件号码', 990100195001020017, '数字格式'),
    ('脱贫状态', '很穷', '可填：已脱贫'),
    ('脱贫年度', '2010', '2014 到 2026'),
    ('脱贫年度', '2026-06-16', '2014 到 2026'),
    ('脱贫年度', '去年', '2014 到 2026'),
    ('脱贫年度', '2019-13-40', '2014 到 2026'),
    ('家庭人口数', '三', '1 到 30'),
    ('家庭人口数', '0', '1 到 30'),
    ('家庭人口数', '=1+1', '粘贴为数值'),
    ('银行账号', '6222020000000000', '末位校验码'),
    ('同意', '也许', '填“是”或“否”'),
    ('同意日期', '', '还要填同意的日期'),
    ('同意日期', '2026-06-16', '不晚于今天'),
)


@pytest.mark.parametrize(('column', 'value', 'says'), FAULTS)
@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_bad_row_says_where_and_what_would_be_right(village, secretary, column, value, says, database_kind):
    row = check(village, secretary, with_(column, value), ['002', '孙芝', '', '已脱贫', '', 2, '', '', '', '', ''])
    found = plan(row)
    assert [(fault.row, fault.column) for fault in found.faults] == [(2, column)]
    assert says in found.faults[0].what
    assert id_number(1)[3:14] not in found.faults[0].value
    assert keep(row, secretary) == (1, 0, 0, 1)
    assert [household.number for household in households()] == ['002']


def test_everything_wrong_with_a_row_is_told_at_once(village, secretary):
    row = with_('家庭人口数', '三', with_('脱贫年度', '2010', with_('户主姓名', '')))
    found = plan(check(village, secretary, row, with_('户主姓名', '=A1', with_('户编号', '=A2'))))
    assert [(fault.row, fault.column) for fault in found.faults] == [
        (2, '户主姓名'), (2, '家庭人口数'), (2, '脱贫年度'), (3, '户编号'), (3, '户主姓名'),
    ]  # fmt: skip


def test_a_person_who_is_registered_is_not_registered_again(village, secretary):
    elsewhere = make_household(make_village('柳河村'))
    make_number(elsewhere, id_number(1), actor=secretary)
    make_number(make_household(village), id_number(2), actor=secretary)
    row = check(
        village,
        secretary,
        with_('户编号', '011'),
        with_('户编号', '012', with_('证件号码', id_number(2))),
        with_('户编号', '013', with_('证件号码', id_number(3))),
        with_('户编号', '014', with_('证件号码', id_number(3))),
        with_('户编号', '013', with_('证件号码', id_number(4))),
    )
    assert [(fault.row, fault.what) for fault in plan(row).faults] == [
        (2, '这个证件号码已在别的村登记，请联系县委组织部核对。'),
        (3, '本村户编号 001 已用这个证件号码。'),
        (5, '与第 4 行重复。'),
        (6, '与第 4 行重复。'),
    ]
    assert elsewhere.number not in plan(row).faults[0].what
    assert keep(row, secretary) == (1, 0, 0, 4)


def test_without_consent_everything_but_the_numbers_comes_in(village, secretary):
    silent, refusing = with_('同意', ''), with_('户编号', '002', with_('证件号码', id_number(2), with_('同意', '否')))
    row = check(village, secretary, silent, refusing)
    assert [len(planned.withheld) for planned in plan(row).withheld] == [2, 2]
    assert keep(row, secretary) == (2, 0, 0, 0)
    assert db.session.scalars(select(HouseholdNumber)).all() == []
    partly = with_('同意', '只同意证件号码')
    assert keep(check(village, secretary, partly, refusing), secretary) == (0, 1, 1, 0)
    assert len(db.session.scalars(select(HouseholdNumber)).all()) == 1
    assert keep(check(village, secretary, silent, refusing, batch=ALL_AGREE), secretary) == (0, 1, 1, 0)
    batch = db.session.scalars(select(HouseholdConsent).order_by(HouseholdConsent.id.desc()).limit(1)).one()
    assert (batch.means, batch.paper, batch.given_on.isoformat()) == (ConsentMeans.BATCH, '档案柜', '2026-05-01')
    assert [number.household_id for number in db.session.scalars(select(HouseholdNumber))] == [households()[0].id] * 2


def test_what_the_file_does_not_say_stays(village, secretary):
    assert keep(check(village, secretary, with_('脱贫年度', '2020-11-03')), secretary) == (1, 0, 0, 0)
    make_household(village)
    needed = ['户编号', '户主姓名', '脱贫状态', '家庭人口数', '与户主关系']
    row = check(
        village, secretary, ['001', '赵德林', '已脱贫', 3, '户主'], ['001', '赵小林', '已脱贫', 3, '之子'], [''],
        ['003', '例：某某', '已脱贫', 1, ''], header=needed,
    )  # fmt: skip
    found = plan(row)
    assert (len(found.unchanged), found.skipped, found.absent) == (1, 1, 1)
    assert households()[0].left_poverty_on.isoformat() == '2020-11-03'
    assert keep(check(village, secretary, with_('脱贫年度', '2020')), secretary) == (0, 0, 1, 0)
    assert keep(check(village, secretary, with_('脱贫年度', '2026')), secretary) == (0, 1, 0, 0)
    assert households()[0].left_poverty_on == clock.today()


def test_what_waits_is_forgotten(village, secretary, clock_hand):
    first, second = check(village, secretary, GOOD), check(village, secretary, GOOD)
    assert (first.sealed_rows, second.sealed_rows is None) == (None, False)
    with transaction():
        drop_import(second)
    with pytest.raises(ImportDecidedError):
        plan(second)
    keep(check(village, secretary, GOOD), secretary)
    clock_hand.move(days=1)
    with transaction():
        assert forget_imports(at=clock.now() - timedelta(seconds=1)) == 0
        assert forget_imports(at=clock.now()) == 2
    assert len(db.session.scalars(select(RegisterImport)).all()) == 1


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (csv_of(['甲', '乙'], ['1', '2']), '没有找到表头'),
        (csv_of(HEADER), '没有农户的行'),
        (b'\n' * 2011, '行数太多'),
    ],
)
@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_file_that_is_no_register_is_refused(app, clock_hand, content, message, database_kind):
    with pytest.raises(SheetError, match=message):
        read_register(content, on=clock.today())


@pytest.mark.parametrize('database_kind', ['sqlite'])
def test_a_heading_above_and_other_names_of_columns_are_understood(app, clock_hand, database_kind):
    content = csv_of(
        ['某村建档立卡户信息'], ['户号', '户主', '身份证号', '户状态', '人口数（人）', '组'],
        ['001', '赵德林', f' {id_number(1)[:6]} {id_number(1)[6:].lower()}', '已脱贫', '3', '一组'], encoding='gb18030',
    )  # fmt: skip
    (row,) = read_register(content, on=clock.today()).rows
    assert (row.row, row.number, row.id_number, row.group_name) == (3, '001', id_number(1), '一组')

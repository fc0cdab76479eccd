"""What every table and column must say."""

import re

import pytest
from sqlalchemy import BigInteger, Column, Float, Integer, Numeric, Table, text

from shop import models as _models  # noqa: F401  the metadata must be whole
from shop.kit.database import Model, db

TABLES = tuple(Model.metadata.sorted_tables)
COLUMNS = tuple((table, column) for table in TABLES for column in table.columns)
CHINESE = re.compile(r'[\u4e00-\u9fff]')


def name_of(value: object) -> str | None:
    return value.name if isinstance(value, Table | Column) else None


@pytest.mark.parametrize('table', TABLES, ids=name_of)
def test_a_table_has_a_plural_name(table):
    assert re.fullmatch(r'[a-z]+(_[a-z]+)*', table.name)
    assert table.name.endswith(('s', 'reach', 'progress')), table.name


def test_every_column_says_in_chinese_what_it_holds():
    assert [f'{table}.{column.name}' for table, column in COLUMNS if not CHINESE.search(column.comment or '')] == []


def test_no_column_holds_a_float():
    assert [f'{table}.{column.name}' for table, column in COLUMNS if isinstance(column.type, Float | Numeric)] == []


def test_money_is_whole_fen_wide_enough_for_a_province():
    money = [(table, column) for table, column in COLUMNS if column.name.endswith('_fen')]
    assert len(money) > 10
    assert [f'{table}.{column.name}' for table, column in money if not isinstance(column.type, BigInteger)] == []


def test_names_tell_instants_days_and_rates_apart():
    instant = re.compile(r'.*_(at|until|by)$|at$')
    day = re.compile(r'.*_on$|(day|month|period)$')
    kinds = {'UtcDateTime': instant, 'Date': day}
    misnamed = [
        f'{table}.{column.name}'
        for table, column in COLUMNS
        for kind, fitting in kinds.items()
        if type(column.type).__name__ == kind and not fitting.fullmatch(column.name)
    ]
    assert misnamed == []
    rates = [(table, column) for table, column in COLUMNS if column.name.endswith('_bp')]
    assert [f'{table}.{column.name}' for table, column in rates if not isinstance(column.type, Integer)] == []


def test_the_test_server_lives_in_another_time_zone(app, database_kind):
    # A day that the database computed by its own time zone would be wrong, and be noticed.
    if database_kind == 'postgresql':
        assert db.session.scalar(text('SHOW timezone')) == 'America/St_Johns'

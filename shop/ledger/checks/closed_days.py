"""Rules of closed days: their sums, bitmaps and seals follow from the entries."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db
from shop.ledger.checks.rules import Fault, Rule, selected
from shop.ledger.leaves import packed_root
from shop.ledger.models import DayLeaves, DaySeal, HouseholdReach
from shop.ledger.reach import bitmap_of, count_ones, first_reached
from shop.ledger.sealing import BOOKS, NO_ROOT, DayContent, read_days, seal_root
from shop.ledger.touched import touched_rows

_KEYS = ('county_id', 'village_id', 'tenure_id', 'product_id', 'category_id', 'channel', 'is_insider')
_DIMENSIONS = ', '.join((*_KEYS, 'brand_id'))
_SUMS = ('amount_fen', 'refunded_fen', 'quantity', 'entry_count')


_TOUCHES = {'inserted': '封账后插入', 'deleted': '封账后被删除或挪走', 'changed': '封账后被改动'}
_TABLES = {kind: book.__tablename__ for kind, book, _fields in BOOKS}


def _sums_differ(table: str, period: str, source: str) -> str:
    """Return a statement that lines `table` up with its `source`, both ways, and keeps what differs."""
    keys = ' AND '.join(f's.{name} = d.{name}' for name in _KEYS)
    match = f's.{period} = CAST(d.{period} AS TEXT) AND {keys} AND coalesce(s.brand_id, 0) = coalesce(d.brand_id, 0)'
    differ = ' OR '.join(f's.{name} <> d.{name}' for name in _SUMS)
    return f"""
    WITH due AS ({source})
    SELECT CAST(d.id AS TEXT) AS id, CAST(d.{period} AS TEXT) AS period, d.product_id, d.amount_fen AS kept,
        s.amount_fen AS due
    FROM {table} d LEFT JOIN due s ON {match} WHERE s.amount_fen IS NULL OR {differ}
    UNION ALL
    SELECT '-', s.{period}, s.product_id, NULL, s.amount_fen
    FROM due s LEFT JOIN {table} d ON {match} WHERE d.id IS NULL
    """  # noqa: S608  names of tables and columns only


_DAYS = f"""
    SELECT CAST(booked_on AS TEXT) AS day, {_DIMENSIONS}, sum(amount_fen) AS amount_fen,
        sum(CASE WHEN refund_line_id IS NULL THEN 0 ELSE amount_fen END) AS refunded_fen,
        sum(quantity) AS quantity, count(*) AS entry_count
    FROM sales_entries WHERE booked_on <= (SELECT max(day) FROM day_seals) GROUP BY booked_on, {_DIMENSIONS}
"""  # noqa: S608
_MONTHS = f"""
    SELECT month, {_DIMENSIONS}, sum(amount_fen) AS amount_fen, sum(refunded_fen) AS refunded_fen,
        sum(quantity) AS quantity, sum(entry_count) AS entry_count
    FROM (SELECT substr(CAST(day AS TEXT), 1, 8) || '01' AS month, sales_days.* FROM sales_days) AS days
    GROUP BY month, {_DIMENSIONS}
"""  # noqa: S608


def _find_bitmaps(rule: Rule) -> Iterator[Fault]:
    """Compare the bitmaps with the shares; a missing one is named by village and month."""
    due: dict[tuple[int, date], list[int]] = defaultdict(list)
    last = db.session.scalar(select(DaySeal.day).order_by(DaySeal.day.desc()).limit(1))
    if last is not None:
        for _id, village_id, ordinal, day in db.session.execute(first_reached(date.min, last)):
            assert day is not None
            due[village_id, clock.month_of(day)].append(ordinal)
    for reach in db.session.scalars(select(HouseholdReach).order_by(HouseholdReach.id)):
        bitmap = bitmap_of(due.pop((reach.village_id, reach.month), []))
        if (reach.bitmap, reach.household_count) != (bitmap, count_ones(bitmap)):
            message = (
                f'村 {reach.village_id} {reach.month}：记 {reach.household_count} 户，应为 {count_ones(bitmap)} 户'
            )
            yield rule.fault('household_reaches', reach.id, message)
    for (village_id, month), ordinals in sorted(due.items()):
        yield rule.fault('household_reaches', '-', f'村 {village_id} {month}：缺 {len(ordinals)} 户的位图')


def _find_seals(rule: Rule) -> Iterator[Fault]:
    previous = NO_ROOT
    expected: date | None = None
    for month in _sealed_months():
        contents = read_days(month[0].day, month[-1].day)
        kept = _kept_leaves(month[0].day, month[-1].day)
        reached = Counter(row.accrued_on for row in db.session.execute(first_reached(month[0].day, month[-1].day)))
        for seal in month:
            if expected is not None and seal.day != expected:
                yield rule.fault('day_seals', seal.day, f'{expected} 没有封签，链条断开')
            content = contents[seal.day]
            content.reached_count = reached[seal.day]
            yield from _compare(rule, seal, content, previous)
            if seal.day in kept and packed_root(kept[seal.day]) != seal.entries_root:
                yield rule.fault('day_leaves', seal.day, f'{seal.day} 保存的分录摘要不通向封签')
            previous, expected = seal.root, seal.day + timedelta(days=1)


def _sealed_months() -> Iterator[list[DaySeal]]:
    month: list[DaySeal] = []
    for seal in db.session.scalars(select(DaySeal).order_by(DaySeal.day)):
        if month and clock.month_of(seal.day) != clock.month_of(month[0].day):
            yield month
            month = []
        month.append(seal)
    if month:
        yield month


def _kept_leaves(first: date, last: date) -> dict[date, bytes]:
    rows = db.session.execute(
        select(DayLeaves.day, DayLeaves.leaves).where(DayLeaves.day >= first, DayLeaves.day <= last)
    )
    return {row.day: row.leaves for row in rows}


def _compare(rule: Rule, seal: DaySeal, content: DayContent, previous: str) -> Iterator[Fault]:
    if seal.previous_root != previous:
        yield rule.fault('day_seals', seal.day, '上一日封签对不上')
    if seal.entries_root != content.tree.root.hex():
        yield rule.fault('day_seals', seal.day, f'{seal.day} 的分录在封账后变动过')
        for kind, row_id, touch in touched_rows(seal.day, seal.entries_root):
            yield rule.fault(_TABLES[kind], row_id, f'{seal.day} {_TOUCHES[touch]}')
    kept = (seal.sales_count, seal.sales_fen, seal.benefit_count, seal.benefit_fen, seal.reached_count)
    due = (
        content.sales_count, content.sales_fen, content.benefit_count, content.benefit_fen, content.reached_count,
    )  # fmt: skip
    if kept != due:
        yield rule.fault('day_seals', seal.day, f'封签记 {kept}，按分录应为 {due}')
    if seal.root != seal_root(seal.day, seal.previous_root, seal.entries_root, kept):
        yield rule.fault('day_seals', seal.day, '封签与其内容对不上')


RULES: tuple[Rule, ...] = (
    selected(
        'day_sums',
        '已封日的日汇总等于分录',
        table='sales_days',
        message='{period} 产品 {product_id}：记 {kept} 分，应为 {due} 分',
        sql=_sums_differ('sales_days', 'day', _DAYS),
    ),
    selected(
        'month_sums',
        '月汇总等于日汇总',
        table='sales_months',
        message='{period} 产品 {product_id}：记 {kept} 分，应为 {due} 分',
        sql=_sums_differ('sales_months', 'month', _MONTHS),
    ),
    Rule('reach_bitmaps', '受益户位图等于协议各户的首次受益日', _find_bitmaps),
    Rule('seals', '日封签可由分录重算，逐日相连', _find_seals),
    selected(
        'sealed_from_the_start',
        '没有早于第一个封签的分录',
        table='sales_entries',
        message='入账日 {booked_on} 早于第一个封签',
        sql="""
        SELECT id, booked_on FROM sales_entries WHERE booked_on < (SELECT min(day) FROM day_seals) ORDER BY id
        """,
    ),
)

"""Reads a series as a department types it: each field with its message, and the goods from those of its own place."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager
from werkzeug.datastructures import MultiDict

from shop.catalogue.models import Category, Product
from shop.coupons.claims import clean_code
from shop.coupons.models import (
    MAX_CODE,
    MAX_FUNDER,
    MAX_NAME,
    MAX_OFF_BP,
    CouponKind,
    CouponScope,
    CouponSeries,
)
from shop.coupons.services import SeriesPlan
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.crypto import new_token
from shop.kit.database import db
from shop.kit.fields import FieldReader, read_id, read_percent
from shop.kit.money import Money
from shop.kit.open_forms import read_token
from shop.regions.models import Region, RegionLevel
from shop.villages.models import Village

LONGEST = timedelta(days=366)
MOST_PER_PERSON = 99
MOST_BUDGET_FEN = 10**12
LEAST_CODE = 4
_CODE = re.compile(rf'^[A-Z0-9\u4e00-\u9fff]{{{LEAST_CODE},{MAX_CODE}}}$')


@dataclass(frozen=True, slots=True)
class Subject:
    """Something a series may be for: a county, village, category or product, and under what it is listed."""

    id: int
    name: str
    group: str = ''


Subjects = Mapping[CouponScope, Sequence[Subject]]


@dataclass(slots=True)
class SeriesForm:
    """The fields as typed, the goods as ticked, and a message for each that was not right."""

    values: Mapping[str, str]
    chosen: Mapping[str, frozenset[int]]
    form_token: str
    errors: dict[str, str] = field(default_factory=dict)
    plan: SeriesPlan | None = None


def subjects_of(region_id: int) -> Subjects:
    """Return everything the department of a region may name, in the official order."""
    villages = db.session.scalars(
        select(Village)
        .join(Village.county)
        .where(or_(Village.county_id == region_id, Region.parent_id == region_id))
        .options(contains_eager(Village.county))
        .order_by(Region.position, Village.id)
    ).all()
    counties = {village.county_id: village.county for village in villages}
    goods = db.session.execute(
        select(Product.id, Product.name, Product.village_id)
        .join(Endorsement, Endorsement.product_id == Product.id)
        .where(
            Endorsement.status == EndorsementStatus.LISTED,
            Product.village_id.in_([village.id for village in villages]),
        )
        .order_by(Product.village_id, Product.id)
    ).all()
    names = {village.id: f'{village.county.name} · {village.name}' for village in villages}
    return {
        CouponScope.COUNTIES: [
            Subject(county.id, county.name) for county in counties.values() if county.level is RegionLevel.COUNTY
        ],
        CouponScope.VILLAGES: [Subject(village.id, village.name, village.county.name) for village in villages],
        CouponScope.CATEGORIES: [
            Subject(row.id, row.name) for row in db.session.scalars(select(Category).order_by(Category.position))
        ],
        CouponScope.PRODUCTS: [Subject(row.id, row.name, names[row.village_id]) for row in goods],
    }


def empty_series(today: date) -> SeriesForm:
    """Return the form before anybody types."""
    values = {
        'kind': CouponKind.FIXED.value,
        'scope': CouponScope.ALL.value,
        'per_person': '1',
        'starts_on': today.isoformat(),
        'ends_on': (today + timedelta(days=30)).isoformat(),
    }
    return SeriesForm(values, {}, new_token())


def form_of(series: CouponSeries) -> SeriesForm:
    """Return the form of a draft as it stands."""
    values = {
        'name': series.name,
        'funder': series.funder,
        'kind': series.kind.value,
        'threshold': Money(series.threshold_fen).yuan,
        'off': Money(series.off_fen).yuan if series.off_fen is not None else '',
        'percent': f'{series.off_bp / 100:g}' if series.off_bp is not None else '',
        'cap': Money(series.cap_fen).yuan if series.cap_fen is not None else '',
        'budget': Money(series.budget_fen).yuan,
        'per_person': str(series.per_person),
        'scope': series.scope.value,
        'starts_on': series.starts_on.isoformat(),
        'ends_on': series.ends_on.isoformat(),
        'code': series.code or '',
    }
    ids = frozenset(one.subject_id for one in series.goods if one.subject_id is not None)
    return SeriesForm(values, {series.scope.value: ids}, series.form_token)


def read_series(form: 'MultiDict[str, str]', subjects: Subjects, *, today: date) -> SeriesForm:
    """Read a series; `plan` is there when everything was right."""
    reader = FieldReader(form)
    chosen = {
        scope.value: frozenset(number for text in form.getlist(scope.value) if (number := read_id(text)) is not None)
        for scope in subjects
    }
    read = SeriesForm({name: reader.raw(name)[:200] for name in form}, chosen, read_token(form))
    plan = _plan(reader, subjects, chosen, today)
    read.errors = reader.errors
    read.plan = plan if not reader.errors else None
    return read


def _plan(
    reader: FieldReader, subjects: Subjects, chosen: Mapping[str, frozenset[int]], today: date
) -> SeriesPlan | None:
    name = reader.text('name', _('名称'), limit=MAX_NAME)
    funder = reader.text('funder', _('出资单位'), limit=MAX_FUNDER)
    kind = reader.choice('kind', _('优惠方式'), CouponKind)
    least = 2 if kind is CouponKind.FIXED else 0
    threshold = reader.money('threshold', _('满多少可用'), least=least)
    off, off_bp, cap = _what_comes_off(reader, kind, threshold)
    budget = reader.money('budget', _('预算'), least=off or cap or 1, most=MOST_BUDGET_FEN)
    per_person = reader.whole('per_person', _('每人限用次数'), least=1, most=MOST_PER_PERSON)
    scope = reader.choice('scope', _('适用商品'), CouponScope)
    ids = _subject_ids(reader, scope, subjects, chosen)
    starts_on, ends_on = _days(reader, today)
    code = _code(reader)
    if kind is None or scope is None or starts_on is None or ends_on is None:
        return None
    return SeriesPlan(
        name, funder, kind, threshold, off, off_bp, cap, budget, per_person, scope, ids, starts_on, ends_on, code
    )


def _what_comes_off(
    reader: FieldReader, kind: CouponKind | None, threshold: int
) -> tuple[int | None, int | None, int | None]:
    if kind is CouponKind.FIXED:
        off = reader.money('off', _('减多少'))
        if 'threshold' not in reader.errors and 'off' not in reader.errors and off >= threshold:
            reader.errors['off'] = _('减的要比满的 %(least)s 少。', least=Money(threshold))
        return off, None, None
    if kind is CouponKind.PERCENT:
        off_bp = read_percent(reader.raw('percent')) or 0
        if not 0 < off_bp <= MAX_OFF_BP:
            reader.errors['percent'] = _('比例填到 %(most)s 为止的数，10 就是减 10%%（九折）。', most=MAX_OFF_BP // 100)
        return None, off_bp, reader.money('cap', _('最多减多少'))
    return None, None, None


def _subject_ids(
    reader: FieldReader, scope: CouponScope | None, subjects: Subjects, chosen: Mapping[str, frozenset[int]]
) -> list[int]:
    if scope is None or scope is CouponScope.ALL:
        return []
    known = [subject.id for subject in subjects[scope]]
    ids = [subject_id for subject_id in known if subject_id in chosen[scope.value]]
    if not ids or len(ids) != len(chosen[scope.value]):
        reader.errors[scope.value] = _('在“%(what)s”里至少勾选一项。', what=scope.label)
    return ids


def _days(reader: FieldReader, today: date) -> tuple[date | None, date | None]:
    starts_on, ends_on = reader.day('starts_on', _('起用日')), reader.day('ends_on', _('最后一日'))
    if starts_on is not None and ends_on is not None:
        if ends_on < max(starts_on, today):
            reader.errors['ends_on'] = _('最后一日不能早于起用日，也不能早于今天。')
        elif ends_on - starts_on > LONGEST:
            reader.errors['ends_on'] = _('一批消费券最长用一年。')
    return starts_on, ends_on


def _code(reader: FieldReader) -> str | None:
    code = clean_code(reader.raw('code'))
    if code and not _CODE.match(code):
        reader.errors['code'] = _(
            '口令用 %(least)s 到 %(most)s 个汉字、字母或数字；不填就用按钮领取。', least=LEAST_CODE, most=MAX_CODE
        )
    return code or None

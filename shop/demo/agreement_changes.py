"""Agreements of the campaign that are being changed: drafted, under review, on notice, with minutes and answers."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from shop.benefits.models import (
    AgreementEvent,
    AgreementMinutes,
    AgreementShare,
    AgreementVersion,
    BenefitAgreement,
    FindingAnswer,
    FindingKind,
    VersionStatus,
)
from shop.demo.agreements import AgreementBook, VersionStep, Wording, next_wording
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.stage import ProductPlan, VillagePlan
from shop.households.models import HouseholdMark, MarkKind
from shop.kit import clock

V = VersionStatus
_COURSES = (V.ON_NOTICE, V.IN_REVIEW, V.DRAFT)
_RESOLUTION = '经讨论表决，同意协议第 %d 版的提取办法和分配办法，名单张榜无异议后施行。'
_REASONS = {
    FindingKind.VILLAGE_CADRE: '户主虽任村委会委员，仍是普通种植户，按同样标准参加，代表会议已单独表决。',
    FindingKind.FISCALLY_PAID: '户内一人领财政工资，其余人口在村务农，只按务农人口参加。',
    FindingKind.DECEASED: '户主去世，配偶仍在村，户主变更正在办理，收益由配偶领取。',
    FindingKind.CLOSED: '整户迁出前已交货，这一季的份额照算，下一季退出。',
}


def plan_agreement_changes(
    rows: Rows, rng: Random, period: Period, listed: list[ProductPlan], home: VillagePlan, *, notice_days: int
) -> None:
    """Change agreements of the home village, or of others while it has too few; answer what is found of those sent in.

    Comes after everything else: nothing of the rest hangs on it, and no household is named that was not before.
    """
    _own_reviews(rows, rng)
    book = AgreementBook(rows)
    for product, status in zip(_changing(listed, home), _COURSES, strict=False):
        span = product.versions[-1]
        rule = span.version
        before = Wording(rule.rule_kind, rule.rule_value, rule.weight_kind, span.household_ids, span.weights)
        wording = next_wording(rng, product, before)
        steps = _steps(rng, period, product.village, status)
        meeting_on = clock.business_day(steps[0].at) - timedelta(days=1)
        version_id = book.add_version(product, wording, steps, meeting_on=meeting_on)
        row = rows.of(AgreementVersion)[version_id - 1]
        if len(steps) > 1:
            row['sent_at'] = steps[1].at
        if status is V.ON_NOTICE:
            row['notice_ends_on'] = clock.business_day(steps[2].at) + timedelta(days=notice_days)
        _add_minutes(rows, rng, row)
        _mark_one(rows, wording.household_ids, clock.business_day(steps[0].at) - timedelta(days=30))
    _answer(rows, period)


def _changing(listed: list[ProductPlan], home: VillagePlan) -> list[ProductPlan]:
    """Return the products whose agreement may change: sold to the end, the home village's first, one of each other."""
    able = [
        product
        for product in listed
        if product.in_force_at_end
        and product.versions
        and len(product.village.tenures) == 1
        and len(product.versions[-1].household_ids) > 1
    ]
    own = [product for product in able if product.village is home]
    return own + [product for product in able if product.village is not home]


def _steps(rng: Random, period: Period, village: VillagePlan, status: VersionStatus) -> list[VersionStep]:
    secretary = village.present.user_id
    steps = [
        VersionStep(office_time(rng, period.day(-9)), secretary, V.DRAFT),
        VersionStep(office_time(rng, period.day(-7)), secretary, V.IN_REVIEW),
        VersionStep(office_time(rng, period.day(-3)), village.county_reviewer_id, V.ON_NOTICE),
    ]
    return steps[: 3 - _COURSES.index(status)]


def _own_reviews(rows: Rows, rng: Random) -> None:
    """Let the versions that followed another have had a review and a notice of their own, with minutes."""
    events: dict[int, dict[VersionStatus, datetime]] = {}
    for event in rows.of(AgreementEvent):
        events.setdefault(event['version_id'], {})[event['to_status']] = event['at']
    for row in rows.of(AgreementVersion):
        if row['number'] > 1:
            row['sent_at'] = events[row['id']][V.IN_REVIEW]
            row['notice_ends_on'] = row['in_force_on']
            _add_minutes(rows, rng, row)


def _add_minutes(rows: Rows, rng: Random, version: dict[str, Any]) -> None:
    eligible = rng.randrange(24, 46)
    present = rng.randrange(eligible * 4 // 5, eligible + 1)
    rows.add(
        AgreementMinutes,
        version_id=version['id'],
        held_on=version['meeting_on'],
        eligible=eligible,
        present=present,
        in_favour=rng.randrange(present * 4 // 5, present + 1),
        resolution=_RESOLUTION % version['number'],
    )


def _mark_one(rows: Rows, household_ids: list[int], since_on: date) -> None:
    """Let one household of the version be a village cadre's, unless one is marked already."""
    marked = {row['household_id'] for row in rows.of(HouseholdMark)}
    if not marked.intersection(household_ids):
        rows.add(
            HouseholdMark,
            household_id=household_ids[0],
            kind=MarkKind.VILLAGE_CADRE,
            since_on=since_on,
            until_on=None,
            note='户主任村委会委员',
        )


def _answer(rows: Rows, period: Period) -> None:
    """Answer every mark on a household of a version that was sent in and is not in force yet."""
    marks: dict[int, list[dict[str, Any]]] = {}
    for mark in rows.of(HouseholdMark):
        if mark['until_on'] is None:
            marks.setdefault(mark['household_id'], []).append(mark)
    waiting = {row['id']: row for row in rows.of(AgreementVersion) if row['status'] in {V.IN_REVIEW, V.ON_NOTICE}}
    products = {row['id'] for row in rows.of(BenefitAgreement) if row['product_id'] is not None}
    for share in rows.of(AgreementShare):
        version = waiting.get(share['version_id'])
        if version is None or version['agreement_id'] not in products:
            continue
        for mark in marks.get(share['household_id'], ()):
            kind = FindingKind(mark['kind'].value)
            rows.add(
                FindingAnswer,
                version_id=version['id'],
                household_id=share['household_id'],
                kind=kind,
                facts=mark['since_on'].isoformat(),
                reason=_REASONS[kind],
                actor_id=version['drafted_by_id'],
                at=min(version['created_at'] + timedelta(hours=1), period.end),
            )

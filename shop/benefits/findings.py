"""Eligibility: what the register says against households of a version, and what the village answers to each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from shop.accounts.models import User
from shop.benefits.models import (
    AgreementShare,
    AgreementVersion,
    FindingAnswer,
    FindingKind,
    VersionMoveError,
    VersionStatus,
    WeightKind,
)
from shop.households.facts import FindingsFacts, household_findings_facts
from shop.households.models import HouseholdNumber, MarkKind
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.words import listed

MAX_REASON = 300
MAX_FACTS = 200
EXAMINED = frozenset({VersionStatus.DRAFT, VersionStatus.IN_REVIEW})
_OF_MARK = {
    MarkKind.VILLAGE_CADRE: FindingKind.VILLAGE_CADRE,
    MarkKind.FISCALLY_PAID: FindingKind.FISCALLY_PAID,
    MarkKind.DECEASED: FindingKind.DECEASED,
    MarkKind.CLOSED: FindingKind.CLOSED,
}


class FindingReasonError(BusinessError):
    """An answer says nothing, or too much."""


class FindingGoneError(BusinessError):
    """What is answered is not, or no longer, found."""


class UnansweredError(BusinessError):
    """A finding has no answer: nobody may approve the version."""


@dataclass(frozen=True, slots=True)
class Named:
    """A household as a version names it; `digests` are those of its numbers."""

    household_id: int
    village_id: int
    number: str
    head_name: str
    weight: int
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one household; the same kind with other `facts` is another finding."""

    household_id: int
    number: str
    kind: FindingKind
    facts: str

    @property
    def detail(self) -> str:
        """The facts in words."""
        first, _slash, second = self.facts.partition('/')
        texts: dict[FindingKind, str] = {
            FindingKind.TWICE: _('与 %(list)s 户疑为同一户', list=listed(self.facts.split(','))),
            FindingKind.WEIGHT_DIFFERS: _('协议按 %(first)s 人，名册现为 %(second)s 人', first=first, second=second),
            FindingKind.MEMBERS_EXCEED: _(
                '名册写 %(second)s 口人，有姓名的却有 %(first)s 人', first=first, second=second
            ),
        }
        return texts.get(self.kind) or _('%(day)s 起有此标记', day=self.facts)


@dataclass(frozen=True, slots=True)
class Examined:
    """A finding with what was answered to it, if anything was."""

    finding: Finding
    masked_name: str
    answer: FindingAnswer | None

    @property
    def key(self) -> str:
        """The name of the field that takes the answer."""
        return f'answer-{self.finding.household_id}-{self.finding.kind.value}'


def find_findings(weight_kind: WeightKind, named: Sequence[Named], facts: Mapping[int, FindingsFacts]) -> list[Finding]:
    """Return what speaks against the households, in their order; facts of the register alone, no judgement."""
    twins = _twins(named)
    return [
        Finding(one.household_id, one.number, kind, known[:MAX_FACTS])
        for one in named
        for kind, known in _of_household(weight_kind, one, facts[one.household_id], twins)
    ]


def examine(version: AgreementVersion, *, on: date) -> list[Examined]:
    """Return what is found about a version that is not approved yet, with the answers that hold for these facts.

    One that is past its approval is not looked at again: what was answered to it then stays beside it.
    """
    shares = db.session.scalars(
        select(AgreementShare)
        .where(AgreementShare.version_id == version.id)
        .order_by(AgreementShare.position)
        .options(selectinload(AgreementShare.household))
    ).all()
    households = {share.household_id: share.household for share in shares}
    answers = {
        (answer.household_id, answer.kind, answer.facts): answer
        for answer in db.session.scalars(select(FindingAnswer).where(FindingAnswer.version_id == version.id))
    }
    if version.status not in EXAMINED:
        return [
            Examined(
                Finding(answer.household_id, households[answer.household_id].number, answer.kind, answer.facts),
                households[answer.household_id].masked_name,
                answer,
            )
            for answer in answers.values()
            if answer.household_id in households
        ]
    named = _named(shares)
    found = find_findings(version.weight_kind, named, household_findings_facts(households.keys(), on=on))
    return [
        Examined(one, households[one.household_id].masked_name, answers.get((one.household_id, one.kind, one.facts)))
        for one in found
    ]


def unanswered(version: AgreementVersion, *, on: date) -> list[Finding]:
    """Return the findings that nobody has answered."""
    return [one.finding for one in examine(version, on=on) if one.answer is None]


def answer_finding(
    version: AgreementVersion, household_id: int, kind: FindingKind, reason: str, *, actor: User | None, at: datetime
) -> FindingAnswer:
    """Say why a household stays on a draft in spite of what is found; a second answer replaces the first.

    Raises `VersionMoveError` unless it is a draft, `FindingReasonError`, `FindingGoneError`.
    """
    lock_row(version.agreement)
    db.session.refresh(version)
    if version.status is not VersionStatus.DRAFT:
        raise VersionMoveError(_('协议第 %(n)s 版%(now)s，现在不能改。', n=version.number, now=version.status.label))
    field = f'answer-{household_id}-{kind.value}'
    if not reason or len(reason) > MAX_REASON:
        raise FindingReasonError(_('说明写 1 到 %(most)s 字。', most=MAX_REASON), field=field)
    today = clock.business_day(at)
    match = (
        one
        for one in examine(version, on=today)
        if one.finding.household_id == household_id and one.finding.kind is kind
    )
    found = next(match, None)
    if found is None:
        raise FindingGoneError(_('名册已变，这一条不用再说明。'), field='findings')
    actor_id = actor.id if actor is not None else None
    answer = found.answer
    if answer is None:
        answer = FindingAnswer(version_id=version.id, household_id=household_id, kind=kind, facts=found.finding.facts)
    answer.reason, answer.actor_id, answer.at = reason, actor_id, at
    db.session.add(answer)
    db.session.flush()
    return answer


def require_answered(version: AgreementVersion, *, on: date) -> None:
    """Raise `UnansweredError` when something is found that nobody has answered: the register may have changed."""
    open_findings = unanswered(version, on=on)
    if open_findings:
        first = open_findings[0]
        raise UnansweredError(
            _(
                '有 %(n)s 条资格核查没有说明（如 %(number)s 户：%(kind)s），请退回村里说明。',
                n=len(open_findings), number=first.number, kind=first.kind.label,
            )
        )  # fmt: skip


def _of_household(
    weight_kind: WeightKind, one: Named, facts: FindingsFacts, twins: Mapping[int, set[str]]
) -> Iterator[tuple[FindingKind, str]]:
    for mark, kind in _OF_MARK.items():
        if mark in facts.marked_since:
            yield kind, facts.marked_since[mark].isoformat()
    if one.household_id in twins:
        yield FindingKind.TWICE, ','.join(sorted(twins[one.household_id]))
    if weight_kind is WeightKind.PEOPLE and one.weight != facts.people:
        yield FindingKind.WEIGHT_DIFFERS, f'{one.weight}/{facts.people}'
    if facts.named_people > facts.people:
        yield FindingKind.MEMBERS_EXCEED, f'{facts.named_people}/{facts.people}'


def _twins(named: Sequence[Named]) -> dict[int, set[str]]:
    """Return per household the numbers of those that share one of its ID or bank numbers, or its head by a merge."""
    twins: dict[int, set[str]] = {}
    alike: dict[str, list[Named]] = {}
    for one in named:
        for mark in (*(f'number {digest}' for digest in one.digests), f'name {one.head_name}'):
            for other in alike.setdefault(mark, []):
                if mark.startswith('number') or other.village_id != one.village_id:
                    twins.setdefault(one.household_id, set()).add(other.number)
                    twins.setdefault(other.household_id, set()).add(one.number)
            alike[mark].append(one)
    return twins


def _named(shares: Sequence[AgreementShare]) -> list[Named]:
    digests: dict[int, set[str]] = {}
    for household_id, digest in db.session.execute(
        select(HouseholdNumber.household_id, HouseholdNumber.digest).where(
            HouseholdNumber.household_id.in_([share.household_id for share in shares])
        )
    ):
        digests.setdefault(household_id, set()).add(digest)
    return [
        Named(
            share.household_id,
            share.household.village_id,
            share.household.number,
            share.household.head_name,
            share.weight,
            frozenset(digests.get(share.household_id, ())),
        )
        for share in shares
    ]

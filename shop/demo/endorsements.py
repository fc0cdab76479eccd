"""Endorsements of the campaign climbing the ladder: drafted, returned, approved, on notice, listed, taken off."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from shop.benefits.models import VersionStatus
from shop.catalogue.models import Brand, IndustryProject, Product
from shop.demo import words
from shop.demo.agreements import AgreementBook, VersionStep, Wording
from shop.demo.fates import OFF_SALE, Course, Fate
from shop.demo.goods import Goods
from shop.demo.people import Officials
from shop.demo.period import HOUR, MINUTE, Period, instant, office_time
from shop.demo.rows import Rows
from shop.demo.stage import ProductPlan, Stint, TenureSpan
from shop.endorsements.models import Endorsement, EndorsementEvent, EndorsementStatus
from shop.kit.clock import business_day

S = EndorsementStatus
V = VersionStatus
_RUNGS = (S.TOWNSHIP_REVIEW, S.COUNTY_REVIEW, S.CITY_REVIEW)
_VERSION_AT = {
    S.DRAFT: V.DRAFT,
    S.TOWNSHIP_REVIEW: V.IN_REVIEW,
    S.ON_NOTICE: V.ON_NOTICE,
    S.LISTED: V.IN_FORCE,
}
_GOAL = {
    Fate.DRAFT: S.DRAFT,
    Fate.RETURNED: S.DRAFT,
    Fate.TOWNSHIP_REVIEW: S.TOWNSHIP_REVIEW,
    Fate.COUNTY_REVIEW: S.COUNTY_REVIEW,
    Fate.CITY_REVIEW: S.CITY_REVIEW,
    Fate.ON_NOTICE: S.ON_NOTICE,
    Fate.OBJECTED: S.UNDER_INQUIRY,
}
RETURN_PART = 0.2
# The job that lists what has been on notice runs all day; the demo lets it find them before the office opens.
LISTING_SECOND = 8 * HOUR + 5 * MINUTE


@dataclass(slots=True)
class Step:
    """A change of an endorsement."""

    at: datetime
    actor_id: int | None
    to: EndorsementStatus
    reason: str = ''


class Ladder:
    """Sends products up the ladder and keeps what the rungs did."""

    def __init__(
        self, rows: Rows, rng: Random, period: Period, goods: Goods, officials: Officials, notice_days: int
    ) -> None:
        self._rows = rows
        self._rng = rng
        self._period = period
        self._goods = goods
        self._officials = officials
        self._notice_days = notice_days
        self._book = AgreementBook(rows)

    @property
    def book(self) -> AgreementBook:
        """Where the agreements go."""
        return self._book

    def list_product(self, product: ProductPlan, course: Course, wording: Wording) -> None:
        """Add the endorsements of a product that was listed, one for each secretary who spoke for it."""
        assert course.listed_on is not None
        tenure = self._tenure_on(product, course.listed_on)
        steps = self._climb(product, tenure, S.LISTED, course.listed_on)
        version = [VersionStep(step.at, step.actor_id, _VERSION_AT[step.to], step.reason) for step in _echo(steps)]
        meeting_on = self._meeting_on(steps)
        self._book.add_version(product, wording, version, meeting_on=meeting_on)
        self._approve_goods(product, course.listed_on - timedelta(days=self._notice_days))
        self._rows.of(Product)[product.id - 1]['created_at'] = steps[0].at - timedelta(minutes=20)
        self._follow(product, tenure, steps, course)

    def propose_product(self, product: ProductPlan, fate: Fate, wording: Wording) -> None:
        """Add the endorsement of a product that is still under way at the end."""
        tenure = product.village.present
        steps = self._climb(product, tenure, _GOAL[fate], None, is_returned=fate is Fate.RETURNED)
        version = [VersionStep(step.at, step.actor_id, _VERSION_AT[step.to], step.reason) for step in _echo(steps)]
        self._book.add_version(product, wording, version, meeting_on=self._meeting_on(steps))
        self._rows.of(Product)[product.id - 1]['created_at'] = steps[0].at - timedelta(minutes=20)
        self._add(product, tenure, steps)

    def _follow(self, product: ProductPlan, tenure: TenureSpan, steps: list[Step], course: Course) -> None:
        """Let the endorsement end as its course or its tenure does; a successor takes the goods over."""
        successor = next((one for one in product.village.tenures if one.since > tenure.since), None)
        if tenure.until is not None and course.left_on is None and successor is not None:
            steps.append(Step(tenure.until, self._officials.city, S.HANDING_OVER, '任期结束，待接任书记代言'))
            self._take_over(product, tenure, successor, steps)
            return
        if course.left_on is not None:
            status, reason = OFF_SALE[course.fate]
            at = office_time(self._rng, course.left_on)
            steps.append(Step(at, self._officials.city, status, reason))
        self._add(product, tenure, steps)

    def _take_over(self, product: ProductPlan, former: TenureSpan, successor: TenureSpan, steps: list[Step]) -> None:
        earliest = business_day(successor.since) + timedelta(days=self._notice_days + 14)
        listed_on = earliest + timedelta(days=self._rng.randrange(3, 12))
        if listed_on > self._period.last - timedelta(days=2):
            self._add(product, former, steps)
            if product.id % 2:
                self._add(product, successor, self._climb(product, successor, S.TOWNSHIP_REVIEW, None))
            return
        later = self._climb(product, successor, S.LISTED, listed_on)
        steps.append(Step(later[-1].at, None, S.DELISTED, '由接任书记代言'))
        self._add(product, former, steps)
        self._add(product, successor, later)

    def _tenure_on(self, product: ProductPlan, day: date) -> TenureSpan:
        at = instant(day, LISTING_SECOND)
        return next(one for one in product.village.tenures if one.since <= at and (not one.until or at < one.until))

    def _climb(
        self,
        product: ProductPlan,
        tenure: TenureSpan,
        goal: EndorsementStatus,
        listed_on: date | None,
        *,
        is_returned: bool = False,
    ) -> list[Step]:
        """Return the steps from the draft to the goal, dated back from the listing or from the last days."""
        rng, village = self._rng, product.village
        author = rng.choice(village.member_ids) if rng.random() < 0.6 else tenure.user_id
        moves: list[tuple[EndorsementStatus, int | None, str]] = [(S.DRAFT, author, '')]
        decided_by = (village.township_reviewer_id, village.county_reviewer_id, self._officials.city)
        if is_returned or (goal is not S.DRAFT and listed_on is not None and rng.random() < RETURN_PART):
            rung = rng.randrange(2)
            moves += [
                (status, tenure.user_id if not turn else decided_by[turn - 1], '')
                for turn, status in enumerate(_RUNGS[: rung + 1])
            ]
            moves.append((S.DRAFT, decided_by[rung], rng.choice(words.phrases('review_reasons'))))
        if goal is not S.DRAFT:
            for turn, status in enumerate(_RUNGS):
                moves.append((status, tenure.user_id if not turn else decided_by[turn - 1], ''))
                if status is goal:
                    break
            else:
                moves.append((S.ON_NOTICE, self._officials.city, '同意，公示'))
        if goal is S.UNDER_INQUIRY:
            moves.append((goal, self._officials.city, rng.choice(words.phrases('objections'))))
        return self._dated(moves, listed_on)

    def _dated(self, moves: list[tuple[EndorsementStatus, int | None, str]], listed_on: date | None) -> list[Step]:
        rng = self._rng
        if listed_on is not None:
            day = listed_on - timedelta(days=self._notice_days)
        else:
            day = self._period.last - timedelta(days=rng.randrange(1, max(2, self._notice_days - 1)))
        steps: list[Step] = []
        for status, actor_id, reason in reversed(moves):
            steps.append(Step(office_time(rng, day), actor_id, status, reason))
            day -= timedelta(days=rng.randrange(1, 4))
        steps.reverse()
        if listed_on is not None:
            steps.append(Step(instant(listed_on, LISTING_SECOND), None, S.LISTED))
        return steps

    def _meeting_on(self, steps: list[Step]) -> date:
        return business_day(steps[0].at) - timedelta(days=1)

    def _add(self, product: ProductPlan, tenure: TenureSpan, steps: list[Step]) -> int:
        """Add an endorsement with its events; the time it was listed becomes a stint of the product."""
        last = {step.to: step for step in steps}
        notice, listed = last.get(S.ON_NOTICE), last.get(S.LISTED)
        submitted = next((step for step in reversed(steps) if step.to is S.TOWNSHIP_REVIEW), None)
        endorsement_id = self._rows.add(
            Endorsement,
            tenure_id=tenure.id,
            product_id=product.id,
            statement=self._goods.statements[product.id],
            status=steps[-1].to,
            drafted_by_id=steps[0].actor_id,
            submitted_at=submitted.at if submitted else None,
            approved_on=business_day(notice.at) if notice else None,
            notice_ends_on=business_day(notice.at) + timedelta(days=self._notice_days) if notice else None,
            listed_on=business_day(listed.at) if listed else None,
            created_at=steps[0].at,
        )
        status: EndorsementStatus | None = None
        for step in steps:
            self._rows.add(
                EndorsementEvent,
                endorsement_id=endorsement_id,
                at=step.at,
                actor_id=step.actor_id,
                from_status=status,
                to_status=step.to,
                reason=step.reason,
            )
            status = step.to
        if listed:
            after = steps[steps.index(listed) + 1].at if steps[-1] is not listed else None
            product.stints.append(Stint(endorsement_id, tenure.id, listed.at, after))
        return endorsement_id

    def _approve_goods(self, product: ProductPlan, day: date) -> None:
        """Let the brand and the projects count from the first approval of a product of theirs."""
        rows = [self._rows.of(IndustryProject)[one - 1] for one in self._goods.projects_of[product.id]]
        if product.brand_id is not None:
            rows.append(self._rows.of(Brand)[product.brand_id - 1])
        for row in rows:
            row['approved_on'] = min(row['approved_on'] or day, day)


def _echo(steps: list[Step]) -> list[Step]:
    """Return the steps at which the agreement moves along with its endorsement."""
    return [step for step in steps if step.to in _VERSION_AT]

"""What buyers said about what they received, and what the villages did with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from shop.demo import words
from shop.demo.orders import WrittenLine, WrittenOrder
from shop.demo.period import HOUR, Period
from shop.demo.rows import Rows
from shop.demo.stage import VillagePlan
from shop.demo.trade import Ending, PlannedLine
from shop.ratings.models import ProductReview, RefusalReason, ReviewEvent, ReviewStatus
from shop.ratings.privacy import masked_nickname
from shop.ratings.services import GUEST_NAME, MODERATED_WITHIN

S = ReviewStatus
AT_SCALE_1, AT_HOME, LEAST = 560, 60, 30
STAR_WEIGHTS = {5: 62, 4: 25, 3: 7, 2: 4, 1: 2}
ANONYMOUS, REFUSED, WITHDRAWN, LEFT_TO_TIME = 0.85, 0.035, 0.015, 0.3
ANSWERED = {5: 0.2, 4: 0.25, 3: 0.6, 2: 0.8, 1: 0.8}
FIRST_WORDS = {5: 'review_good', 4: 'review_good', 3: 'review_fair', 2: 'review_poor', 1: 'review_poor'}


@dataclass(frozen=True, slots=True)
class _Chance:
    """A line that its buyer could speak of."""

    order: WrittenOrder
    line: WrittenLine
    plan: PlannedLine


class ReviewWriter:
    """Adds reviews with their events, each within the rules that hold for anybody's."""

    def __init__(self, rows: Rows, seed: int, period: Period) -> None:
        self._rows = rows
        self._rng = Random(f'{seed}:reviews')
        self._end = period.end

    def write(self, orders: list[WrittenOrder], scale: float, home: VillagePlan, consumer_id: int | None) -> None:
        """Let some buyers speak: the home village's more often, so that its desk has something to do."""
        chances = [chance for order in orders for chance in self._chances(order)]
        mine = [one for one in chances if one.plan.product.village is home]
        wanted = self._pick(chances, max(LEAST, round(AT_SCALE_1 * min(scale, 1.0)))) + self._pick(mine, AT_HOME)
        theirs = [one for one in chances if one.order.plan.buyer and one.order.plan.buyer.user_id == consumer_id]
        chosen = {one.line.id: one for one in [*wanted, *theirs[:2]]}
        refused_id = theirs[0].line.id if theirs else None
        for line_id in sorted(chosen):
            self._add(chosen[line_id], is_refused=line_id == refused_id)
        for turn, chance in enumerate(self._latest(mine, chosen)):
            self._add(chance, waits_since=self._end - timedelta(hours=3 + 9 * turn))

    def _pick(self, chances: list[_Chance], count: int) -> list[_Chance]:
        return self._rng.sample(chances, min(len(chances), count))

    def _latest(self, mine: list[_Chance], chosen: dict[int, _Chance]) -> list[_Chance]:
        """Return lines of the home village that were received last, to wait at its desk."""
        free = [one for one in mine if one.line.id not in chosen and one.order.timeline.refunded_at is None]
        free.sort(key=lambda one: (_completed(one), one.line.id))
        return free[-4:]

    def _chances(self, order: WrittenOrder) -> list[_Chance]:
        if order.plan.is_test or order.timeline.completed_at is None:
            return []
        return [_Chance(order, line, plan) for line, plan in zip(order.lines, order.plan.lines, strict=True)]

    def _add(self, chance: _Chance, *, is_refused: bool = False, waits_since: datetime | None = None) -> None:
        at = waits_since or _completed(chance) + timedelta(seconds=self._rng.randrange(HOUR, 9 * 24 * HOUR))
        refunded_at = chance.order.timeline.refunded_at
        if at >= self._end or at < _completed(chance):
            return
        if chance.order.plan.ending is Ending.REFUNDED_AFTER and refunded_at is not None and refunded_at <= at:
            return
        stars = self._rng.choices(list(STAR_WEIGHTS), list(STAR_WEIGHTS.values()))[0]
        buyer = chance.order.plan.buyer
        assert buyer is not None
        is_anonymous = self._rng.random() < ANONYMOUS
        values = {
            'order_line_id': chance.line.id,
            'product_id': chance.line.product_id,
            'status': S.AWAITING,
            'stars': stars,
            'text': self._text(chance, stars),
            'is_anonymous': is_anonymous,
            'shown_as': self._shown_as(buyer.user_id, buyer.name, is_anonymous=is_anonymous),
            'refusal': None,
            'answer': None,
            'answered_at': None,
            'written_at': at,
            'publish_by': at + MODERATED_WITHIN,
            'published_at': None,
        }
        review_id = self._rows.add(ProductReview, **values)
        self._event(review_id, at, buyer.user_id, None, S.AWAITING)
        if waits_since is None:
            self._go_on(self._rows.of(ProductReview)[review_id - 1], chance, is_refused=is_refused)

    def _go_on(self, review: dict[str, object], chance: _Chance, *, is_refused: bool) -> None:
        """Let the village look at it, or the time for that pass."""
        written_at, stars = review['written_at'], review['stars']
        assert isinstance(written_at, datetime)
        assert isinstance(stars, int)
        by_itself = self._rng.random() < LEFT_TO_TIME and not is_refused
        wait = MODERATED_WITHIN if by_itself else timedelta(seconds=self._rng.randrange(HOUR, 60 * HOUR))
        at, lot = written_at + wait, self._rng.random()
        if at >= self._end:
            return
        moderator = _moderator(chance.plan.product.village, at, self._rng)
        if is_refused or (lot < REFUSED and not by_itself):
            self._refuse(review, at, moderator, RefusalReason.OFF_TOPIC if is_refused else None)
            return
        self._move(review, S.PUBLISHED, at, None if by_itself else moderator)
        review['published_at'] = at
        if lot > 1 - WITHDRAWN:
            at += timedelta(hours=self._rng.randrange(5, 90))
            if at < self._end:
                buyer = chance.order.plan.buyer
                self._move(review, S.WITHDRAWN, at, buyer.user_id if buyer else None)
        elif self._rng.random() < ANSWERED[stars]:
            self._answer(review, chance, at + timedelta(hours=self._rng.randrange(1, 70)))

    def _refuse(
        self, review: dict[str, object], at: datetime, moderator: int, reason: RefusalReason | None = None
    ) -> None:
        reason = reason or self._rng.choice(list(RefusalReason))
        if reason is RefusalReason.ABUSE:
            review['stars'] = 1
        review['text'] = self._rng.choice(words.phrases(f'review_{reason.value}'))
        review['refusal'] = reason
        self._move(review, S.REFUSED, at, moderator, refusal=reason)

    def _answer(self, review: dict[str, object], chance: _Chance, at: datetime) -> None:
        if at >= self._end:
            return
        answers = words.phrases('review_answers')
        is_content = review['stars'] in {4, 5}
        answer = self._rng.choice(answers[:2] if is_content else answers[2:])
        review['answer'], review['answered_at'] = answer, at
        moderator = _moderator(chance.plan.product.village, at, self._rng)
        self._event(_id(review), at, moderator, S.PUBLISHED, S.PUBLISHED, answer=answer)

    def _move(
        self,
        review: dict[str, object],
        to: ReviewStatus,
        at: datetime,
        actor_id: int | None,
        *,
        refusal: RefusalReason | None = None,
    ) -> None:
        before, review['status'] = review['status'], to
        assert isinstance(before, ReviewStatus)
        self._event(_id(review), at, actor_id, before, to, refusal=refusal)

    def _event(
        self,
        review_id: int,
        at: datetime,
        actor_id: int | None,
        before: ReviewStatus | None,
        to: ReviewStatus,
        *,
        refusal: RefusalReason | None = None,
        answer: str | None = None,
    ) -> None:
        self._rows.add(
            ReviewEvent,
            review_id=review_id,
            at=at,
            actor_id=actor_id,
            from_status=before,
            to_status=to,
            refusal=refusal,
            answer=answer,
        )

    def _text(self, chance: _Chance, stars: int) -> str:
        own = {'service': 'review_service', 'handicraft': 'review_craft'}.get(chance.plan.product.kind)
        kind = own if own and stars > 2 else FIRST_WORDS[stars]
        first = self._rng.choice(words.phrases(kind))
        return (
            first + self._rng.choice(words.phrases('review_tails')) if self._rng.random() < 0.4 and stars > 3 else first
        )

    def _shown_as(self, user_id: int | None, name: str, *, is_anonymous: bool) -> str:
        if user_id is None:
            return GUEST_NAME
        return masked_nickname(name) if is_anonymous else name[:40]


def _completed(chance: _Chance) -> datetime:
    at = chance.order.timeline.completed_at
    assert at is not None
    return at


def _moderator(village: VillagePlan, at: datetime, rng: Random) -> int:
    """Return the secretary in office at an instant, or somebody of the team."""
    present = [one.user_id for one in village.tenures if one.since <= at and (one.until is None or at < one.until)]
    return rng.choice([*present, village.member_ids[0]])


def _id(review: dict[str, object]) -> int:
    review_id = review['id']
    assert isinstance(review_id, int)
    return review_id

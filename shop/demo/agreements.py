"""Benefit agreements of the campaign: which households stand on which version, by what rule and weights."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from shop.benefits.apportionment import first_fen
from shop.benefits.models import (
    AgreementEvent,
    AgreementShare,
    AgreementVersion,
    BenefitAgreement,
    RuleKind,
    VersionStatus,
    WeightKind,
)
from shop.demo.period import Period, split
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.stage import ForceSpan, ProductPlan, VillagePlan
from shop.kit import clock
from shop.kit.money import BASIS_POINTS

V = VersionStatus
WEIGHT_KINDS = (WeightKind.HOUSEHOLD, WeightKind.PEOPLE, WeightKind.DELIVERIES, WeightKind.SHARES, WeightKind.CUSTOM)
WEIGHT_KIND_WEIGHTS = (45, 25, 16, 10, 4)
NOT_NAMED_PART = 0.06
REPEAT = 0.24


@dataclass(slots=True)
class Wording:
    """What a version says: its rule, and whom it names with what weight."""

    rule_kind: RuleKind
    rule_value: int
    weight_kind: WeightKind
    household_ids: list[int]
    weights: list[int]


@dataclass(slots=True)
class VersionStep:
    """A change of a version: when, by whom, to what."""

    at: datetime
    actor_id: int | None
    to: VersionStatus
    reason: str = ''


def household_counts(
    rng: Random, sizes: Sizes, villages: list[VillagePlan], products: list[ProductPlan]
) -> tuple[dict[int, int], dict[int, int]]:
    """Return per village how many households its selling agreements reach, and how many only its new ones name."""
    selling = {village.id: 0 for village in villages}
    new = dict.fromkeys(selling, 0)
    for product in products:
        (selling if product.accrues else new)[product.village.id] += 1
    ids = list(selling)
    reached = split(sizes.accrued, [rng.uniform(0.8, 1.3) * (0.6 + 0.4 * selling[one]) for one in ids], least=4)
    with_new = [one for one in ids if new[one]]
    covered = split(sizes.covered_only, [rng.uniform(0.8, 1.2) * new[one] for one in with_new], least=1)
    return dict(zip(ids, reached, strict=True)), dict(zip(with_new, covered, strict=True))


def register_sizes(reached: dict[int, int], covered: dict[int, int]) -> dict[int, int]:
    """Return per village how many households its register holds: those named, and some on no agreement."""
    return {
        village_id: count + covered.get(village_id, 0) + max(2, round(count * NOT_NAMED_PART))
        for village_id, count in reached.items()
    }


def share_out(
    rng: Random, products: list[ProductPlan], reached: dict[int, int], covered: dict[int, int]
) -> dict[int, list[int]]:
    """Return the positions in its village's register that each product's agreement names.

    The first positions of a shuffled register are reached by the products that sell, each by one at least
    and some by two; the next are named by new agreements only; the last are on none.
    """
    named: dict[int, list[int]] = {}
    for village in {product.village.id: product.village for product in products}.values():
        mine = [product for product in products if product.village is village]
        order = list(range(len(village.household_ids)))
        rng.shuffle(order)
        known, fresh = order[: reached[village.id]], order[reached[village.id] :][: covered.get(village.id, 0)]
        leading = [product for product in mine if product.accrues and product.in_force_at_end]
        _deal(rng, known, leading, named)
        _deal(rng, fresh, [product for product in mine if not product.accrues], named)
        for product in mine:
            own = named.setdefault(product.id, [])
            part = REPEAT if product in leading else 0.4
            own.extend(one for one in known if one not in own and len(mine) > 1 and rng.random() < part)
            if not own:
                own.extend(known[:3])
            own.sort()
    return named


def _deal(rng: Random, positions: list[int], products: list[ProductPlan], named: dict[int, list[int]]) -> None:
    if not products:
        return
    counts = split(len(positions), [rng.uniform(0.7, 1.3) for _ in products], least=1)
    start = 0
    for product, count in zip(products, counts, strict=True):
        named[product.id] = positions[start : start + count]
        start += count


def first_wording(rng: Random, product: ProductPlan, positions: list[int], benefit_fen: int) -> Wording:
    """Write the first version of a product's agreement."""
    price = product.variants[0].price_fen
    if rng.random() < 0.72:
        kind, value = RuleKind.FEN_PER_UNIT, min(benefit_fen, *(one.price_fen for one in product.variants))
    else:
        kind, value = RuleKind.BP_OF_NET, max(300, round(benefit_fen * BASIS_POINTS / price / 100) * 100)
    weight_kind = rng.choices(WEIGHT_KINDS, WEIGHT_KIND_WEIGHTS)[0]
    return _worded(rng, product.village, kind, value, weight_kind, positions)


def next_wording(rng: Random, product: ProductPlan, before: Wording) -> Wording:
    """Write the version after `before`: a better rule, and people counted instead of households."""
    positions = [product.village.household_ids.index(one) for one in before.household_ids]
    step = 100 if before.rule_kind is RuleKind.FEN_PER_UNIT else 200
    least = min(one.price_fen for one in product.variants)
    value = before.rule_value + step
    if before.rule_kind is RuleKind.FEN_PER_UNIT and value > least:
        value = before.rule_value
    weight_kind = WeightKind.PEOPLE if before.weight_kind is WeightKind.HOUSEHOLD else WeightKind.HOUSEHOLD
    return _worded(rng, product.village, before.rule_kind, value, weight_kind, positions)


def _worded(
    rng: Random, village: VillagePlan, kind: RuleKind, value: int, weight_kind: WeightKind, positions: list[int]
) -> Wording:
    weights = [_weight(rng, weight_kind, village.people[position]) for position in positions]
    return Wording(kind, value, weight_kind, [village.household_ids[position] for position in positions], weights)


def _weight(rng: Random, kind: WeightKind, people: int) -> int:
    if kind is WeightKind.HOUSEHOLD:
        return 1
    if kind is WeightKind.PEOPLE:
        return people
    if kind is WeightKind.DELIVERIES:
        return rng.randrange(400, 3_000, 5)
    return rng.randrange(1, 6) if kind is WeightKind.SHARES else rng.randrange(1, 4)


class AgreementBook:
    """Adds agreements with their versions, shares and events."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._agreements: dict[int, int] = {
            row['product_id']: row['id'] for row in rows.of(BenefitAgreement) if row['product_id'] is not None
        }
        subjects = {agreement_id: product_id for product_id, agreement_id in self._agreements.items()}
        self._numbers: dict[int, int] = {}
        for row in rows.of(AgreementVersion):
            if row['agreement_id'] in subjects:
                self._numbers[subjects[row['agreement_id']]] = row['number']

    def add_version(
        self,
        product: ProductPlan,
        wording: Wording,
        steps: list[VersionStep],
        *,
        meeting_on: date | None,
        ended_on: date | None = None,
    ) -> int:
        """Add a version with its history; one that came into force joins the product's spans. Returns its id."""
        drafted = steps[0]
        agreement_id = self._agreement_of(product, drafted.at)
        number = self._numbers[product.id] = self._numbers.get(product.id, 0) + 1
        force = next((step for step in steps if step.to is V.IN_FORCE), None)
        values = {
            'agreement_id': agreement_id,
            'number': number,
            'status': steps[-1].to,
            'rule_kind': wording.rule_kind,
            'rule_value': wording.rule_value,
            'weight_kind': wording.weight_kind,
            'meeting_on': meeting_on,
            'in_force_on': clock.business_day(force.at) if force else None,
            'ended_on': ended_on,
            'drafted_by_id': drafted.actor_id,
            'created_at': drafted.at,
            'sent_at': None,
            'notice_ends_on': None,
        }
        version_id = self._rows.add(AgreementVersion, **values)
        self._add_events(version_id, steps)
        self._add_shares(version_id, wording, is_in_force=force is not None)
        if force:
            version = AgreementVersion(id=version_id, **values)
            product.versions.append(ForceSpan(force.at, version, wording.household_ids, wording.weights))
        return version_id

    def end_version(self, product: ProductPlan, step: VersionStep) -> None:
        """End the newest version in force."""
        version_id = product.versions[-1].version.id
        row = self._rows.of(AgreementVersion)[version_id - 1]
        row['status'] = step.to
        row['ended_on'] = clock.business_day(step.at)
        self._add_event(version_id, step, V.IN_FORCE)

    def _agreement_of(self, product: ProductPlan, at: datetime) -> int:
        if product.id not in self._agreements:
            self._agreements[product.id] = self._rows.add(
                BenefitAgreement,
                village_id=product.village.id,
                product_id=product.id,
                earnings_id=None,
                created_at=at,
            )
        return self._agreements[product.id]

    def _add_events(self, version_id: int, steps: list[VersionStep]) -> None:
        status: VersionStatus | None = None
        for step in steps:
            self._add_event(version_id, step, status)
            status = step.to

    def _add_event(self, version_id: int, step: VersionStep, status: VersionStatus | None) -> None:
        self._rows.add(
            AgreementEvent,
            version_id=version_id,
            at=step.at,
            actor_id=step.actor_id,
            from_status=status,
            to_status=step.to,
            reason=step.reason,
        )

    def _add_shares(self, version_id: int, wording: Wording, *, is_in_force: bool) -> None:
        reaches: list[int | None] = list(first_fen(wording.weights)) if is_in_force else [None] * len(wording.weights)
        for position, (household_id, weight, reach) in enumerate(
            zip(wording.household_ids, wording.weights, reaches, strict=True)
        ):
            self._rows.add(
                AgreementShare,
                version_id=version_id,
                household_id=household_id,
                position=position,
                weight=weight,
                first_fen_at=reach,
                accrued_on=None,
            )


def change_day(rng: Random, period: Period, listed_on: date, left_on: date | None) -> date | None:
    """Return a day on which a second version may come into force, or None when there is no room for it."""
    first = listed_on + timedelta(days=90)
    last = (left_on or period.last) - timedelta(days=110)
    if last <= first:
        return None
    return first + timedelta(days=rng.randrange((last - first).days))

"""The calculator of an agreement: what so many sold units bring to each household, and the proof that it adds up."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementVersion, RuleKind, WeightKind
from shop.kit.money import BASIS_POINTS
from shop.villages.models import Household

UNITS = (1, 10, 100, 1_000)
DEFAULT_UNITS = 100


@dataclass(frozen=True, slots=True)
class Calculation:
    """Fen per household for one unit and for `units`; both sum to what the rule takes."""

    price_fen: int
    units: int
    benefit_fen: int
    weights: dict[int, int]
    one: dict[int, int]
    many: dict[int, int]

    @property
    def total_fen(self) -> int:
        """What `units` bring."""
        return sum(self.many.values())

    @property
    def least_fen(self) -> int:
        """The smallest part."""
        return min(self.many.values())

    @property
    def most_fen(self) -> int:
        """The largest part."""
        return max(self.many.values())

    @property
    def adds_up(self) -> bool:
        """Whether the parts sum to what the rule takes, to the fen."""
        return self.total_fen == self.benefit_fen * self.units and sum(self.one.values()) == self.benefit_fen

    @property
    def rest_fen(self) -> int:
        """What is left of the price for the supplier."""
        return self.price_fen - self.benefit_fen

    @property
    def weight_sum(self) -> int:
        """All weights together."""
        return sum(self.weights.values())

    def weight_percent(self, household_id: int) -> str:
        """The part of all weights that one household has, in per cent."""
        return f'{self.weights[household_id] * 100 / self.weight_sum:.2f}'

    @property
    def rate_text(self) -> str:
        """The part of the price that goes to the households, in per cent."""
        return f'{self.benefit_fen * 100 / self.price_fen:.1f}'


def calculate(
    kind: RuleKind, value: int, price_fen: int, shares: Sequence[tuple[Household, int]], *, units: int
) -> Calculation | None:
    """Return what each household gets at this price, or None while there is nothing to share or nobody to get it."""
    benefit = min(value, price_fen) if kind is RuleKind.FEN_PER_UNIT else price_fen * value // BASIS_POINTS
    if not shares or benefit <= 0 or price_fen <= 0:
        return None
    ids = [household.id for household, _weight in shares]
    weights = [weight for _household, weight in shares]
    return Calculation(
        price_fen=price_fen,
        units=units,
        benefit_fen=benefit,
        weights=dict(zip(ids, weights, strict=True)),
        one=dict(zip(ids, apportion(benefit, weights), strict=True)),
        many=dict(zip(ids, apportion(benefit * units, weights), strict=True)),
    )


def calculate_version(version: AgreementVersion, price_fen: int, *, units: int = DEFAULT_UNITS) -> Calculation | None:
    """Return the calculation of a version as it is kept."""
    shares = [(share.household, share.weight) for share in version.shares]
    return calculate(version.rule_kind, version.rule_value, price_fen, shares, units=units)


def weight_label(kind: WeightKind) -> str:
    """Return what the weights of this kind are, for the head of their column."""
    labels: dict[WeightKind, str] = {
        WeightKind.HOUSEHOLD: _('户数'),
        WeightKind.PEOPLE: _('人口'),
        WeightKind.SHARES: _('股份'),
        WeightKind.DELIVERIES: _('交售量'),
        WeightKind.CUSTOM: _('份数'),
    }
    return labels[kind]

"""Reads the agreement: the rule, the weights and the households picked from the register."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from shop.benefits.minutes import MINUTES_FIELDS, Minutes, read_minutes, typed_minutes
from shop.benefits.models import AgreementVersion, RuleKind, WeightKind
from shop.benefits.weights import WeightError, parse_weight, register_weight, weight_text
from shop.kit.fields import FieldReader, read_percent
from shop.kit.money import Money
from shop.villages.models import Household

MAX_RULE_FEN = 10**8
PICKED = 'pick-'
WEIGHT = 'weight-'


@dataclass(slots=True)
class AgreementForm:
    """The agreement as typed; `shares` are (household, weight) of the picked ones whose weight could be read."""

    rule_kind: RuleKind
    rule_value: int
    weight_kind: WeightKind
    meeting_on: date | None
    shares: list[tuple[Household, int]]
    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    minutes: Minutes | None = None

    def is_picked(self, household: Household) -> bool:
        """Tell whether this household is on the agreement as typed."""
        return f'{PICKED}{household.id}' in self.typed

    def typed_weight(self, household: Household) -> str:
        """Return what stands in the weight field of this household."""
        return self.typed.get(f'{WEIGHT}{household.id}', '')


def read_agreement(form: Mapping[str, str], *, register: Sequence[Household]) -> AgreementForm:
    """Read the agreement; an empty selection is allowed in a draft, a wrong weight is not."""
    reader = FieldReader(form)
    rule_kind = reader.choice('rule_kind', _('提取方式'), RuleKind) or RuleKind.FEN_PER_UNIT
    weight_kind = reader.choice('weight_kind', _('分配方式'), WeightKind) or WeightKind.HOUSEHOLD
    meeting_on = reader.day('meeting_on', _('村民代表会议日期'), is_required=False)
    read = AgreementForm(
        rule_kind=rule_kind,
        rule_value=_read_rule(reader, rule_kind),
        weight_kind=weight_kind,
        meeting_on=meeting_on,
        shares=[],
        typed=_typed(reader, register),
        errors=reader.errors,
        minutes=read_minutes(reader, meeting_on),
    )
    for household in register:
        if read.is_picked(household):
            try:
                given = register_weight(weight_kind, household)
                weight = parse_weight(weight_kind, read.typed_weight(household)) if given is None else given
                read.shares.append((household, weight))
            except WeightError as error:
                read.errors[f'{WEIGHT}{household.id}'] = _(
                    '%(number)s 户：%(error)s', number=household.number, error=error.message
                )
    return read


def shown_agreement(
    version: AgreementVersion | None, *, register: Sequence[Household], is_new: bool = False
) -> AgreementForm:
    """Return the form before anybody types: the version, or an empty one by the unit and by household.

    A new version begins with what the one before says, but has yet to be agreed to by a meeting of its own.
    """
    if version is None:
        return AgreementForm(RuleKind.FEN_PER_UNIT, 0, WeightKind.HOUSEHOLD, None, [], {'rule_value': ''})
    households = {household.id: household for household in register}
    typed = {'rule_value': rule_text(version.rule_kind, version.rule_value)}
    meeting_on = None if is_new else version.meeting_on
    if meeting_on is not None:
        typed['meeting_on'] = meeting_on.isoformat()
    if not is_new:
        typed |= typed_minutes(version.minutes)
    shares = []
    for share in version.shares:
        typed[f'{PICKED}{share.household_id}'] = '1'
        typed[f'{WEIGHT}{share.household_id}'] = weight_text(version.weight_kind, share.weight)
        shares.append((households.get(share.household_id, share.household), share.weight))
    return AgreementForm(version.rule_kind, version.rule_value, version.weight_kind, meeting_on, shares, typed)


def rule_text(kind: RuleKind, value: int) -> str:
    """Write a rule the way it is typed: yuan per unit, or per cent."""
    return Money(value).yuan if kind is RuleKind.FEN_PER_UNIT else f'{value / 100:g}'


def _read_rule(reader: FieldReader, kind: RuleKind) -> int:
    if kind is RuleKind.FEN_PER_UNIT:
        return reader.money('rule_value', _('每件给农户的金额'), most=MAX_RULE_FEN)
    rate = read_percent(reader.raw('rule_value'))
    if rate is None or not 0 < rate <= 10_000:
        reader.errors['rule_value'] = _('比例填 0.01 到 100 之间的百分数，如 15。')
        return 0
    return rate


def _typed(reader: FieldReader, register: Sequence[Household]) -> dict[str, str]:
    """Keep what was typed into the fields of this form, and nothing else."""
    names = ['rule_value', 'meeting_on', *MINUTES_FIELDS]
    for household in register:
        names += [f'{PICKED}{household.id}', f'{WEIGHT}{household.id}']
    return {name: reader.raw(name) for name in names if name in reader.form}

"""Reads a batch of earnings: what it is about, and a quantity for each household that has one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from shop.earnings.models import EarningsBatch, EarningsKind
from shop.earnings.reckoning import QuantityError, parse_quantity, quantity_text
from shop.earnings.services import EarningsFacts
from shop.kit import clock
from shop.kit.fields import FieldReader
from shop.kit.money import Money
from shop.villages.models import Household

QUANTITY = 'quantity-'
FIELDS = ('kind', 'title', 'payer', 'happened_on', 'rate', 'gross_rate', 'evidence')
MAX_RATE_FEN = 10**7


@dataclass(slots=True)
class EarningsForm:
    """A batch as typed; `facts` stand once nothing is wrong with them, `quantities` are (household id, tenths)."""

    typed: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    facts: EarningsFacts | None = None
    quantities: list[tuple[int, int]] = field(default_factory=list)

    @property
    def kind(self) -> EarningsKind:
        """The kind chosen, wages before anything is."""
        return EarningsKind.find(self.typed.get('kind')) or EarningsKind.WAGES

    def typed_quantity(self, household_id: int) -> str:
        """Return what stands in the field of a household."""
        return self.typed.get(f'{QUANTITY}{household_id}', '')


def read_batch(form: Mapping[str, str], *, register: Sequence[Household]) -> EarningsForm:
    """Read everything that was typed; never fails."""
    reader = FieldReader(form)
    read = EarningsForm(typed={name: reader.raw(name) for name in FIELDS}, errors=reader.errors)
    kind = reader.choice('kind', _('类别'), EarningsKind)
    title = reader.text('title', _('事由'), limit=60)
    payer = reader.text('payer', _('支付单位'), limit=60)
    happened_on = reader.day('happened_on', _('发生日'))
    rate = reader.money('rate', _('每单位给农户的金额'), most=MAX_RATE_FEN)
    gross = None
    if kind is EarningsKind.PURCHASE:
        gross = reader.money('gross_rate', _('收购价'), most=MAX_RATE_FEN)
    evidence = reader.text('evidence', _('凭证'), limit=200, is_required=False)
    for household in register:
        name = f'{QUANTITY}{household.id}'
        text = reader.raw(name)
        if text:
            read.typed[name] = text
            try:
                read.quantities.append((household.id, parse_quantity(text)))
            except QuantityError as error:
                read.errors[name] = _('%(number)s 户：%(error)s', number=household.number, error=error.message)
    if not read.errors and kind is not None and happened_on is not None:
        read.facts = EarningsFacts(kind, title, payer, happened_on, rate, gross, evidence)
    return read


def shown_batch(batch: EarningsBatch | None) -> EarningsForm:
    """Return the form before anybody types: the batch, or an empty one of today."""
    if batch is None:
        return EarningsForm({'kind': EarningsKind.WAGES.value, 'happened_on': clock.today().isoformat()})
    typed = {
        'kind': batch.kind.value,
        'title': batch.title,
        'payer': batch.payer,
        'happened_on': _day(batch.happened_on),
        'rate': Money(batch.rate_fen).yuan,
        'gross_rate': Money(batch.gross_rate_fen).yuan if batch.gross_rate_fen is not None else '',
        'evidence': batch.evidence,
    }
    for line in batch.lines:
        typed[f'{QUANTITY}{line.household_id}'] = quantity_text(line.quantity_tenths)
    return EarningsForm(typed)


def _day(day: date) -> str:
    return day.isoformat()

"""What each row of a file would do to the register as it stands: a new household, a change, nothing, or a fault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select

from shop.households.columns import COLUMNS
from shop.households.consents import elsewhere_words
from shop.households.models import ConsentKind, HouseholdConsent, HouseholdNumber, NumberKind
from shop.households.numbers import NumberKeys, digest_of, masked_number
from shop.households.reading import Fault, RegisterRow
from shop.households.services import FIELDS, Entry, status_on
from shop.households.vocabulary import status_kinds
from shop.kit.database import db
from shop.kit.words import kept, listed
from shop.villages.models import Household, HouseholdStatusKind, Village

STATUS_CHANGE, CONSENT_CHANGE = kept('脱贫状态'), kept('同意')
CHUNK = 500


@dataclass(frozen=True)
class BatchConsent:
    """A statement for a whole file: to which numbers every household named has agreed, and when."""

    kinds: tuple[str, ...] = ()
    given_on: str | None = None
    paper: str = ''


@dataclass
class PlannedRow:
    """What a row will do: to which household (None is a new one), and what changes."""

    row: RegisterRow
    household: Household | None
    entry: Entry
    status: HouseholdStatusKind | None
    consents: list[NumberKind] = field(default_factory=list)
    numbers: list[NumberKind] = field(default_factory=list)
    withheld: list[NumberKind] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)


@dataclass
class ImportPlan:
    """What a file will do as things stand now; `absent` are households of the register that it does not name."""

    new: list[PlannedRow] = field(default_factory=list)
    changed: list[PlannedRow] = field(default_factory=list)
    unchanged: list[PlannedRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    skipped: int = 0
    absent: int = 0

    @property
    def withheld(self) -> list[PlannedRow]:
        """The rows with a number that cannot be kept, because nobody agreed."""
        return [row for row in (*self.new, *self.changed, *self.unchanged) if row.withheld]


@dataclass(frozen=True)
class _Known:
    """What the register holds already."""

    households: Mapping[str, Household]
    kinds: Mapping[str, HouseholdStatusKind]
    digests: Mapping[tuple[int, NumberKind], str]
    consents: frozenset[tuple[int, ConsentKind]]
    owners: Mapping[str, tuple[int, int, str]]


def plan_rows(
    village: Village, rows: list[RegisterRow], batch: BatchConsent, *, keys: NumberKeys, on: date
) -> ImportPlan:
    """Say what these rows would do."""
    known = _known(village, rows, keys)
    plan = ImportPlan()
    for row in rows:
        fault = _fault(village, row, known, keys)
        if fault is not None:
            plan.faults.append(fault)
            continue
        planned = _planned(row, known, batch, keys, on)
        kind = plan.new if planned.household is None else plan.changed if planned.changes else plan.unchanged
        kind.append(planned)
    plan.absent = len(set(known.households) - {row.number for row in rows})
    return plan


def _known(village: Village, rows: list[RegisterRow], keys: NumberKeys) -> _Known:
    households = list(db.session.scalars(select(Household).where(Household.village_id == village.id)))
    mine = select(Household.id).where(Household.village_id == village.id)
    numbers = db.session.scalars(select(HouseholdNumber).where(HouseholdNumber.household_id.in_(mine)))
    consents = db.session.scalars(
        select(HouseholdConsent).where(HouseholdConsent.household_id.in_(mine), HouseholdConsent.withdrawn_on.is_(None))
    )
    return _Known(
        {household.number: household for household in households},
        {kind.name: kind for kind in status_kinds()},
        {(number.household_id, number.kind): number.digest for number in numbers},
        frozenset((consent.household_id, consent.kind) for consent in consents),
        _owners([digest_of(keys, NumberKind.ID_NUMBER, row.id_number) for row in rows if row.id_number]),
    )


def _owners(digests: list[str]) -> dict[str, tuple[int, int, str]]:
    """Return household, village and household number of each ID number that is registered anywhere."""
    owners: dict[str, tuple[int, int, str]] = {}
    for start in range(0, len(digests), CHUNK):
        found = db.session.execute(
            select(HouseholdNumber.digest, Household.id, Household.village_id, Household.number)
            .join(Household, Household.id == HouseholdNumber.household_id)
            .where(
                HouseholdNumber.kind == NumberKind.ID_NUMBER,
                HouseholdNumber.digest.in_(digests[start : start + CHUNK]),
            )
        )
        owners |= {row.digest: (row.id, row.village_id, row.number) for row in found}
    return owners


def _fault(village: Village, row: RegisterRow, known: _Known, keys: NumberKeys) -> Fault | None:
    if row.status not in known.kinds:
        words = _('这个状态不在用，可填：%(names)s。', names=listed(known.kinds))
        return Fault(row.row, COLUMNS['status'][0], row.status, words)
    if row.id_number is None:
        return None
    owner = known.owners.get(digest_of(keys, NumberKind.ID_NUMBER, row.id_number))
    own = known.households.get(row.number)
    if owner is None or (own is not None and owner[0] == own.id):
        return None
    words = (
        elsewhere_words() if owner[1] != village.id else _('本村户编号 %(number)s 已用这个证件号码。', number=owner[2])
    )
    return Fault(row.row, COLUMNS['id_number'][0], masked_number(row.id_number), words)


def _planned(row: RegisterRow, known: _Known, batch: BatchConsent, keys: NumberKeys, on: date) -> PlannedRow:
    household = known.households.get(row.number)
    entry = _entry(row, household, on)
    status: HouseholdStatusKind | None = known.kinds[row.status]
    planned = PlannedRow(row, household, entry, status)
    if household is not None:
        planned.changes = [FIELDS[name] for name in FIELDS if getattr(entry, name) != getattr(household, name)]
        held = status_on(household, on)
        if held is not None and held.kind_id == known.kinds[row.status].id:
            planned.status = None
        else:
            planned.changes.append(STATUS_CHANGE)
    for kind in NumberKind:
        _plan_number(planned, kind, known, batch, keys)
    return planned


def _plan_number(planned: PlannedRow, kind: NumberKind, known: _Known, batch: BatchConsent, keys: NumberKeys) -> None:
    """Decide about a row's consent to a number, and about the number."""
    row, household = planned.row, planned.household
    number = row.id_number if kind is NumberKind.ID_NUMBER else row.bank_account
    stands = household is not None and (household.id, kind.consent) in known.consents
    in_batch = kind.value in batch.kinds and number is not None and not row.refuses
    agrees = kind.value in row.agrees_to or in_batch
    if agrees and not stands:
        planned.consents.append(kind)
        planned.changes.append(CONSENT_CHANGE)
    if number is None:
        return
    if not (stands or agrees):
        planned.withheld.append(kind)
    elif household is None or known.digests.get((household.id, kind)) != digest_of(keys, kind, number):
        planned.numbers.append(kind)
        planned.changes.append(kind.source_label)


def _entry(row: RegisterRow, household: Household | None, on: date) -> Entry:
    """Return the entry as it will be; what the row says nothing of stays."""
    return Entry(
        number=row.number,
        head_name=row.head_name,
        group_name=row.group_name or (household.group_name if household is not None else ''),
        people=row.people,
        attribute=row.attribute or (household.attribute if household is not None else ''),
        left_poverty_on=_left_poverty_on(row.left_poverty, household, on),
    )


def _left_poverty_on(said: str | None, household: Household | None, on: date) -> date | None:
    """Return the day a household left poverty; where the file knows but the year, its last day, or the one we have."""
    have = household.left_poverty_on if household is not None else None
    if said is None:
        return have
    if len(said) > 4:
        return date.fromisoformat(said)
    year = int(said)
    return have if have is not None and have.year == year else min(date(year, 12, 31), on)

"""Importing a register: the file waits sealed, then its good rows are kept; the same file twice changes nothing."""

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, update

from shop.accounts.models import User
from shop.households.consents import give_consent, keep_number
from shop.households.models import (
    ConsentMeans,
    NumberKind,
    RegisterImport,
)
from shop.households.numbers import NumberKeys
from shop.households.plans import BatchConsent, ImportPlan, PlannedRow, plan_rows
from shop.households.reading import Fault, Reading, RegisterRow
from shop.households.services import change_household, enter_household, set_status
from shop.kit import clock
from shop.kit.crypto import seal_text, unseal_text
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.villages.models import Village

FORGOTTEN_AFTER = timedelta(days=1)


class ImportDecidedError(BusinessError):
    """The file was imported or given up already."""


def check_import(
    village: Village,
    reading: Reading,
    batch: BatchConsent,
    *,
    file_name: str,
    keys: NumberKeys,
    actor: User,
    at: datetime,
) -> RegisterImport:
    """Keep what was read, sealed, until somebody decides; what waited before is forgotten."""
    db.session.execute(update(RegisterImport).where(RegisterImport.village_id == village.id).values(sealed_rows=None))
    text = json.dumps({**asdict(reading), 'batch': asdict(batch)}, ensure_ascii=False)
    row = RegisterImport(
        village=village,
        file_name=file_name,
        sealed_rows=seal_text(keys.seal, text),
        uploaded_at=at,
        uploaded_by_id=actor.id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def planned_import(row: RegisterImport, *, keys: NumberKeys, on: date) -> ImportPlan:
    """Say what a file that waits would do now; raises `ImportDecidedError`."""
    if row.sealed_rows is None:
        raise ImportDecidedError(_('这份名册已经处理过，请重新上传。'))
    found = json.loads(unseal_text(keys.seal, row.sealed_rows))
    rows = [RegisterRow(**{**one, 'agrees_to': tuple(one['agrees_to'])}) for one in found['rows']]
    batch = BatchConsent(**{**found['batch'], 'kinds': tuple(found['batch']['kinds'])})
    plan = plan_rows(row.village, rows, batch, keys=keys, on=on)
    plan.faults = sorted([*plan.faults, *(Fault(**one) for one in found['faults'])], key=lambda fault: fault.row)
    plan.skipped = found['skipped']
    return plan


def keep_import(row: RegisterImport, *, keys: NumberKeys, actor: User, at: datetime) -> ImportPlan:
    """Enter the good rows; the bad ones are left. Raises `ImportDecidedError`."""
    lock_row(row.village)
    lock_row(row)
    plan = planned_import(row, keys=keys, on=clock.business_day(at))
    batch = BatchConsent(**json.loads(unseal_text(keys.seal, row.sealed_rows or ''))['batch'])
    for planned in (*plan.new, *plan.changed):
        _keep_row(row.village, planned, batch, keys=keys, actor=actor, at=at)
    row.sealed_rows, row.kept_at = None, at
    row.new_count, row.changed_count = len(plan.new), len(plan.changed)
    row.unchanged_count, row.bad_count = len(plan.unchanged), len(plan.faults)
    db.session.flush()
    return plan


def drop_import(row: RegisterImport) -> None:
    """Forget what was read."""
    lock_row(row)
    row.sealed_rows = None


def forget_imports(*, at: datetime) -> int:
    """Forget the files nobody has decided about in a day; return how many."""
    found = db.session.execute(
        delete(RegisterImport).where(
            RegisterImport.kept_at.is_(None), RegisterImport.uploaded_at <= at - FORGOTTEN_AFTER
        )
    )
    return int(found.rowcount)  # type: ignore[attr-defined]


def _keep_row(
    village: Village, planned: PlannedRow, batch: BatchConsent, *, keys: NumberKeys, actor: User, at: datetime
) -> None:
    household = planned.household
    if household is None:
        household = enter_household(village, planned.entry, key=keys.digest, actor=actor, at=at)
    else:
        change_household(household, planned.entry, actor=actor, at=at)
    if planned.status is not None:
        set_status(household, planned.status, since_on=clock.business_day(at), actor=actor, at=at)
    row = planned.row
    for kind in planned.consents:
        own = kind.value in row.agrees_to
        day = row.consent_on if own else batch.given_on
        give_consent(
            household,
            kind.consent,
            given_on=date.fromisoformat(day or ''),
            means=ConsentMeans.PAPER if own else ConsentMeans.BATCH,
            paper='' if own else batch.paper,
            actor=actor,
            at=at,
        )
    for kind in planned.numbers:
        number = row.id_number if kind is NumberKind.ID_NUMBER else row.bank_account
        keep_number(household, kind, number or '', keys=keys, actor=actor, at=at)

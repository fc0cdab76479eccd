"""Consents and what rests on them: giving, withdrawing, keeping a number, reading it in clear."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from shop.accounts.models import Role, User
from shop.households.models import (
    ConsentKind,
    ConsentMeans,
    EventKind,
    HouseholdConsent,
    HouseholdNumber,
    HouseholdReveal,
    NumberKind,
)
from shop.households.numbers import NumberKeys, digest_of, is_right, masked_number
from shop.households.policies import REVEALERS
from shop.households.services import DayError, note
from shop.kit import clock
from shop.kit.crypto import seal_text, unseal_text
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError
from shop.villages.models import Household

MOST_REVEALS, REVEAL_SPAN = 20, timedelta(hours=1)
SHORTEST_REASON = 4


class ConsentMissingError(BusinessError):
    """Nothing is kept without the household's consent."""


class ConsentGivenError(BusinessError):
    """The consent stands already."""


class WrongNumberError(BusinessError):
    """The number cannot be right."""


class NumberElsewhereError(BusinessError):
    """The person is registered already; in another village it is not said with whom."""


class TooManyRevealsError(BusinessError):
    """So many numbers were read in so short a time that the next must wait."""


class ReasonMissingError(BusinessError):
    """A number is not shown without a reason."""


def give_consent(
    household: Household,
    kind: ConsentKind,
    *,
    given_on: date,
    means: ConsentMeans,
    paper: str,
    actor: User | None,
    at: datetime,
) -> HouseholdConsent:
    """Write down a consent; raises `ConsentGivenError`, `DayError`."""
    lock_row(household)
    if given_on > clock.business_day(at):
        raise DayError(_('同意日不能是以后的日期。'), field='given_on')
    if consent_in_force(household, kind) is not None:
        raise ConsentGivenError(_('“%(what)s”的同意已经登记。', what=kind.label), field='consent')
    consent = HouseholdConsent(
        household_id=household.id,
        kind=kind,
        given_on=given_on,
        means=means,
        paper=paper,
        recorded_at=at,
        recorded_by_id=actor.id if actor is not None else None,
    )
    db.session.add(consent)
    note(
        household,
        EventKind.CONSENT,
        actor=actor,
        at=at,
        subject=kind.source_label,
        after=given_on.isoformat(),
        text=means.source_label,
    )
    db.session.flush()
    return consent


def withdraw_consent(
    household: Household, consent: HouseholdConsent, *, withdrawn_on: date, actor: User, at: datetime
) -> bool:
    """End a consent and delete the number that rests on it; tell whether there was one.

    What stays: that the consent was given and withdrawn, the trail of who read the number (masked), and what payout
    vouchers hold, which the law on accounts makes the village keep. Raises `DayError`.
    """
    lock_row(household)
    lock_row(consent)
    if consent.withdrawn_on is not None:
        return False
    if not consent.given_on <= withdrawn_on <= clock.business_day(at):
        raise DayError(_('撤回日应在同意日之后、不晚于今天。'), field='withdrawn_on')
    number = db.session.scalar(select(HouseholdNumber).where(HouseholdNumber.consent_id == consent.id))
    if number is not None:
        note(
            household,
            EventKind.NUMBER_DELETED,
            actor=actor,
            at=at,
            subject=number.kind.source_label,
            before=number.masked,
        )
        db.session.delete(number)
    consent.withdrawn_on = withdrawn_on
    note(
        household,
        EventKind.WITHDRAWN,
        actor=actor,
        at=at,
        subject=consent.kind.source_label,
        after=withdrawn_on.isoformat(),
    )
    db.session.flush()
    return number is not None


def keep_number(
    household: Household, kind: NumberKind, number: str, *, keys: NumberKeys, actor: User, at: datetime
) -> bool:
    """Keep a number sealed; tell whether it is another than before.

    Raises `WrongNumberError`, `ConsentMissingError`, `NumberElsewhereError`.
    """
    lock_row(household)
    if not is_right(kind, number, on=clock.business_day(at)):
        raise WrongNumberError(wrong_number_words(kind), field='number')
    consent = consent_in_force(household, kind.consent)
    if consent is None:
        raise ConsentMissingError(_('还没有登记“%(what)s”的同意，不能保存。', what=kind.label), field='number')
    digest = digest_of(keys, kind, number)
    if kind is NumberKind.ID_NUMBER:
        _require_nowhere_else(household, digest)
    stored = number_of(household, kind)
    if stored is not None and stored.digest == digest:
        return False
    before = stored.masked if stored is not None else ''
    if stored is None:
        stored = HouseholdNumber(household_id=household.id, kind=kind)
        db.session.add(stored)
    stored.sealed, stored.digest, stored.masked = seal_text(keys.seal, number), digest, masked_number(number)
    stored.consent_id, stored.stored_at = consent.id, at
    note(
        household,
        EventKind.NUMBER,
        actor=actor,
        at=at,
        subject=kind.source_label,
        before=before,
        after=stored.masked,
    )
    db.session.flush()
    return True


def reveal_number(
    household: Household, kind: NumberKind, *, reason: str, keys: NumberKeys, role: Role, actor: User, at: datetime
) -> str:
    """Write down who reads which number why, and return it in clear.

    Raises `NotFoundError`, `ReasonMissingError`, `TooManyRevealsError`.
    """
    stored = number_of(household, kind)
    if role not in REVEALERS or stored is None:
        raise NotFoundError
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissingError(_('写明查看事由，至少 %(n)s 个字。', n=SHORTEST_REASON), field='reason')
    lock_row(actor)  # two requests at once are counted one after the other
    recent = (
        select(func.count())
        .select_from(HouseholdReveal)
        .where(
            HouseholdReveal.actor_id == actor.id, HouseholdReveal.at > at - REVEAL_SPAN, ~HouseholdReveal.is_for_bank
        )
    )
    if (db.session.scalar(recent) or 0) >= MOST_REVEALS:
        raise TooManyRevealsError(_('一小时内最多查看 %(n)s 次，请稍后再试。', n=MOST_REVEALS), field='reason')
    db.session.add(
        HouseholdReveal(
            household_id=household.id,
            kind=kind,
            masked=stored.masked,
            actor_id=actor.id,
            role=role.value,
            reason=reason,
            is_for_bank=False,
            at=at,
        )
    )
    db.session.flush()
    return unseal_text(keys.seal, stored.sealed)


def open_bank_accounts(
    household_ids: Collection[int], *, reason: str, keys: NumberKeys, role: Role, actor: User, at: datetime
) -> dict[int, str]:
    """Write down that the bank numbers of these households are read, and return those there are, in clear.

    It is for a file that goes to the bank, so it does not count among the readings of an hour.
    """
    if role not in REVEALERS:
        raise NotFoundError
    stored = db.session.scalars(
        select(HouseholdNumber)
        .where(HouseholdNumber.household_id.in_(household_ids), HouseholdNumber.kind == NumberKind.BANK_ACCOUNT)
        .order_by(HouseholdNumber.household_id)
    ).all()
    db.session.add_all(
        HouseholdReveal(
            household_id=number.household_id,
            kind=number.kind,
            masked=number.masked,
            actor_id=actor.id,
            role=role.value,
            reason=reason,
            is_for_bank=True,
            at=at,
        )
        for number in stored
    )
    db.session.flush()
    return {number.household_id: unseal_text(keys.seal, number.sealed) for number in stored}


def consent_in_force(household: Household, kind: ConsentKind) -> HouseholdConsent | None:
    """Return the consent that stands, if there is one."""
    return db.session.scalar(
        select(HouseholdConsent).where(
            HouseholdConsent.household_id == household.id,
            HouseholdConsent.kind == kind,
            HouseholdConsent.withdrawn_on.is_(None),
        )
    )


def number_of(household: Household, kind: NumberKind) -> HouseholdNumber | None:
    """Return a household's number of a kind, sealed."""
    return db.session.scalar(
        select(HouseholdNumber).where(HouseholdNumber.household_id == household.id, HouseholdNumber.kind == kind)
    )


def wrong_number_words(kind: NumberKind) -> str:
    """Say what would be right."""
    if kind is NumberKind.ID_NUMBER:
        return str(_('证件号码应为 18 位居民身份证号，末位校验码要对；请对照证件逐位核对。'))
    return str(_('银行账号应为 16 到 19 位卡号，末位校验码要对；存折请填配套的卡号。'))


def elsewhere_words() -> str:
    """Say that a person is registered in another village, and nothing of whom or where."""
    return str(_('这个证件号码已在别的村登记，请联系县委组织部核对。'))


def _require_nowhere_else(household: Household, digest: str) -> None:
    other = db.session.scalar(
        select(Household)
        .join(HouseholdNumber, HouseholdNumber.household_id == Household.id)
        .where(
            HouseholdNumber.kind == NumberKind.ID_NUMBER,
            HouseholdNumber.digest == digest,
            Household.id != household.id,
        )
    )
    if other is None:
        return
    if other.village_id != household.village_id:
        raise NumberElsewhereError(elsewhere_words(), field='number')
    raise NumberElsewhereError(_('本村户编号 %(number)s 已用这个证件号码。', number=other.number), field='number')

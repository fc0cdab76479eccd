"""Agreements: drafting a version with its households, and its way into force."""

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from shop.accounts.models import User
from shop.benefits.apportionment import first_fen
from shop.benefits.minutes import Minutes, record_minutes
from shop.benefits.models import (
    SALE_RULES,
    AgreementEvent,
    AgreementShare,
    AgreementVersion,
    BenefitAgreement,
    RuleKind,
    VersionMoveError,
    VersionStatus,
    WeightKind,
)
from shop.benefits.weights import MAX_WEIGHT, WeightError, register_weight
from shop.catalogue.models import Product, Variant
from shop.kit import clock
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError
from shop.kit.money import BASIS_POINTS, MAX_FEN, Money
from shop.villages.models import Household
from shop.villages.queries import comprised_villages

OPEN_STATUSES = frozenset({VersionStatus.DRAFT, VersionStatus.IN_REVIEW, VersionStatus.ON_NOTICE})


class RuleError(BusinessError):
    """The rule takes nothing, or more than the sale brings."""


class HouseholdOutsideVillageError(BusinessError):
    """A household is not in the register of the product's village."""


class HouseholdTwiceError(BusinessError):
    """A household was named twice on one agreement version."""


class NoHouseholdsError(BusinessError):
    """An agreement version names nobody."""


class MeetingMissingError(BusinessError):
    """The villagers' representatives have not met about the version."""


class VersionUnderReviewError(BusinessError):
    """A version of this agreement is under review or on notice; another cannot be drafted beside it."""


def draft_version(
    product: Product,
    *,
    rule_kind: RuleKind,
    rule_value: int,
    weight_kind: WeightKind,
    meeting_on: date | None,
    shares: Sequence[tuple[int, int]],
    minutes: Minutes | None = None,
    actor: User | None,
    at: datetime,
) -> AgreementVersion:
    """Write the draft version of a product's agreement, a new one or the one that is open.

    `rule_value` is fen per unit or basis points of the net; `shares` are ``(household id, weight)`` in the
    order that decides ties, and may still be empty. By household and by people the weight is the register's.
    Raises `RuleError`, `WeightError`, `HouseholdOutsideVillageError`, `HouseholdTwiceError`, `MinutesError`,
    `VersionUnderReviewError`.
    """
    _require_rule(rule_kind, rule_value)
    weighed = _weighed(product, weight_kind, shares)
    agreement = _agreement_of(product, at=at)
    version = _draft_of(agreement, actor=actor, at=at)
    version.rule_kind = rule_kind
    version.rule_value = rule_value
    version.weight_kind = weight_kind
    version.meeting_on = meeting_on
    record_minutes(version, minutes)
    if [(share.household_id, share.weight) for share in version.shares] != weighed:
        version.shares.clear()
        db.session.flush()
        version.shares.extend(
            AgreementShare(household_id=household_id, position=position, weight=weight)
            for position, (household_id, weight) in enumerate(weighed)
        )
    db.session.flush()
    return version


def submit_version(version: AgreementVersion, *, actor: User | None, at: datetime) -> None:
    """Send a draft to review; raises `NoHouseholdsError`, `MeetingMissingError`, `VersionMoveError`."""
    if not version.shares:
        raise NoHouseholdsError(_('协议还没有选农户，至少选一户。'), field='households')
    if version.meeting_on is None or version.meeting_on > clock.business_day(at):
        raise MeetingMissingError(_('填写村民代表会议通过的日期，不能晚于今天。'), field='meeting_on')
    version.move(VersionStatus.IN_REVIEW, actor_id=_id_of(actor), at=at)


def return_version(version: AgreementVersion, *, reason: str, actor: User | None, at: datetime) -> None:
    """Give a version back to the village as a draft; a review and notice of its own are over."""
    version.sent_at = version.notice_ends_on = None
    version.move(VersionStatus.DRAFT, actor_id=_id_of(actor), at=at, reason=reason)


def notice_version(version: AgreementVersion, *, actor: User | None, at: datetime, reason: str = '') -> None:
    """Put a reviewed version on public notice; `reason` is what the reviewer said."""
    version.move(VersionStatus.ON_NOTICE, actor_id=_id_of(actor), at=at, reason=reason)


def withdraw_version(version: AgreementVersion, *, reason: str, actor: User | None, at: datetime) -> None:
    """End a version that was not approved; the next one has another number."""
    version.move(VersionStatus.WITHDRAWN, actor_id=_id_of(actor), at=at, reason=reason)


def put_in_force(version: AgreementVersion, *, actor: User | None, at: datetime) -> None:
    """Let a version credit its households from today on; ends the version before it.

    Sales made under the version before stay on its pool. Raises `NoHouseholdsError`, `VersionMoveError`.
    """
    today = clock.business_day(at)
    if not version.shares:
        raise NoHouseholdsError(_('协议没有农户，不能生效。'))
    lock_row(version.agreement)
    before = version.agreement.in_force
    if version.status is not VersionStatus.ON_NOTICE:
        raise VersionMoveError(_('协议版本状态为“%(status)s”，不能生效。', status=version.status.label))
    if before is not None:
        before.move(
            VersionStatus.SUPERSEDED,
            actor_id=_id_of(actor),
            at=at,
            reason=_('由第 %(number)s 版接替', number=version.number),
        )
        before.ended_on = today
        db.session.flush()
    version.move(VersionStatus.IN_FORCE, actor_id=_id_of(actor), at=at)
    version.in_force_on = today
    reaches = first_fen([share.weight for share in version.shares])
    for share, reach in zip(version.shares, reaches, strict=True):
        share.first_fen_at = reach
    db.session.flush()


def share_out_batch(
    village_id: int, earnings_id: int, shares: Sequence[tuple[int, int]], *, actor: User | None, at: datetime
) -> AgreementVersion:
    """Put in force what a batch of other earnings says: ``(household id, fen)`` are its shares.

    With fen as weights a pool of their sum is shared out as the batch says, to the fen.
    """
    today = clock.business_day(at)
    version = AgreementVersion(
        agreement=BenefitAgreement(village_id=village_id, earnings_id=earnings_id, created_at=at),
        number=1,
        status=VersionStatus.IN_FORCE,
        rule_kind=RuleKind.BATCH,
        rule_value=sum(fen for _household_id, fen in shares),
        weight_kind=WeightKind.CUSTOM,
        in_force_on=today,
        drafted_by_id=_id_of(actor),
        created_at=at,
    )
    reaches = first_fen([fen for _household_id, fen in shares])
    version.shares = [
        AgreementShare(household_id=household_id, position=position, weight=fen, first_fen_at=reach)
        for position, ((household_id, fen), reach) in enumerate(zip(shares, reaches, strict=True))
    ]
    version.events.append(AgreementEvent(at=at, actor_id=_id_of(actor), to_status=VersionStatus.IN_FORCE))
    db.session.add(version)
    db.session.flush()
    return version


def terminate_version(version: AgreementVersion, *, reason: str, actor: User | None, at: datetime) -> None:
    """End the version in force without another; what it credited stays."""
    version.move(VersionStatus.TERMINATED, actor_id=_id_of(actor), at=at, reason=reason)
    version.ended_on = clock.business_day(at)


def reprice_variant(variant: Variant, price_fen: int, *, at: datetime) -> None:
    """Give a variant another price; raises `RuleError` when an agreement takes more than it from each unit."""
    if not 0 < price_fen <= MAX_FEN:
        raise RuleError(_('单价要大于 0。'), field='price')
    for version in live_versions(variant.product_id):
        if version.rule_kind is RuleKind.FEN_PER_UNIT and version.rule_value > price_fen:
            raise RuleError(
                _('单价不能低于协议每件给农户的 %(amount)s。', amount=Money(version.rule_value)), field='price'
            )
    variant.price_fen = price_fen


def live_versions(product_id: int) -> list[AgreementVersion]:
    """Return the versions of a product's agreement that count or are on their way to."""
    return list(
        db.session.scalars(
            select(AgreementVersion)
            .join(AgreementVersion.agreement)
            .where(
                BenefitAgreement.product_id == product_id,
                AgreementVersion.status.in_({*OPEN_STATUSES, VersionStatus.IN_FORCE}),
            )
            .order_by(AgreementVersion.number)
        )
    )


def _require_rule(kind: RuleKind, value: int) -> None:
    if kind not in SALE_RULES:
        raise RuleError(_('按件或按净额比例计提，二选一。'), field='rule_kind')
    if not 0 < value <= MAX_FEN:
        raise RuleError(_('给农户的金额或比例要大于 0。'), field='rule_value')
    if kind is RuleKind.BP_OF_NET and value > BASIS_POINTS:
        raise RuleError(_('比例不能超过 100%。'), field='rule_value')


def _weighed(product: Product, kind: WeightKind, shares: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return ``(household id, weight)`` as the version keeps it."""
    ids = [household_id for household_id, _ in shares]
    if len(set(ids)) != len(ids):
        raise HouseholdTwiceError(_('同一户只能选一次。'), field='households')
    register = {
        household.id: household
        for household in db.session.scalars(
            select(Household).where(
                Household.village_id.in_(comprised_villages(product.village_id)), Household.id.in_(ids)
            )
        )
    }
    weighed = []
    for household_id, typed in shares:
        household = register.get(household_id)
        if household is None:
            raise HouseholdOutsideVillageError(_('只能选本村农户名册里的农户。'), field='households')
        given = register_weight(kind, household)
        weight = typed if given is None else given
        if type(weight) is not int or not 0 < weight <= MAX_WEIGHT:
            raise WeightError(
                _('%(number)s 户的权重要大于 0。', number=household.number), field=f'weight-{household_id}'
            )
        weighed.append((household_id, weight))
    return weighed


def _agreement_of(product: Product, *, at: datetime) -> BenefitAgreement:
    agreement = db.session.scalar(select(BenefitAgreement).where(BenefitAgreement.product_id == product.id))
    if agreement is None:
        agreement = BenefitAgreement(village_id=product.village_id, product_id=product.id, created_at=at)
        db.session.add(agreement)
        db.session.flush()
    else:
        lock_row(agreement)
    return agreement


def _draft_of(agreement: BenefitAgreement, *, actor: User | None, at: datetime) -> AgreementVersion:
    last = agreement.versions[-1] if agreement.versions else None
    if last is not None and last.status is VersionStatus.DRAFT:
        return last
    if last is not None and last.status in OPEN_STATUSES:
        raise VersionUnderReviewError(
            _('协议第 %(number)s 版%(status)s，此时不能改。', number=last.number, status=last.status.label)
        )
    version = AgreementVersion(
        number=last.number + 1 if last is not None else 1,
        status=VersionStatus.DRAFT,
        drafted_by_id=_id_of(actor),
        created_at=at,
    )
    version.events.append(AgreementEvent(at=at, actor_id=_id_of(actor), to_status=VersionStatus.DRAFT))
    agreement.versions.append(version)
    return version


def _id_of(actor: User | None) -> int | None:
    return actor.id if actor is not None else None

"""What pages ask about agreements: who is covered, by which version, and what a sale would bring."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from shop.benefits.apportionment import apportion
from shop.benefits.models import (
    AgreementShare,
    AgreementVersion,
    BenefitAgreement,
    RuleKind,
    VersionStatus,
)
from shop.kit.database import db, lock_row


@dataclass(frozen=True, slots=True)
class ShareLine:
    """What one household gets from a pool, and what part of all weights it holds."""

    weight: int
    weight_bp: int
    fen: int


def covered_counts(product_ids: Collection[int]) -> dict[int, tuple[int, AgreementVersion]]:
    """Return, per product with an agreement in force, how many households it names and the version; one statement."""
    if not product_ids:
        return {}
    households = (
        select(func.count()).where(AgreementShare.version_id == AgreementVersion.id).correlate(AgreementVersion)
    ).scalar_subquery()
    rows = db.session.execute(
        select(BenefitAgreement.product_id, households, AgreementVersion)
        .join(AgreementVersion, AgreementVersion.agreement_id == BenefitAgreement.id)
        .where(BenefitAgreement.product_id.in_(product_ids), AgreementVersion.status == VersionStatus.IN_FORCE)
    )
    return {product_id: (count, version) for product_id, count, version in rows}


def newest_version(product_id: int) -> AgreementVersion | None:
    """Return the newest version that was not withdrawn: the draft or the one under review, if there is one."""
    return db.session.scalar(
        select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .where(BenefitAgreement.product_id == product_id, AgreementVersion.status != VersionStatus.WITHDRAWN)
        .order_by(AgreementVersion.number.desc())
        .limit(1)
    )


def version_in_force(product_id: int) -> AgreementVersion | None:
    """Return the version of a product's agreement that counts now."""
    return db.session.scalar(
        select(AgreementVersion)
        .join(AgreementVersion.agreement)
        .where(BenefitAgreement.product_id == product_id, AgreementVersion.status == VersionStatus.IN_FORCE)
    )


def hold_newest(product_id: int) -> AgreementVersion | None:
    """Return the newest version as it is now, its agreement held until the end of the unit of work."""
    agreement = db.session.scalar(select(BenefitAgreement).where(BenefitAgreement.product_id == product_id))
    if agreement is None:
        return None
    lock_row(agreement)
    version = newest_version(product_id)
    if version is not None:
        db.session.refresh(version)
    return version


def version_before(version: AgreementVersion) -> AgreementVersion | None:
    """Return the version this one would follow."""
    return db.session.scalar(
        select(AgreementVersion)
        .where(
            AgreementVersion.agreement_id == version.agreement_id,
            AgreementVersion.number < version.number,
            AgreementVersion.status != VersionStatus.WITHDRAWN,
        )
        .order_by(AgreementVersion.number.desc())
        .limit(1)
    )


def preview_shares(pool_fen: int, weights: Sequence[int]) -> list[ShareLine]:
    """Return what each weight would get from a pool of so many fen; raises `ValueError` as `apportion` does."""
    total = sum(weights)
    return [
        ShareLine(weight=weight, weight_bp=weight * 10_000 // total, fen=fen)
        for weight, fen in zip(weights, apportion(pool_fen, weights), strict=True)
    ]


def is_rule_affordable(version: AgreementVersion, price_fen: int) -> bool:
    """Tell whether the rule takes no more than the price of one unit."""
    return version.rule_kind is RuleKind.BP_OF_NET or version.rule_value <= price_fen

"""Agreements between a product and households of its village."""

from collections.abc import Sequence

from sqlalchemy import select

from shop.benefits.apportionment import first_fen
from shop.benefits.models import (
    AgreementShare,
    AgreementVersion,
    BenefitAgreement,
    RuleKind,
    VersionStatus,
    WeightKind,
)
from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import db
from shop.villages.models import Household
from tests.factories.building import building
from tests.factories.villages import make_households


@building
def make_version(
    product: Product,
    *,
    households: int | Sequence[Household] = 3,
    weights: Sequence[int] | None = None,
    rule: int = 600,
    rule_kind: RuleKind = RuleKind.FEN_PER_UNIT,
    status: VersionStatus = VersionStatus.IN_FORCE,
) -> AgreementVersion:
    """A version of the product's agreement, in force today; so many new households, or these."""
    agreement = db.session.scalar(select(BenefitAgreement).where(BenefitAgreement.product_id == product.id))
    if agreement is None:
        agreement = BenefitAgreement(village_id=product.village_id, product_id=product.id, created_at=clock.now())
        db.session.add(agreement)
        db.session.flush()
    members = make_households(product.village, households) if isinstance(households, int) else list(households)
    weights = list(weights) if weights is not None else [1] * len(members)
    in_force = status is VersionStatus.IN_FORCE
    reaches: Sequence[int | None] = first_fen(weights) if in_force else [None] * len(members)
    version = AgreementVersion(
        number=len(agreement.versions) + 1,
        status=status,
        rule_kind=rule_kind,
        rule_value=rule,
        weight_kind=WeightKind.HOUSEHOLD if set(weights) == {1} else WeightKind.CUSTOM,
        meeting_on=clock.today(),
        in_force_on=clock.today() if in_force else None,
        created_at=clock.now(),
    )
    agreement.versions.append(version)
    for position, (household, weight, reach) in enumerate(zip(members, weights, reaches, strict=True)):
        version.shares.append(AgreementShare(household=household, position=position, weight=weight, first_fen_at=reach))
    db.session.flush()
    return version

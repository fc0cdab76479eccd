"""Endorsements, up to products that can be bought."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from shop.benefits.models import RuleKind, VersionStatus
from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db
from shop.suppliers.models import Supplier
from shop.villages.models import Household, Tenure, TenureStatus, Village
from tests.factories.benefits import make_version
from tests.factories.building import building
from tests.factories.catalogue import make_batch, make_label, make_product
from tests.factories.villages import make_tenure

STATEMENT = '我在松岭村驻村第二年。这批秋木耳八月底采收，朵小肉厚。'


@building
def make_endorsement(
    product: Product,
    tenure: Tenure,
    *,
    status: EndorsementStatus = EndorsementStatus.DRAFT,
    statement: str = STATEMENT,
    drafted_by_id: int | None = None,
) -> Endorsement:
    """An endorsement in a status; its past is not told."""
    today = clock.today()
    is_listed = status is EndorsementStatus.LISTED
    is_approved = is_listed or status is EndorsementStatus.ON_NOTICE
    endorsement = Endorsement(
        tenure=tenure,
        product=product,
        statement=statement,
        status=status,
        drafted_by_id=drafted_by_id,
        submitted_at=None if status is EndorsementStatus.DRAFT else clock.now(),
        approved_on=today if is_approved else None,
        notice_ends_on=today + timedelta(days=5) if is_approved else None,
        listed_on=today if is_listed else None,
        created_at=clock.now(),
    )
    db.session.add(endorsement)
    db.session.flush()
    return endorsement


@building
def make_listed_product(
    *,
    households: int | Sequence[Household] = 3,
    weights: Sequence[int] | None = None,
    rule: int = 600,
    rule_kind: RuleKind = RuleKind.FEN_PER_UNIT,
    price_fen: int = 3990,
    stock: int = 10,
    name: str = '秋木耳',
    village: Village | None = None,
    supplier: Supplier | None = None,
    tenure: Tenure | None = None,
) -> Product:
    """A product on sale: its secretary in office, its endorsement listed, its agreement in force.

    `tenure` may be given to list several products of one village; a village without one gets one.
    """
    if village is None:
        village = tenure.village if tenure is not None else supplier.village if supplier is not None else None
    product = make_product(village, name=name, price_fen=price_fen, stock=stock, supplier=supplier)
    tenure = tenure or _present_tenure(product.village)
    make_version(product, households=households, weights=weights, rule=rule, rule_kind=rule_kind)
    make_endorsement(product, tenure, status=EndorsementStatus.LISTED)
    return product


@building
def make_submittable_endorsement(
    tenure: Tenure | None = None, *, households: int = 3, drafted_by_id: int | None = None
) -> Endorsement:
    """A draft with everything a submission asks for."""
    tenure = tenure or make_tenure()
    product = make_product(tenure.village)
    make_label(product)
    make_batch(product)
    make_version(product, households=households, status=VersionStatus.DRAFT)
    return make_endorsement(
        product, tenure, drafted_by_id=drafted_by_id if drafted_by_id is not None else tenure.secretary.user_id
    )


def _present_tenure(village: Village) -> Tenure:
    found = db.session.scalar(
        select(Tenure).where(Tenure.village_id == village.id, Tenure.status == TenureStatus.IN_OFFICE)
    )
    return found or make_tenure(village)

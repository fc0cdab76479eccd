"""Changing a listing while it is a draft: each step holds the endorsement's row, so nothing moves under a review."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from flask_babel import gettext as _

from shop.accounts.models import User
from shop.benefits.minutes import Minutes
from shop.benefits.models import AgreementVersion, RuleKind, WeightKind
from shop.benefits.services import draft_version
from shop.catalogue.forms import BrandForm, ProjectsForm
from shop.catalogue.labels import LabelPart, save_label
from shop.catalogue.services import (
    ProductFacts,
    VariantFacts,
    add_photo,
    choose_brand,
    draft_brand,
    draft_product,
    draft_project,
    lead_with_photo,
    remove_photo,
    save_product,
    save_variants,
    share_projects,
)
from shop.endorsements.models import Endorsement
from shop.endorsements.services import TenureEndedError, draft_endorsement, require_draft, save_draft
from shop.kit import clock
from shop.kit.database import db
from shop.photos.models import Photo
from shop.villages.models import Village
from shop.villages.services import present_tenure


def start_listing(village: Village, facts: ProductFacts, *, actor: User, at: datetime) -> Endorsement:
    """Write down a product of the village and begin to endorse it under the present tenure.

    Raises `TenureEndedError` when nobody is in office, `SupplierOutsideVillageError`, `PresaleError`.
    """
    tenure = present_tenure(village.id)
    if tenure is None:
        raise TenureEndedError(_('本村现在没有在任的第一书记，不能报新产品。'), field='name')
    return draft_endorsement(draft_product(village, facts, at=at), tenure, actor=actor, at=at)


def change_product(endorsement: Endorsement, facts: ProductFacts, *, at: datetime) -> None:
    """Keep the first step; raises `EndorsementMoveError`, `SupplierOutsideVillageError`, `PresaleError`."""
    require_draft(endorsement)
    save_product(endorsement.product, facts, on=clock.business_day(at))


def change_label(endorsement: Endorsement, texts: Mapping[LabelPart, str]) -> None:
    """Keep the label; raises `EndorsementMoveError`, `LicenceNumberError`."""
    require_draft(endorsement)
    save_label(endorsement.product, texts)


def change_variants(endorsement: Endorsement, rows: Sequence[VariantFacts]) -> None:
    """Keep the variants; raises `EndorsementMoveError`, `VariantNameError`."""
    require_draft(endorsement)
    save_variants(endorsement.product, rows)


def add_photos(endorsement: Endorsement, photos: Sequence[Photo]) -> None:
    """Put pictures behind the others; raises `EndorsementMoveError`, `TooManyPhotosError`."""
    require_draft(endorsement)
    for photo in photos:
        add_photo(endorsement.product, photo)


def drop_photo(endorsement: Endorsement, picture_id: int) -> None:
    """Take a picture off; raises `EndorsementMoveError`, `NotFoundError`."""
    require_draft(endorsement)
    remove_photo(endorsement.product, picture_id)


def put_photo_first(endorsement: Endorsement, picture_id: int) -> None:
    """Make a picture the cover; raises `EndorsementMoveError`, `NotFoundError`."""
    require_draft(endorsement)
    lead_with_photo(endorsement.product, picture_id)


def change_projects(endorsement: Endorsement, brand: BrandForm, projects: ProjectsForm) -> None:
    """Keep the brand and the projects, writing down what is new.

    Raises `EndorsementMoveError`, `NameTakenError`, `ShareSumError`, `NotFoundError`.
    """
    require_draft(endorsement)
    product = endorsement.product
    brand_id = brand.brand_id
    if brand.name:
        new = draft_brand(
            product.village, name=brand.name, status=brand.status, trademark_number=brand.trademark_number
        )
        brand_id = new.id
    choose_brand(product, brand_id)
    shares = dict(projects.shares_bp)
    if projects.new is not None:
        project = draft_project(
            product.village,
            name=projects.new.name,
            kind=projects.new.kind,
            funding_fen=projects.new.funding_fen,
            operator=projects.new.operator,
        )
        shares[project.id] = projects.new.share_bp
    share_projects(product, shares)


def change_agreement(
    endorsement: Endorsement,
    *,
    rule_kind: RuleKind,
    rule_value: int,
    weight_kind: WeightKind,
    meeting_on: date | None,
    shares: Sequence[tuple[int, int]],
    minutes: Minutes | None = None,
    actor: User,
    at: datetime,
) -> AgreementVersion:
    """Keep the draft agreement; raises `EndorsementMoveError` and what `draft_version` raises."""
    require_draft(endorsement)
    return draft_version(
        endorsement.product,
        rule_kind=rule_kind,
        rule_value=rule_value,
        weight_kind=weight_kind,
        meeting_on=meeting_on,
        shares=shares,
        minutes=minutes,
        actor=actor,
        at=at,
    )


def change_statement(endorsement: Endorsement, statement: str, *, actor: User, at: datetime) -> None:
    """Keep the statement; raises `EndorsementMoveError`."""
    save_draft(endorsement, statement=statement, actor=actor, at=at)
    db.session.flush()

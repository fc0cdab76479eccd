"""What the pictures show of a product, a village, a secretary, as the public may see it."""

from collections.abc import Sequence
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import joinedload

from shop.benefits.models import AgreementShare, AgreementVersion, VersionStatus
from shop.benefits.queries import covered_counts
from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.words import told
from shop.photos.models import Photo
from shop.photos.storage import has_file
from shop.posters.contents import (
    Good,
    Person,
    Picture,
    ProductSheet,
    SecretarySheet,
    ShopSheet,
    VillageSheet,
)
from shop.presentation import public_address, tagline
from shop.villages.models import FirstSecretary, Household, Tenure, TenureStatus, Village

WIDE = 960
NARROW = 320
SHELF = 3
PRESENT = (TenureStatus.IN_OFFICE, TenureStatus.HANDING_OVER)


def product_sheet(slug: str) -> ProductSheet:
    """Return what is drawn of a product on sale; raises `NotFoundError` for any other."""
    row = db.session.execute(
        select(Product, Tenure)
        .join(Endorsement, and_(Endorsement.product_id == Product.id, _is_listed()))
        .join(Tenure, Tenure.id == Endorsement.tenure_id)
        .where(Product.slug == slug)
        .options(
            joinedload(Product.village).joinedload(Village.county),
            joinedload(Product.variants),
            joinedload(Tenure.secretary).joinedload(FirstSecretary.photo),
            joinedload(Tenure.sponsor_unit),
            joinedload(Tenure.village),
        )
    ).unique().first()  # fmt: skip
    offered = [variant for variant in row[0].variants if variant.is_offered] if row is not None else []
    if row is None or not offered:
        raise NotFoundError
    product, tenure = row
    cheapest = min(offered, key=lambda variant: variant.price_fen)
    households, version = covered_counts([product.id]).get(product.id, (0, None))
    return ProductSheet(
        **_shop(f'/products/{slug}'),
        name=product.name,
        summary=product.summary,
        county=product.village.county.name,
        village=product.village.name,
        variant=cheapest.name,
        price_fen=cheapest.price_fen,
        has_prices=any(variant.price_fen != cheapest.price_fen for variant in offered),
        households=households,
        benefit_fen=version.benefit_fen(cheapest.price_fen, 1) if version is not None else 0,
        person=_person(tenure),
        photo=_picture(product.cover, WIDE),
    )


def village_sheet(slug: str) -> VillageSheet:
    """Return what is drawn of a village; raises `NotFoundError`."""
    village = db.session.scalar(
        select(Village)
        .where(Village.slug == slug)
        .options(joinedload(Village.county), joinedload(Village.township), joinedload(Village.photo))
    )
    if village is None:
        raise NotFoundError
    tenure = db.session.scalar(_tenures().where(Tenure.village_id == village.id, Tenure.status.in_(PRESENT)))
    goods, shelf = _goods(Product.village_id == village.id)
    return VillageSheet(
        **_shop(f'/villages/{slug}'),
        name=village.name,
        place=f'{village.county.name} · {village.township.name}',
        description=village.description,
        goods=goods,
        households=_covered_in(village.id),
        person=_person(tenure) if tenure is not None else None,
        photo=_picture(village.photo, WIDE),
        shelf=shelf,
    )


def secretary_sheet(slug: str) -> SecretarySheet:
    """Return what is drawn of a secretary; raises `NotFoundError` for a hidden one and one without a tenure."""
    tenure = db.session.scalar(
        _tenures()
        .join(FirstSecretary, FirstSecretary.id == Tenure.secretary_id)
        .where(
            FirstSecretary.slug == slug,
            FirstSecretary.is_name_hidden.is_(False),
            Tenure.status != TenureStatus.PLANNED,
        )
        .order_by(Tenure.starts_on.desc(), Tenure.id.desc())
        .limit(1)
    )
    if tenure is None:
        raise NotFoundError
    goods, shelf = _goods(Endorsement.tenure_id == tenure.id)
    village = tenure.village
    return SecretarySheet(
        **_shop(f'/secretaries/{slug}'),
        introduction=tenure.secretary.introduction,
        place=f'{village.county.name}{village.name}',
        goods=goods,
        person=_person(tenure),
        photo=_picture(village.photo, WIDE),
        shelf=shelf,
    )


def shop_sheet() -> ShopSheet:
    """Return what is drawn of the shop itself."""
    return ShopSheet(**_shop('/'))


def _shop(path: str) -> dict[str, Any]:
    return {
        'shop': told(current_app.config['SHOP_NAME']),
        'tagline': tagline(),
        'address': public_address(path),
        'on': clock.today(),
    }


def _is_listed() -> ColumnElement[bool]:
    return Endorsement.status == EndorsementStatus.LISTED


def _tenures() -> Any:
    return select(Tenure).options(
        joinedload(Tenure.secretary).joinedload(FirstSecretary.photo),
        joinedload(Tenure.sponsor_unit),
        joinedload(Tenure.village).options(joinedload(Village.county), joinedload(Village.photo)),
    )


def _goods(condition: ColumnElement[bool]) -> tuple[int, tuple[Good, ...]]:
    """Return how many goods are on sale, and the newest of them for the row."""
    listed = select(Product).join(Endorsement, and_(Endorsement.product_id == Product.id, _is_listed()))
    count = db.session.scalar(select(func.count()).select_from(listed.where(condition).subquery())) or 0
    newest = (
        listed.where(condition)
        .order_by(Endorsement.listed_on.desc(), Product.id.desc())
        .limit(SHELF)
        .options(joinedload(Product.variants))
    )
    found: Sequence[Product] = db.session.scalars(newest).unique().all()
    goods = []
    for product in found:
        prices = [variant.price_fen for variant in product.variants if variant.is_offered]
        if prices:
            photo = _picture(product.cover, NARROW)
            goods.append(Good(product.name, min(prices), min(prices) != max(prices), photo))
    return count, tuple(goods)


def _covered_in(village_id: int) -> int:
    return (
        db.session.scalar(
            select(func.count(AgreementShare.household_id.distinct()))
            .join(AgreementVersion, AgreementVersion.id == AgreementShare.version_id)
            .join(Household, Household.id == AgreementShare.household_id)
            .where(Household.village_id == village_id, AgreementVersion.status == VersionStatus.IN_FORCE)
        )
        or 0
    )


def _person(tenure: Tenure) -> Person:
    secretary = tenure.secretary
    is_hidden = secretary.is_name_hidden
    return Person(
        name=secretary.public_name,
        village=tenure.village.name,
        unit=tenure.sponsor_unit.name,
        since=tenure.starts_on,
        portrait=None if is_hidden else _picture(secretary.photo, NARROW),
        is_hidden=is_hidden,
    )


def _picture(photo: Photo | None, width: int) -> Picture | None:
    """Return the photo if its file is there, so that one that comes later is drawn."""
    if photo is None:
        return None
    file = photo.url(width).rpartition('/')[2]
    return Picture(file, photo.is_illustration) if has_file(file) else None

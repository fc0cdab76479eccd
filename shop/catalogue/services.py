"""Writing down goods: products, variants, pictures, brands and projects of a village."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from pypinyin import lazy_pinyin
from sqlalchemy import select, update
from sqlalchemy.engine import CursorResult

from shop.catalogue.batches import plan_supply
from shop.catalogue.models import (
    Brand,
    BrandStatus,
    Category,
    IndustryProject,
    ProduceGroup,
    Product,
    ProductKind,
    ProductPhoto,
    ProjectShare,
    ReturnClass,
    Variant,
)
from shop.catalogue.search import search_tokens
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError, NotFoundError
from shop.kit.money import BASIS_POINTS
from shop.photos.models import Photo
from shop.suppliers.models import Supplier
from shop.villages.models import Village

MAX_VARIANTS = 20
MAX_PHOTOS = 9
FACTS = (
    'name', 'kind', 'summary', 'description', 'return_class', 'ships_within_hours', 'produce_group', 'redemption',
)  # fmt: skip


class SupplierOutsideVillageError(BusinessError):
    """The supplier belongs to another village."""


class VariantNameError(BusinessError):
    """Two variants of a product have one name, or there are too many."""


class StockMovedError(BusinessError):
    """The stock was sold or changed while it was being counted."""


class TooManyPhotosError(BusinessError):
    """A product holds a few pictures, not an album."""


class NameTakenError(BusinessError):
    """The village has a brand or project of this name, or the trademark number is taken."""


class ShareSumError(BusinessError):
    """The shares of a product's projects do not make a whole."""


@dataclass(frozen=True, slots=True)
class ProductFacts:
    """What the first step of a listing asks."""

    name: str
    supplier_id: int
    category_id: int
    kind: ProductKind
    summary: str
    description: str
    return_class: ReturnClass
    ships_within_hours: int
    produce_group: ProduceGroup = ProduceGroup.OTHER
    season_months: int = 0
    presale_ships_on: date | None = None
    redemption: str = ''


@dataclass(frozen=True, slots=True)
class VariantFacts:
    """A size or packing as typed; `id` names the one that is changed."""

    id: int | None
    name: str
    price_fen: int
    stock: int
    weight_grams: int
    net_content: str = ''
    photo_id: int | None = None


def make_slug(name: str) -> str:
    """Return an address name for what is written in Chinese: its pinyin and a few letters of chance."""
    words = re.findall(r'[a-z0-9]+', ' '.join(lazy_pinyin(name)).lower())
    return f'{"-".join(words)[:50].strip("-") or "item"}-{secrets.token_hex(3)}'


def draft_product(village: Village, facts: ProductFacts, *, at: datetime) -> Product:
    """Write down a new product of a village; raises `SupplierOutsideVillageError`, `PresaleError`."""
    product = Product(slug=make_slug(facts.name), village=village, created_at=at)
    _write_facts(product, facts, clock.business_day(at))
    db.session.add(product)
    refresh_search(product)
    db.session.flush()
    return product


def save_product(product: Product, facts: ProductFacts, *, on: date) -> None:
    """Change what the first step asks; raises `SupplierOutsideVillageError`, `PresaleError`."""
    _write_facts(product, facts, on)
    refresh_search(product)


def refresh_search(product: Product) -> None:
    """Write anew what the product is found by."""
    product.search_tokens = search_tokens(
        product.name,
        product.summary,
        product.brand.name if product.brand is not None else '',
        product.category.name,
        product.village.name,
        product.village.township.name,
        product.village.county.name,
        *(variant.name for variant in product.variants if variant.is_offered),
    )


def save_variants(product: Product, rows: Sequence[VariantFacts]) -> None:
    """Make these the variants on offer, in this order; others are withdrawn, a withdrawn name comes back.

    Raises `VariantNameError`, and `NotFoundError` for the id of a foreign variant.
    """
    names = [row.name for row in rows]
    if len(set(names)) != len(names):
        raise VariantNameError(_('规格名称不能重复。'), field='variants')
    if len(rows) > MAX_VARIANTS:
        raise VariantNameError(_('最多 %(most)s 个规格。', most=MAX_VARIANTS), field='variants')
    known = {variant.id: variant for variant in product.variants}
    by_name = {variant.name: variant for variant in product.variants}
    pictured = {picture.photo_id for picture in product.pictures}
    kept: list[tuple[Variant, VariantFacts]] = []
    for row in rows:
        if row.id is not None and row.id not in known:
            raise NotFoundError
        variant = by_name.get(row.name) or (known[row.id] if row.id is not None else Variant())
        if any(variant is other for other, _facts in kept):
            raise VariantNameError(_('规格名称不能重复。'), field='variants')
        kept.append((variant, row))
    for variant in known.values():
        variant.is_offered = any(variant is other for other, _facts in kept)
    for position, (variant, row) in enumerate(kept):
        variant.name, variant.price_fen, variant.stock = row.name, row.price_fen, row.stock
        variant.weight_grams, variant.position, variant.is_offered = row.weight_grams, position, True
        variant.net_content, variant.photo_id = row.net_content, row.photo_id if row.photo_id in pictured else None
        if variant not in known.values():
            product.variants.append(variant)
    refresh_search(product)
    db.session.flush()


def count_stock(variant_id: int, *, counted: int, seen: int) -> None:
    """Set the stock to what was counted, if it still is what the counter saw; raises `StockMovedError`."""
    changed = db.session.execute(
        update(Variant)
        .where(Variant.id == variant_id, Variant.stock == seen)
        .values(stock=counted)
        .execution_options(synchronize_session='fetch')
    )
    assert isinstance(changed, CursorResult)
    if changed.rowcount != 1:
        now = db.session.scalar(select(Variant.stock).where(Variant.id == variant_id))
        raise StockMovedError(
            _('盘点期间库存变了，现在是 %(now)s 件，请核对后再存。', now=now), field=f'stock-{variant_id}'
        )


def add_photo(product: Product, photo: Photo) -> None:
    """Put a picture behind the others; the same one twice stays once. Raises `TooManyPhotosError`."""
    if any(picture.photo_id == photo.id for picture in product.pictures):
        return
    if len(product.pictures) >= MAX_PHOTOS:
        raise TooManyPhotosError(_('最多 %(most)s 张图片，先删去不用的。', most=MAX_PHOTOS), field='photo')
    last = max((picture.position for picture in product.pictures), default=-1)
    product.pictures.append(ProductPhoto(photo=photo, position=last + 1))
    db.session.flush()


def remove_photo(product: Product, picture_id: int) -> None:
    """Take a picture off the product; raises `NotFoundError` for one of another product."""
    picture = _picture(product, picture_id)
    for variant in product.variants:
        if variant.photo_id == picture.photo_id:
            variant.photo_id = None
    product.pictures.remove(picture)
    db.session.flush()


def lead_with_photo(product: Product, picture_id: int) -> None:
    """Let a picture stand first; raises `NotFoundError` for one of another product."""
    first = _picture(product, picture_id)
    rest = [picture for picture in product.pictures if picture is not first]
    for position, picture in enumerate([first, *rest]):
        picture.position = position
    db.session.flush()
    db.session.expire(product, ['pictures'])


def draft_brand(village: Village, *, name: str, status: BrandStatus, trademark_number: str | None) -> Brand:
    """Write down a brand of the village; it counts from its approval. Raises `NameTakenError`."""
    number = trademark_number if status is BrandStatus.REGISTERED else None
    if db.session.scalar(select(Brand.id).where(Brand.village_id == village.id, Brand.name == name)) is not None:
        raise NameTakenError(_('本村已有这个品牌，直接选它。'), field='brand_name')
    if number is not None and db.session.scalar(select(Brand.id).where(Brand.trademark_number == number)) is not None:
        raise NameTakenError(_('这个注册号已登记在别的品牌下。'), field='trademark_number')
    brand = Brand(village_id=village.id, slug=make_slug(name), name=name, status=status, trademark_number=number)
    db.session.add(brand)
    db.session.flush()
    return brand


def choose_brand(product: Product, brand_id: int | None) -> None:
    """Sell the product under a brand of its village, or under none; raises `NotFoundError`."""
    brand = db.session.get(Brand, brand_id) if brand_id is not None else None
    if brand_id is not None and (brand is None or brand.village_id != product.village_id):
        raise NotFoundError
    product.brand = brand
    refresh_search(product)


def draft_project(village: Village, *, name: str, kind: str, funding_fen: int, operator: str) -> IndustryProject:
    """Write down an industry project of the village; it counts from its approval. Raises `NameTakenError`."""
    taken = select(IndustryProject.id).where(IndustryProject.village_id == village.id, IndustryProject.name == name)
    if db.session.scalar(taken) is not None:
        raise NameTakenError(_('本村已有这个项目，直接选它。'), field='project_name')
    project = IndustryProject(
        village_id=village.id, slug=make_slug(name), name=name, kind=kind, funding_fen=funding_fen, operator=operator
    )
    db.session.add(project)
    db.session.flush()
    return project


def share_projects(product: Product, shares_bp: Mapping[int, int]) -> None:
    """Say which projects of the village the product drives, in basis points that sum to 10,000.

    An empty mapping takes them off. Raises `ShareSumError`, and `NotFoundError` for a foreign project.
    """
    if any(share <= 0 for share in shares_bp.values()) or (shares_bp and sum(shares_bp.values()) != BASIS_POINTS):
        raise ShareSumError(_('各项目占比相加要正好 100%。'), field='projects')
    own = set(db.session.scalars(select(IndustryProject.id).where(IndustryProject.village_id == product.village_id)))
    if not own.issuperset(shares_bp):
        raise NotFoundError
    product.project_shares.clear()
    db.session.flush()
    product.project_shares.extend(
        ProjectShare(project_id=project_id, share_bp=share) for project_id, share in shares_bp.items()
    )
    db.session.flush()


def _write_facts(product: Product, facts: ProductFacts, on: date) -> None:
    supplier = db.session.get(Supplier, facts.supplier_id)
    category = db.session.get(Category, facts.category_id)
    if category is None:
        raise NotFoundError
    if supplier is None or supplier.village_id != product.village.id:
        raise SupplierOutsideVillageError(_('只能选本村的供货主体。'), field='supplier_id')
    product.supplier, product.category = supplier, category
    for name in FACTS:
        setattr(product, name, getattr(facts, name))
    plan_supply(product, season_months=facts.season_months, presale_ships_on=facts.presale_ships_on, on=on)


def _picture(product: Product, picture_id: int) -> ProductPhoto:
    found = next((picture for picture in product.pictures if picture.id == picture_id), None)
    if found is None:
        raise NotFoundError
    return found

"""Goods: products with variants, pictures, brands and projects."""

from datetime import date
from hashlib import sha256

from sqlalchemy import select

from shop.catalogue.models import (
    Batch,
    Brand,
    BrandStatus,
    Category,
    IndustryProject,
    Product,
    ProductKind,
    ProductLabel,
    ProductPhoto,
    ProjectShare,
    ReturnClass,
    Variant,
)
from shop.catalogue.search import search_tokens
from shop.kit import clock
from shop.kit.database import db
from shop.kit.money import BASIS_POINTS
from shop.photos.models import Photo
from shop.suppliers.models import Supplier
from shop.villages.models import Village
from tests.factories.building import building, next_number
from tests.factories.suppliers import make_supplier
from tests.factories.villages import make_village


@building
def make_category(name: str = '菌菇山货') -> Category:
    """A shelf; asking twice gives the same one."""
    category = db.session.scalar(select(Category).where(Category.name == name))
    if category is None:
        number = next_number()
        category = Category(slug=f'category-{number}', name=name, icon='black_fungus', position=number)
        db.session.add(category)
        db.session.flush()
    return category


@building
def make_brand(village: Village, *, name: str = '', status: BrandStatus = BrandStatus.OWN_NAME) -> Brand:
    """A brand of the village, not approved yet."""
    number = next_number()
    brand = Brand(
        village_id=village.id,
        slug=f'brand-{number}',
        name=name or f'松岭红{number}',
        status=status,
        trademark_number=f'{number:08d}' if status is BrandStatus.REGISTERED else None,
    )
    db.session.add(brand)
    db.session.flush()
    return brand


@building
def make_project(village: Village, *, name: str = '') -> IndustryProject:
    """An industry project of the village, not approved yet."""
    number = next_number()
    project = IndustryProject(
        village_id=village.id,
        slug=f'project-{number}',
        name=name or f'木耳吊袋大棚{number}',
        kind='种植',
        funding_fen=5_000_000,
        operator='松岭村股份经济合作社',
    )
    db.session.add(project)
    db.session.flush()
    return project


@building
def make_photo(*, alt: str = '秋木耳') -> Photo:
    """The row of a stored picture; without files."""
    photo = Photo(
        digest=sha256(str(next_number()).encode()).hexdigest(),
        width=1200,
        height=900,
        widths='400,800,1200',
        alt=alt,
        is_illustration=True,
        stored_at=clock.now(),
    )
    db.session.add(photo)
    db.session.flush()
    return photo


@building
def make_product(
    village: Village | None = None,
    *,
    name: str = '秋木耳',
    price_fen: int = 3990,
    stock: int = 10,
    supplier: Supplier | None = None,
    category: Category | None = None,
    brand: Brand | None = None,
    return_class: ReturnClass = ReturnClass.SEVEN_DAYS,
    with_photo: bool = True,
    with_project: bool = True,
) -> Product:
    """A product with one variant, one picture and one project; nobody endorses it yet."""
    village = village or (supplier.village if supplier is not None else make_village())
    product = Product(
        slug=f'product-{next_number()}',
        village=village,
        supplier=supplier or make_supplier(village),
        category=category or make_category(),
        brand=brand,
        name=name,
        kind=ProductKind.FARM_PRODUCE,
        summary='林下晾晒，朵小肉厚',
        description='八月底采收，林下晾晒，朵小肉厚。',
        storage='阴凉干燥',
        shelf_life='18 个月',
        return_class=return_class,
        ships_within_hours=48,
        search_tokens=search_tokens(name, village.name),
        created_at=clock.now(),
    )
    product.variants.append(
        Variant(name='250 g 袋装', price_fen=price_fen, stock=stock, weight_grams=300, position=0, is_offered=True)
    )
    if with_photo:
        product.pictures.append(ProductPhoto(photo=make_photo(alt=name), position=0))
    if with_project:
        product.project_shares.append(ProjectShare(project=make_project(village), share_bp=BASIS_POINTS))
    db.session.add(product)
    db.session.flush()
    return product


@building
def make_label(product: Product, **texts: str) -> ProductLabel:
    """The label of a product; it names the village unless told otherwise."""
    product.label = ProductLabel(**{'origin': f'吉林省通化市{product.village.name}', **texts})
    db.session.flush()
    return product.label


@building
def make_batch(
    product: Product, *, number: str = '', made_on: date | None = None, certificate_number: str | None = None
) -> Batch:
    """A batch made today, without a certificate."""
    day = made_on or clock.today()
    batch = Batch(
        product_id=product.id,
        number=number or f'QSG-{next_number()}',
        made_on=day,
        quantity=260,
        unit='公斤',
        certificate_number=certificate_number,
        certificate_issued_on=day if certificate_number is not None else None,
        added_at=clock.now(),
    )
    db.session.add(batch)
    db.session.flush()
    db.session.expire(product, ['batches'])
    return batch


@building
def make_variant(product: Product, *, name: str = '', price_fen: int = 7500, stock: int = 10) -> Variant:
    """One more variant of a product."""
    variant = Variant(
        name=name or f'规格{next_number()}',
        price_fen=price_fen,
        stock=stock,
        weight_grams=600,
        position=len(product.variants),
        is_offered=True,
    )
    product.variants.append(variant)
    db.session.flush()
    return variant

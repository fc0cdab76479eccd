"""Reads the forms that write down goods; each keeps what was typed and says what is wrong where."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _

from shop.catalogue.label_forms import read_supply, supply_values
from shop.catalogue.measures import packed_grams_of
from shop.catalogue.models import BrandStatus, ProduceGroup, Product, ProductKind, ReturnClass
from shop.catalogue.services import MAX_VARIANTS, ProductFacts, VariantFacts
from shop.kit.fields import FieldReader, clean_text, read_id, read_percent
from shop.kit.money import BASIS_POINTS, Money

MAX_STOCK = 1_000_000
MAX_GRAMS = 1_000_000
MAX_HOURS = 720
SPARE_ROWS = 2
VARIANT_FIELDS = ('id', 'name', 'price', 'stock', 'weight', 'net', 'photo')


@dataclass(frozen=True, slots=True)
class VariantRow:
    """One row of the variants form, as typed."""

    id: str = ''
    name: str = ''
    price: str = ''
    stock: str = ''
    weight: str = ''
    net: str = ''
    photo: str = ''
    is_dropped: bool = False

    @property
    def is_blank(self) -> bool:
        """Whether nobody typed anything."""
        return not (self.name or self.price or self.stock or self.weight or self.net)


@dataclass(frozen=True, slots=True)
class BrandForm:
    """A brand that is chosen or newly named."""

    brand_id: int | None = None
    name: str = ''
    status: BrandStatus = BrandStatus.OWN_NAME
    trademark_number: str | None = None


@dataclass(frozen=True, slots=True)
class NewProject:
    """A project that is newly named, with its share."""

    name: str
    kind: str
    funding_fen: int
    operator: str
    share_bp: int


@dataclass(frozen=True, slots=True)
class ProjectsForm:
    """The shares of the village's projects in basis points, and perhaps a new one."""

    shares_bp: dict[int, int] = field(default_factory=dict)
    new: NewProject | None = None


def read_product(
    form: Mapping[str, str], *, suppliers: Collection[int], categories: Collection[int]
) -> tuple[ProductFacts | None, dict[str, str]]:
    """Read the first step; the facts are None when a field was wrong. Texts may be missing in a draft."""
    reader = FieldReader(form)
    name = reader.text('name', _('品名'), limit=60)
    supplier_id = reader.one_of('supplier_id', _('供货主体'), suppliers)
    category_id = reader.one_of('category_id', _('类目'), categories)
    kind = reader.choice('kind', _('商品性质'), ProductKind)
    return_class = reader.choice('return_class', _('退货类别'), ReturnClass)
    group = _read_group(reader, kind)
    summary = reader.text('summary', _('一句话介绍'), limit=120, is_required=False)
    description = reader.text('description', _('详细介绍'), limit=4_000, is_required=False)
    redemption = reader.text('redemption', _('使用说明'), limit=200, is_required=False)
    supply = read_supply(reader)
    hours = reader.whole('ships_within_hours', _('发货时限'), least=1, most=MAX_HOURS)
    if reader.errors or supplier_id is None or category_id is None or kind is None or return_class is None:
        return None, reader.errors
    facts = ProductFacts(
        name=name,
        supplier_id=supplier_id,
        category_id=category_id,
        kind=kind,
        summary=summary,
        description=description,
        return_class=return_class,
        ships_within_hours=hours,
        produce_group=group,
        season_months=supply.season_months,
        presale_ships_on=supply.presale_ships_on,
        redemption=redemption,
    )
    return facts, {}


def _read_group(reader: FieldReader, kind: ProductKind | None) -> ProduceGroup:
    """Read the group of farm produce; it must be said, because the law asks certificates of some."""
    if kind is not ProductKind.FARM_PRODUCE:
        return ProduceGroup.OTHER
    return reader.choice('produce_group', _('农产品类别'), ProduceGroup) or ProduceGroup.OTHER


def product_values(product: Product | None) -> dict[str, str]:
    """Return what the first step shows before anybody types."""
    if product is None:
        return {'ships_within_hours': '48', 'return_class': ReturnClass.SEVEN_DAYS.value}
    return {
        'name': product.name,
        'supplier_id': str(product.supplier_id),
        'category_id': str(product.category_id),
        'kind': product.kind.value,
        'summary': product.summary,
        'description': product.description,
        'return_class': product.return_class.value,
        'ships_within_hours': str(product.ships_within_hours),
        'produce_group': product.produce_group.value,
        'redemption': product.redemption,
        **supply_values(product),
    }


def variant_rows(product: Product) -> list[VariantRow]:
    """Return the rows before anybody types: the variants on offer."""
    return [
        VariantRow(
            id=str(variant.id),
            name=variant.name,
            price=Money(variant.price_fen).yuan,
            stock=str(variant.stock),
            weight=str(variant.weight_grams),
            net=variant.net_content,
            photo=str(variant.photo_id or ''),
        )
        for variant in product.variants
        if variant.is_offered
    ]


def typed_variant_rows(form: Mapping[str, str]) -> list[VariantRow]:
    """Return the rows as typed, in their order."""
    rows = []
    for index in range(MAX_VARIANTS):
        typed = {name: clean_text(form.get(f'{name}-{index}', '')) for name in VARIANT_FIELDS}
        if any(f'{name}-{index}' in form for name in VARIANT_FIELDS):
            rows.append(VariantRow(**typed, is_dropped=f'drop-{index}' in form))
    return rows


def read_variants(form: Mapping[str, str]) -> tuple[list[VariantFacts], dict[str, str]]:
    """Read the rows that hold something; errors are named after the field and the row: ``price-0``."""
    reader = FieldReader(form)
    facts = []
    for index, row in enumerate(typed_variant_rows(form)):
        if row.is_blank or row.is_dropped:
            continue
        facts.append(
            VariantFacts(
                id=read_id(row.id),
                name=reader.text(f'name-{index}', _('规格'), limit=40),
                price_fen=reader.money(f'price-{index}', _('单价')),
                stock=reader.whole(f'stock-{index}', _('库存'), most=MAX_STOCK),
                weight_grams=_read_weight(reader, index, row.net),
                net_content=reader.text(f'net-{index}', _('净含量'), limit=30, is_required=False),
                photo_id=read_id(row.photo),
            )
        )
    return facts, reader.errors


def _read_weight(reader: FieldReader, index: int, net_content: str) -> int:
    """Read the weight with packing; where it is left out, the net content tells what it will be about."""
    name = f'weight-{index}'
    packed = packed_grams_of(net_content)
    return packed if packed and not reader.raw(name) else reader.whole(name, _('毛重'), most=MAX_GRAMS)


def read_brand(form: Mapping[str, str]) -> tuple[BrandForm, dict[str, str]]:
    """Read the brand: none, one of the village's by its id, or ``new`` with a name."""
    reader = FieldReader(form)
    choice = reader.raw('brand_id')
    if choice != 'new':
        return BrandForm(brand_id=read_id(choice)), {}
    status = reader.choice('brand_status', _('商标状态'), BrandStatus)
    number = reader.text('trademark_number', _('注册号'), limit=20, is_required=status is BrandStatus.REGISTERED)
    form_read = BrandForm(
        name=reader.text('brand_name', _('品牌名'), limit=40),
        status=status or BrandStatus.OWN_NAME,
        trademark_number=number or None,
    )
    return form_read, reader.errors


def read_projects(form: Mapping[str, str], *, projects: Collection[int]) -> tuple[ProjectsForm, dict[str, str]]:
    """Read the shares of these projects in per cent, and a new project when its name is given."""
    reader = FieldReader(form)
    shares = {}
    for project_id in projects:
        text = reader.raw(f'share-{project_id}')
        share = read_percent(text) if text else 0
        if share is None or share > BASIS_POINTS:
            reader.errors[f'share-{project_id}'] = _('占比填百分数，如 60 或 33.33。')
        elif share:
            shares[project_id] = share
    new = _read_new_project(reader) if reader.raw('project_name') else None
    total = sum(shares.values()) + (new.share_bp if new is not None else 0)
    if not reader.errors and (shares or new is not None) and total != BASIS_POINTS:
        reader.errors['projects'] = _('各项目占比相加要正好 100%%，现在是 %(now)s%%。', now=f'{total / 100:g}')
    return ProjectsForm(shares_bp=shares, new=new), reader.errors


def _read_new_project(reader: FieldReader) -> NewProject:
    share = read_percent(reader.raw('project_share'))
    if share is None or not 0 < share <= BASIS_POINTS:
        reader.errors['project_share'] = _('占比填百分数，如 60 或 33.33。')
    return NewProject(
        name=reader.text('project_name', _('项目名称'), limit=60),
        kind=reader.text('project_kind', _('项目类型'), limit=20),
        funding_fen=reader.money('project_funding', _('投入资金'), least=0, most=10**13),
        operator=reader.text('project_operator', _('经营主体'), limit=60),
        share_bp=share or 0,
    )

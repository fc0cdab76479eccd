"""The goods of the campaign: shelves, suppliers, brands, projects, and products with their variants."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from shop.catalogue.models import (
    Brand,
    BrandStatus,
    Category,
    IndustryProject,
    ProduceGroup,
    Product,
    ProductKind,
    ProjectShare,
    ReturnClass,
    Variant,
)
from shop.catalogue.search import search_tokens
from shop.demo import words
from shop.demo.home import HOME_PRODUCTS
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.stage import ProductPlan, VariantPlan, VillagePlan
from shop.kit.money import BASIS_POINTS
from shop.orders.basket import FreightMeasure, FreightRegion, FreightTemplate
from shop.suppliers.licences import BUSINESS_LICENCE
from shop.suppliers.models import Supplier, SupplierKind, SupplierLicence

ENDORSED = 127
BRANDS = 99
PROJECTS = 243
REFUSED_PROVINCES = ('540000', '650000')
OUT_OF_SEASON = 0.3
IN_SEASON = 2.4


@dataclass(slots=True)
class Goods:
    """What is sold: `listed` products reach the shop within the campaign, `unlisted` ones do not yet."""

    listed: list[ProductPlan] = field(default_factory=list)
    unlisted: list[ProductPlan] = field(default_factory=list)
    projects_of: dict[int, list[int]] = field(default_factory=dict)
    benefit_fen: dict[int, int] = field(default_factory=dict)
    statements: dict[int, str] = field(default_factory=dict)
    pictures: dict[int, words.ProductRow] = field(default_factory=dict)


def plan_goods(rows: Rows, rng: Random, period: Period, villages: list[VillagePlan]) -> Goods:
    """Add everything the villages sell, and link each endorsed product to its projects."""
    by_slug = {village.slug: village for village in villages}
    categories = {
        row.slug: rows.add(Category, slug=row.slug, name=row.name, icon=row.icon, position=position)
        for position, row in enumerate(words.categories(), 1)
    }
    shelf_names = {row.slug: row.name for row in words.categories()}
    suppliers = _plan_suppliers(rows, rng, period, by_slug)
    brands = _plan_brands(rows, by_slug)
    goods = Goods()
    everything = words.products()
    for index, row in enumerate([*everything[:ENDORSED], *HOME_PRODUCTS, *everything[ENDORSED:]]):
        if row.village not in by_slug:
            continue
        supplier_id, freight = suppliers[row.village, row.supplier]
        plan = ProductPlan(
            id=0,
            name=row.name,
            kind=row.kind,
            village=by_slug[row.village],
            supplier_id=supplier_id,
            category_id=categories[row.category],
            brand_id=brands.get((row.village, row.brand)),
            freight=freight,
            variants=[],
            season=_season(row),
            popularity=rng.lognormvariate(0, 0.55),
        )
        _add_product(rows, rng, period, plan, row, shelf_names.get(row.category, ''))
        goods.benefit_fen[plan.id] = row.benefit_fen
        goods.statements[plan.id] = row.statement
        goods.pictures[plan.id] = row
        (goods.listed if index < ENDORSED else goods.unlisted).append(plan)
    _plan_projects(rows, rng, goods, by_slug)
    return goods


def _season(row: words.ProductRow) -> tuple[float, ...]:
    """Return a weight for each month; goods without a season sell all year."""
    if not row.months:
        return (1.0,) * 12
    return tuple(IN_SEASON if month in row.months else OUT_OF_SEASON for month in range(1, 13))


def _plan_suppliers(
    rows: Rows, rng: Random, period: Period, villages: dict[str, VillagePlan]
) -> dict[tuple[str, str], tuple[int, FreightTemplate]]:
    """Add suppliers with licences and freight templates; return id and template by village and name."""
    found = {}
    for row in words.suppliers():
        if row.village not in villages:
            continue
        supplier_id = rows.add(
            Supplier,
            village_id=villages[row.village].id,
            name=row.name,
            kind=SupplierKind(row.kind),
            credit_code=row.credit_code,
            phone=row.phone,
        )
        for kind, number in row.licences:
            lasts = period.last + timedelta(days=rng.choice((25, 80, 240, 400, 700, 1100, 1500)))
            expires = None if kind == BUSINESS_LICENCE else lasts
            rows.add(SupplierLicence, supplier_id=supplier_id, kind=kind, number=number, expires_on=expires)
        found[row.village, row.name] = supplier_id, _add_freight(rows, rng, supplier_id)
    return found


def _add_freight(rows: Rows, rng: Random, supplier_id: int) -> FreightTemplate:
    values = {
        'supplier_id': supplier_id,
        'measure': FreightMeasure.PIECES,
        'first_units': rng.choice((1, 1, 2)),
        'first_fen': rng.choice((600, 800, 800, 1000, 1200)),
        'next_units': 1,
        'next_fen': rng.choice((200, 300, 400)),
        'free_above_fen': rng.choice((9_900, 12_800, 16_800, 19_900, None)),
    }
    template = FreightTemplate(**values)
    template.id = rows.add(FreightTemplate, **values, changed_by_id=None, changed_at=None)
    for province in REFUSED_PROVINCES:
        refused = rng.random() < 0.35
        region = {
            'template_id': template.id,
            'position': 2 if refused else 1,
            'province_code': province,
            'is_refused': refused,
            'is_never_free': not refused,
            'first_fen': 0 if refused else 2_500,
            'next_fen': 0 if refused else 1_200,
        }
        template.regions.append(FreightRegion(**region))
        rows.add(FreightRegion, **region)
    return template


def _plan_brands(rows: Rows, villages: dict[str, VillagePlan]) -> dict[tuple[str, str], int]:
    return {
        (row.village, row.name): rows.add(
            Brand,
            village_id=villages[row.village].id,
            slug=row.slug,
            name=row.name,
            status=BrandStatus(row.status),
            trademark_number=row.trademark_number,
            approved_on=None,
        )
        for row in words.brands()
        if row.village in villages
    }


def _add_product(
    rows: Rows, rng: Random, period: Period, plan: ProductPlan, row: words.ProductRow, category: str
) -> None:
    plan.id = rows.add(
        Product,
        slug=row.slug,
        village_id=plan.village.id,
        supplier_id=plan.supplier_id,
        category_id=plan.category_id,
        brand_id=plan.brand_id,
        name=row.name,
        kind=ProductKind(row.kind),
        summary=row.summary,
        description=row.description,
        storage=row.storage,
        shelf_life=row.shelf_life,
        return_class=ReturnClass(row.return_class),
        produce_group=ProduceGroup(words.label_of(row).group),
        season_months=sum(1 << (month - 1) for month in row.months),
        presale_ships_on=None,
        redemption=words.redemption_of(row),
        ships_within_hours=row.ships_within_hours,
        search_tokens=search_tokens(
            row.name,
            row.summary,
            row.brand,
            category,
            plan.village.name,
            plan.village.township,
            plan.village.county,
            *(variant.name for variant in row.variants),
        ),
        created_at=office_time(rng, period.first),
    )
    _add_variants(rows, rng, plan, row)


def _add_variants(rows: Rows, rng: Random, plan: ProductPlan, row: words.ProductRow) -> None:
    for position, variant in enumerate(row.variants):
        variant_id = rows.add(
            Variant,
            product_id=plan.id,
            name=variant.name,
            price_fen=variant.price_fen,
            stock=rng.randrange(30, 420),
            weight_grams=variant.weight_grams,
            net_content='' if row.kind == 'service' else words.net_content(variant),
            position=position,
            is_offered=True,
        )
        plan.variants.append(VariantPlan(variant_id, variant.name, variant.price_fen, variant.weight_grams))


def _plan_projects(rows: Rows, rng: Random, goods: Goods, villages: dict[str, VillagePlan]) -> None:
    """Add the projects; each of the first ones is linked to an endorsed product, shares sum to the whole."""
    counted: dict[int, list[int]] = defaultdict(list)
    waiting: dict[int, list[int]] = defaultdict(list)
    for index, row in enumerate(words.projects()):
        if row.village in villages:
            village = villages[row.village]
            project_id = rows.add(
                IndustryProject,
                village_id=village.id,
                slug=row.slug,
                name=row.name,
                kind=row.kind,
                funding_fen=row.funding_fen,
                operator=row.operator,
                approved_on=None,
            )
            (counted if index < PROJECTS else waiting)[village.id].append(project_id)
    for village in villages.values():
        mine = [plan for plan in goods.listed if plan.village is village]
        for turn, project_id in enumerate(counted[village.id]):
            goods.projects_of.setdefault(mine[turn % len(mine)].id, []).append(project_id)
        for plan in mine:
            goods.projects_of.setdefault(plan.id, counted[village.id][:1])
    for plan in goods.unlisted:
        goods.projects_of[plan.id] = (waiting[plan.village.id] or counted[plan.village.id])[:1]
    for product_id, project_ids in goods.projects_of.items():
        _add_shares(rows, rng, product_id, project_ids)


def _add_shares(rows: Rows, rng: Random, product_id: int, project_ids: list[int]) -> None:
    left = BASIS_POINTS
    for turn, project_id in enumerate(project_ids):
        behind = len(project_ids) - turn - 1
        share = left - behind * 1_000 if not behind else rng.randrange(2, max(3, left // 1_000 - behind)) * 1_000
        share = left if not behind else min(share, left - behind * 1_000)
        rows.add(ProjectShare, product_id=product_id, project_id=project_id, share_bp=share)
        left -= share

"""The labels of the campaign's goods, their batches with certificates, and what is sold ahead of its season."""

import re
from datetime import date, timedelta
from random import Random

from shop.catalogue.models import Batch, Product, ProductLabel
from shop.demo import words
from shop.demo.goods import Goods
from shop.demo.period import Period, office_time
from shop.demo.rows import Rows
from shop.demo.stage import ProductPlan, VillagePlan
from shop.orders.models import Order, OrderLine, OrderStatus
from shop.suppliers.licences import FOOD_LICENCE
from shop.suppliers.models import Supplier, SupplierLicence

LABELLED = frozenset({'prepacked_food', 'bulk_food', 'farm_produce', 'handicraft'})
IN_BATCHES = LABELLED - {'handicraft'}
BATCHES = (1, 2, 2, 3, 3, 4)
BETWEEN_BATCHES = (9, 12, 16, 21)
LONGEST_PRESALE = 150
SOLD_AHEAD = frozenset({'fruit', 'vegetable', 'farmed_fish'})
_DAYS = re.compile(r'(\d+) ?天')
ENDS_SOON = 19  # days after the campaign's last day, so that the desk of the home village is warned
WAITING = frozenset({OrderStatus.PENDING_PAYMENT, OrderStatus.AWAITING_SHIPMENT})
UNITS = {'eggs': '枚', 'duck_egg': '枚', 'grape_wine': '瓶', 'rice_wine': '瓶', 'grape_juice': '瓶', 'vinegar': '瓶'}


def plan_labels(rows: Rows, rng: Random, period: Period, goods: Goods, home: VillagePlan, *, presales: int) -> None:
    """Add labels and batches to all goods, sell some ahead, and let a licence of the home village end soon."""
    for plan in (*goods.listed, *goods.unlisted):
        row = goods.pictures[plan.id]
        if row.kind in LABELLED:
            _add_label(rows, plan, row)
        if row.kind in IN_BATCHES:
            _add_batches(rows, rng, period, plan, row)
    _sell_ahead(rows, rng, period, goods, presales)
    _let_a_licence_end(rows, period, home)


def _add_label(rows: Rows, plan: ProductPlan, row: words.ProductRow) -> None:
    supplier = rows.of(Supplier)[plan.supplier_id - 1]
    place = f'吉林省通化市{plan.village.county}{plan.village.township}{plan.village.name}'
    label, is_prepacked = words.label_of(row), row.kind == 'prepacked_food'
    numbers = [
        licence['number']
        for licence in rows.of(SupplierLicence)
        if licence['supplier_id'] == plan.supplier_id and licence['kind'] == FOOD_LICENCE
    ]
    rows.add(
        ProductLabel,
        product_id=plan.id,
        ingredients=label.ingredients if is_prepacked else '',
        producer=supplier['name'],
        producer_address=place if is_prepacked else '',
        licence_number=numbers[0] if is_prepacked and numbers else '',
        standard_number=label.standard,
        origin=place,
        allergens=label.allergens if is_prepacked else '',
    )


def _add_batches(rows: Rows, rng: Random, period: Period, plan: ProductPlan, row: words.ProductRow) -> None:
    """Add batches, the oldest first; each is made in the season before the campaign ends."""
    days, day = [], _last_in_season(row.months, period.last) - timedelta(days=rng.randrange(1, 9))
    # What keeps for days only is on sale from a fresh batch: out of season it comes from the greenhouse.
    keeps = _DAYS.match(row.shelf_life)
    if keeps is not None and (period.last - day).days >= int(keeps[1]):
        day = period.last - timedelta(days=int(keeps[1]) // 2)
    for _ in range(rng.choice(BATCHES)):
        days.append(day)
        day -= timedelta(days=rng.choice(BETWEEN_BATCHES))
    initials = row.slug.replace('-', '')[:3]
    is_certified = words.label_of(row).group != 'other' and row.kind == 'farm_produce'
    for made_on in reversed(days):
        rows.add(
            Batch,
            product_id=plan.id,
            number=f'{initials.upper()}-{made_on:%y%m}-{made_on:%d}',
            made_on=made_on,
            quantity=rng.randrange(12, 160) * 10,
            unit=UNITS.get(row.profile, '公斤'),
            certificate_number=f'HGZ{plan.village.id:03d}{plan.id:03d}-{made_on:%Y%m%d}' if is_certified else None,
            certificate_issued_on=made_on if is_certified else None,
            certificate_photo_id=None,
            note='',
            added_by_id=plan.village.present.user_id,
            added_at=office_time(rng, made_on),
        )


def _last_in_season(months: tuple[int, ...], last: date) -> date:
    """Return the last day up to `last` that lies in the season."""
    day = last
    while months and day.month not in months:
        day = day.replace(day=1) - timedelta(days=1)
    return day


def _sell_ahead(rows: Rows, rng: Random, period: Period, goods: Goods, presales: int) -> None:
    """Let fresh goods that are out of season be ordered now and sent from its first days."""
    waiting = []
    for plan in goods.listed:
        row = goods.pictures[plan.id]
        starts = _next_season(row.months, period.last)
        is_near = starts is not None and (starts - period.last).days <= LONGEST_PRESALE
        if is_near and words.label_of(row).group in SOLD_AHEAD and plan.in_force_at_end:
            waiting.append((plan, starts))
    for plan, starts in rng.sample(waiting, min(len(waiting), presales)):
        assert starts is not None
        rows.of(Product)[plan.id - 1]['presale_ships_on'] = starts + timedelta(days=rng.randrange(4, 12))


def _next_season(months: tuple[int, ...], last: date) -> date | None:
    """Return the first day of the next month in season, None when it is season now or always."""
    if not months or last.month in months:
        return None
    day = last.replace(day=1)
    while day.month not in months:
        day = (day + timedelta(days=31)).replace(day=1)
    return day


def _let_a_licence_end(rows: Rows, period: Period, home: VillagePlan) -> None:
    own = {supplier['id'] for supplier in rows.of(Supplier) if supplier['village_id'] == home.id}
    for licence in rows.of(SupplierLicence):
        if licence['supplier_id'] in own and licence['kind'] == FOOD_LICENCE:
            licence['expires_on'] = period.last + timedelta(days=ENDS_SOON)
            return


def promise_presales(rows: Rows) -> None:
    """Let what is ordered of goods sold ahead, and not sent yet, be promised from their day."""
    waiting = {row['id'] for row in rows.of(Order) if row['status'] in WAITING}
    days = {row['id']: row['presale_ships_on'] for row in rows.of(Product)}
    for line in rows.of(OrderLine):
        line['ships_on'] = days[line['product_id']] if line['order_id'] in waiting else None

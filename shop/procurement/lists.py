"""Budget lists: filling and changing one, what it comes to per head, and joining a guest's with the user's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import joinedload

from shop.accounts.models import User
from shop.catalogue.models import Product, Variant
from shop.kit.database import db, dialect_name
from shop.kit.errors import BusinessError, NotFoundError
from shop.orders.basket import MOST_FOR_INSTITUTIONS
from shop.orders.baskets import Buyer, NotOnSaleError, on_sale, require_quantity
from shop.procurement.budget_list import MAX_LINES, BudgetLine, BudgetList
from shop.procurement.forms import ListForm
from shop.villages.models import Village


@dataclass(frozen=True, slots=True)
class Wanted:
    """So many units of a variant, per head or in all."""

    variant_id: int
    quantity: int
    is_per_head: bool = False


@dataclass(frozen=True, slots=True)
class ListedLine:
    """A line with what holds for it now."""

    line: BudgetLine
    quantity: int
    is_offered: bool

    @property
    def variant(self) -> Variant:
        """Its variant."""
        return self.line.variant

    @property
    def amount_fen(self) -> int:
        """What it costs now; nothing while it cannot be bought."""
        return self.quantity * self.variant.price_fen if self.is_offered else 0

    @property
    def is_dearer(self) -> bool:
        """Whether the price is not the one last seen."""
        return self.line.seen_price_fen != self.variant.price_fen


@dataclass(frozen=True, slots=True)
class Budget:
    """A list with its sums; fen."""

    title: str
    heads: int
    budget_per_head_fen: int | None
    lines: Sequence[ListedLine]

    @property
    def total_fen(self) -> int:
        """What can be bought of it costs, freight apart."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def per_head_fen(self) -> int:
        """The cost per head, rounded up to the fen."""
        return -(-self.total_fen // self.heads)

    @property
    def over_fen(self) -> int:
        """By how much it is more than the whole budget; nothing when it is not, or there is none."""
        if self.budget_per_head_fen is None:
            return 0
        return max(0, self.total_fen - self.budget_per_head_fen * self.heads)


def list_of(buyer: Buyer) -> BudgetList | None:
    """Return the list of a buyer, with what its page shows."""
    product = joinedload(BudgetList.lines).joinedload(BudgetLine.variant).joinedload(Variant.product)
    return (
        db.session.scalars(
            select(BudgetList)
            .where(_owned(buyer))
            .options(
                product.joinedload(Product.village).joinedload(Village.county), product.joinedload(Product.supplier)
            )
            .execution_options(populate_existing=True)
        )
        .unique()
        .first()
    )


def budget_of(found: BudgetList | None) -> Budget:
    """Return a list with the prices of now; no list is an empty one."""
    if found is None:
        return Budget('', 1, None, [])
    listed = on_sale([line.variant.product_id for line in found.lines])
    return Budget(
        found.title,
        found.heads,
        found.budget_per_head_fen,
        [
            ListedLine(
                line,
                line.total_quantity(found.heads),
                line.variant.product_id in listed and line.variant.is_offered,
            )
            for line in found.lines
        ],
    )


def put_on_list(buyer: Buyer, wanted: Sequence[Wanted], *, at: datetime) -> BudgetList:
    """Add units of variants that are on sale; raises `QuantityError`, `NotOnSaleError`, `NotFoundError`."""
    variants = {
        variant.id: variant
        for variant in db.session.scalars(select(Variant).where(Variant.id.in_([one.variant_id for one in wanted])))
    }
    listed = on_sale([variant.product_id for variant in variants.values()])
    found = _locked_list(buyer) or _new_list(buyer, at)
    by_variant = {line.variant_id: line for line in found.lines}
    for one in wanted:
        require_quantity(one.quantity, MOST_FOR_INSTITUTIONS)
        variant = variants.get(one.variant_id)
        if variant is None:
            raise NotFoundError
        if not variant.is_offered or variant.product_id not in listed:
            raise NotOnSaleError(_('这件商品暂时不能购买，看看别的山货吧。'))
        line = by_variant.get(variant.id)
        if line is None:
            line = by_variant[variant.id] = BudgetLine(
                variant=variant, quantity=0, seen_price_fen=variant.price_fen, added_at=at
            )
            found.lines.append(line)
        elif line.is_per_head is not one.is_per_head:
            line.quantity = 0
        line.is_per_head = one.is_per_head
        line.quantity = min(MOST_FOR_INSTITUTIONS, line.quantity + one.quantity)
        line.seen_price_fen = variant.price_fen
    if len(found.lines) > MAX_LINES:
        raise BusinessError(_('一张清单最多 %(n)s 行。', n=MAX_LINES), field='lines')
    found.updated_at = at
    db.session.flush()
    return found


def change_list(buyer: Buyer, form: ListForm, *, at: datetime) -> None:
    """Set heads, budget and units; the prices now are the ones the buyer has seen."""
    found = _locked_list(buyer) or _new_list(buyer, at)
    found.title, found.heads, found.budget_per_head_fen = form.title, form.heads, form.budget_per_head_fen
    for line in list(found.lines):
        quantity, is_per_head = form.lines.get(line.id, (line.quantity, line.is_per_head))
        if quantity == 0:
            found.lines.remove(line)
            continue
        line.quantity, line.is_per_head = quantity, is_per_head
        line.seen_price_fen = line.variant.price_fen
    found.updated_at = at


def fill_list(
    buyer: Buyer, quantities: Mapping[int, int], *, title: str, heads: int, budget_fen: int | None, at: datetime
) -> int:
    """Let the list hold these units in place of what it held; return how many could not be bought any more."""
    found = _locked_list(buyer) or _new_list(buyer, at)
    found.lines.clear()
    db.session.flush()
    found.title, found.heads, found.budget_per_head_fen = title, heads, budget_fen
    rows = db.session.scalars(select(Variant).where(Variant.id.in_(list(quantities)), Variant.is_offered)).all()
    listed = on_sale([variant.product_id for variant in rows])
    kept = [variant for variant in rows if variant.product_id in listed]
    put_on_list(buyer, [Wanted(variant.id, quantities[variant.id]) for variant in kept], at=at)
    return len(quantities) - len(kept)


def merge_lists(guest_digest: str, user: User, *, at: datetime) -> None:
    """Give a guest's list to the user who has just signed in; the user's own units of a variant stay."""
    guest = _locked_list(Buyer(guest_digest=guest_digest))
    if guest is None:
        return
    buyer = Buyer(user_id=user.id)
    own = _locked_list(buyer)
    if own is None:
        guest.user_id, guest.guest_digest, guest.updated_at = user.id, None, at
        return
    known = {line.variant_id for line in own.lines}
    for line in guest.lines:
        if line.variant_id not in known and len(own.lines) < MAX_LINES:
            own.lines.append(
                BudgetLine(
                    variant_id=line.variant_id,
                    quantity=line.quantity,
                    is_per_head=line.is_per_head,
                    seen_price_fen=line.seen_price_fen,
                    added_at=line.added_at,
                )
            )
    own.updated_at = at
    db.session.delete(guest)


def _owned(buyer: Buyer) -> ColumnElement[bool]:
    if buyer.user_id is not None:
        return BudgetList.user_id == buyer.user_id
    return BudgetList.guest_digest == buyer.guest_digest if buyer.guest_digest is not None else false()


def _locked_list(buyer: Buyer) -> BudgetList | None:
    list_id = db.session.scalar(select(BudgetList.id).where(_owned(buyer)).with_for_update())
    return list_of(buyer) if list_id is not None else None


def _new_list(buyer: Buyer, at: datetime) -> BudgetList:
    """Make a list; when another unit of work was faster, return its list."""
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    values = {
        'user_id': buyer.user_id, 'guest_digest': buyer.guest_digest, 'title': '', 'heads': 1, 'updated_at': at,
    }  # fmt: skip
    db.session.execute(insert(BudgetList).values(values).on_conflict_do_nothing())
    found = _locked_list(buyer)
    assert found is not None
    return found

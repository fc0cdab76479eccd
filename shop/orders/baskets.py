"""The basket: filling it, changing it, and joining a guest's with the user's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, false, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import joinedload

from shop.accounts.models import User
from shop.benefits.queries import covered_counts
from shop.catalogue.models import Product, Variant
from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit import clock
from shop.kit.database import db, dialect_name
from shop.kit.errors import BusinessError, NotFoundError
from shop.orders.basket import MAX_QUANTITY, Basket, BasketLine
from shop.orders.favourite import Favourite
from shop.orders.models import Checkout, Order
from shop.villages.models import Village

# What may change of a line under a buyer's eyes: price, agreement version, day of the pre-sale.
Facts = tuple[int, int | None, date | None]


@dataclass(frozen=True)
class Buyer:
    """Who buys: a user, or a guest known by the digest of a token."""

    user_id: int | None = None
    guest_digest: str | None = None

    def owns(self, thing: type[Basket | Checkout | Favourite]) -> ColumnElement[bool]:
        """Return the condition that a basket, a checkout or a favourite is this buyer's; nobody owns nothing."""
        if self.user_id is not None:
            return thing.user_id == self.user_id
        return thing.guest_digest == self.guest_digest if self.guest_digest is not None else false()


class QuantityError(BusinessError):
    """The quantity is not a whole number from 1 to the most one line may hold."""


class NotOnSaleError(BusinessError):
    """The variant cannot be bought now."""


def basket_of(buyer: Buyer) -> Basket | None:
    """Return the buyer's basket, with what its page shows."""
    product = joinedload(Basket.lines).joinedload(BasketLine.variant).joinedload(Variant.product)
    return (
        db.session.scalars(
            select(Basket)
            .where(buyer.owns(Basket))
            .options(
                product.joinedload(Product.village).joinedload(Village.county), product.joinedload(Product.supplier)
            )
            .execution_options(populate_existing=True)
        )
        .unique()
        .first()
    )


def basket_count(buyer: Buyer) -> int:
    """Count the units in a basket; one statement."""
    units = select(func.coalesce(func.sum(BasketLine.quantity), 0)).join(Basket).where(buyer.owns(Basket))
    return db.session.scalar(units) or 0


def on_sale(product_ids: list[int]) -> set[int]:
    """Return which of these products are on sale."""
    listed = select(Endorsement.product_id).where(
        Endorsement.product_id.in_(product_ids), Endorsement.status == EndorsementStatus.LISTED
    )
    return set(db.session.scalars(listed))


def lines_of(buyer: Buyer) -> list[tuple[BasketLine, bool]]:
    """Return the lines of a buyer's basket, each with whether it can be bought now."""
    basket = basket_of(buyer)
    lines = basket.lines if basket else []
    listed = on_sale([line.variant.product_id for line in lines]) if lines else set()
    return [(line, line.variant.product_id in listed and line.variant.is_offered) for line in lines]


def put_in_basket(
    buyer: Buyer, variant_id: int, quantity: int, *, at: datetime, shown_fen: int | None = None
) -> BasketLine:
    """Add units at the price shown, where it is known; raises `QuantityError`, `NotOnSaleError`, `NotFoundError`."""
    require_quantity(quantity)
    variant = db.session.get(Variant, variant_id)
    if variant is None:
        raise NotFoundError
    if not variant.is_offered or not on_sale([variant.product_id]):
        raise NotOnSaleError(_('这件商品暂时不能购买，看看别的山货吧。'))
    basket = _locked_basket(buyer) or _new_basket(buyer, at)
    line = next((line for line in basket.lines if line.variant_id == variant_id), None)
    if line is None:
        line = BasketLine(variant=variant, quantity=0, seen_price_fen=variant.price_fen, added_at=at)
        basket.lines.append(line)
    line.quantity = min(MAX_QUANTITY, line.quantity + quantity)
    ((_line, now),) = _facts_now([line], at)
    line.seen_price_fen, line.seen_version_id, line.seen_presale_on = now
    if shown_fen:
        line.seen_price_fen = shown_fen
    basket.updated_at = at
    db.session.flush()
    return line


def change_line(buyer: Buyer, line_id: int, quantity: int, *, at: datetime) -> None:
    """Set the units of a line, 0 takes it out; what else has changed stays to be seen."""
    basket = _locked_basket(buyer)
    line = next((line for line in basket.lines if line.id == line_id), None) if basket else None
    if basket is None or line is None:
        raise NotFoundError
    if quantity == 0:
        basket.lines.remove(line)
    else:
        require_quantity(quantity)
        line.quantity = quantity
    basket.updated_at = at


def take_what_is_left(buyer: Buyer, variant_id: int, *, at: datetime) -> None:
    """Set a line of which there are too few to what is left; a line of which nothing is left goes."""
    basket = _locked_basket(buyer)
    line = next((line for line in basket.lines if line.variant_id == variant_id), None) if basket else None
    if basket is None or line is None:
        raise NotFoundError
    if line.variant.stock == 0:
        basket.lines.remove(line)
    else:
        line.quantity = min(line.quantity, line.variant.stock, MAX_QUANTITY)
    basket.updated_at = at


def accept_changes(buyer: Buyer, shown: Mapping[int, Facts], *, at: datetime) -> None:
    """Note that the buyer has seen what was shown of each variant; what has changed since then stays to be seen."""
    basket = _locked_basket(buyer)
    if basket is None:
        raise NotFoundError
    for line, now in _facts_now(basket.lines, at):
        if shown.get(line.variant_id) == now:
            line.seen_price_fen, line.seen_version_id, line.seen_presale_on = now
    basket.updated_at = at


def _facts_now(lines: Sequence[BasketLine], at: datetime) -> list[tuple[BasketLine, Facts]]:
    covered = covered_counts([line.variant.product_id for line in lines])
    facts: list[tuple[BasketLine, Facts]] = []
    for line in lines:
        product = line.variant.product
        _households, version = covered.get(product.id, (0, None))
        version_id = version.id if version is not None else None
        facts.append((line, (line.variant.price_fen, version_id, product.presale_day(clock.business_day(at)))))
    return facts


def merge_baskets(guest_digest: str, user: User, *, at: datetime) -> None:
    """Give a guest's basket and orders to the user who has just signed in; quantities add up."""
    checkouts = select(Checkout.id).where(Checkout.guest_digest == guest_digest)
    unsynchronised = {'synchronize_session': False}
    db.session.execute(
        update(Order)
        .where(Order.checkout_id.in_(checkouts))
        .values(user_id=user.id)
        .execution_options(**unsynchronised)
    )
    db.session.execute(
        update(Checkout)
        .where(Checkout.guest_digest == guest_digest)
        .values(user_id=user.id, guest_digest=None)
        .execution_options(**unsynchronised)
    )
    guest = _locked_basket(Buyer(guest_digest=guest_digest))
    if guest is None:
        return
    own = _locked_basket(Buyer(user_id=user.id)) or _new_basket(Buyer(user_id=user.id), at)
    by_variant = {line.variant_id: line for line in own.lines}
    for line in guest.lines:
        kept = by_variant.get(line.variant_id)
        if kept is None:
            own.lines.append(
                BasketLine(
                    variant_id=line.variant_id,
                    quantity=line.quantity,
                    seen_price_fen=line.seen_price_fen,
                    seen_version_id=line.seen_version_id,
                    seen_presale_on=line.seen_presale_on,
                    added_at=line.added_at,
                )
            )
        else:
            kept.quantity = min(MAX_QUANTITY, kept.quantity + line.quantity)
    own.updated_at = at
    db.session.delete(guest)


def require_quantity(quantity: int) -> None:
    """Raise `QuantityError` unless a line may hold so many units."""
    if not 1 <= quantity <= MAX_QUANTITY:
        raise QuantityError(_('数量要是 1 到 %(most)s 的整数。', most=MAX_QUANTITY), field='quantity')


def _locked_basket(buyer: Buyer) -> Basket | None:
    """Return the buyer's basket as it is now; nobody else fills it until the unit of work ends."""
    basket_id = db.session.scalar(select(Basket.id).where(buyer.owns(Basket)).with_for_update())
    return basket_of(buyer) if basket_id is not None else None


def _new_basket(buyer: Buyer, at: datetime) -> Basket:
    """Make a basket; when another unit of work was faster, return its basket."""
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    values = {'user_id': buyer.user_id, 'guest_digest': buyer.guest_digest, 'updated_at': at}
    db.session.execute(insert(Basket).values(values).on_conflict_do_nothing())
    basket = _locked_basket(buyer)
    assert basket is not None
    return basket

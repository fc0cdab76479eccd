"""Favourites: putting a product by, letting it go, and joining a guest's with the user's."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import joinedload

from shop.accounts.models import User
from shop.catalogue.models import Product, Variant
from shop.kit.database import db, dialect_name
from shop.kit.errors import NotFoundError
from shop.orders.baskets import Buyer, on_sale
from shop.orders.favourite import Favourite
from shop.villages.models import Village

MAX_SHOWN = 200


@dataclass(frozen=True)
class Liked:
    """A favourite as it stands now; prices in fen, `price_fen` the lowest that is offered, None off sale."""

    favourite: Favourite
    price_fen: int | None

    @property
    def fallen_fen(self) -> int:
        """How much cheaper it is than when it was put by, or 0."""
        then = self.favourite.price_fen
        return max(0, then - self.price_fen) if self.price_fen is not None and then else 0


def add_favourite(buyer: Buyer, product_id: int, *, at: datetime) -> None:
    """Put a product by; one that is there already stays as it is, whoever was faster. Raises `NotFoundError`."""
    if not on_sale([product_id]):
        raise NotFoundError
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    values = {
        'user_id': buyer.user_id,
        'guest_digest': buyer.guest_digest,
        'product_id': product_id,
        'price_fen': _lowest_prices([product_id]).get(product_id, 0),
        'added_at': at,
    }
    db.session.execute(insert(Favourite).values(values).on_conflict_do_nothing())


def remove_favourite(buyer: Buyer, product_id: int) -> None:
    """Let a product go; nothing happens to one that is not there."""
    db.session.execute(
        delete(Favourite)
        .where(buyer.owns(Favourite), Favourite.product_id == product_id)
        .execution_options(synchronize_session=False)
    )


def is_favourite(buyer: Buyer, product_id: int) -> bool:
    """Tell whether a product is put by; a visitor who keeps nothing costs no statement."""
    if buyer == Buyer():
        return False
    found = select(Favourite.id).where(buyer.owns(Favourite), Favourite.product_id == product_id)
    return db.session.scalar(found) is not None


def favourites_of(buyer: Buyer) -> list[Liked]:
    """Return what a buyer has put by, the newest first, with what has become of it."""
    if buyer == Buyer():
        return []
    rows = db.session.scalars(
        select(Favourite)
        .where(buyer.owns(Favourite))
        .options(joinedload(Favourite.product).joinedload(Product.village).joinedload(Village.county))
        .order_by(Favourite.added_at.desc(), Favourite.id.desc())
        .limit(MAX_SHOWN)
    ).all()
    listed = on_sale([row.product_id for row in rows])
    prices = _lowest_prices(list(listed))
    return [Liked(row, prices.get(row.product_id) if row.product_id in listed else None) for row in rows]


def merge_favourites(guest_digest: str, user: User) -> None:
    """Give a guest's favourites to the user who has just signed in; what both have stays once."""
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    guests = select(literal(user.id), Favourite.product_id, Favourite.price_fen, Favourite.added_at).where(
        Favourite.guest_digest == guest_digest
    )
    db.session.execute(
        insert(Favourite)
        .from_select(['user_id', 'product_id', 'price_fen', 'added_at'], guests)
        .on_conflict_do_nothing()
    )
    db.session.execute(
        delete(Favourite).where(Favourite.guest_digest == guest_digest).execution_options(synchronize_session=False)
    )


def _lowest_prices(product_ids: list[int]) -> dict[int, int]:
    if not product_ids:
        return {}
    rows = db.session.execute(
        select(Variant.product_id, func.min(Variant.price_fen))
        .where(Variant.product_id.in_(product_ids), Variant.is_offered)
        .group_by(Variant.product_id)
    )
    return dict(rows.all())

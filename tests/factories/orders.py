"""Orders the way buyers make them: placed from what they saw, paid by the provider's event, sent and received."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from shop.accounts.models import User
from shop.catalogue.models import Product, ReturnClass, Variant
from shop.kit import clock
from shop.kit.crypto import new_token, token_digest
from shop.kit.database import db
from shop.ledger.receipts import confirm_receipt
from shop.orders.basket import FreightRegion, FreightTemplate
from shop.orders.baskets import Buyer
from shop.orders.models import Channel, Checkout, Courier, Order
from shop.orders.placing import Destination, Purchase, place_order
from shop.orders.services import ship_order
from shop.payments.models import Payment
from shop.payments.services import settle_payment, start_payment
from shop.suppliers.models import Supplier
from tests.factories.building import building

WINDOW = timedelta(minutes=30)
RECEIVE_WITHIN = timedelta(days=10)
HOME = Destination('李红', '13800000000', '220000', '220500', '220524', '向阳路 1 号')


def make_guest() -> Buyer:
    """A visitor whom the shop knows by a token."""
    return Buyer(guest_digest=token_digest(new_token()))


def purchase_of(
    *pieces: tuple[Product, int], form_token: str = '', destination: Destination = HOME, note: str = ''
) -> Purchase:
    """What the checkout page of these pieces sends in, with the prices of now; every confirmation is given."""
    variants = [(product.variants[0], quantity) for product, quantity in pieces]
    return Purchase(
        form_token or new_token(),
        {variant.id: (quantity, variant.price_fen) for variant, quantity in variants},
        destination,
        note=note,
        confirmed=frozenset(
            product.variants[0].id for product, _ in pieces if product.return_class is not ReturnClass.SEVEN_DAYS
        ),
        channel=Channel.ONLINE,
    )


@building
def place(
    *pieces: tuple[Product, int], buyer: Buyer | None = None, actor: User | None = None, at: datetime | None = None
) -> Checkout:
    """A checkout that waits to be paid for half an hour."""
    if buyer is None:
        buyer = Buyer(user_id=actor.id) if actor is not None else make_guest()
    return place_order(purchase_of(*pieces), buyer, actor=actor, window=WINDOW, at=at or clock.now())


@building
def make_payment(checkout: Checkout) -> Payment:
    """A payment of a checkout that the buyer has started."""
    return start_payment(checkout, 'sandbox', at=clock.now())


@building
def pay(checkout: Checkout) -> Payment:
    """The whole checkout is paid, its sales are in the book."""
    payment = start_payment(checkout, 'sandbox', at=clock.now())
    settle_payment(payment, occurred_at=clock.now(), at=clock.now())
    return payment


@building
def ship(order: Order, *, actor: User | None = None) -> Order:
    """The whole order is on its way."""
    pieces = {line.id: line.unshipped for line in order.lines}
    ship_order(order, pieces, Courier.ZTO, '751234567890', receive_within=RECEIVE_WITHIN, actor=actor, at=clock.now())
    return order


@building
def receive(order: Order, *, actor: User | None = None) -> Order:
    """The buyer has it; its benefit is in the book."""
    confirm_receipt(order, actor=actor, at=clock.now())
    return order


def bought(*pieces: tuple[Product, int]) -> Order:
    """A paid order of pieces of one supplier."""
    checkout = place(*pieces)
    pay(checkout)
    return checkout.orders[0]


@building
def make_freight(
    supplier: Supplier,
    *,
    first: tuple[int, int] = (1, 800),
    following: tuple[int, int] = (1, 300),
    free_above_fen: int | None = None,
    regions: Iterable[FreightRegion] = (),
) -> FreightTemplate:
    """A supplier's freight: ``(pieces, fen)`` of the first and of each next ones."""
    template = FreightTemplate(
        supplier_id=supplier.id,
        first_units=first[0],
        first_fen=first[1],
        next_units=following[0],
        next_fen=following[1],
        free_above_fen=free_above_fen,
        regions=list(regions),
    )
    db.session.add(template)
    return template


def stock_of(product: Product) -> int:
    """How many units of the first variant are left, as the database has it."""
    return db.session.scalars(select(Variant.stock).where(Variant.id == product.variants[0].id)).one()

"""What may happen to the shop, each in a random way: the operations that the state machine chooses from.

An operation is a function of a `World` and a `Random`, registered with `@operation`; its weight says how often it is
chosen. It goes through the real services, and may be refused by a rule of the shop: then nothing must have happened.
A package with operations of its own registers them in a module that test_operations.py imports.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import TypeVar

from sqlalchemy import select

from shop.benefits.models import RuleKind, WeightKind
from shop.benefits.services import draft_version, notice_version, put_in_force, reprice_variant, submit_version
from shop.catalogue.models import Product, Variant
from shop.jobs.schedule import close_days, expire, receive, redeliver
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.receipts import confirm_receipt
from shop.orders.models import Checkout, Courier, Order, OrderStatus
from shop.orders.placing import place_order
from shop.orders.services import cancel_order, ship_order
from shop.payments.refunds import Piece, refund_lines, refund_whole_order
from shop.payments.sandbox import SandboxGateway, signed_headers
from shop.payments.services import GATEWAYS, new_payment, start_payment
from shop.payments.worker import receive_event
from shop.villages.models import Household
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.catalogue import make_photo
from tests.factories.coupons import claim, make_series
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import RECEIVE_WITHIN, WINDOW, make_freight, make_guest, purchase_of
from tests.factories.suppliers import make_supplier
from tests.factories.villages import desk_user, make_households, make_team_member, make_tenure
from tests.support.invariants import stock_now

T = TypeVar('T')
STOCK = 300
HOUSEHOLDS = 5
S = OrderStatus


class World:
    """One village with two suppliers, three products under different rules, households that share them, and people.

    One supplier asks for freight; two buyers have claimed two coupons, one of them with a budget that runs out.
    """

    def __init__(self) -> None:
        tenure = make_tenure()
        village = self.village = tenure.village
        self.secretary, self.member = desk_user(tenure), make_team_member(village)
        self.township, self.county, _ = make_reviewers(village)
        self.photo = make_photo()
        households = make_households(village, HOUSEHOLDS)
        suppliers = [make_supplier(village) for _ in range(2)]
        rules = ((RuleKind.FEN_PER_UNIT, 7), (RuleKind.FEN_PER_UNIT, 600), (RuleKind.BP_OF_NET, 1_500))
        for number, (kind, value) in enumerate(rules):
            members = households[number : number + 3]
            make_listed_product(
                tenure=tenure, supplier=suppliers[number % 2], stock=STOCK, price_fen=1_990 + number, rule_kind=kind,
                rule=value, households=members, weights=[1 + index * number for index, _ in enumerate(members)],
            )  # fmt: skip
        make_freight(suppliers[1])
        self._give_coupons()
        self.at_first = stock_now()

    def _give_coupons(self) -> None:
        """Let both buyers claim both series."""
        end = clock.today() + timedelta(days=3_000)
        self.series = [
            make_series(self.village.county, per_person=5, ends_on=end, budget_fen=4_000),
            make_series(
                self.village.county, per_person=20, ends_on=end, budget_fen=100_000, off_bp=1_500, threshold_fen=0
            ),
        ]
        self.buyers = [make_user() for _ in range(2)]
        for buyer in self.buyers:
            for series in self.series:
                claim(series, buyer)

    def all(self, model: type[T], *where: object) -> list[T]:
        """Return the rows of which this holds, as they are now."""
        db.session.rollback()
        return list(db.session.scalars(select(model).where(*where)))

    def order(self, rng: Random, *statuses: OrderStatus) -> Order:
        """Choose an order that is in one of these statuses, now and then any."""
        orders = self.all(Order)
        suitable = [order for order in orders if order.status in statuses]
        return chosen(rng, orders if not suitable or rng.random() < 0.1 else suitable)

    def undisputed(self, rng: Random, *statuses: OrderStatus) -> Order:
        """Choose an order in one of these statuses without an open claim, which alone may give it money."""
        return chosen(rng, self.all(Order, Order.status.in_(statuses), Order.disputed_at.is_(None)))

    def one(self, model: type[T], rng: Random, *where: object) -> T:
        """Choose a row of which this holds, now and then any."""
        suitable = self.all(model, *where)
        return chosen(rng, suitable if suitable and rng.random() < 0.95 else self.all(model))


class NothingToDoError(Exception):
    """There is nothing yet that the operation could be done to."""


Operation = Callable[[World, Random], None]
OPERATIONS: dict[str, Operation] = {}
CHOICES: list[str] = []


def operation(weight: int) -> Callable[[Operation], Operation]:
    """Register an operation that is chosen so often."""

    def register(function: Operation) -> Operation:
        OPERATIONS[function.__name__] = function
        CHOICES.extend([function.__name__] * weight)
        return function

    return register


def chosen(rng: Random, things: Sequence[T]) -> T:
    """Choose one; raises `NothingToDoError` when there is none."""
    if not things:
        raise NothingToDoError
    return rng.choice(things)


@operation(6)
def place(world: World, rng: Random) -> None:
    """A guest places an order of one to three products, a few pieces each."""
    products = world.all(Product)
    wanted = [(product, rng.randint(1, 6)) for product in rng.sample(products, rng.randint(1, len(products)))]
    purchase = purchase_of(*wanted)
    with transaction():
        place_order(purchase, make_guest(), actor=None, window=WINDOW, at=clock.now())


@operation(8)
def pay(world: World, rng: Random) -> None:
    """A buyer pays; the event comes once or twice, now and then late, now and then for another amount."""
    payable = world.all(Checkout, Checkout.payable_until > clock.now())
    checkout = chosen(rng, payable if payable and rng.random() < 0.8 else world.all(Checkout))
    with transaction():
        payment = start_payment(checkout, 'sandbox', at=clock.now())
        amount = payment.amount_fen - (rng.random() < 0.05)
        delivery = SandboxGateway().pay(payment, at=clock.now(), amount_fen=amount)
        body = delivery.body.encode()
        delivery.delivered_at = clock.now()
    if rng.random() < 0.15:
        clock.shift(timedelta(minutes=rng.randint(1, 60)))
    for _ in range(rng.randint(1, 2)):
        receive_event('sandbox', body, signed_headers(body, at=clock.now()), at=clock.now())


@operation(1)
def pay_once_more(world: World, rng: Random) -> None:
    """A checkout is paid by a further payment, whatever has become of it."""
    checkout = chosen(rng, world.all(Checkout))
    with transaction():
        SandboxGateway().pay(new_payment(checkout, 'sandbox', at=clock.now()), at=clock.now())
    redeliver()


@operation(6)
def ship(world: World, rng: Random) -> None:
    """The village sends everything that waits, or a part of it."""
    order = world.order(rng, S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED)
    is_whole = rng.random() < 0.7
    pieces = {line.id: line.unshipped if is_whole else rng.randint(0, line.unshipped) for line in order.lines}
    number = f'75{rng.randint(10**11, 10**12 - 1)}'
    with transaction():
        ship_order(order, pieces, Courier.ZTO, number, receive_within=RECEIVE_WITHIN, actor=None, at=clock.now())


@operation(5)
def confirm(world: World, rng: Random) -> None:
    """A buyer has received an order."""
    order = world.order(rng, S.AWAITING_RECEIPT)
    with transaction():
        confirm_receipt(order, actor=None, at=clock.now())


@operation(4)
def refund_part(world: World, rng: Random) -> None:
    """Some pieces, or some fen, of some lines go back; now and then more than is left."""
    order = world.undisputed(rng, S.AWAITING_SHIPMENT, S.PARTLY_SHIPPED, S.AWAITING_RECEIPT, S.COMPLETED)
    lines = rng.sample(order.lines, rng.randint(1, len(order.lines)))
    pieces = [
        Piece(line.id, units := rng.randint(0, line.quantity), line.unit_price_fen * units or rng.randint(1, 500))
        for line in lines
    ]
    with transaction():
        refund = refund_lines(order, pieces, freight_fen=0, reason='坏果', actor=None, at=clock.now())
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())


@operation(1)
def refund_whole(world: World, rng: Random) -> None:
    """Everything that is left of an order goes back."""
    order = world.undisputed(rng, S.AWAITING_SHIPMENT, S.AWAITING_RECEIPT, S.COMPLETED)
    with transaction():
        refund = refund_whole_order(order, reason='不要了', actor=None, at=clock.now())
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())


@operation(1)
def cancel(world: World, rng: Random) -> None:
    """A buyer gives up an order."""
    order = world.order(rng, S.PENDING_PAYMENT)
    with transaction():
        cancel_order(order, actor=None, at=clock.now(), reason='买家取消')


@operation(1)
def let_expire(_world: World, rng: Random) -> None:
    """Time goes by, and what was not paid in time is cancelled."""
    clock.shift(timedelta(minutes=rng.randint(1, 40)))
    expire()


@operation(1)
def let_be_received(_world: World, rng: Random) -> None:
    """Days go by, and what was sent is received by itself."""
    clock.shift(timedelta(days=rng.randint(1, 11)))
    receive()


@operation(2)
def change_agreement(world: World, rng: Random) -> None:
    """A product's agreement gets another version: another rule, other households, other weights."""
    product = chosen(rng, world.all(Product))
    households = world.all(Household)
    members = rng.sample(households, rng.randint(1, len(households)))
    kind = rng.choice(list(RuleKind))
    with transaction():
        version = draft_version(
            product, rule_kind=kind, rule_value=rng.randint(1, 900), weight_kind=rng.choice(list(WeightKind)),
            meeting_on=clock.today(), shares=[(household.id, rng.randint(1, 9)) for household in members], actor=None,
            at=clock.now(),
        )  # fmt: skip
        for step in (submit_version, notice_version, put_in_force):
            step(version, actor=None, at=clock.now())


@operation(1)
def reprice(world: World, rng: Random) -> None:
    """A variant gets another price."""
    variant = chosen(rng, world.all(Variant))
    with transaction():
        reprice_variant(variant, rng.randint(500, 4_000), at=clock.now())


@operation(1)
def close(_world: World, rng: Random) -> None:
    """A day or more goes by, and every day that is over is closed."""
    clock.shift(timedelta(days=rng.randint(1, 3)))
    close_days()


@operation(1)
def bring_events(_world: World, rng: Random) -> None:
    """Minutes go by, and what the provider has to say arrives."""
    clock.shift(timedelta(minutes=rng.randint(0, 10)))
    redeliver()

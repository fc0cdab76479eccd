"""What may happen in after-sale: claims by piece and by sum, every answer to them, and deadlines that pass."""

from datetime import timedelta
from random import Random

from shop.aftersales.models import AftersaleCase
from shop.aftersales.opening import Claim, offers_of_line, open_case
from shop.aftersales.services import (
    agree,
    appeal,
    confirm_arrival,
    refund_instead,
    refuse,
    restock,
    rule,
    send_again,
    send_back,
    withdraw,
)
from shop.aftersales.states import AftersaleStatus, Ruling
from shop.aftersales.steps import freight_left
from shop.aftersales.worker import pass_deadlines
from shop.jobs.schedule import follow_aftersale_refunds
from shop.kit import clock
from shop.kit.database import transaction
from shop.orders.models import Courier, OrderStatus
from tests.factories.aftersales import TERMS, by_platform, by_village, step_of
from tests.ledger.operations import World, chosen, operation

S, O = AftersaleStatus, OrderStatus  # noqa: E741  the statuses of an order
PARCEL = (Courier.ZTO, '751234567890')


@operation(8)
def claim_something(world: World, rng: Random) -> None:
    """A buyer asks for pieces or a sum of a line, for money or goods; now and then for one more than there is."""
    order = world.order(rng, O.AWAITING_SHIPMENT, O.PARTLY_SHIPPED, O.AWAITING_RECEIPT, O.COMPLETED)
    line = rng.choice(order.lines)
    with transaction():
        offer = chosen(rng, offers_of_line(line, step_of()))
        by_amount = offer.by_amount and rng.random() < 0.5
        more = rng.random() < 0.05
        units = 0 if by_amount else rng.randint(1, offer.units) + more
        fen = rng.randint(1, offer.fen) + more if by_amount else 0
        open_case(line, Claim(offer.key, units, fen, rng.choice(offer.reasons), '请看', (world.photo,)), step_of())


@operation(6)
def answer_claim(world: World, rng: Random) -> None:
    """The village agrees, with some freight now and then, or refuses."""
    case = world.one(AftersaleCase, rng, AftersaleCase.status == S.AWAITING_VILLAGE)
    with transaction():
        if rng.random() < 0.6:
            freight = rng.randint(0, freight_left(case)) if rng.random() < 0.5 else 0
            agree(case, freight_fen=freight, step=by_village(world.secretary))
        else:
            refuse(case, '发出前拍过照片，是好的。', step=by_village(world.secretary))


@operation(4)
def send_goods_back(world: World, rng: Random) -> None:
    """The buyer sends the goods back."""
    case = world.one(AftersaleCase, rng, AftersaleCase.status == S.AWAITING_RETURN)
    with transaction():
        send_back(case, *PARCEL, step=step_of())


@operation(4)
def take_goods_back(world: World, rng: Random) -> None:
    """The village has the goods back and counts what can be sold again; now and then it counts wrong."""
    case = world.one(AftersaleCase, rng, AftersaleCase.status == S.AWAITING_ARRIVAL)
    whole = rng.randint(0, case.units)
    with transaction():
        confirm_arrival(case, whole, case.units - whole + (rng.random() < 0.1), step=by_village(world.secretary))


@operation(3)
def count_goods_later(world: World, rng: Random) -> None:
    """Goods that never left, or that came back while nobody looked, are counted at last."""
    cases = world.all(AftersaleCase)
    case = chosen(rng, [case for case in cases if case.awaits_restocking] or cases)
    whole = rng.randint(0, case.units)
    with transaction():
        restock(case, whole, case.units - whole, step=by_village(world.member))


@operation(4)
def send_goods_again(world: World, rng: Random) -> None:
    """The village sends goods again, or gives the money back for what it has no more of."""
    case = world.one(AftersaleCase, rng, AftersaleCase.status == S.AWAITING_RESEND)
    with transaction():
        if rng.random() < 0.7:
            send_again(case, *PARCEL, step=by_village(world.member))
        else:
            refund_instead(case, step=by_village(world.secretary))


@operation(2)
def withdraw_claim(world: World, rng: Random) -> None:
    """The buyer takes a claim back."""
    case = world.one(AftersaleCase, rng, AftersaleCase.settled_at.is_(None))
    with transaction():
        withdraw(case, step=step_of())


@operation(3)
def appeal_refusal(world: World, rng: Random) -> None:
    """The buyer asks the department."""
    case = world.one(AftersaleCase, rng, AftersaleCase.status == S.REFUSED)
    with transaction():
        appeal(case, '开箱就是坏的。', step=step_of())


@operation(4)
def rule_about_claim(world: World, rng: Random) -> None:
    """The department decides: a sum for the buyer, what was asked for or another, or nothing."""
    case = world.one(AftersaleCase, rng, AftersaleCase.status == S.AT_PLATFORM)
    ruling = rng.choice(list(Ruling))
    fen = case.amount_fen if rng.random() < 0.5 else rng.randint(1, case.line.net_fen)
    with transaction():
        freight = rng.randint(0, max(0, freight_left(case))) if rng.random() < 0.3 else 0
        step = by_platform(world.county)
        rule(case, ruling, '照片清楚', amount_fen=fen, freight_fen=freight, step=step)


@operation(2)
def let_deadlines_pass(_world: World, rng: Random) -> None:
    """Time goes by, and acts on the cases nobody has acted on."""
    clock.shift(timedelta(hours=rng.choice((1, 49, 24 * 8))))
    pass_deadlines(terms=TERMS, at=clock.now())
    follow_aftersale_refunds()

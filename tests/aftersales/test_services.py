"""The life of a case: what each side does, what time does, and what every fen and every piece comes to."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop.accounts.models import Role
from shop.aftersales import services
from shop.aftersales.deadlines import follow_refunds
from shop.aftersales.models import AftersaleCase, AftersaleMoveError
from shop.aftersales.offers import UNSENT
from shop.aftersales.services import PartyError, RestockError, WordsMissingError
from shop.aftersales.states import AftersaleStatus, Party, Ruling
from shop.aftersales.steps import FreightTooLargeError
from shop.aftersales.worker import pass_deadlines
from shop.catalogue.stock import OutOfStockError
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import NotFoundError
from shop.ledger.checks import find_faults
from shop.ledger.models import BenefitEntry, SalesEntry
from shop.orders.couriers import TrackingNumberError
from shop.orders.models import Courier, OrderStatus
from shop.payments.models import Refund, RefundStatus
from shop.payments.worker import deliver_within
from tests.factories.accounts import make_reviewers, make_user
from tests.factories.aftersales import TERMS, by_platform, by_village, make_photo, open_claim, step_of
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of, make_payout, pool_of
from tests.factories.orders import bought, make_freight, receive, ship, stock_of
from tests.factories.suppliers import make_supplier
from tests.factories.villages import desk_user, make_team_member, make_tenure

S = AftersaleStatus
PARCEL = (Courier.ZTO, '7512 3456 7890')
pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def product(tenure):
    return make_listed_product(tenure=tenure, price_fen=1000, rule=333, stock=10)


@pytest.fixture
def village(tenure):
    return by_village(desk_user(tenure))


def act(name: str, case: AftersaleCase, *given, step=None, **named):
    """Take one step in a unit of work of its own, now."""
    step = step or step_of()
    with transaction():
        getattr(services, name)(case, *given, step=step_of(step.party, step.actor), **named)


def money_arrives(case: AftersaleCase) -> None:
    """The provider confirms the refund, the scheduled work writes it down."""
    deliver_within(at=clock.now())
    with transaction():
        assert follow_refunds(at=clock.now()) == 1
    assert case.status is S.REFUNDED


def sold() -> int:
    return db.session.scalar(select(func.sum(SalesEntry.amount_fen))) or 0


def borne() -> int:
    return db.session.scalar(select(func.sum(BenefitEntry.borne_by_supplier_fen))) or 0


@pytest.mark.parametrize(
    ('moment', 'pool', 'supplier'),
    [('sent', 666, 0), ('completed', 666, 0), ('paid_out', 997, 331)],
)
def test_one_of_three_pieces_comes_back_and_no_household_loses(product, village, moment, pool, supplier):
    order = ship(bought((product, 3)))
    if moment != 'sent':
        receive(order)
        assert pool_of(product).amount_fen == 999
    if moment == 'paid_out':
        make_payout(pool_of(product), households_of(product)[0], 333)
    case = open_claim(order.lines[0], 'return_refund')
    assert (case.amount_fen, case.due_at) == (1000, clock.now() + timedelta(hours=48))
    act('agree', case, step=village)
    act('send_back', case, *PARCEL)
    assert (case.status, case.return_number) == (S.AWAITING_ARRIVAL, '751234567890')
    act('confirm_arrival', case, 0, 1, step=village)
    assert (case.status, case.is_open, sold()) == (S.REFUNDING, False, 2000)
    if moment == 'sent':
        receive(order)
    assert (pool_of(product).amount_fen, borne(), stock_of(product)) == (pool, supplier, 7)
    money_arrives(case)
    assert [event.to_status.value for event in case.events] == [
        'awaiting_village', 'awaiting_return', 'awaiting_arrival', 'refunding', 'refunded',
    ]  # fmt: skip
    assert find_faults() == []


def test_pieces_come_back_one_by_one_and_sum_to_the_line(tenure, village):
    product = make_listed_product(tenure=tenure, price_fen=1000, rule=333, stock=10)
    order = bought((product, 3))
    with transaction():
        order.lines[0].discount_fen, order.lines[0].net_fen = 1, 2999
    given = []
    ship(order)
    for _turn in range(3):
        case = open_claim(order.lines[0], 'return_refund')
        act('agree', case, step=village)
        act('send_back', case, *PARCEL)
        act('confirm_arrival', case, 1, 0, step=village)
        given.append(case.granted_fen)
    assert (given, order.status, stock_of(product)) == ([999, 1000, 1000], OrderStatus.CLOSED, 10)


def test_what_was_never_sent_goes_back_with_the_freight_and_restocking_is_decided_later(tenure, village):
    supplier = make_supplier(tenure.village)
    make_freight(supplier)
    product = make_listed_product(tenure=tenure, supplier=supplier, price_fen=1000, stock=10)
    order = bought((product, 3))
    case = open_claim(order.lines[0], UNSENT, 3)
    act('agree', case, step=village)
    assert (case.granted_fen, case.freight_fen, order.status) == (3000, 1400, OrderStatus.CLOSED)
    assert (stock_of(product), case.awaits_restocking) == (7, True)
    with pytest.raises(RestockError):
        act('restock', case, 2, 0, step=village)
    act('restock', case, 2, 1, step=village)
    assert stock_of(product) == 9
    with pytest.raises(AftersaleMoveError):
        act('restock', case, 3, 0, step=village)
    money_arrives(case)
    assert find_faults() == []


def test_freight_is_given_beside_the_goods_as_the_village_says_and_only_once(tenure, village):
    supplier = make_supplier(tenure.village)
    make_freight(supplier)
    products = [make_listed_product(tenure=tenure, supplier=supplier, price_fen=1000) for _ in range(2)]
    order = ship(bought((products[0], 1), (products[1], 1)))
    first, second = (open_claim(line, 'return_refund') for line in order.lines)
    act('agree', first, freight_fen=1000, step=village)
    with pytest.raises(FreightTooLargeError):
        act('agree', second, freight_fen=101, step=village)
    act('agree', second, freight_fen=100, step=village)
    for case in (first, second):
        act('send_back', case, *PARCEL)
        act('confirm_arrival', case, 1, 0, step=village)
    assert db.session.scalars(select(Refund.amount_fen).order_by(Refund.id)).all() == [2000, 1100]
    assert find_faults() == []


@pytest.mark.parametrize(('key', 'end'), [('replace', S.REPLACED), ('resend', S.RESENT)])
def test_goods_are_sent_again_from_stock_and_no_money_moves(product, village, key, end):
    order = ship(bought((product, 3)))
    case = open_claim(order.lines[0], key, 2)
    act('agree', case, step=village)
    if key == 'replace':
        act('send_back', case, *PARCEL)
        act('confirm_arrival', case, 0, 2, step=village)
    with pytest.raises(TrackingNumberError):
        act('send_again', case, Courier.ZTO, 'abc', step=village)
    act('send_again', case, *PARCEL, step=village)
    assert (case.status, stock_of(product), sold(), order.disputed_at) == (end, 5, 3000, None)
    assert open_claim(order.lines[0], 'return_refund').units == 1
    assert find_faults() == []


def test_what_is_out_of_stock_is_refunded_instead(tenure, village):
    product = make_listed_product(tenure=tenure, price_fen=1000, stock=3)
    case = open_claim(ship(bought((product, 3))).lines[0], 'resend', 2)
    act('agree', case, step=village)
    with pytest.raises(OutOfStockError):
        act('send_again', case, *PARCEL, step=village)
    assert case.status is S.AWAITING_RESEND
    act('refund_instead', case, step=village)
    assert (case.status, case.granted_fen, sold()) == (S.REFUNDING, 2000, 1000)
    assert find_faults() == []


@pytest.mark.parametrize('ruling', Ruling)
def test_a_refusal_is_appealed_and_the_department_decides(product, village, tenure, ruling):
    order = ship(bought((product, 3)))
    case = open_claim(order.lines[0], 'spoiled', 2)
    with pytest.raises(WordsMissingError):
        act('refuse', case, '', step=village)
    act('refuse', case, '照片看不出坏', (make_photo(),), step=village)
    assert (case.status, case.is_open) == (S.REFUSED, True)
    act('appeal', case, '切开就是烂的', (make_photo(),))
    _township, county, _city = make_reviewers(tenure.village)
    office = by_platform(county)
    with pytest.raises(WordsMissingError):
        act('rule', case, Ruling.BUYER, '证据充分', amount_fen=3001, step=office)
    act('rule', case, ruling, '证据充分', amount_fen=500, step=office)
    assert [len(event.photos) for event in case.events[:3]] == [1, 1, 1]
    if ruling is Ruling.VILLAGE:
        assert (case.status, case.refund, sold(), order.disputed_at) == (S.RULED, None, 3000, None)
    else:
        assert (case.status, case.granted_fen, sold()) == (S.REFUNDING, 500, 2500)
        assert [line.quantity for line in case.refund.lines] == [0]
        money_arrives(case)
    assert find_faults() == []


def test_nobody_decides_who_is_party_to_it_or_out_of_its_place(product, village, tenure):
    order = ship(bought((product, 3)))
    _township, county, _city = make_reviewers(tenure.village)
    with transaction():
        order.user_id = county.id
    case = open_claim(order.lines[0], 'return_refund')
    act('refuse', case, '已过保质期', step=village)
    act('appeal', case, '没有过')
    elsewhere = make_user(Role.COUNTY_DEPARTMENT, region=make_tenure().village.county.parent)
    for actor in (county, village.actor, elsewhere):
        with pytest.raises(PartyError):
            act('rule', case, Ruling.BUYER, '同意', amount_fen=1000, step=by_platform(actor))
    with pytest.raises(NotFoundError):
        act('agree', case, step=by_village(desk_user(make_tenure())))
    assert case.status is S.AT_PLATFORM


def test_the_team_handles_goods_and_gives_no_money(product, tenure, village):
    team = by_village(make_team_member(tenure.village))
    case = open_claim(ship(bought((product, 3))).lines[0], 'resend')
    with pytest.raises(NotFoundError):
        act('agree', case, step=team)
    act('add_evidence', case, '发货时是三件', (make_photo(),), step=team)
    act('agree', case, step=village)
    act('send_again', case, *PARCEL, step=team)
    assert [(event.party, event.actor_id) for event in case.events[1:2]] == [(Party.VILLAGE, team.actor_id)]


def pass_time(**span) -> int:
    clock.shift(timedelta(**span))
    done = pass_deadlines(terms=TERMS, at=clock.now())
    assert pass_deadlines(terms=TERMS, at=clock.now()) == 0
    return done


@pytest.mark.parametrize(
    ('key', 'steps', 'end'),
    [
        (UNSENT, [{'hours': 48}], S.REFUNDING),
        ('refund_only', [{'hours': 48}], S.REFUNDING),
        ('return_refund', [{'hours': 48}, {'days': 7}], S.WITHDRAWN),
        ('resend', [{'hours': 48}, {'hours': 48}], S.AT_PLATFORM),
    ],
)
def test_silence_of_the_village_agrees_and_silence_of_the_buyer_ends_it(product, key, steps, end):
    order = bought((product, 3))
    if key != UNSENT:
        ship(order)
    case = open_claim(order.lines[0], key)
    clock.shift(timedelta(seconds=-1))
    for span in steps:
        assert pass_time(**span) == (span is not steps[0])
        assert pass_time(seconds=1) == (span is steps[0])
    assert (case.status, case.events[-1].party) == (end, Party.SYSTEM)
    assert find_faults() == []


@pytest.mark.parametrize(('key', 'end'), [('return_refund', S.REFUNDING), ('replace', S.AWAITING_RESEND)])
def test_a_parcel_nobody_confirms_counts_as_arrived_and_its_goods_are_counted_later(product, village, key, end):
    case = open_claim(ship(bought((product, 3))).lines[0], key)
    act('agree', case, step=village)
    act('send_back', case, *PARCEL)
    assert pass_time(days=10) == 1
    assert (case.status, case.awaits_restocking, stock_of(product)) == (end, True, 7)
    act('restock', case, 1, 0, step=village)
    assert stock_of(product) == 8


def test_a_refusal_nobody_appeals_is_the_end_of_it(product, village):
    order = bought((product, 3))
    case = open_claim(order.lines[0], UNSENT, 2)
    act('refuse', case, '已经打包', step=village)
    assert order.lines[0].unshipped == 3
    clock.shift(timedelta(days=7))
    with pytest.raises(AftersaleMoveError):
        act('appeal', case, '还没发')
    assert pass_time() == 1
    assert (case.status, case.is_open, order.disputed_at) == (S.REFUSED, False, None)
    assert find_faults() == []


def test_time_decides_before_the_worker_does(product, village):
    """The village refuses a second too late, and the buyer sends back too late: what time did stands."""
    case = open_claim(ship(bought((product, 3))).lines[0], 'return_refund')
    clock.shift(timedelta(hours=48))
    with pytest.raises(AftersaleMoveError):
        act('refuse', case, '太晚了', step=village)
    pass_time()
    clock.shift(timedelta(days=7))
    with pytest.raises(AftersaleMoveError):
        act('send_back', case, *PARCEL)


def test_what_the_department_gives_for_unsent_goods_is_not_sent_any_more(product, village, tenure):
    order = bought((product, 3))
    case = open_claim(order.lines[0], UNSENT, 2)
    act('refuse', case, '已经打包', step=village)
    act('appeal', case, '一直没发')
    act('rule', case, Ruling.BUYER, '确未发货', amount_fen=2000, step=by_platform(make_reviewers(tenure.village)[1]))
    assert (order.lines[0].unshipped, case.awaits_restocking) == (1, True)
    ship(order)
    assert order.status is OrderStatus.AWAITING_RECEIPT
    assert find_faults() == []


def test_money_that_comes_back_is_sent_again_by_the_desk(product, village):
    case = open_claim(bought((product, 3)).lines[0], UNSENT)
    act('agree', case, step=village)
    with pytest.raises(AftersaleMoveError):
        act('retry', case, step=village)
    money_arrives(case)
    with transaction():
        case.refund.move(RefundStatus.FAILED, actor_id=None, at=clock.now(), reason='销户')
        case.refund.succeeded_at = None
    assert (case.shown_status, case.is_refund_failed) == (S.REFUNDING, True)
    with transaction():
        assert follow_refunds(at=clock.now()) == 1
    act('retry', case, step=village)
    assert (case.refund.status, case.refund.attempt) == (RefundStatus.REQUESTED, 2)

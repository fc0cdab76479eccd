"""The letters of a case: one at each step, in the buyer's language, with what happens next and no household."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.aftersales import services
from shop.aftersales.deadlines import follow_refunds
from shop.aftersales.states import AftersaleStatus, Ruling
from shop.aftersales.worker import pass_deadlines
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.languages import find_language, speaking
from shop.letters.models import Letter
from shop.orders.models import Courier
from shop.payments.models import RefundStatus
from shop.payments.worker import deliver_within
from shop.storefront.order_letters import compose
from tests.factories.accounts import make_reviewers
from tests.factories.aftersales import TERMS, by_platform, by_village, open_claim, step_of
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import households_of
from tests.factories.orders import bought, ship
from tests.factories.villages import desk_user, make_tenure

ADDRESS = 'li.hong@example.com'
PARCEL = (Courier.ZTO, '751234567890')
OPENED = '售后申请已提交'
pytestmark = pytest.mark.usefixtures('app', 'clock_hand')


@pytest.fixture
def tenure(app, clock_hand):
    return make_tenure()


@pytest.fixture
def people(tenure):
    """Who acts, by the first letter of the party: buyer, village, platform."""
    actors = {'v': by_village(desk_user(tenure)), 'p': by_platform(make_reviewers(tenure.village)[1])}
    return {'b': step_of(), **actors}


@pytest.fixture
def order(tenure):
    product = make_listed_product(tenure=tenure, price_fen=1000, rule=333, stock=10)
    order = ship(bought((product, 3)))
    with transaction():
        order.checkout.email = ADDRESS
    return order


def letters(language: str = 'zh') -> list[tuple[str, str]]:
    """Write every letter there is: its subject, and its paragraphs."""
    db.session.rollback()
    queued = db.session.scalars(select(Letter).order_by(Letter.id)).all()
    assert {(letter.recipient, letter.language) for letter in queued} <= {(ADDRESS, language)}
    with speaking(find_language(language)):
        contents = [compose(letter) for letter in queued]
    return [(content.subject, '\n'.join(content.paragraphs)) for content in contents]


def play(case, people, steps) -> None:
    """Let everybody act in turn; days alone let time act."""
    for who, name, *given in steps:
        if not name:
            clock.shift(timedelta(days=given[0]))
            pass_deadlines(terms=TERMS, at=clock.now())
            continue
        step = people[who]
        named = given.pop() if given and isinstance(given[-1], dict) else {}
        with transaction():
            getattr(services, name)(case, *given, step=step_of(step.party, step.actor), **named)


AGREED, BACK, NO, APPEAL = (
    ('v', 'agree'),
    ('b', 'send_back', *PARCEL),
    ('v', 'refuse', '100%不符'),
    ('b', 'appeal', '符'),
)
GIVE = ('p', 'rule', Ruling.BUYER, '证据充分', {'amount_fen': 500})
SENT_BACK, PLATFORM = '寄回的运单已记下', '售后已转平台处理'
ASKED_BACK, REFUSED = '售后已同意，请把商品寄回', '村里没有同意您的售后'


@pytest.mark.parametrize(
    ('key', 'steps', 'titles', 'said'),
    [
        ('refund_only', [AGREED], ['售后已同意，退款 ¥10.00'], '¥10.00 正在原路退回'),
        ('refund_only', [('', '', 2)], ['售后已同意，退款 ¥10.00'], '商家超时未处理，自动同意'),
        (
            'return_refund', [AGREED, BACK, ('v', 'confirm_arrival', 1, 0)],
            [ASKED_BACK, SENT_BACK, '退货办完，退款 ¥10.00'], '村里收到了寄回的商品。',
        ),
        ('return_refund', [AGREED, BACK], [ASKED_BACK, SENT_BACK], '运单：中通快递 751234567890'),
        (
            'return_refund', [AGREED, BACK, ('', '', 10)],
            [ASKED_BACK, SENT_BACK, '退货办完，退款 ¥10.00'], '商家超时未确认收货，自动进入下一步',
        ),
        ('return_refund', [AGREED, ('', '', 7)], [ASKED_BACK, '售后已关闭'], '超时没有寄回，售后关闭'),
        (
            'replace', [AGREED, BACK, ('v', 'confirm_arrival', 0, 1), ('v', 'send_again', *PARCEL)],
            [ASKED_BACK, SENT_BACK, '退货办完，村里会发出换的货', '换的货已经发出'], '发出：中通快递 751234567890。',
        ),
        (
            'resend', [AGREED, ('v', 'send_again', *PARCEL)],
            ['售后已同意，村里会补发', '补的货已经发出'], '补的货已经发出：中通快递 751234567890。',
        ),
        (
            'resend', [AGREED, ('v', 'refund_instead')],
            ['售后已同意，村里会补发', '村里没有货可发，改为退款 ¥10.00'], '¥10.00 正在原路退回',
        ),
        ('resend', [AGREED, ('', '', 2)], ['售后已同意，村里会补发', PLATFORM], '商家超时没有发出，转平台处理'),
        ('refund_only', [NO], [REFUSED], '理由：100%不符\n村里没有同意。不服的话，2026-06-22 12:00 前'),
        ('refund_only', [NO, ('', '', 7)], [REFUSED, '售后已关闭'], '到期没有申请平台介入，这件售后已经了结。'),
        (
            'refund_only', [NO, APPEAL, GIVE],
            [REFUSED, PLATFORM, '平台裁定：支持买家，退款 ¥5.00'], '理由：证据充分\n¥5.00 正在原路退回',
        ),
        (
            'refund_only', [NO, APPEAL, ('p', 'rule', Ruling.VILLAGE, '不足')],
            [REFUSED, PLATFORM, '平台裁定：支持商家'], '理由：不足\n平台已经裁定，这件售后到此结束。',
        ),
        ('replace', [('b', 'withdraw')], ['售后已关闭'], '这件售后已经撤销，没有退款。'),
    ],
)  # fmt: skip
def test_every_step_is_told_once_with_what_happens_next(order, people, key, steps, titles, said):
    case = open_claim(order.lines[0], key)
    play(case, people, steps)
    told = letters()
    assert [title for title, _words in told] == [OPENED, *titles]
    assert '村里最晚 2026-06-17 12:00 前处理' in told[0][1]
    assert said in told[-1][1]
    for household in households_of(order.lines[0].product):
        assert household.masked_name not in str(told)


def test_money_that_the_bank_sent_back_is_told_in_the_buyers_language(order, people):
    with transaction():
        order.checkout.language = 'en'
    case = open_claim(order.lines[0], 'refund_only')
    play(case, people, [AGREED])
    deliver_within(at=clock.now())
    with transaction():
        follow_refunds(at=clock.now())
    with transaction():
        case.refund.move(RefundStatus.FAILED, actor_id=None, at=clock.now(), reason='销户')
        case.refund.succeeded_at = None
    with transaction():
        assert follow_refunds(at=clock.now()) == 1
    assert case.status is AftersaleStatus.REFUNDING
    causes = db.session.scalars(select(Letter.cause).where(Letter.kind == 'after_sale').order_by(Letter.id)).all()
    steps = [cause.removeprefix(f'after_sale:case:{case.id}:') for cause in causes]
    assert steps == ['awaiting_village', 'refunding', 'came_back:1']
    assert '村里' not in letters('en')[-1][1]


def test_a_guest_without_an_address_gets_none(order, people):
    with transaction():
        order.checkout.email = ''
    play(open_claim(order.lines[0], 'return_refund'), people, [AGREED, BACK])
    assert letters() == []

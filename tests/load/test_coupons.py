"""Two hundred signed-in buyers hold a coupon whose budget reaches for twenty: twenty discounts, the others are told."""

from sqlalchemy import func, select

from shop.coupons.models import CouponUse
from shop.kit.database import db, transaction
from tests.factories.accounts import make_user
from tests.factories.coupons import claim, make_series, spent_of
from tests.factories.endorsements import make_listed_product
from tests.load.crowd import Answer, Crowd
from tests.load.steps import want_one
from tests.support.invariants import faults, stock_now

BUYERS, USES, OFF = 200, 20, 1_000
PRICE_FEN = 6_000


def use_at_once(url: str, *, buyers: int, uses: int, seed: int):
    """Let everybody place an order with their coupon at one moment; return the series and the answers."""
    product = make_listed_product(stock=1_000, price_fen=PRICE_FEN)
    variant_id = product.variants[0].id
    series = make_series(product.village.county, budget_fen=uses * OFF + OFF // 2)
    crowd = Crowd(url, buyers, seed=seed)
    coupons = {}
    with transaction():
        users = [make_user() for _ in crowd.shoppers]
        claims = [claim(series, user).id for user in users]
    for shopper, user, claim_id in zip(crowd.shoppers, users, claims, strict=True):
        shopper.sign_in(user)
        coupons[id(shopper)] = f'{claim_id}:{OFF}'
    want_one(crowd, variant_id, PRICE_FEN)
    return series, crowd.do(lambda shopper: shopper.check_out(coupon=coupons[id(shopper)]))


def is_told(answer: Answer) -> bool:
    """Whether the shopper is told that the coupon takes nothing off, and sees the page again."""
    return answer.status == 409 and ('这一次用不了' in answer.text or '这一次减不了' in answer.text)


def count_uses() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(CouponUse)) or 0


def test_a_budget_for_twenty_gives_twenty_discounts(app, servers, seed):
    series, answers = use_at_once(servers().url, buyers=BUYERS, uses=USES, seed=seed)
    assert sum(bool(answer.reference) for answer in answers) == USES
    assert [answer.text[:200] for answer in answers if not answer.reference and not is_told(answer)] == []
    assert (count_uses(), spent_of(series)) == (USES, USES * OFF)
    assert faults(dict.fromkeys(stock_now(), 1_000)) == []


def test_a_budget_that_is_looked_at_before_it_is_taken_would_be_seen(app, servers, seed):
    _series, answers = use_at_once(servers(mistake='budget_seen_before').url, buyers=30, uses=5, seed=seed)
    assert sum(bool(answer.reference) for answer in answers) > 5
    assert faults(dict.fromkeys(stock_now(), 1_000)) != []

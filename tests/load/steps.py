"""What crowds do in more than one scenario, and what is counted afterwards."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select

from shop.catalogue.models import Variant
from shop.kit.database import db
from tests.load.crowd import Answer, Crowd, Shopper

PRICE_FEN = 3990


def want_one(crowd: Crowd, variant_id: int, price_fen: int = PRICE_FEN) -> None:
    """Let everybody want one unit of the same variant, and have it in the basket."""
    for shopper in crowd.shoppers:
        shopper.wanted = {variant_id: (1, price_fen)}
    assert {answer.status for answer in crowd.do(Shopper.fill_basket, hands=16)} == {303}


def kinds(answers: Sequence[Answer]) -> Counter[str]:
    """Count the answers by what they tell the shopper."""
    return Counter(
        'sold' if answer.reference else 'sold out' if answer.says_sold_out else f'{answer.status} {answer.text[:200]}'
        for answer in answers
    )


def pay_all(crowd: Crowd, answers: Sequence[Answer]) -> None:
    """Let everybody who got something pay it, at once."""
    references = {id(shopper): answer.reference for shopper, answer in zip(crowd.shoppers, answers, strict=True)}
    payers = [shopper for shopper in crowd.shoppers if references[id(shopper)]]
    came_back = Crowd.of(payers).do(lambda shopper: shopper.pay(references[id(shopper)]))
    assert {answer.status for answer in came_back} == {303}


def count(model: type) -> int:
    """Count the rows as the servers have left them."""
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def want_several(crowd: Crowd) -> None:
    """Let everybody want some of the goods, in an order of their own."""
    variants = db.session.scalars(select(Variant.id)).all()
    db.session.rollback()
    for shopper in crowd.shoppers:
        chosen = shopper.rng.sample(variants, shopper.rng.randint(2, 4))
        shopper.wanted = {variant: (shopper.rng.randint(1, 2), PRICE_FEN) for variant in chosen}
    assert {answer.status for answer in crowd.do(Shopper.fill_basket, hands=16)} == {303}

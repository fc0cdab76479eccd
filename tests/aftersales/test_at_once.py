"""Two who come at once: one of them goes first, and the other is told so."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from shop.accounts.models import User
from shop.aftersales.models import AftersaleCase
from shop.aftersales.opening import Claim, open_case
from shop.aftersales.services import agree, withdraw
from shop.aftersales.states import AftersaleReason, AftersaleStatus
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.ledger.checks import find_faults
from shop.orders.models import OrderLine
from shop.payments.models import Refund
from tests.factories.aftersales import by_village, open_claim, step_of
from tests.factories.endorsements import make_listed_product
from tests.factories.orders import bought, ship
from tests.factories.villages import desk_user, make_tenure

S = AftersaleStatus
pytestmark = pytest.mark.usefixtures('clock_hand')


def at_once(app, *acts: Callable[[], object]) -> list[str]:
    """Let each act in a unit of work of its own, all at the same moment; return what each came to."""
    ready, ends = threading.Barrier(len(acts), timeout=30), []

    def run(act: Callable[[], object]) -> None:
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    act()
                ends.append('done')
            except BusinessError as error:
                ends.append(type(error).__name__)

    hands = [threading.Thread(target=run, args=(act,)) for act in acts]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    db.session.rollback()
    return sorted(ends)


def test_two_claims_on_the_same_pieces_are_one(app):
    line_id = ship(bought((make_listed_product(stock=9), 3))).lines[0].id

    def claim() -> None:
        wanted = Claim('return_refund', 2, 0, AftersaleReason.QUALITY, '')
        open_case(db.session.get_one(OrderLine, line_id), wanted, step_of())

    assert at_once(app, claim, claim, claim) == ['OpenCaseError', 'OpenCaseError', 'done']
    assert db.session.scalar(select(func.count(AftersaleCase.id))) == 1
    assert find_faults() == []


def test_agreeing_and_withdrawing_at_once_is_one_of_the_two(app):
    tenure = make_tenure()
    case_id = open_claim(bought((make_listed_product(tenure=tenure, stock=9), 3)).lines[0], 'unsent', 2).id
    secretary_id = desk_user(tenure).id

    def give() -> None:
        actor = db.session.get_one(User, secretary_id)
        agree(db.session.get_one(AftersaleCase, case_id), step=by_village(actor))

    def take_back() -> None:
        withdraw(db.session.get_one(AftersaleCase, case_id), step=step_of())

    assert at_once(app, give, take_back) == ['AftersaleMoveError', 'done']
    case = db.session.get_one(AftersaleCase, case_id)
    refunds = db.session.scalar(select(func.count(Refund.id)))
    assert (case.status, refunds) in {(S.REFUNDING, 1), (S.WITHDRAWN, 0)}
    assert case.line.withheld_quantity == (2 if refunds else 0)
    assert find_faults() == []

"""What may happen to payout batches: each goes its way step by step, with objections and changes of mind."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from shop.jobs.schedule import end_payout_notices
from shop.kit import clock
from shop.kit.crypto import new_token
from shop.kit.database import transaction
from shop.payouts.forms import ObjectionForm
from shop.payouts.models import BatchStatus, LineStatus, PayoutBatch, PayoutLine
from shop.payouts.objection_models import PayoutObjection, PayoutObjectionStatus
from shop.payouts.objections import decide_objection, receive_objection
from shop.payouts.paying import add_slip, pay_cash
from shop.payouts.receipts import confirm_receipt
from shop.payouts.services import (
    approve_batch,
    archive_batch,
    cancel_batch,
    compute_batch,
    confirm_batch,
    put_on_notice,
    return_batch,
)
from shop.villages.models import Household
from tests.ledger.operations import World, chosen, operation

B, L = BatchStatus, LineStatus
NOTICE_DAYS = 10
STEP_TAKEN = 0.9


@operation(4)
def compute_payouts(world: World, _rng: Random) -> None:
    """The village computes what its households are due, and sends the form twice."""
    token = new_token()
    for _ in range(2):
        with transaction():
            compute_batch(world.village, form_token=token, actor=world.member, at=clock.now())


@operation(12)
def go_on_with_batch(world: World, rng: Random) -> None:
    """A batch takes its next step: the village's, the clock's, the township's; now and then another one's."""
    batch = world.one(PayoutBatch, rng, PayoutBatch.status.in_(STEPS))
    status = batch.status if rng.random() < STEP_TAKEN else rng.choice(list(STEPS))
    if status in STEPS:
        STEPS[status](world, rng, batch)


@operation(1)
def send_batch_back(world: World, rng: Random) -> None:
    """The township does not agree."""
    batch = world.one(PayoutBatch, rng, PayoutBatch.status == B.IN_REVIEW)
    with transaction():
        return_batch(batch, reason='名单不全', actor=world.township, at=clock.now())


@operation(1)
def give_batch_up(world: World, rng: Random) -> None:
    """The village gives a batch up that was not paid yet; what it held is due again."""
    batch = world.one(PayoutBatch, rng, PayoutBatch.status.in_((B.COMPUTED, B.RETURNED, B.DUE)))
    with transaction():
        cancel_batch(batch, reason='重新测算', actor=world.secretary, at=clock.now())


@operation(3)
def object_to_line(world: World, rng: Random) -> None:
    """Somebody says that a household's line is wrong; the form comes once or twice."""
    batch = world.one(PayoutBatch, rng, PayoutBatch.status == B.ON_NOTICE)
    code = chosen(rng, world.all(Household)).self_check_code
    form = ObjectionForm(code, {code}, '金额和村里公示的不一样。', '', new_token(), {})
    for _ in range(rng.randint(1, 2)):
        with transaction():
            receive_objection(batch, form, visit_digest=new_token(), keys='test', at=clock.now())


@operation(3)
def decide_about_objection(world: World, rng: Random) -> None:
    """The township finds that an objection is right, or not."""
    objection = world.one(PayoutObjection, rng, PayoutObjection.status == PayoutObjectionStatus.RECEIVED)
    is_upheld = rng.random() < 0.4
    with transaction():
        decide_objection(objection, is_upheld=is_upheld, answer='已核对', actor=world.township, at=clock.now())


@operation(1)
def confirm_money_came(world: World, rng: Random) -> None:
    """A household says that its money came."""
    household = chosen(rng, world.all(Household))
    with transaction():
        confirm_receipt(
            {household.self_check_code}, household.head_name, visit_digest=new_token(), at=clock.now()
        )  # fmt: skip


def _confirm(world: World, _rng: Random, batch: PayoutBatch) -> None:
    with transaction():
        confirm_batch(batch, actor=world.secretary, at=clock.now())


def _put_on_notice(world: World, _rng: Random, batch: PayoutBatch) -> None:
    with transaction():
        put_on_notice(batch, days=NOTICE_DAYS, actor=world.secretary, at=clock.now())


def _let_notice_end(_world: World, rng: Random, _batch: PayoutBatch) -> None:
    clock.shift(timedelta(days=rng.choice((1, NOTICE_DAYS, NOTICE_DAYS))))
    end_payout_notices()


def _approve(world: World, _rng: Random, batch: PayoutBatch) -> None:
    with transaction():
        approve_batch(batch, actor=world.township, at=clock.now())


def _pay(world: World, rng: Random, batch: PayoutBatch) -> None:
    """All that wait, or some lines, are paid in cash; the form is sent twice, and the second books nothing."""
    lines = world.all(PayoutLine, PayoutLine.batch_id == batch.id)
    ids = None if rng.random() < 0.4 else [line.id for line in lines if rng.random() < 0.5]
    paid_on = clock.today() - timedelta(days=rng.random() < 0.2)
    booked = []
    for _ in range(2):
        with transaction():
            booked.append(
                pay_cash(batch, ids, evidence='现金签领', paid_on=paid_on, actor=world.member, at=clock.now())
            )  # fmt: skip
        if batch.status not in {B.DUE, B.PARTLY_PAID}:
            break
    assert booked[1:] in ([], [0])


def _add_slip(world: World, rng: Random, batch: PayoutBatch) -> None:
    with transaction():
        add_slip(batch, f'{rng.randint(1, 9)}', note='', actor=world.member, at=clock.now())


def _archive(world: World, _rng: Random, batch: PayoutBatch) -> None:
    with transaction():
        archive_batch(batch, actor=world.township, at=clock.now())


STEPS: dict[BatchStatus, Callable[[World, Random, PayoutBatch], None]] = {
    B.COMPUTED: _confirm,
    B.RETURNED: _confirm,
    B.CONFIRMED: _put_on_notice,
    B.ON_NOTICE: _let_notice_end,
    B.IN_REVIEW: _approve,
    B.DUE: _pay,
    B.PARTLY_PAID: _pay,
    B.PAID: _add_slip,
    B.EVIDENCED: _archive,
}

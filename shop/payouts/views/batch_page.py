"""The desk's page of one batch: its lines, its evidence, and what can be done with it now."""

from collections.abc import Mapping, Sequence

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from shop.accounts.access import required_user
from shop.kit import clock
from shop.payouts.lines import missing_evidence
from shop.payouts.models import BatchStatus, PayoutBatch
from shop.payouts.policies import may_confirm
from shop.payouts.queries import NOTHING, bank_files_of, lines_of, objections_of, slips_of, sums_of

B = BatchStatus
# The way of a batch that nothing stops, as the steps of a page show it.
WAY = (B.COMPUTED, B.CONFIRMED, B.ON_NOTICE, B.IN_REVIEW, B.DUE, B.PAID, B.EVIDENCED, B.ARCHIVED)
STAND = {B.PARTLY_PAID: B.DUE, B.RETURNED: B.COMPUTED}


def place_on_way(batch: PayoutBatch) -> int:
    """Return how many steps of the way are behind a batch; none of one that was given up."""
    return WAY.index(STAND.get(batch.status, batch.status)) if batch.status is not B.CANCELLED else -1


def show_batch(
    batch: PayoutBatch,
    *,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    faults: Sequence[str] = (),
    chosen: Sequence[str] = (),
    refusal: str = '',
    code: int = 200,
) -> ResponseReturnValue:
    """Show a batch at the desk, with what was typed and what was wrong with it."""
    page = render_template(
        'payouts/desk/show.html',
        village=batch.village,
        batch=batch,
        lines=lines_of(batch),
        sums=sums_of([batch.id]).get(batch.id, NOTHING),
        slips=slips_of(batch),
        bank_files=bank_files_of(batch),
        objections=objections_of(batch),
        missing=missing_evidence(batch),
        way=WAY,
        place=place_on_way(batch),
        notice_days=current_app.config['PAYOUT_NOTICE_DAYS'],
        is_secretary=may_confirm(required_user(), batch.village),
        today=clock.today(),
        errors=errors or {},
        typed=typed or {},
        chosen=chosen,
        faults=faults,
        refusal=refusal,
    )
    return page, code

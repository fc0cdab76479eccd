"""A household's own word that its money came: by self-check code and the head's name, and nothing is ever told back.

Right and wrong get the same answer, so nobody can find out with it who a code belongs to.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from shop.kit.crypto import token_digest
from shop.kit.database import db, lock_row
from shop.payouts.evidence_models import PayoutReceipt
from shop.payouts.lines import follow_lines
from shop.payouts.models import LineStatus, PayoutBatch, PayoutLine
from shop.payouts.objections import TooManyError
from shop.villages.models import Household

MOST_PER_VISIT, VISIT_SPAN = 10, timedelta(hours=1)
MOST_PER_CODE, CODE_SPAN = 10, timedelta(days=1)


def confirm_receipt(codes: Collection[str], name: str, *, visit_digest: str, at: datetime) -> None:
    """Keep that the household with this code and this head has what was paid to it; raises `TooManyError`."""
    code_digest = token_digest(min(codes))
    _require_room(visit_digest, code_digest, at)
    lines = db.session.execute(
        select(PayoutLine.id, PayoutLine.batch_id)
        .join(Household, Household.id == PayoutLine.household_id)
        .where(
            Household.self_check_code.in_(codes),
            Household.head_name == name,
            PayoutLine.status == LineStatus.PAID,
            PayoutLine.confirmed_at.is_(None),
        )
    ).all()
    for batch_id in sorted({its_batch for _line_id, its_batch in lines}):
        batch = db.session.get_one(PayoutBatch, batch_id)
        lock_row(batch)
        db.session.execute(
            update(PayoutLine)
            .where(PayoutLine.id.in_([line_id for line_id, its_batch in lines if its_batch == batch_id]))
            .values(confirmed_at=at)
            .execution_options(synchronize_session=False)
        )
        follow_lines(batch, actor_id=None, at=at)
    db.session.add(PayoutReceipt(code_digest=code_digest, visit_digest=visit_digest, at=at, line_count=len(lines)))
    db.session.flush()


def _require_room(visit_digest: str, code_digest: str, at: datetime) -> None:
    tries = (
        (PayoutReceipt.visit_digest == visit_digest, VISIT_SPAN, MOST_PER_VISIT),
        (PayoutReceipt.code_digest == code_digest, CODE_SPAN, MOST_PER_CODE),
    )
    for mine, span, most in tries:
        if (db.session.scalar(select(func.count()).where(mine, PayoutReceipt.at > at - span)) or 0) >= most:
            raise TooManyError(_('试的次数太多了，请明天再来，或直接告诉驻村工作队。'))

"""Units of work of the scheduled work: each case on its own, so that one that fails keeps no other waiting."""

from datetime import datetime

from shop.aftersales.deadlines import due_cases, pass_deadline
from shop.aftersales.terms import Terms
from shop.kit.database import db, transaction


def pass_deadlines(*, terms: Terms, at: datetime) -> int:
    """Let time act on the cases whose deadline is over; return on how many.

    Afterwards the faults are raised, in an `ExceptionGroup`.
    """
    waiting = due_cases(at=at)
    db.session.rollback()
    faults = []
    for case_id in waiting:
        try:
            with transaction():
                pass_deadline(case_id, terms=terms, at=at)
        except Exception as fault:  # noqa: BLE001  whatever it is, the others go on
            faults.append(fault)
    if faults:
        raise ExceptionGroup('deadlines of after-sale cases could not be acted on', faults)
    return len(waiting)

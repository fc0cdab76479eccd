"""Putting letters into the outbox, claiming them, and noting what became of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from shop.accounts.models import User
from shop.kit.database import db, dialect_name, lock_row
from shop.letters.models import MAX_ERROR, MAX_SUBJECT, Letter, LetterStatus

BATCH = 100
# How long after each attempt the next one waits; after the last there is none.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
MAX_ATTEMPTS = len(WAITS) + 1


def queue_letter(
    cause: str, *, kind: str, recipient: str, language: str, facts: Mapping[str, Any], at: datetime
) -> None:
    """Put a letter into the outbox, in the unit of work of what it tells; the same cause is told once."""
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    values = {
        'cause': cause,
        'kind': kind,
        'recipient': recipient,
        'language': language,
        'facts': dict(facts),
        'status': LetterStatus.QUEUED,
        'attempts': 0,
        'queued_at': at,
        'due_at': at,
        'subject': '',
        'last_error': '',
    }
    db.session.execute(insert(Letter).values(values).on_conflict_do_nothing(index_elements=['cause']))


def due_letters(*, at: datetime) -> list[int]:
    """Return the letters whose time has come, the longest waiting first."""
    due = select(Letter.id).where(Letter.status == LetterStatus.QUEUED, Letter.due_at <= at)
    return list(db.session.scalars(due.order_by(Letter.due_at, Letter.id).limit(BATCH)))


def claim_letter(letter_id: int, *, at: datetime) -> bool:
    """Count an attempt and put the next one off before anything is sent, so that a crash cannot send in a loop.

    Tell whether the letter is ours to send; another worker may hold it or have sent it.
    """
    letter = db.session.scalar(
        select(Letter)
        .where(Letter.id == letter_id, Letter.status == LetterStatus.QUEUED, Letter.due_at <= at)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if letter is None:
        return False
    letter.attempts += 1
    letter.due_at = at + WAITS[min(letter.attempts, len(WAITS)) - 1]
    return True


def note_sent(letter_id: int, subject: str, *, at: datetime) -> None:
    """Note that a letter has left."""
    letter = _locked(letter_id)
    letter.subject, letter.sent_at = subject[:MAX_SUBJECT], at
    letter.move(LetterStatus.SENT, actor_id=None, at=at)


def note_dropped(letter_id: int, *, at: datetime) -> None:
    """Note that there is nothing to tell any more."""
    _locked(letter_id).move(LetterStatus.DROPPED, actor_id=None, at=at)


def note_failure(letter_id: int, error: str, *, is_final: bool, at: datetime) -> None:
    """Keep why a letter could not be sent; a refused one and one tried often enough are left to a person."""
    letter = _locked(letter_id)
    letter.last_error = error[:MAX_ERROR]
    if is_final or letter.attempts >= MAX_ATTEMPTS:
        letter.move(LetterStatus.FAILED, actor_id=None, at=at, reason=error)


def retry_letter(letter: Letter, *, actor: User, at: datetime) -> None:
    """Send a failed letter again, from the first attempt; raises `LetterMoveError`."""
    lock_row(letter)
    letter.move(LetterStatus.QUEUED, actor_id=actor.id, at=at, reason=letter.last_error)
    letter.attempts, letter.due_at = 0, at


def _locked(letter_id: int) -> Letter:
    return db.session.get_one(Letter, letter_id, with_for_update=True, populate_existing=True)

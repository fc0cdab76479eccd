"""The scheduled work around the outbox: each letter is claimed, written, handed over and marked, in that order.

A crash between handing over and marking sends the letter again (see the decision on the outbox): its Message-ID is
the same, so mail programs show it once.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from shop.kit.database import db, transaction
from shop.languages import SOURCE, find_language, speaking
from shop.letters.messages import Content, write_message
from shop.letters.models import Letter
from shop.letters.services import claim_letter, due_letters, note_dropped, note_failure, note_sent
from shop.letters.transports import LetterRefusedError, Transport, TransportDownError

_log = logging.getLogger(__name__)
# Writes a letter from its facts, or says with None that there is nothing to tell any more.
Compose = Callable[[Letter], Content | None]
Words = Callable[[], Mapping[str, str]]


def send_due_letters(compose: Compose, transport: Transport, *, sender: str, words: Words, at: datetime) -> int:
    """Send what is due until the way out is blocked; return of how many letters something came.

    `words` are those every letter ends with. A letter that cannot be written does not keep the others from going.
    """
    due = due_letters(at=at)
    db.session.rollback()
    done = 0
    for letter_id in due:
        with transaction():
            is_ours = claim_letter(letter_id, at=at)
        if not is_ours:
            continue
        try:
            done += _send(letter_id, compose, transport, sender=sender, words=words, at=at)
        except TransportDownError as error:
            _fail(letter_id, str(error), is_final=False, at=at)
            break
        except LetterRefusedError as error:
            _fail(letter_id, str(error), is_final=True, at=at)
        except Exception as error:  # noqa: BLE001  whatever is wrong with one letter, the others go
            _log.exception('letter %s could not be written', letter_id)
            _fail(letter_id, f'{type(error).__name__}: {error}', is_final=False, at=at)
    return done


def _send(letter_id: int, compose: Compose, transport: Transport, *, sender: str, words: Words, at: datetime) -> int:
    letter = db.session.get_one(Letter, letter_id)
    with speaking(find_language(letter.language) or SOURCE):
        content = compose(letter)
        message = (
            write_message(content, cause=letter.cause, sender=sender, recipient=letter.recipient, at=at, words=words())
            if content is not None
            else None
        )
    db.session.rollback()
    if message is None or content is None:
        with transaction():
            note_dropped(letter_id, at=at)
        return 1
    transport.deliver(message, letter_id=letter_id)
    with transaction():
        note_sent(letter_id, content.subject, at=at)
    return 1


def _fail(letter_id: int, error: str, *, is_final: bool, at: datetime) -> None:
    with transaction():
        note_failure(letter_id, error, is_final=is_final, at=at)

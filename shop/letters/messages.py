"""What a letter says, and the e-mail made of it: a plain text and a simple page of the same words."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from flask import current_app

from shop.kit import clock
from shop.languages import page_language


@dataclass(frozen=True)
class Content:
    """The words of a letter: paragraphs, rows of a name and a value, and links with the words they stand under."""

    subject: str
    paragraphs: tuple[str, ...]
    rows: tuple[tuple[str, str], ...] = ()
    links: tuple[tuple[str, str], ...] = ()


def message_id(cause: str, sender: str) -> str:
    """Return the Message-ID of a cause: always the same, so that a letter sent twice is seen to be one."""
    domain = parseaddr(sender)[1].rpartition('@')[2]
    return f'<{hashlib.sha256(cause.encode()).hexdigest()[:32]}@{domain}>'


def write_message(
    content: Content, *, cause: str, sender: str, recipient: str, at: datetime, words: Mapping[str, str]
) -> EmailMessage:
    """Return the e-mail; written in the language that is spoken here and now."""
    message = EmailMessage(policy=SMTP)
    message['From'] = sender
    message['To'] = recipient
    message['Subject'] = ' '.join(content.subject.split())
    message['Date'] = format_datetime(clock.local(at))
    message['Message-ID'] = message_id(cause, sender)
    message['Auto-Submitted'] = 'auto-generated'
    values = {'letter': content, 'language': page_language(), **words}
    # Past the context processors of pages: nobody asks for a letter.
    templates = current_app.jinja_env
    message.set_content(templates.get_template('emails/letter.txt').render(**values))
    message.add_alternative(templates.get_template('emails/letter.html').render(**values), subtype='html')
    message['Content-Language'] = page_language().tag
    return message

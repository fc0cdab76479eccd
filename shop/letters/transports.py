"""How letters leave the house: into a box of files, or to an SMTP server."""

import re
import smtplib
import ssl
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol

from shop.kit.fields import read_email
from shop.kit.files import write_whole
from shop.settings import NO_SENDER

TIMEOUT_SECONDS = 20
PORTS = {'starttls': 587, 'tls': 465, 'none': 25}
PERMANENT = range(500, 600)
NAME = re.compile(r'[^A-Za-z0-9]+')


class TransportDownError(Exception):
    """The letter could not be handed over now; the same may be tried again."""


class LetterRefusedError(Exception):
    """The server will never take this letter."""


class Transport(Protocol):
    """A way out of the house."""

    def deliver(self, message: EmailMessage, *, letter_id: int) -> None:
        """Hand a letter over; raises `TransportDownError`, `LetterRefusedError`."""


class FileBox:
    """A folder of `.eml` files; a letter delivered twice is the same file."""

    def __init__(self, folder: Path) -> None:
        """Use this folder, made when the first letter comes."""
        self.folder = folder

    def deliver(self, message: EmailMessage, *, letter_id: int) -> None:
        """Write the letter whole."""
        name = NAME.sub('', str(message['Message-ID']).partition('@')[0])[:12]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.folder / f'{letter_id:08d}-{name}.eml', bytes(message))
        except OSError as error:
            raise TransportDownError(str(error)) from error


class SmtpServer:
    """A mail server that takes letters for the world."""

    def __init__(self, host: str, port: int, *, user: str, password: str, tls: str) -> None:
        """Speak to this server; `tls` is `starttls`, `tls` from the first byte, or `none`."""
        self.host, self.port, self.user, self.password, self.tls = host, port, user, password, tls

    def deliver(self, message: EmailMessage, *, letter_id: int) -> None:
        """Hand the letter over in a connection of its own."""
        try:
            with self._connect() as server:
                if self.tls == 'starttls':
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _failure(code, said) from error
        except smtplib.SMTPDataError as error:
            raise _failure(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise TransportDownError(f'{type(error).__name__}: {error}') from error

    def _connect(self) -> smtplib.SMTP:
        if self.tls == 'tls':
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)


def transport_of(settings: Mapping[str, Any]) -> Transport:
    """Return the way out that the settings name."""
    if not settings['SMTP_HOST']:
        return FileBox(Path(settings['SHOP_DATA']) / 'mail')
    tls = settings['SMTP_TLS']
    return SmtpServer(
        settings['SMTP_HOST'],
        settings['SMTP_PORT'] or PORTS[tls],
        user=settings['SMTP_USER'],
        password=settings['SMTP_PASSWORD'],
        tls=tls,
    )


def check_mail_settings(settings: Mapping[str, Any]) -> None:
    """Raise `ValueError` naming what is missing when mail is set up by half."""
    host = settings['SMTP_HOST']
    if not host and (orphans := [name for name in ('SMTP_USER', 'SMTP_PASSWORD', 'SMTP_PORT') if settings[name]]):
        raise ValueError(f'{", ".join(orphans)} is set but SMTP_HOST is not')
    if settings['SMTP_TLS'] not in PORTS:
        raise ValueError(f'SMTP_TLS is one of {", ".join(sorted(PORTS))}, not {settings["SMTP_TLS"]!r}')
    if bool(settings['SMTP_USER']) != bool(settings['SMTP_PASSWORD']):
        raise ValueError('SMTP_USER and SMTP_PASSWORD go together')
    if read_email(parseaddr(settings['MAIL_FROM'])[1]) is None:
        raise ValueError(f'MAIL_FROM must be an e-mail address, not {settings["MAIL_FROM"]!r}')
    if host and settings['MAIL_FROM'] == NO_SENDER:
        raise ValueError('SMTP_HOST is set but MAIL_FROM is not')
    if host and not settings['PUBLIC_URL']:
        raise ValueError('SMTP_HOST is set but PUBLIC_URL is not: letters would lead nowhere')


def _failure(code: int, said: bytes | str) -> Exception:
    """Tell a refusal for good from one for now."""
    text = f'{code} {said.decode("utf-8", "replace") if isinstance(said, bytes) else said}'
    return LetterRefusedError(text) if code in PERMANENT else TransportDownError(text)

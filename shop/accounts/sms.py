"""The port to whoever sends short messages: a log that sends nothing, or Aliyun's SendSms over HTTP."""

import hashlib
import json
import logging
import secrets
from collections.abc import Mapping
from datetime import datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any, Protocol
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from shop.kit import clock
from shop.kit.crypto import signature
from shop.kit.files import write_whole

TIMEOUT_SECONDS = 8
ALGORITHM = 'ACS3-HMAC-SHA256'
DRIVERS = ('log', 'aliyun')
_log = logging.getLogger(__name__)


class SmsDownError(Exception):
    """The message could not be sent; why is for the log, not for the person."""


class SmsDriver(Protocol):
    """Sends a code to a phone; never inside a unit of work."""

    def send_code(self, phone: str, code: str, *, at: datetime) -> None:
        """Send it; raises `SmsDownError`."""


class LogDriver:
    """Sends nothing: the code stands in the log of the application, and in the demo in a file too."""

    def __init__(self, folder: Path | None) -> None:
        """Write a file per message into this folder, if there is one."""
        self.folder = folder

    def send_code(self, phone: str, code: str, *, at: datetime) -> None:
        """Write it down."""
        _log.warning('sign-in code for %s: %s', phone, code)
        if self.folder is not None:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                write_whole(self.folder / f'{clock.local(at):%Y%m%d-%H%M%S}-{phone}.txt', f'{code}\n'.encode())
            except OSError as error:
                raise SmsDownError(str(error)) from error


class AliyunDriver:
    """Asks Aliyun's short message service, with requests signed the third way (ACS3-HMAC-SHA256).

    The service is described under https://help.aliyun.com/zh/sms/, the signature under
    https://help.aliyun.com/zh/sdk/product-overview/v3-request-structure-and-signature; a test holds ours to the
    example printed there.
    """

    def __init__(self, url: str, key_id: str, key_secret: str, *, sign_name: str, template: str) -> None:
        """Use this account, the sign name and the template that the service has approved."""
        self.url, self.key_id, self.key_secret = url, key_id, key_secret
        self.sign_name, self.template = sign_name, template

    def send_code(self, phone: str, code: str, *, at: datetime) -> None:
        """Ask for one message; anything but OK is a failure."""
        query = {
            'PhoneNumbers': phone,
            'SignName': self.sign_name,
            'TemplateCode': self.template,
            'TemplateParam': json.dumps({'code': code}),
        }
        text = canonical_query(query)
        host = urlsplit(self.url).netloc
        headers = signed_headers(
            'SendSms', '2017-05-25', text, host=host, key_id=self.key_id, key_secret=self.key_secret, at=at,
            nonce=secrets.token_hex(16),
        )  # fmt: skip
        answer = _ask(Request(f'{self.url}/?{text}', method='POST', headers=headers))  # noqa: S310  a setting
        if answer.get('Code') != 'OK':
            raise SmsDownError(f'{answer.get("Code")}: {answer.get("Message")}')


def driver_of(settings: Mapping[str, Any]) -> SmsDriver:
    """Return the driver that the settings name."""
    if settings['SMS_DRIVER'] == 'aliyun':
        return AliyunDriver(
            settings['ALIYUN_SMS_URL'],
            settings['ALIYUN_KEY_ID'],
            settings['ALIYUN_KEY_SECRET'],
            sign_name=settings['ALIYUN_SMS_SIGN'],
            template=settings['ALIYUN_SMS_TEMPLATE'],
        )
    return LogDriver(Path(settings['SHOP_DATA']) / 'sms' if settings['DEMO'] else None)


def check_sms_settings(settings: Mapping[str, Any]) -> None:
    """Raise `ValueError` naming the setting unless the driver exists and has what it needs."""
    if settings['SMS_DRIVER'] not in DRIVERS:
        raise ValueError(f'SMS_DRIVER is one of {", ".join(DRIVERS)}, not {settings["SMS_DRIVER"]!r}')
    needed = ('ALIYUN_KEY_ID', 'ALIYUN_KEY_SECRET', 'ALIYUN_SMS_SIGN', 'ALIYUN_SMS_TEMPLATE')
    missing = [name for name in needed if not settings[name]]
    if settings['SMS_DRIVER'] == 'aliyun' and missing:
        raise ValueError(f'SMS_DRIVER is aliyun but {", ".join(missing)} is not set')


def canonical_query(query: Mapping[str, str]) -> str:
    """Return a query as it is signed and sent: sorted by name, encoded by RFC 3986."""
    return '&'.join(f'{quote(name, safe="~")}={quote(value, safe="~")}' for name, value in sorted(query.items()))


def signed_headers(
    action: str, version: str, query: str, *, host: str, key_id: str, key_secret: str, at: datetime, nonce: str
) -> dict[str, str]:
    """Return the headers of a request without a body, its signature among them."""
    empty = hashlib.sha256(b'').hexdigest()
    headers = {
        'host': host,
        'x-acs-action': action,
        'x-acs-content-sha256': empty,
        'x-acs-date': f'{at:%Y-%m-%dT%H:%M:%SZ}',
        'x-acs-signature-nonce': nonce,
        'x-acs-version': version,
    }
    names = ';'.join(headers)
    lines = ''.join(f'{name}:{value}\n' for name, value in headers.items())
    request = f'POST\n/\n{query}\n{lines}\n{names}\n{empty}'
    payload = f'{ALGORITHM}\n{hashlib.sha256(request.encode()).hexdigest()}'
    signed = signature(key_secret.encode(), payload.encode())
    return {**headers, 'Authorization': f'{ALGORITHM} Credential={key_id},SignedHeaders={names},Signature={signed}'}


def _ask(request: Request) -> dict[str, Any]:
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  a setting, https unless told
            body = answer.read()
    except HTTPError as error:
        with error:
            raise SmsDownError(f'{error.code}: {error.read()[:300].decode("utf-8", "replace")}') from error
    except (OSError, HTTPException) as error:
        raise SmsDownError(str(error)) from error
    try:
        found = json.loads(body)
    except ValueError as error:
        raise SmsDownError('the answer is no JSON') from error
    return found if isinstance(found, dict) else {}

"""The settings of the shop, read from the environment once, with safe embedded defaults."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shop.kit.words import kept

DEFAULT_DATA = 'var'
# Nobody's account: the demo shows what an institution would see.
DEMO_ACCOUNT = (kept('山货代销专户（演示，请勿汇款）'), kept('演示银行'), '0000 0000 0000 0000 000')
# A sender for letters that stay in the box.
NO_SENDER = 'shop@localhost.invalid'
ALIYUN_SMS = 'https://dysmsapi.aliyuncs.com'
# Within what a claim may be made, and each step of it be taken.
AFTERSALE_SPANS = {
    'AFTERSALE_CLAIM_DAYS': 7,
    'AFTERSALE_SPOILED_HOURS': 48,
    'AFTERSALE_ANSWER_HOURS': 48,
    'AFTERSALE_RETURN_DAYS': 7,
    'AFTERSALE_ARRIVAL_DAYS': 10,
    'AFTERSALE_APPEAL_DAYS': 7,
}
MAX_UPLOAD_BYTES = 64 * 1024 * 1024
ORIGIN = re.compile(r'https://[a-z0-9.-]+(:[0-9]+)?')


def database_url(data: Path, given: str | None) -> str:
    """Return the SQLAlchemy address: the given one, else ``shop.db`` inside the data directory."""
    if not given:
        return f'sqlite:///{(data / "shop.db").as_posix()}'
    for prefix in ('postgres://', 'postgresql://'):
        if given.startswith(prefix):
            return 'postgresql+psycopg://' + given.removeprefix(prefix)
    return given


def kept_key(data: Path, name: str) -> str:
    """Return a secret kept in the data directory, made at first use, readable by the owner only."""
    path = data / 'keys' / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f'{name}.{os.getpid()}.{secrets.token_hex(4)}')
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    text = environ.get(name, '').strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit():
        raise ValueError(f'{name} must be a whole number, not {text!r}')
    return int(text)


def _origins(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    origins = tuple(environ.get(name, '').split())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f'{name} must be addresses like https://pay.example.com, not {origin!r}')
    return origins


def _letter_settings(environ: Mapping[str, str], public_url: str) -> dict[str, Any]:
    """Return how letters and short messages leave the house."""
    return {
        # Letters are written without a request; without a server for them they never leave this machine.
        'LETTERS_LEAD_TO': public_url or f'http://localhost:{environ.get("PORT") or 8000}',
        'SMTP_HOST': environ.get('SMTP_HOST', '').strip(),
        'SMTP_PORT': _whole(environ, 'SMTP_PORT', 0),
        'SMTP_USER': environ.get('SMTP_USER', ''),
        'SMTP_PASSWORD': environ.get('SMTP_PASSWORD', ''),
        'SMTP_TLS': environ.get('SMTP_TLS', '').strip().lower() or 'starttls',
        'MAIL_FROM': environ.get('MAIL_FROM', '').strip() or NO_SENDER,
        'SMS_DRIVER': environ.get('SMS_DRIVER', '').strip() or 'log',
        'ALIYUN_KEY_ID': environ.get('ALIYUN_KEY_ID', '').strip(),
        'ALIYUN_KEY_SECRET': environ.get('ALIYUN_KEY_SECRET', '').strip(),
        'ALIYUN_SMS_SIGN': environ.get('ALIYUN_SMS_SIGN', '').strip(),
        'ALIYUN_SMS_TEMPLATE': environ.get('ALIYUN_SMS_TEMPLATE', '').strip(),
        'ALIYUN_SMS_URL': environ.get('ALIYUN_SMS_URL', '').rstrip('/') or ALIYUN_SMS,
    }


def _names(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return what the shop, its region and its operator are called."""
    return {
        'SHOP_NAME': environ.get('SHOP_NAME', kept('第一书记代言')),
        'SHOP_TAGLINE': environ.get('SHOP_TAGLINE', ''),
        'CITY_NAME': environ.get('CITY_NAME', kept('通化市')),
        'PROVINCE_NAME': environ.get('PROVINCE_NAME', kept('吉林省')),
        'OPERATOR_NAME': environ.get('OPERATOR_NAME', ''),
        'BUSINESS_LICENCE': environ.get('BUSINESS_LICENCE', ''),
        'SERVICE_PHONE': environ.get('SERVICE_PHONE', ''),
        'ICP_NUMBER': environ.get('ICP_NUMBER', ''),
        'POLICE_RECORD_NUMBER': environ.get('POLICE_RECORD_NUMBER', ''),
    }


def load_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Return the Flask configuration; raises `ValueError` naming a setting that cannot be read."""
    data = Path(environ.get('SHOP_DATA') or DEFAULT_DATA).resolve()
    data.mkdir(parents=True, exist_ok=True)
    is_demo = environ.get('SHOP_DEMO', '1') == '1'
    public_url = environ.get('PUBLIC_URL', '').rstrip('/')
    account = DEMO_ACCOUNT if is_demo else ('', '', '')
    return {
        'SHOP_DATA': str(data),
        'SQLALCHEMY_DATABASE_URI': database_url(data, environ.get('DATABASE_URL')),
        # What a statement was given stands in no message of an error.
        'SQLALCHEMY_ENGINE_OPTIONS': {'hide_parameters': True},
        'SECRET_KEY': environ.get('SECRET_KEY') or kept_key(data, 'secret'),
        'SELF_CHECK_KEY': environ.get('SELF_CHECK_KEY') or kept_key(data, 'self-check'),
        'DATA_KEYS': environ.get('DATA_KEYS') or kept_key(data, 'data'),
        'SANDBOX_SIGNING_KEY': environ.get('SANDBOX_SIGNING_KEY') or kept_key(data, 'sandbox'),
        'PUBLIC_URL': public_url,
        **_letter_settings(environ, public_url),
        'TRUSTED_PROXIES': _whole(environ, 'TRUSTED_PROXIES', 0),
        'COOKIE_SECURE': environ.get('COOKIE_SECURE', '') == '1',
        'FORM_TARGETS': _origins(environ, 'FORM_TARGETS'),
        'PAGES_TRUSTED_MS': _whole(environ, 'PAGES_TRUSTED_MS', 1_000),
        'PAYMENT_GATEWAY': environ.get('PAYMENT_GATEWAY', 'sandbox'),
        'STRIPE_SECRET_KEY': environ.get('STRIPE_SECRET_KEY', '').strip(),
        'STRIPE_WEBHOOK_SECRET': environ.get('STRIPE_WEBHOOK_SECRET', '').strip(),
        'STRIPE_API_BASE': environ.get('STRIPE_API_BASE', '').rstrip('/'),
        'TRANSFER_ACCOUNT_NAME': environ.get('TRANSFER_ACCOUNT_NAME', account[0]),
        'TRANSFER_ACCOUNT_BANK': environ.get('TRANSFER_ACCOUNT_BANK', account[1]),
        'TRANSFER_ACCOUNT_NUMBER': environ.get('TRANSFER_ACCOUNT_NUMBER', account[2]),
        'TRANSFER_WINDOW_DAYS': _whole(environ, 'TRANSFER_WINDOW_DAYS', 3),
        'REVIEW_LADDER': tuple((environ.get('REVIEW_LADDER') or 'township,county,city').split(',')),
        'NOTICE_DAYS': _whole(environ, 'NOTICE_DAYS', 5),
        'PAYOUT_NOTICE_DAYS': _whole(environ, 'PAYOUT_NOTICE_DAYS', 10),
        'PAYMENT_WINDOW_MINUTES': _whole(environ, 'PAYMENT_WINDOW_MINUTES', 30),
        'AUTO_RECEIVE_DAYS': _whole(environ, 'AUTO_RECEIVE_DAYS', 10),
        **{name: _whole(environ, name, span) for name, span in AFTERSALE_SPANS.items()},
        **_names(environ),
        'DEMO': is_demo,
        'MAX_CONTENT_LENGTH': MAX_UPLOAD_BYTES,
        'BABEL_DEFAULT_LOCALE': 'zh_Hans_CN',
        'BABEL_DEFAULT_TIMEZONE': 'Asia/Shanghai',
    }

"""How values are written on pages: filters, hashed static addresses, and what every page knows."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, current_app, request
from flask_babel import gettext as _

from shop.kit import clock
from shop.kit.money import Money

TYPE_COOKIE = 'type_size'
# Smaller groups of households are not broken down anywhere in public: a count could point at somebody.
FEWEST_SHOWN = 5


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals: ``39.90``."""
    return Money(int(fen)).yuan


def yuan_grouped(fen: int) -> str:
    """Write fen as yuan with separators: ``12,940,000.00``."""
    return Money(int(fen)).grouped


def number(value: int) -> str:
    """Write a count with separators: ``4,017``."""
    return f'{value:,}'


def is_small_group(count: int) -> bool:
    """Tell whether so many households are too few to be broken down in public."""
    return 0 < count < FEWEST_SHOWN


def households(count: int) -> str:
    """Write a number of households for the public: small groups are not told apart, ``少于 5``; none is ``0``."""
    return _('少于 %(n)s', n=FEWEST_SHOWN) if is_small_group(count) else number(count)


def day(value: date) -> str:
    """Write a day: ``2026年11月23日``."""
    return f'{value.year}年{value.month}月{value.day}日'


def month(value: date) -> str:
    """Write a month: ``2026年11月``."""
    return f'{value.year}年{value.month}月'


def instant(value: datetime) -> str:
    """Write an instant in Shanghai time: ``2026-11-23 14:05``."""
    return clock.local(value).strftime('%Y-%m-%d %H:%M')


def masked_phone(value: str) -> str:
    """Hide the middle of a phone number: ``138****1234``."""
    return f'{value[:3]}****{value[-4:]}' if len(value) > 7 else '****'


@lru_cache(maxsize=512)
def _digest_of(path: Path, _changed: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def static_url(name: str) -> str:
    """Return the address of a static file with the hash of its content, cacheable for ever."""
    path = Path(current_app.root_path).parent / 'static' / name
    return f'/static/{name}?v={_digest_of(path, path.stat().st_mtime)}' if path.is_file() else f'/static/{name}'


def prepare_presentation(app: Flask) -> None:
    """Give templates their filters and the values of every page."""
    for write in (yuan, yuan_grouped, number, households, day, month, instant, masked_phone):
        app.add_template_filter(write)
    app.add_template_test(is_small_group, 'small_group')
    app.add_template_global(static_url)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    @app.context_processor
    def page_values() -> dict[str, Any]:
        return {
            'shop_name': app.config['SHOP_NAME'],
            'icp_number': app.config['ICP_NUMBER'],
            'police_record_number': app.config['POLICE_RECORD_NUMBER'],
            'is_demo': app.config['DEMO'],
            'is_large_type': request.cookies.get(TYPE_COOKIE) == 'large',
        }

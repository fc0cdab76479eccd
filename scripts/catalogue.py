"""Writes the English catalogue anew from the sources: every message, its translation so far, and the compiled file."""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.extract import extract_python as extract_calls
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / 'shop' / 'translations' / 'en' / 'LC_MESSAGES'
LOCALE = 'en'
ENUM = 'Labelled'
# The catalogue carries no time of its own: the history of the project knows when it changed.
WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)

# The words that mark a text. In Chinese a counted sentence is its own plural.
KEYWORDS: dict[str, Any] = {
    '_': None, '_lazy': None, 'gettext': None, 'lazy_gettext': None, 'kept': None,
    '_n': (1, 1), 'counted': (1, 1),
}  # fmt: skip


def extract_python(source: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Extract what calls mark, and the labels of the enums, which stand second beside their values."""
    yield from extract_calls(source, keywords, comment_tags, options)
    source.seek(0)
    for line, label in labels(ast.parse(source.read())):
        yield line, 'gettext', label, []


def labels(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Walk over the labels of the enums of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and any(
            isinstance(base, ast.Name) and base.id == ENUM for base in node.bases
        ):
            for member in node.body:
                if isinstance(member, ast.Assign) and isinstance(member.value, ast.Tuple):
                    label = ast.literal_eval(member.value.elts[1])
                    yield member.lineno, label


def extracted() -> dict[str, set[bool]]:
    """Return every marked text of the sources, and whether it is counted: one answer if the sources agree."""
    found: dict[str, set[bool]] = {}
    readers: tuple[tuple[str, str, Any], ...] = (('shop', '**.py', extract_python), ('templates', '**.html', 'jinja2'))
    for folder, pattern, method in readers:
        options = {pattern: {'silent': 'false'}}
        for _name, _line, text, _notes, _context in extract_from_dir(
            ROOT / folder, [(pattern, method)], options, KEYWORDS
        ):
            source = text if isinstance(text, str) else text[0]
            found.setdefault(source, set()).add(not isinstance(text, str))
    return found


def read_catalogue() -> Catalog:
    """Return the catalogue as it is kept."""
    with (FOLDER / 'messages.po').open('rb') as file:
        return read_po(file, locale=LOCALE)


def current_catalogue() -> Catalog:
    """Return the catalogue as it should be: what the sources say now, with the translations there are."""
    known = read_catalogue()
    fresh = Catalog(
        locale=LOCALE,
        project='shop',
        version='1',
        header_comment='# The English words of the shop; written by `make catalogue`, translated by hand.',
        creation_date=WRITTEN_AT,
        revision_date=WRITTEN_AT,
        fuzzy=False,
    )
    for text, ways in extracted().items():
        said = translations(known.get(text))
        if True in ways:
            fresh.add((text, text), (said[0], said[-1]))
        else:
            fresh.add(text, said[0])
    return fresh


def translations(message: Message | None) -> tuple[str, ...]:
    """Return what a message is in English, in the singular and the plural if it is counted; empty if it is not yet."""
    if message is None or message.fuzzy:
        return ('',)
    return (message.string or '',) if isinstance(message.string, str | None) else tuple(message.string)


def as_text(catalogue: Catalog) -> bytes:
    """Return the file people edit: in order and without places, so that a change stays small."""
    file = BytesIO()
    write_po(file, catalogue, width=0, no_location=True, sort_output=True)
    return file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return the file the shop loads."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> int:
    """Write both files; say what is still to be translated."""
    catalogue = current_catalogue()
    (FOLDER / 'messages.po').write_bytes(as_text(catalogue))
    (FOLDER / 'messages.mo').write_bytes(compiled(catalogue))
    missing = [message for message in catalogue if message.id and not all(translations(message))]
    for message in missing:
        print(f'to translate: {message.id}')
    print(f'{len(catalogue)} messages, {len(missing)} to translate')
    return 1 if missing else 0


if __name__ == '__main__':
    sys.exit(main())

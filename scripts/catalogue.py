"""Writes the English catalogue anew from the sources: every message, what is translated so far, and the compiled file."""

import ast
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.extract import extract_python as extract_calls
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / 'shop' / 'translations' / 'en' / 'LC_MESSAGES'
LOCALE = 'en'
SOURCES = ('shop', 'templates')
# A catalogue is not older or newer than another; what it holds is in the history of the project.
WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
ENUMS = frozenset({'Labelled'})

# The words that mark a text; a counted sentence is its own plural in Chinese.
KEYWORDS: dict[str, Any] = {
    '_': None, 'gettext': None, 'lazy_gettext': None, 'kept': None,
    '_n': (1, 1), 'counted': (1, 1),
}  # fmt: skip

Extracted = tuple[int, str, str, list[str]]


def extract_python(
    fileobj: BytesIO, keywords: Iterable[str], comment_tags: Iterable[str], options: dict[str, Any]
) -> Iterator[Any]:
    """Extract what calls mark, and the labels of `Labelled` enums, which stand second beside their values."""
    yield from extract_calls(fileobj, {name: None for name in keywords}, comment_tags, options)
    fileobj.seek(0)
    for line, label in labels(ast.parse(fileobj.read())):
        yield line, 'gettext', label, []


def labels(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Walk over the labels of the enums of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and ENUMS & {base.id for base in node.bases if isinstance(base, ast.Name)}:
            for member in node.body:
                if isinstance(member, ast.Assign) and isinstance(member.value, ast.Tuple):
                    label = member.value.elts[1]
                    if isinstance(label, ast.Constant) and isinstance(label.value, str):
                        yield label.lineno, label.value


def read_catalogue() -> Catalog:
    """Return what is translated so far."""
    path = FOLDER / 'messages.po'
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open('rb') as file:
        return read_po(file, locale=LOCALE)


def extracted() -> dict[str, bool]:
    """Return every marked text of the sources, and whether it is counted."""
    found: dict[str, bool] = {}
    for folder in SOURCES:
        method = {'shop': [('**.py', 'scripts.catalogue:extract_python')], 'templates': [('**.html', 'jinja2')]}[folder]
        for _name, _line, text, _comments, _context in extract_from_dir(
            ROOT / folder, method, {'**.html': {'silent': 'false'}}, KEYWORDS, comment_tags=()
        ):
            is_counted = isinstance(text, tuple)
            found[text[0] if is_counted else text] = is_counted
    return found


def current() -> Catalog:
    """Return the catalogue as it should be: what the sources say now, with the translations there are."""
    known = read_catalogue()
    fresh = Catalog(
        locale=LOCALE, project='shop', version='1', charset='utf-8', fuzzy=False, header_comment='# English.',
        creation_date=WRITTEN_AT, revision_date=WRITTEN_AT,
    )  # fmt: skip
    for text, is_counted in sorted(extracted().items()):
        before = known.get(text)
        fresh.add((text, text) if is_counted else text, _kept(before, is_counted=is_counted))
    return fresh


def _kept(before: Message | None, *, is_counted: bool) -> Any:
    said = before.string if before is not None and 'fuzzy' not in before.flags else ''
    if is_counted:
        return said if isinstance(said, tuple) else (said, said)
    return said if isinstance(said, str) else said[0]


def as_text(catalogue: Catalog) -> bytes:
    """Return the catalogue as the file people edit: in order, without places, so that changes stay small."""
    file = BytesIO()
    write_po(file, catalogue, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return file.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    """Return the catalogue as the shop loads it."""
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def main() -> int:
    """Write both files; say what is still to translate."""
    catalogue = current()
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / 'messages.po').write_bytes(as_text(catalogue))
    (FOLDER / 'messages.mo').write_bytes(compiled(catalogue))
    missing = [message.id for message in catalogue if message.id and not all(_strings(message))]
    for text in missing:
        print(f'to translate: {text[0] if isinstance(text, tuple) else text}')
    print(f'{len(catalogue)} messages, {len(missing)} to translate')
    return 1 if missing else 0


def _strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string or '',)


if __name__ == '__main__':
    sys.exit(main())

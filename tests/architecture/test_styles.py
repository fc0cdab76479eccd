"""The sheets of the shop: small, without rules nobody needs, without colours of their own."""

import re
from pathlib import Path

import brotli
import pytest

from tests.architecture.sources import ROOT, templates

CSS = ROOT / 'static' / 'css'
SHELL = re.compile(r'for name in \(([^)]*)\) %}\s*<link rel=\"stylesheet\"')
MAX_BYTES = 14 * 1024
COMMENT = re.compile(r'/\*.*?\*/', re.DOTALL)
CLASS = re.compile(r'\.([a-zA-Z][\w-]*)')
# A class put together where it is used: `f-{{ kind }}`, `'badge--' ~ kind`.
BEGINNING = re.compile(r"([\w-]+-)(?:\{\{|'\s*~)")
COLOUR = re.compile(r'#[0-9a-fA-F]{3,8}\b|\brgba?\(')
OWN = ('base', 'home', 'wide', 'print')


def sheet(name: str) -> str:
    return COMMENT.sub('', (CSS / f'{name}.css').read_text())


def shell_sheets() -> list[str]:
    return ['tokens', *re.findall(r"'(\w+)'", SHELL.search(templates()['layouts/shop.html']).group(1)), 'print']


def test_the_sheets_of_every_page_are_small():
    sizes = {name: len(brotli.compress((CSS / f'{name}.css').read_bytes())) for name in shell_sheets()}
    assert sum(sizes.values()) <= MAX_BYTES, sizes


@pytest.mark.parametrize('name', OWN)
def test_every_class_is_used_somewhere(name):
    texts = [*templates().values(), *(path.read_text() for path in Path(ROOT / 'static/js').glob('*.js'))]
    words = {word for text in texts for word in re.findall(r'[\w-]+', text)}
    beginnings = tuple({start for text in texts for start in BEGINNING.findall(text)})
    classes = {found for selector in re.findall(r'([^{}]+)\{', sheet(name)) for found in CLASS.findall(selector)}
    assert {each for each in classes - words if not each.startswith(beginnings)} == set()


@pytest.mark.parametrize('name', OWN)
def test_colours_come_from_the_tokens(name):
    assert COLOUR.findall(sheet(name)) == []

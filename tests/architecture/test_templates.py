"""What every page keeps to: nothing inline, nothing from outside, words that can be translated."""

import ast
import re

import pytest

from tests.architecture.sources import PACKAGES, ROOT, modules, templates

KINDS = ('.html', '.txt', '.xml')
SHARED = frozenset({'layouts', 'components', 'errors', 'emails'})
CHINESE = re.compile(r'[\u4e00-\u9fff]')
ADDRESS = re.compile(r'(?:https?:)?//[\w.-]+\.[a-z]{2,}', re.IGNORECASE)
# A namespace is a name; the two registers are links every shop in China must show.
KNOWN_ADDRESSES = frozenset({
    'http://www.w3.org', 'https://beian.miit.gov.cn', 'https://beian.mps.gov.cn',
})  # fmt: skip
# Structured data (application/ld+json) is a block of JSON: browsers do not run it and the content policy passes it by.
INLINE = re.compile(
    r'<script(?![^>]*\bsrc=)(?! type="application/ld\+json">)[^>]*>|<style\b|\sstyle\s*='
    r'|<[^>{]*\son[a-z]+\s*=|javascript:',
    re.IGNORECASE,
)
JINJA = re.compile(r'{#.*?#}|{%-?\s*trans\b.*?endtrans\s*-?%}|{{.*?}}|{%.*?%}|<!--.*?-->', re.DOTALL)
EXPRESSION = re.compile(r'{{.*?}}|{%.*?%}', re.DOTALL)
TRANSLATED = re.compile(r"""\b_n?\(\s*('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""")
NAMED = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+['"]([^'"]+)['"]""")


def test_template_folders_mirror_the_packages():
    assert {name.split('/')[0] for name in templates()} - SHARED - PACKAGES == set()


def test_nothing_is_inline():
    found = {f'{name}: {match.group()[:60]}' for name, text in templates().items() for match in INLINE.finditer(text)}
    assert found == set()


@pytest.mark.parametrize('folder', ['templates', 'static'])
def test_nothing_comes_from_another_site(folder):
    found = {
        f'{path.relative_to(ROOT)}: {match.group()}'
        for path in (ROOT / folder).rglob('*')
        if path.suffix in {'.html', '.css', '.js', '.svg', '.txt', '.webmanifest'}
        for match in ADDRESS.finditer(path.read_text())
        if match.group() not in KNOWN_ADDRESSES
    }
    assert found == set()


def test_chinese_words_stand_where_they_can_be_translated():
    bare = {
        f'{name}: {line.strip()[:40]}'
        for name, text in templates().items()
        for line in JINJA.sub('', text).splitlines()
        if CHINESE.search(line)
    }
    assert bare == set()


def test_chinese_words_in_expressions_are_translated():
    bare = {
        f'{name}: {match.group()[:60]}'
        for name, text in templates().items()
        for match in EXPRESSION.finditer(re.sub(r'{#.*?#}|{%-?\s*trans\b.*?endtrans\s*-?%}', '', text, flags=re.DOTALL))
        if CHINESE.search(TRANSLATED.sub('', match.group()))
    }
    assert bare == set()


def test_every_template_is_used():
    named = {name for text in templates().values() for name in NAMED.findall(text)}
    written = {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.endswith(('.html', '.txt', '.xml'))
    }
    errors = {name for name in templates() if name.startswith('errors/')}
    assert set(templates()) - named - written - errors == set()


def test_every_named_template_exists():
    named = {name for text in templates().values() for name in NAMED.findall(text)}
    assert named - set(templates()) == set()

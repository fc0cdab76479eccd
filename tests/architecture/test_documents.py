"""The documents say what the code does."""

import re

import pytest

from scripts.data_dictionary import dictionary
from tests.architecture.sources import ROOT

LINK = re.compile(r'\]\((?!https?:|#|mailto:)([^)#\s]+)')


def test_the_data_dictionary_is_that_of_the_models():
    assert (ROOT / 'docs/data-dictionary.md').read_text() == dictionary(), 'run `make dictionary`'


@pytest.mark.parametrize('name', sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob('*.md')))
def test_links_of_the_documents_lead_somewhere(name):
    path = ROOT / name
    dead = [target for target in LINK.findall(path.read_text()) if not (path.parent / target).exists()]
    assert dead == []


def test_every_setting_stands_in_both_tables():
    settings = set(re.findall(r"environ(?:\.get\(|, )'([A-Z_]+)'", (ROOT / 'shop/settings.py').read_text()))
    assert 'NOTICE_DAYS' in settings
    for name in ('README.md', 'README.zh-CN.md'):
        text = (ROOT / name).read_text()
        assert {setting for setting in settings if f'`{setting}`' not in text} == set()

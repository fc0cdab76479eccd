"""Type on pictures: lines break where Chinese may break, and no letter is drawn that the faces do not have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.posters.typefaces import printable, sans, serif
from shop.posters.wrapping import NOT_FIRST, NOT_LAST, wrap

TYPE = sans(20)
TEXT = st.text(alphabet='山里的木耳，。、（）《》“”：！… abcXYZ019.5%¥-', max_size=80)


def broken(text: str, letters: int, *, most: int = 99, balanced: bool = False) -> list[str]:
    return wrap(text, TYPE, letters * 20, most=most, balanced=balanced)


def test_a_short_text_is_one_line():
    assert broken('秋木耳', 10) == ['秋木耳']
    assert broken('', 10) == []


def test_a_stop_never_begins_a_line():
    assert broken('八月底采收，林下晾晒。', 5) == ['八月底采', '收，林下晾', '晒。']


def test_an_opening_mark_never_ends_a_line():
    assert broken('林蛙油（雪蛤）礼盒', 4) == ['林蛙油', '（雪蛤）', '礼盒']


def test_words_and_figures_stay_whole():
    assert broken('新米 2026 年 5kg 装', 4) == ['新米', '2026 年', '5kg 装']


def test_a_word_wider_than_the_sheet_is_cut():
    lines = broken('https://shop.example/products/black-fungus', 6)
    assert ''.join(lines) == 'https://shop.example/products/black-fungus'
    assert max(TYPE.length(line) for line in lines) <= 120


def test_what_does_not_fit_ends_in_an_ellipsis():
    assert broken('八月底采收，林下晾晒，朵小肉厚', 6, most=2) == ['八月底采收，', '林下晾晒…']


def test_a_headline_has_lines_of_a_length():
    assert broken('兴林沟村地栽黑木耳礼盒', 10, balanced=True) == ['兴林沟村地栽', '黑木耳礼盒']


@given(TEXT, st.integers(4, 14), st.booleans())
def test_lines_fit_and_lose_nothing(text, letters, balanced):
    plain = printable(text)
    lines = broken(plain, letters, balanced=balanced)
    assert ''.join(lines).replace(' ', '') == plain.replace(' ', '')
    assert all(TYPE.length(line) <= letters * 20 + 1 for line in lines)


@given(TEXT, st.integers(8, 14))
def test_no_line_begins_or_ends_with_a_mark_that_must_not(text, letters):
    plain = printable(text)
    marks = max((len(run) for run in _runs_of_marks(plain)), default=0)
    lines = broken(plain, letters) if marks < 4 else []
    assert [line for line in lines[1:] if line[0] in NOT_FIRST and line[0] not in '.-'] == []
    assert [line for line in lines[:-1] if line[-1] in NOT_LAST] == []


def _runs_of_marks(text: str) -> list[str]:
    return ''.join(letter if letter in NOT_FIRST | NOT_LAST or letter.isascii() else '\n' for letter in text).split(
        '\n'
    )


@pytest.mark.parametrize(
    ('text', 'shown'),
    [
        ('秋木耳🍄', '秋木耳'),
        ('👩‍🌾的地', '的地'),
        ('𠮷祥', '〓祥'),
        ('雪\ufe0f蛤\u200b', '雪蛤'),
        ('通化市 · 长白山', '通化市·长白山'),
        ('两\n行\t字', '两 行 字'),
        ('e\u0301', 'é'),
        ('', ''),
    ],
)
def test_only_letters_that_the_faces_have_are_drawn(text, shown):
    assert printable(text) == shown


def test_a_long_line_becomes_smaller_down_to_a_limit():
    assert serif(40).fitted('木耳', 500, 20).size == 40
    assert serif(40).fitted('木耳' * 8, 500, 20).size == 31
    assert serif(40).fitted('木耳' * 80, 500, 20).size == 20

"""Chinese full-text search: the tokens a product is found by, and the words of what somebody typed."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

MAX_TEXT = 4_000
MAX_TOKEN = 40
PINYIN_SPAN = 6

# The ideographs SQLite's unicode61 (Unicode 6.1) takes for letters; newer ones would split a token there.
_HAN = '\u3007\u3400-\u4db5\u4e00-\u9fcc\U00020000-\U0002a6d6'
_WORD = re.compile(rf'[{_HAN}]+|\d+(?:\.\d+)*[a-z]*|[a-z][a-z0-9]*', re.ASCII)
_IS_HAN = re.compile(f'[{_HAN}]')
# unicode61 splits at a dot; an ideograph between digits is a letter to it and occurs in no other token.
_DECIMAL_POINT = '点'


def search_tokens(*texts: str) -> str:
    """Return the tokens of the texts, unique, in order of appearance, joined by spaces.

    Single ideographs, bigrams, pinyin and pinyin initials from every ideograph on, and words and numbers
    in lower case; traditional characters also as simplified ones. Holds nothing but letters, digits and
    spaces, so both databases keep it as it is.
    """
    tokens: dict[str, None] = {}
    for text in texts:
        for word in cut_words(text[:MAX_TEXT]):
            if not is_han(word):
                tokens[encode(word)] = None
                continue
            for run in dict.fromkeys((word, simplified(word))):
                tokens.update(dict.fromkeys(_han_tokens(run)))
    return ' '.join(tokens)


def cut_words(text: str) -> list[str]:
    """Cut into runs of ideographs, and words and numbers with their unit: ``5.5kg``."""
    plain = unicodedata.normalize('NFKC', text).lower()
    return _WORD.findall(plain[:MAX_TEXT])


def is_han(word: str) -> bool:
    """Tell whether a word that was cut is a run of ideographs."""
    return _IS_HAN.match(word) is not None


def simplified(text: str) -> str:
    """Write traditional characters as simplified ones, one for one; those the index would split stay as they are."""
    plain = _converter().convert(text)
    if len(plain) != len(text):
        return text
    return ''.join(new if is_han(new) else old for old, new in zip(text, plain, strict=True))


def bigrams(run: str) -> list[str]:
    """Return each two neighbours of a run; none for a single ideograph."""
    return [run[at : at + 2] for at in range(len(run) - 1)]


def encode(word: str) -> str:
    """Return the word as one token on both databases."""
    return word[:MAX_TOKEN].replace('.', _DECIMAL_POINT)


@lru_cache(maxsize=4_096)
def sounds(run: str) -> tuple[str, ...]:
    """Return the syllable of each ideograph, without its tone; empty where none is known."""
    syllables = lazy_pinyin(run, style=Style.NORMAL, errors=_apart, v_to_u=False)
    return tuple(_IS_HAN.sub('', syllable) for syllable in syllables)


def heard_in(word: str, text: str) -> str:
    """Return the ideographs of a text that a Latin word sounds like, in full or by initials; empty for none."""
    for run in filter(is_han, cut_words(text)):
        syllables = sounds(run)
        for first in range(len(run)):
            for last in range(first + 1, min(len(run), first + PINYIN_SPAN) + 1):
                span = syllables[first:last]
                initials = ''.join(syllable[:1] for syllable in span) if len(span) > 1 else ''
                if ''.join(span).startswith(word) or initials == word:
                    return run[first:last]
    return ''


def _han_tokens(run: str) -> list[str]:
    """Return what a run of ideographs is found by."""
    syllables = sounds(run)
    starts = range(len(run))
    spoken = (''.join(syllables[at : at + PINYIN_SPAN]) for at in starts)
    initials = (''.join(syllable[:1] for syllable in syllables[at : at + PINYIN_SPAN]) for at in starts)
    return [*run, *bigrams(run), *filter(None, spoken), *(token for token in initials if len(token) > 1)]


def _apart(unknown: str) -> Any:
    """Keep ideographs without a known sound apart, so that sounds stay beside their ideographs."""
    return list(unknown)


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC('t2s')

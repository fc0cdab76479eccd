"""What somebody typed, cut into words; each is met by one of several spellings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from string import ascii_lowercase

import rjieba

from shop.catalogue.search import bigrams, cut_words, encode, is_han, simplified

MAX_QUERY = 64
MAX_TERMS = 16
MAX_SYNONYM = 12
LEAST_FOR_TYPO = 4
MAX_MISTYPED = 2


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One token a product must have; a prefix is satisfied by any token that starts with it."""

    token: str
    is_prefix: bool = False


Spelling = tuple[SearchTerm, ...]


@dataclass(frozen=True, slots=True)
class SearchWord:
    """One word of a query: met when one of its spellings is, and a spelling when all its terms are.

    `text` is what is looked for, in simplified characters; `synonyms` what is looked for as well.
    """

    text: str
    spellings: tuple[Spelling, ...]
    synonyms: tuple[str, ...] = ()

    @property
    def is_latin(self) -> bool:
        """Whether it is letters, which may be pinyin."""
        return self.text.isascii() and self.text.isalpha()


SearchQuery = tuple[SearchWord, ...]
Synonyms = Mapping[str, tuple[str, ...]]


def read_query(query: str, synonyms: Synonyms | None = None, *, is_exact: bool = False) -> SearchQuery:
    """Cut what somebody typed into the words that must all be met; empty when nothing in it can be searched for.

    Only the first `MAX_QUERY` characters and `MAX_TERMS` terms count. An exact query is taken letter by
    letter: no simplified characters, no synonyms.
    """
    known: Synonyms = {} if is_exact or synonyms is None else synonyms
    words: dict[str, SearchWord] = {}
    terms = 0
    for typed in cut_words(query[:MAX_QUERY]):
        for word in _read_run(typed, known, is_exact=is_exact) if is_han(typed) else [_read_latin(typed, known)]:
            terms += len(word.spellings[0])
            if terms > MAX_TERMS:
                return tuple(words.values())
            words.setdefault(word.text, word)
    return tuple(words.values())


def spans_of(query: str) -> list[str]:
    """Return every piece of what somebody typed that may stand in the table of synonyms."""
    found: dict[str, None] = {}
    for typed in cut_words(query[:MAX_QUERY]):
        if not is_han(typed):
            found[typed] = None
            continue
        run = simplified(typed)
        found[run[:MAX_SYNONYM]] = None
        for at in range(len(run) - 1):
            found.update((run[at:end], None) for end in range(at + 2, min(len(run), at + MAX_SYNONYM) + 1))
    return list(found)


def may_be_mistyped(words: SearchQuery) -> bool:
    """Tell whether a word is long enough to be corrected."""
    return any(_is_correctable(word) for word in words)


def with_neighbours(words: SearchQuery) -> SearchQuery:
    """Let the first Latin words also be met by whatever differs in one letter."""
    mistyped = [word for word in words if _is_correctable(word)][:MAX_MISTYPED]
    return tuple(
        replace(word, spellings=(*word.spellings, *((_neighbour_term(one),) for one in one_edit_away(word.text))))
        if word in mistyped
        else word
        for word in words
    )


def correct_words(words: SearchQuery, tokens: list[str]) -> dict[str, str]:
    """Return the likeliest correction of each mistyped word, by the tokens of products that have a neighbour of it.

    A neighbour that ends where a syllable or word ends comes before one that breaks off; then the one more
    products have, the longer one, the first in the alphabet.
    """
    sets = [frozenset(text.split()) for text in tokens]
    corrected: dict[str, str] = {}
    for word in [word for word in words if _is_correctable(word)][:MAX_MISTYPED]:
        if any(_meets(word.spellings[0][0], found) for found in sets):
            continue
        counts: dict[str, tuple[int, int]] = {}
        for one in one_edit_away(word.text):
            holding = [found for found in sets if _meets(_neighbour_term(one), found)]
            if holding:
                counts[one] = (sum(_ends_there(one, found) for found in holding), len(holding))
        if counts:
            corrected[word.text] = min(counts, key=lambda one: (*(-n for n in counts[one]), -len(one), one))
    return corrected


def one_edit_away(word: str) -> list[str]:
    """Return everything that one insertion, deletion, substitution or transposition makes of a word."""
    found: dict[str, None] = {}
    for at in range(len(word) + 1):
        before, after = word[:at], word[at:]
        found.update((before + letter + after, None) for letter in ascii_lowercase)
        if after:
            found[before + after[1:]] = None
            found.update((before + letter + after[1:], None) for letter in ascii_lowercase)
        if len(after) > 1:
            found[before + after[1] + after[0] + after[2:]] = None
    found.pop(word, None)
    return list(found)


def _read_latin(word: str, synonyms: Synonyms) -> SearchWord:
    others = _others(word, synonyms)
    return SearchWord(word, (_spelling(word), *map(_spelling, others)), others)


def _read_run(run: str, synonyms: Synonyms, *, is_exact: bool) -> Iterator[SearchWord]:
    plain = run if is_exact else simplified(run)
    at = 0
    for piece in _pieces(plain, synonyms):
        typed = run[at : at + len(piece)]
        at += len(piece)
        others = _others(piece, synonyms)
        yield SearchWord(piece, tuple(map(_spelling, dict.fromkeys((piece, typed, *others)))), others)


def _pieces(run: str, synonyms: Synonyms) -> Iterator[str]:
    """Cut a run at the longest words that have synonyms, and what lies between by the dictionary."""
    start = at = 0
    while at < len(run):
        ends = range(min(len(run), at + MAX_SYNONYM), at + (1 if len(run) > 1 else 0), -1)
        end = next((end for end in ends if run[at:end] in synonyms), None)
        if end is None:
            at += 1
            continue
        yield from rjieba.cut(run[start:at])
        yield run[at:end]
        start = at = end
    yield from rjieba.cut(run[start:])


def _others(word: str, synonyms: Synonyms) -> tuple[str, ...]:
    return tuple(other for other in synonyms.get(word, ()) if other != word)


def _spelling(text: str) -> Spelling:
    terms: dict[SearchTerm, None] = {}
    for word in cut_words(text):
        if is_han(word):
            terms.update((SearchTerm(token), None) for token in (bigrams(word) or [word]))
        else:
            terms[SearchTerm(encode(word), is_prefix=len(word) > 1)] = None
    return tuple(terms)


def _is_correctable(word: SearchWord) -> bool:
    return word.is_latin and len(word.text) >= LEAST_FOR_TYPO


def _neighbour_term(neighbour: str) -> SearchTerm:
    """A short neighbour must be met whole: three letters begin too many words."""
    return SearchTerm(encode(neighbour), is_prefix=len(neighbour) >= LEAST_FOR_TYPO)


def _meets(term: SearchTerm, tokens: frozenset[str]) -> bool:
    if not term.is_prefix:
        return term.token in tokens
    return any(token.startswith(term.token) for token in tokens)


def _ends_there(word: str, tokens: frozenset[str]) -> bool:
    """Tell whether a syllable ends where the word ends: what follows it in a token begins a token of its own."""
    rests = [token[len(word) :] for token in tokens if token.startswith(word)]
    return any(not rest or any(token.startswith(rest) for token in tokens) for rest in rests)

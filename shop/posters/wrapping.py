"""Breaks Chinese and mixed text into lines: no punctuation where it must not stand, words and figures whole."""

import re
from collections.abc import Callable, Iterator

from shop.posters.typefaces import Type

# CLREQ (W3C, Requirements for Chinese Text Layout), prohibition rules for line start and line end.
NOT_FIRST = frozenset('，。、；：？！,.;:?!）)」』”’》〉】〕〗］]｝}…—～·%％‰℃°′″々ー')
NOT_LAST = frozenset('（(「『“‘《〈【〔〖［[｛{¥￥$#＃№')
WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f][0-9A-Za-z\u00c0-\u024f.,'’/+-]*(?<![.,'’/])|\s+|.", re.DOTALL)
ELLIPSIS = '…'

Measure = Callable[[str], float]


def wrap(text: str, type_: Type, width: float, *, most: int, balanced: bool = False) -> list[str]:
    """Return at most `most` lines no wider than `width` px; what does not fit ends in an ellipsis.

    `balanced` makes the lines about as long as each other, for headlines.
    """
    lines = _break(text, type_.length, width)
    if len(lines) > most:
        return [*lines[: most - 1], _shortened(' '.join(lines[most - 1 :]), type_.length, width)]
    return _balance(text, lines, type_.length, width) if balanced else lines


def _break(text: str, length: Measure, width: float) -> list[str]:
    lines: list[str] = []
    line = ''
    for piece in _pieces(text, length, width):
        if line.strip() and length((line + piece).rstrip()) > width:
            lines.append(line.strip())
            line = ''
        line += piece
    return [*lines, line.strip()] if line.strip() else lines


def _pieces(text: str, length: Measure, width: float) -> Iterator[str]:
    """Yield what may not be broken: a word, or a character with the punctuation that clings to it."""
    piece = ''
    for token in WORD.findall(text):
        clings = bool(piece) and (token[0] in NOT_FIRST or piece[-1] in NOT_LAST)
        if piece and not clings:
            yield from _bearable(piece, length, width)
            piece = ''
        piece += token
    if piece:
        yield from _bearable(piece, length, width)


def _bearable(piece: str, length: Measure, width: float) -> Iterator[str]:
    """Cut a piece that is wider than a whole line."""
    while len(piece) > 1 and length(piece.rstrip()) > width:
        cut = next(n for n in range(len(piece) - 1, 0, -1) if n == 1 or length(piece[:n]) <= width)
        yield piece[:cut]
        piece = piece[cut:]
    yield piece


def _balance(text: str, lines: list[str], length: Measure, width: float) -> list[str]:
    low, high = max(length(line) for line in lines) / 2 if lines else width, width
    while high - low > 2:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_break(text, length, middle)) <= len(lines) else (middle, high)
    return _break(text, length, high)


def _shortened(text: str, length: Measure, width: float) -> str:
    while text and length(text + ELLIPSIS) > width:
        text = text[:-1]
    while text and text[-1] in NOT_FIRST | NOT_LAST | {' '}:
        text = text[:-1]
    return text + ELLIPSIS

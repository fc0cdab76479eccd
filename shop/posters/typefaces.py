"""The two free typefaces of the pictures, how wide a text is in them, and which letters they have."""

import struct
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import ImageFont

FOLDER = Path(pylopdf_fonts_zh_cn.__file__).parent
SANS = 'NotoSansSC-Regular.otf'
SERIF = 'NotoSerifSC-Regular.otf'
GETA = '〓'  # what printers set for a character they have no type of
INVISIBLE = frozenset({'Cc', 'Cf', 'Cs', 'Co', 'Cn', 'Mn', 'Me'})


@dataclass(frozen=True, slots=True)
class Type:
    """A face in a size (px); the faces are regular only, `weight` is a stroke in px that makes them bolder."""

    face: str
    size: int
    weight: float = 0.0

    @property
    def font(self) -> ImageFont.FreeTypeFont:
        """The face, loaded once per size."""
        return _font(self.face, self.size)

    def length(self, text: str) -> float:
        """Return the width of one line of text in px."""
        return self.font.getlength(text) + 2 * self.weight

    def fitted(self, text: str, width: float, smallest: int) -> 'Type':
        """Return this type, or the largest smaller one in which the text fits, not below `smallest` px."""
        length = self.length(text)
        if length <= width:
            return self
        size = max(smallest, int(self.size * width / length))
        while size > smallest and Type(self.face, size, self.weight).length(text) > width:
            size -= 1
        return Type(self.face, size, self.weight)


def serif(size: int, weight: float = 0.0) -> Type:
    """Return the face of headlines."""
    return Type(SERIF, size, weight)


def sans(size: int, weight: float = 0.0) -> Type:
    """Return the face of everything else."""
    return Type(SANS, size, weight)


def printable(text: str) -> str:
    """Return the text in letters both faces have, on one line.

    What cannot be seen (controls, joiners, variation marks) and pictures such as emoji are left out; any other letter
    without type becomes 〓, as printers do.
    """
    composed = unicodedata.normalize('NFC', text)
    kept = ''.join(_letter(letter) for letter in composed)
    return ' '.join(kept.split()).replace(' · ', '·')


def let_go() -> None:
    """Forget the faces: each takes 1.3 MB, is loaded in half a millisecond, and pictures are drawn seldom."""
    _font.cache_clear()


def _letter(letter: str) -> str:
    if letter.isspace():
        return ' '
    kind = unicodedata.category(letter)
    if kind in INVISIBLE:
        return ''
    if ord(letter) in _letters():
        return letter
    return GETA if kind.startswith(('L', 'N')) else ''


@lru_cache(maxsize=32)
def _font(face: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FOLDER / face), size)


@lru_cache(maxsize=1)
def _letters() -> frozenset[int]:
    """Return the code points that both faces have."""
    return _letters_of(SANS) & _letters_of(SERIF)


def _letters_of(face: str) -> frozenset[int]:
    """Read which code points the face has: the format 12 part of its `cmap` table (OpenType 1.9)."""
    with (FOLDER / face).open('rb') as file:
        head = file.read(12)
        (tables,) = struct.unpack_from('>H', head, 4)
        records = struct.iter_unpack('>4sLLL', file.read(16 * tables))
        place, length = next((offset, length) for tag, _sum, offset, length in records if tag == b'cmap')
        file.seek(place)
        cmap = file.read(length)
    (parts,) = struct.unpack_from('>H', cmap, 2)
    starts = (struct.unpack_from('>4xL', cmap, 4 + 8 * n)[0] for n in range(parts))
    start = next(start for start in starts if struct.unpack_from('>H', cmap, start)[0] == 12)
    (groups,) = struct.unpack_from('>L', cmap, start + 12)
    spans = (struct.unpack_from('>LL', cmap, start + 16 + 12 * n) for n in range(groups))
    return frozenset(point for first, last in spans for point in range(first, last + 1))

"""Money as whole fen; yuan appear only at the edges."""

import re
from dataclasses import dataclass
from functools import total_ordering
from typing import Self

FEN_PER_YUAN = 100
BASIS_POINTS = 10_000
MAX_FEN = 10**15

_YUAN = re.compile(r'^[¥￥]?(-?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?元?$')


class MoneyFormatError(ValueError):
    """The text is not an amount of yuan with at most two decimals."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """An amount in CNY, held as whole fen; never a float."""

    fen: int

    def __post_init__(self) -> None:
        """Refuse anything that is not a whole number of fen."""
        if type(self.fen) is not int:
            raise TypeError('money is whole fen')

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read yuan as people type them: ``39.9``, ``¥1,234.50``, ``12元``.

        Raises `MoneyFormatError` for anything else, including a third decimal.
        """
        match = _YUAN.match(text.strip().replace('，', ','))
        if not match:
            raise MoneyFormatError(text[:40])
        sign, yuan, cents = match.groups()
        fen = int(yuan.replace(',', '')) * FEN_PER_YUAN + int((cents or '').ljust(2, '0'))
        if fen > MAX_FEN:
            raise MoneyFormatError(text[:40])
        return cls(-fen if sign else fen)

    @property
    def yuan(self) -> str:
        """Yuan with two decimals and no separators, for fields and files: ``1234.50``."""
        whole, cents = divmod(abs(self.fen), FEN_PER_YUAN)
        return f'{"-" if self.fen < 0 else ""}{whole}.{cents:02d}'

    @property
    def grouped(self) -> str:
        """Yuan with thousands separators, for reading: ``1,234.50``."""
        whole, cents = divmod(abs(self.fen), FEN_PER_YUAN)
        return f'{"-" if self.fen < 0 else ""}{whole:,}.{cents:02d}'

    def share_bp(self, rate_bp: int) -> 'Money':
        """Return `rate_bp` basis points of this amount, rounded down to the fen."""
        return Money(self.fen * rate_bp // BASIS_POINTS)

    def __add__(self, other: 'Money') -> 'Money':
        """Add two amounts."""
        return Money(self.fen + other.fen)

    def __sub__(self, other: 'Money') -> 'Money':
        """Subtract an amount."""
        return Money(self.fen - other.fen)

    def __mul__(self, quantity: int) -> 'Money':
        """Multiply by a whole quantity."""
        return Money(self.fen * quantity)

    def __neg__(self) -> 'Money':
        """Return the amount with the other sign."""
        return Money(-self.fen)

    def __lt__(self, other: 'Money') -> bool:
        """Compare by fen."""
        return self.fen < other.fen

    def __bool__(self) -> bool:
        """Tell whether the amount is not zero."""
        return self.fen != 0

    def __str__(self) -> str:
        """Show the amount with the currency sign: ``¥1,234.50``."""
        return f'{"-" if self.fen < 0 else ""}¥{Money(abs(self.fen)).grouped}'

"""Pages of rows that stay stable and forgive odd page numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

MAX_PAGE = 10_000

T = TypeVar('T')


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows out of `total`; `number` counts from 1."""

    rows: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.total // self.size))

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before this one."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after this one."""
        return self.number < self.last


def page_number(text: str | None) -> int:
    """Read a page number from a query string; anything odd is page 1."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_PAGE)):
        return 1
    return min(max(1, int(text)), MAX_PAGE)

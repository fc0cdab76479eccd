"""What an auditor takes away proves itself, and any change to it is found without the shop."""

import ast
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.closing import close_due_days
from shop.ledger.models import DaySeal
from shop.statistics.bundle import NothingSealedError, write_bundle
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import complete, households_of, make_paid_order, make_payout, make_refund, pool_of

pytestmark = pytest.mark.usefixtures('app')
SCRIPT = Path(__file__).parents[2] / 'static' / 'check_bundle.py'


@pytest.fixture
def book(app, clock_hand):
    """Sales, benefit, a refund and a payout on three closed days, and a day that is still open."""
    product = make_listed_product(households=3)
    make_paid_order((product, 1))
    mine = make_paid_order((product, 2))
    clock_hand.move(days=1)
    complete(mine)
    make_payout(pool_of(product), households_of(product)[0], 200)
    clock_hand.move(days=1)
    make_refund(mine.lines[0], 1)
    clock_hand.move(days=1)
    with transaction():
        close_due_days(at=clock.now())
    make_paid_order((product, 1))
    return product


def written() -> dict[str, bytes]:
    file = io.BytesIO()
    write_bundle(file, at=clock.now())
    with zipfile.ZipFile(file) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def last_root() -> str:
    root = db.session.scalar(select(DaySeal.root).order_by(DaySeal.day.desc()).limit(1))
    assert root is not None
    return root


def checked(files: dict[str, bytes], folder: Path, root: str) -> tuple[int, str]:
    path = folder / 'bundle.zip'
    with zipfile.ZipFile(path, 'w') as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(path), root], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr == ''
    return done.returncode, done.stdout


def changed(files: dict[str, bytes], name: str, old: str, new: str) -> dict[str, bytes]:
    content = files[name].decode()
    assert old in content, (name, old)
    return {**files, name: content.replace(old, new, 1).encode()}


@pytest.mark.usefixtures('book')
def test_the_bundle_of_a_sound_book_holds(tmp_path):
    code, said = checked(written(), tmp_path, last_root())
    assert said.splitlines() == [
        '2026-06-17: sales_fen, covered, accrued, paid = [7980, 3, 3, 1] from 6 entries',
        'everything holds',
    ]
    assert code == 0
    assert checked(written(), tmp_path, 'a' * 64)[0] == 1, 'another seal was published'


@pytest.mark.usefixtures('book')
@pytest.mark.parametrize(
    ('name', 'old', 'new', 'says'),
    [
        ('sale.jsonl', '\\t7980\\t', '\\t7981\\t', '2026-06-15: the entries'),
        ('sale.jsonl', '\\tonline\\t', '\\texpo\\t', '2026-06-15: the entries'),
        ('benefit.jsonl', '\\t1200\\t', '\\t1100\\t', 'the pool comes to 1100'),
        ('payout.jsonl', '\\t200\\t', '\\t300\\t', 'was paid 300 of pool 1, which owes 200'),
        ('seals.jsonl', '"2026-06-16"', '"2026-06-14"', '2026-06-14: the seal is not made of'),
        ('shares.jsonl', '[1, 2, 1]', '[1, 2, 5]', 'was paid 200 of pool 1, which owes 86'),
    ],
)
def test_whatever_is_changed_is_found_even_with_a_manifest_made_anew(tmp_path, name, old, new, says):
    files = changed(written(), name, old, new)
    assert f'WRONG {name} is not the file of the manifest' in checked(files, tmp_path, last_root())[1]
    manifest = json.loads(files['manifest.json'])
    del manifest['files'][name]
    code, said = checked({**files, 'manifest.json': json.dumps(manifest).encode()}, tmp_path, last_root())
    assert code == 1
    assert says in said


@pytest.mark.usefixtures('book')
def test_a_published_figure_that_the_entries_do_not_give_is_found(tmp_path):
    files = changed(written(), 'manifest.json', '7980', '8980')
    assert 'WRONG published were [8980, 3, 3, 1]' in checked(files, tmp_path, last_root())[1]


def test_a_bundle_shows_no_household_but_its_number(book):
    files = written()
    files.pop('check_bundle.py')
    text = b''.join(files.values()).decode()
    for household in households_of(book):
        assert not [one for one in (household.head_name, household.self_check_code) if one in text]


def test_without_a_seal_there_is_nothing_to_take_away():
    with pytest.raises(NothingSealedError):
        written()


@pytest.mark.usefixtures('book')
def test_the_command_writes_a_whole_file(app, tmp_path):
    file = tmp_path / 'book.zip'
    result = app.test_cli_runner().invoke(args=['audit', 'bundle', str(file)])
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith('已写出截至 2026-06-17 的账')
    assert [path.name for path in tmp_path.glob('*book*')] == ['book.zip']


def test_the_command_says_that_nothing_is_sealed(app, tmp_path):
    result = app.test_cli_runner().invoke(args=['audit', 'bundle', str(tmp_path / 'book.zip')])
    assert (result.exit_code, result.output) == (1, 'Error: 还没有封过账，先有封签才有可核对的账。\n')
    assert list(tmp_path.glob('*book*')) == []


def test_the_checker_is_a_hundred_lines_beside_what_it_says_of_itself():
    spoken = {
        line
        for node in ast.walk(ast.parse(SCRIPT.read_text()))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = [line for number, line in enumerate(SCRIPT.read_text().splitlines(), 1) if number not in spoken]
    assert len([line for line in lines if line.strip()]) <= 100

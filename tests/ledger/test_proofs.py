"""A buyer's proof leads to the published seal, says nothing of households, and holds only untouched."""

import json
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from shop.kit import clock
from shop.kit.database import transaction
from shop.ledger.closing import close_due_days
from shop.ledger.merkle import leaf_hash
from shop.ledger.proofs import ProofError, ProofFormatError, check_proof, prove_order, write_proof
from shop.ledger.sealing import seal_root
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import complete, households_of, make_paid_order, make_payout, make_refund, pool_of

pytestmark = pytest.mark.usefixtures('app')
SCRIPT = Path(__file__).parents[2] / 'static' / 'verify_proof.py'


@pytest.fixture
def order(clock_hand):
    """A sale, its benefit, a refund and a payout on three days, with other orders before and after."""
    product = make_listed_product(households=3)
    make_paid_order((product, 1))
    mine = make_paid_order((product, 2))
    make_paid_order((product, 3))
    clock_hand.move(days=1)
    complete(mine)
    make_payout(pool_of(product), households_of(product)[0], 100)
    clock_hand.move(days=1)
    make_refund(mine.lines[0], 1)
    return mine


def closed(order) -> dict:
    with transaction():
        close_due_days(at=clock.now())
    return prove_order(order)


def test_every_entry_of_an_order_is_proved_once_its_day_is_closed(order, clock_hand):
    assert (prove_order(order)['entries'], len(prove_order(order)['pending'])) == ([], 4)
    proof = closed(order)
    assert [(entry['kind'], entry['day']) for entry in proof['entries']] == [
        ('sale', '2026-06-15'),
        ('benefit', '2026-06-16'),
    ]
    assert [entry['day'] for entry in proof['pending']] == ['2026-06-17', '2026-06-17']
    clock_hand.move(days=1)
    proof = closed(order)
    assert proof['pending'] == []
    assert [(entry.kind, entry.amount_fen) for entry in check_proof(write_proof(proof))] == [
        ('sale', 7980),
        ('benefit', 1200),
        ('sale', -3990),
        ('benefit', -600),
    ]


def test_a_proof_names_no_household_and_no_buyer(order):
    text = write_proof(closed(order))
    households = households_of(order.lines[0].product)
    secrets = [order.recipient, order.phone, order.street]
    secrets += [value for one in households for value in (one.head_name, one.self_check_code, one.group_name)]
    assert not [secret for secret in secrets if secret in text]
    assert 'payout' not in text


def change_amount(entry: dict) -> None:
    entry['encoding'] = entry['encoding'].replace('7980', '9980')


def change_kind(entry: dict) -> None:
    entry['kind'] = 'benefit'


def change_day(entry: dict) -> None:
    entry['day'] = '2026-06-14'


def change_index(entry: dict) -> None:
    entry['index'] = 0


def change_size(entry: dict) -> None:
    entry['size'] += 20


def fall_outside(entry: dict) -> None:
    entry['index'] = entry['size']


def change_path(entry: dict) -> None:
    entry['path'][0] = '0' * 64


def change_figures(entry: dict) -> None:
    entry['figures'][1] += 1


def change_root(entry: dict) -> None:
    entry['root'] = 'a' * 64


def change_previous(entry: dict) -> None:
    entry['previous_root'] = 'b' * 64


CHANGES = [
    change_amount, change_kind, change_day, change_index, change_size, fall_outside, change_path, change_figures,
    change_root, change_previous,
]  # fmt: skip


def test_whatever_is_changed_is_found_here_and_by_the_script(order, tmp_path):
    proof = closed(order)
    published = [entry['root'] for entry in proof['entries']]
    assert by_script(proof, published, tmp_path).returncode == 0
    for change in CHANGES:
        changed = json.loads(json.dumps(proof))
        change(changed['entries'][0])
        with pytest.raises(ProofError, match='第 1 笔'):
            check_proof(write_proof(changed))
        found = by_script(changed, published, tmp_path)
        assert (change.__name__, found.returncode, found.stderr) == (change.__name__, 1, '')
    assert by_script(proof, ['c' * 64], tmp_path).returncode == 1


def test_a_seal_of_ones_own_making_is_no_published_one(order, clock_hand):
    """A whole chain may be consistent in itself; only the published seal decides."""
    proof = closed(order)
    entry = proof['entries'][0]
    entry['previous_root'] = 'd' * 64
    figures = '\t'.join([entry['day'], entry['previous_root'], entry['entries_root'], *map(str, entry['figures'])])
    entry['root'] = sha256(b'\x02' + figures.encode()).hexdigest()
    with pytest.raises(ProofError, match='公布'):
        check_proof(write_proof(proof))


def test_a_day_that_was_never_sealed_proves_nothing(order):
    proof = closed(order)
    entry = proof['entries'][0]
    leaf = leaf_hash(entry['encoding'].replace('2026-06-15', '2020-01-01').encode())
    entry.update(day='2020-01-01', index=0, size=1, path=[], entries_root=leaf.hex())
    entry['encoding'] = entry['encoding'].replace('2026-06-15', '2020-01-01')
    entry['root'] = seal_root(date(2020, 1, 1), entry['previous_root'], leaf.hex(), tuple(entry['figures']))
    with pytest.raises(ProofError, match='没有公布过 2020-01-01'):
        check_proof(write_proof(proof))


@pytest.mark.parametrize(
    ('text', 'says'),
    [
        ('', '请选择'),
        ('{"version": 1,', '不是 JSON'),
        ('[' * 100_000, '不是 JSON'),
        ('[]', '不是本站'),
        ('{"version": 2, "entries": [1]}', '不是本站'),
        ('{"version": 1, "entries": []}', '还没有分录'),
        ('{"version": 1, "entries": [7]}', '第 1 笔分录缺少'),
        ('{"version": 1, "entries": [{"kind": "payout"}]}', '第 1 笔分录缺少'),
        ('x' * 2_000_001, '太大'),
        (json.dumps({'version': 1, 'entries': [{}] * 501}), '太多'),
    ],
    ids=range(10),
)
def test_what_is_no_proof_is_refused_in_words(text, says):
    with pytest.raises(ProofFormatError, match=says):
        check_proof(text)


def test_numbers_and_days_of_the_wrong_shape_are_refused(order):
    proof = closed(order)
    for name, value in (
        ('index', True),
        ('size', 2**70),
        ('day', '2026-02-30'),
        ('day', '2026-W25-1'),
        ('figures', [1]),
        ('path', ['zz']),
    ):
        changed = json.loads(json.dumps(proof))
        changed['entries'][0][name] = value
        with pytest.raises(ProofFormatError, match='第 1 笔'):
            check_proof(json.dumps(changed))


def test_the_commands_prove_and_verify(app, order, tmp_path):
    closed(order)
    run = app.test_cli_runner().invoke
    printed = run(args=['ledger', 'prove', order.number])
    file = tmp_path / 'proof.json'
    file.write_text(printed.output)
    assert run(args=['ledger', 'verify-proof', str(file)]).exit_code == 0
    file.write_text(printed.output.replace('7980', '9980'))
    wrong = run(args=['ledger', 'verify-proof', str(file)])
    assert (wrong.exit_code, '第 1 笔' in wrong.output) == (1, True)
    assert run(args=['ledger', 'prove', 'no-such']).exit_code == 1


def by_script(proof: dict, roots: list[str], folder: Path) -> subprocess.CompletedProcess:
    file = folder / 'proof.json'
    file.write_text(json.dumps(proof))
    return subprocess.run(
        [sys.executable, '-I', str(SCRIPT), str(file), *roots], capture_output=True, text=True, check=False
    )


def test_the_script_is_short_enough_to_read():
    assert len(SCRIPT.read_text().splitlines()) <= 100

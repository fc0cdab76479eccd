"""Re-checks an auditor's bundle without the shop: Python 3.8 or newer, nothing else.

    python3 check_bundle.py bundle.zip ROOT

ROOT is the seal of its last day as it was published and you wrote it down. Recomputed from the entries: each day's
tree (RFC 6962), figures, seal and chain; each pool; who was reached when (Sainte-Lague); payouts; published figures.
"""

import json
import sys
import zipfile
from collections import Counter, defaultdict
from fractions import Fraction
from hashlib import sha256
from heapq import heapify, heapreplace


def tree(leaves):
    """Return the root over leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256().digest()
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b'\x01' + tree(leaves[:split]) + tree(leaves[split:])).digest()


def apportion(pool, weights):
    """Return each household's fen: the next fen goes to the highest weight / (2 * fen + 1), ties to the first."""
    total, count = sum(weights), len(weights)
    parts = [max(0, (weight * (2 * pool - count) + total) // (2 * total)) for weight in weights]
    heap = [(-Fraction(weight, 2 * part + 1), i) for i, (weight, part) in enumerate(zip(weights, parts))]
    heapify(heap)
    for _ in range(pool - sum(parts)):
        i = heap[0][1]
        parts[i] += 1
        heapreplace(heap, (-Fraction(weights[i], 2 * parts[i] + 1), i))
    return parts


class Book:
    """What the bundle holds, and what was found wrong with it."""

    def __init__(self, bundle):
        self.manifest = json.loads(bundle.read('manifest.json'))
        self.faults = [
            f'{name} is not the file of the manifest'
            for name, digest in self.manifest['files'].items()
            if sha256(bundle.read(name)).hexdigest() != digest
        ]
        self.rows = {
            name: [json.loads(line) for line in bundle.read(f'{name}.jsonl').splitlines()]
            for name in self.manifest['rows']
        }
        self.entries, self.leaves, self.amounts = defaultdict(list), defaultdict(list), defaultdict(list)
        for kind, columns in self.manifest['columns'].items():
            for text in self.rows[kind]:
                entry = dict(zip(columns, text.split('\t')[1:]))
                self.entries[kind].append(entry)
                self.leaves[entry['booked_on']].append(sha256(b'\x00' + text.encode()).digest())
                self.amounts[kind, entry['booked_on']].append(int(entry['amount_fen']))
        self.shares, self.version_of = defaultdict(list), dict(self.rows['pools'])
        for version, household, weight in self.rows['shares']:
            self.shares[version].append((household, weight))
        self.pools, self.reached, self.paid = Counter(), {}, Counter()

    def due(self, pool):
        """Return what the pool as it stands owes each household."""
        names, weights = zip(*self.shares[self.version_of[pool]])
        return dict(zip(names, apportion(self.pools[pool], weights)))

    def follow_pools(self):
        """Book the benefit again: what each pool comes to, and who had a first fen when."""
        for entry in sorted(self.entries['benefit'], key=lambda one: (one['booked_on'], int(one['sequence']))):
            pool, fen = int(entry['pool_id']), int(entry['amount_fen'])
            self.pools[pool] += fen
            if self.pools[pool] != int(entry['pool_after_fen']):
                self.faults.append(f'benefit {entry["id"]}: the pool comes to {self.pools[pool]}')
            if fen > 0 and any(name not in self.reached for name, _ in self.shares[self.version_of[pool]]):
                for name in [name for name, part in self.due(pool).items() if part]:
                    self.reached.setdefault(name, entry['booked_on'])

    def check_payouts(self):
        """Nobody was paid more of a pool than it owes."""
        for entry in self.entries['payout']:
            self.paid[int(entry['pool_id']), int(entry['household_id'])] += int(entry['amount_fen'])
        dues = {pool: self.due(pool) for pool, _ in self.paid}
        for (pool, name), fen in self.paid.items():
            if fen > dues[pool].get(name, 0):
                self.faults.append(f'household {name} was paid {fen} of pool {pool}, which owes {dues[pool].get(name)}')

    def check_seals(self, published):
        """Every day's entries lead to its seal, every seal to the next, the last one to the published one."""
        previous, reached_on = '0' * 64, Counter(self.reached.values())
        for day, before, root, seal, figures in self.rows['seals']:
            parts = [self.amounts[kind, day] for kind in ('sale', 'benefit')]
            found = [figure for part in parts for figure in (len(part), sum(part))] + [reached_on[day]]
            if (before, tree(self.leaves.pop(day, [])).hex(), found) != (previous, root, figures):
                self.faults.append(f'{day}: the entries with {found} or the chain do not fit the seal of {figures}')
            if sha256(('\x02' + '\t'.join([day, before, root, *map(str, figures)])).encode()).hexdigest() != seal:
                self.faults.append(f'{day}: the seal is not made of what stands beside it')
            previous = seal
        if self.leaves or previous != published.lower():
            self.faults.append(f'unsealed days: {sorted(self.leaves)}; the last seal is {previous}')

    def check_figures(self):
        """The published figures are what the entries give."""
        today = self.manifest['day']
        named = {v for v, since, until in self.rows['versions'] if since <= today and (until or '9') > today}
        covered, paid = {name for v in named for name, _ in self.shares[v]}, {name for _, name in self.paid}
        sales = sum(int(entry['amount_fen']) for entry in self.entries['sale'])
        found = [sales, len(covered), len(self.reached), len(paid)]
        print(
            f'{today}: sales_fen, covered, accrued, paid = {found} from {sum(map(len, self.entries.values()))} entries'
        )
        if found != self.manifest['figures']:
            self.faults.append(f'published were {self.manifest["figures"]}')


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    book = Book(zipfile.ZipFile(sys.argv[1]))
    book.follow_pools()
    book.check_payouts()
    book.check_seals(sys.argv[2])
    book.check_figures()
    print('\n'.join(f'WRONG {fault}' for fault in book.faults) or 'everything holds')
    sys.exit(1 if book.faults else 0)

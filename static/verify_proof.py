"""Checks an inclusion proof without the shop: Python 3.8 or newer, nothing else.

    python3 verify_proof.py proof.json ROOT [ROOT …]

PROOF is the file from the order's page; ROOT is the seal of a day as it was published and you wrote it down,
64 hexadecimal digits. Exit code 0: every entry of the proof leads to one of these seals. The rules are those of
RFC 6962: a leaf is SHA-256(00 ‖ entry), a node SHA-256(01 ‖ left ‖ right), a seal SHA-256(02 ‖ day, seal of the
day before, root of the entries, five figures, joined by tabs).
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

KINDS = ('sale', 'benefit')


def sides(index: int, size: int) -> list:
    """Tell for each step upwards whether the sibling stands on the left."""
    if size <= 1:
        return []
    split = 1 << (size - 1).bit_length() - 1
    if index < split:
        return [*sides(index, split), False]
    return [*sides(index - split, size - split), True]


def entries_root(entry: dict) -> str:
    """Recompute the root of the day's tree from one entry and its path."""
    if not 0 <= entry['index'] < entry['size']:
        raise ValueError('the index lies outside the tree')
    steps = sides(entry['index'], entry['size'])
    if len(steps) != len(entry['path']):
        raise ValueError('the path does not fit the tree')
    root = sha256(b'\x00' + entry['encoding'].encode()).digest()
    for sibling, is_left in zip(map(bytes.fromhex, entry['path']), steps):
        root = sha256(b'\x01' + (sibling + root if is_left else root + sibling)).digest()
    return root.hex()


def seal(entry: dict) -> str:
    """Recompute the seal of the day."""
    fields = [entry['day'], entry['previous_root'], entries_root(entry), *map(str, entry['figures'])]
    return sha256(b'\x02' + '\t'.join(fields).encode()).hexdigest()


def main(arguments: list) -> int:
    """Check every entry of the file against the seals given; say what was found."""
    if len(arguments) < 2:
        print(__doc__)
        return 2
    entries = json.loads(Path(arguments[0]).read_text(encoding='utf-8'))['entries']
    published = {root.lower() for root in arguments[1:]}
    faults = 0 if entries else 1
    for number, entry in enumerate(entries, 1):
        try:
            found = seal(entry)
        except (KeyError, TypeError, ValueError) as error:
            found, reason = '', repr(error)
        else:
            reason = f'leads to {found}, which is not among the seals given'
        is_dated = bool(found) and (
            entry['encoding'].split('\t')[0] == entry.get('kind') in KINDS
            and entry['day'] in entry['encoding'].split('\t')
        )
        if is_dated and found in published and found == entry['root']:
            print(f'ok    {number}  {entry["day"]}  {entry["kind"]}')
        else:
            faults += 1
            print(f'WRONG {number}  {reason if not found or is_dated else "kind or day do not fit the entry"}')
    print(f'{len(entries)} entries, {faults} wrong')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))

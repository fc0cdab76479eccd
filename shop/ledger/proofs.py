"""Inclusion proofs: that an order's entries stand in the sealed book, for anybody to check without trusting us.

A proof holds, per entry, its encoding (see `shop.ledger.sealing`), its place in the tree of its day, the hashes
that lead to the root of that tree, and what the seal of the day is made of. Only sales and benefit entries are
proved: they name no household. Payouts do, and are never given out.
"""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select

from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.ledger.causes import REFUND_LINES
from shop.ledger.merkle import inclusion_path, leaf_hash, root_from_path
from shop.ledger.models import BenefitEntry, DaySeal, SalesEntry
from shop.ledger.sealing import BENEFIT_FIELDS, LATER, SALE_FIELDS, read_encodings, seal_root
from shop.ledger.touched import leaves_of
from shop.orders.models import Order

VERSION = 1
MAX_CHARACTERS = 2_000_000
MAX_ENTRIES = 500
FIGURES = ('sales_count', 'sales_fen', 'benefit_count', 'benefit_fen', 'reached_count')
PROVED = {'sale': SALE_FIELDS, 'benefit': BENEFIT_FIELDS}
_HASH = re.compile(r'[0-9a-f]{64}')


class ProofFormatError(BusinessError):
    """The text is no proof at all."""


class ProofError(BusinessError):
    """An entry's proof does not lead to the published seal."""


@dataclass(frozen=True, slots=True)
class ProvedEntry:
    """An entry that stands in the sealed book."""

    kind: str
    day: date
    amount_fen: int
    index: int
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class _Position:
    kind: str
    encoding: str
    index: int


def prove_order(order: Order) -> dict[str, Any]:
    """Return the proof of an order's entries in closed days; what waits to be closed is listed as ``pending``."""
    entries = _entries_of(order)
    days = sorted({day for day, _kind, _id in entries})
    seals = {seal.day: seal for seal in db.session.scalars(select(DaySeal).where(DaySeal.day.in_(days)))}
    proved = []
    for day in days:
        if day in seals:
            wanted = {(kind, entry_id) for on, kind, entry_id in entries if on == day}
            proved += _prove_day(seals[day], wanted)
    pending = [{'kind': kind, 'day': day.isoformat()} for day, kind, _id in sorted(entries) if day not in seals]
    return {'version': VERSION, 'order': order.number, 'entries': proved, 'pending': pending}


def write_proof(proof: Mapping[str, Any]) -> str:
    """Write a proof as the text of its file."""
    return json.dumps(proof, ensure_ascii=False, indent=2) + '\n'


def check_proof(text: str) -> list[ProvedEntry]:
    """Recompute every step of a proof from its text and compare with the published seals.

    Raises `ProofFormatError` for a text that is no proof, `ProofError` naming the entry that does not hold.
    """
    entries = [_read_entry(number, entry) for number, entry in enumerate(_read(text), 1)]
    days = {entry['day'] for entry in entries}
    seals = {seal.day: seal for seal in db.session.scalars(select(DaySeal).where(DaySeal.day.in_(days)))}
    return [_check_entry(number, entry, seals.get(entry['day'])) for number, entry in enumerate(entries, 1)]


def _entries_of(order: Order) -> list[tuple[date, str, int]]:
    """Return day, kind and id of every entry that the order's lines and their refunds caused."""
    lines = [line.id for line in order.lines]
    refunds = select(REFUND_LINES.c.id).where(REFUND_LINES.c.order_line_id.in_(lines))
    found: list[tuple[date, str, int]] = []
    for kind, book in (('sale', SalesEntry), ('benefit', BenefitEntry)):
        mine = or_(book.order_line_id.in_(lines), book.refund_line_id.in_(refunds))
        rows = db.session.execute(select(book.booked_on, book.id).where(mine).order_by(book.booked_on, book.id))
        found += [(row.booked_on, kind, row.id) for row in rows]
    return found


def _prove_day(seal: DaySeal, wanted: Collection[tuple[str, int]]) -> list[dict[str, Any]]:
    places = leaves_of(seal.day)
    leaves = [leaf for _kind, _id, leaf in places]
    encodings = {
        (kind, entry_id): encoding.decode()
        for kind, entry_id, encoding in read_encodings(seal.day, {entry_id for _kind, entry_id in wanted})
    }
    positions = [
        _Position(kind, encodings[kind, entry_id], index)
        for index, (kind, entry_id, _leaf) in enumerate(places)
        if (kind, entry_id) in wanted and (kind, entry_id) in encodings
    ]
    return [
        {
            'kind': position.kind,
            'encoding': position.encoding,
            'index': position.index,
            'size': len(leaves),
            'path': [step.hex() for step in inclusion_path(leaves, position.index)],
            'day': seal.day.isoformat(),
            'entries_root': seal.entries_root,
            'figures': [getattr(seal, name) for name in FIGURES],
            'previous_root': seal.previous_root,
            'root': seal.root,
        }
        for position in positions
    ]


def _read(text: str) -> Sequence[Any]:
    if not text.strip():
        raise ProofFormatError(_('请选择存在证明文件，或把它的内容粘贴进来。'))
    if len(text) > MAX_CHARACTERS:
        raise ProofFormatError(_('文件太大，不像存在证明。请用订单页下载的文件，一般只有几 KB。'))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise ProofFormatError(_('读不懂：内容不是 JSON。请原样使用订单页下载的文件，不要改动或截断。')) from None
    entries = content.get('entries') if isinstance(content, dict) else None
    if not isinstance(content, dict) or content.get('version') != VERSION or not isinstance(entries, list):
        raise ProofFormatError(_('这不是本站的存在证明：缺少版本号或分录。请用订单页下载的文件。'))
    if not entries:
        raise ProofFormatError(_('这份证明里还没有分录：付款当日的账夜里封存，第二天再下载就有了。'))
    if len(entries) > MAX_ENTRIES:
        raise ProofFormatError(_('分录太多，不像一张订单的证明。'))
    return entries


def _read_entry(number: int, entry: Any) -> dict[str, Any]:
    """Return the entry with its day read; raises `ProofFormatError` for anything of the wrong shape."""
    shape_error = ProofFormatError(_('第 %(n)s 笔分录缺少内容或格式不对，请原样使用下载的文件。', n=number))
    if not isinstance(entry, dict):
        raise shape_error
    texts = [entry.get(name) for name in ('kind', 'encoding', 'day')]
    hashes = [entry.get(name) for name in ('entries_root', 'previous_root', 'root')]
    path, figures = entry.get('path'), entry.get('figures')
    if not isinstance(path, list) or not isinstance(figures, list) or len(figures) != len(FIGURES):
        raise shape_error
    numbers = [entry.get('index'), entry.get('size'), *figures]
    is_right = (
        all(isinstance(one, str) for one in texts)
        and all(isinstance(one, str) and _HASH.fullmatch(one) for one in (*hashes, *path))
        and all(type(one) is int and abs(one) < 2**63 for one in numbers)
        and entry['kind'] in PROVED
    )
    if not is_right:
        raise shape_error
    try:
        day = date.fromisoformat(entry['day'])
    except ValueError:
        raise shape_error from None
    if day.isoformat() != entry['day']:
        raise shape_error
    return {**entry, 'day': day}


def _check_entry(number: int, entry: Mapping[str, Any], seal: DaySeal | None) -> ProvedEntry:
    day, kind, fields = entry['day'], entry['kind'], entry['encoding'].split('\t')
    names = PROVED[kind]
    expected = {len(names) + 1, len(names) + (kind not in LATER)}
    if fields[0] != kind or len(fields) not in expected or fields[1 + names.index('booked_on')] != day.isoformat():
        raise ProofError(_('第 %(n)s 笔：分录的内容与它写的类别或日期对不上，被改动过。', n=number))
    if not 0 <= entry['index'] < entry['size']:
        raise ProofError(_('第 %(n)s 笔：序号不在当日分录数之内。', n=number))
    try:
        leaf, path = leaf_hash(entry['encoding'].encode()), [bytes.fromhex(step) for step in entry['path']]
        found = root_from_path(leaf, entry['index'], entry['size'], path).hex()
    except ValueError:
        raise ProofError(_('第 %(n)s 笔：路径的长度与序号、分录数不符。', n=number)) from None
    if found != entry['entries_root']:
        raise ProofError(_('第 %(n)s 笔：算出的当日树根与证明写的不同。分录的内容、序号或路径被改动过。', n=number))
    if seal_root(day, entry['previous_root'], found, tuple(entry['figures'])) != entry['root']:
        raise ProofError(_('第 %(n)s 笔：算出的封签与证明写的不同。当日合计或上一日封签被改动过。', n=number))
    if seal is None:
        raise ProofError(_('第 %(n)s 笔：本站没有公布过 %(day)s 的封签。', n=number, day=day))
    if seal.root != entry['root']:
        raise ProofError(_('第 %(n)s 笔：证明里的封签与本站公布的 %(day)s 封签不同。', n=number, day=day))
    amount = fields[1 + names.index('amount_fen')]
    return ProvedEntry(kind, day, int(amount), entry['index'], entry['size'], seal.root)

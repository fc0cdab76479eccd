"""The auditor's bundle: the sealed book, its seals and the definitions of its figures, to be checked elsewhere.

A zip of lines of JSON. ``sale``, ``benefit`` and ``payout`` hold the encodings that the seals vouch for (see
`shop.ledger.sealing`), ``seals`` the chain, ``versions``, ``pools`` and ``shares`` who shares what; households stand
there as numbers only. ``manifest.json`` holds the figures that were published for the last sealed day and the
SHA-256 of every file. `static/check_bundle.py` goes along; who does not trust us takes it from elsewhere.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from flask_babel import gettext as _
from sqlalchemy import select

from shop.benefits.models import AgreementShare, AgreementVersion
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.ledger.days import last_closed_day
from shop.ledger.models import BenefitPool, DaySeal
from shop.ledger.proofs import FIGURES
from shop.ledger.sealing import BOOKS, read_book
from shop.statistics.metrics import METRICS
from shop.statistics.tallies import headline

VERSION = 1
CHECKER = Path(__file__).parent.parent.parent / 'static' / 'check_bundle.py'
# The entries of a zip carry a date; this one keeps two bundles of one book the same.
_STAMP = (1980, 1, 1, 0, 0, 0)


class NothingSealedError(BusinessError):
    """No day is closed yet."""


def write_bundle(to: IO[bytes], *, at: datetime) -> date:
    """Write the bundle of everything up to the last sealed day; return that day. Raises `NothingSealedError`."""
    day = last_closed_day()
    if day is None:
        raise NothingSealedError(_('还没有封过账，先有封签才有可核对的账。'))
    digests, counts = {}, {}
    with ZipFile(to, 'w') as bundle:
        for name, rows in _tables(day):
            counts[name], digests[f'{name}.jsonl'] = _write_rows(bundle, f'{name}.jsonl', rows)
        digests['definitions.json'] = _write(bundle, 'definitions.json', _json(_definitions()))
        digests[CHECKER.name] = _write(bundle, CHECKER.name, CHECKER.read_bytes())
        manifest = {
            'version': VERSION,
            'day': day.isoformat(),
            'written_at': at.isoformat(timespec='seconds'),
            'columns': {kind: fields for kind, _book, fields in BOOKS},
            'rows': counts,
            'figures': _figures(day),
            'files': digests,
        }
        _write(bundle, 'manifest.json', _json(manifest))
    return day


def _tables(day: date) -> Iterator[tuple[str, Iterable[Any]]]:
    for kind, book, fields in BOOKS:
        yield kind, (encoding.decode() for encoding in read_book(kind, book, fields, day))
    yield 'seals', _seals(day)
    yield 'versions', _versions()
    yield 'pools', _lists(select(BenefitPool.id, BenefitPool.version_id).order_by(BenefitPool.id))
    shares = (
        select(AgreementShare.version_id, AgreementShare.household_id, AgreementShare.weight)
        .join(AgreementVersion)
        .where(AgreementVersion.in_force_on.is_not(None))
        .order_by(AgreementShare.version_id, AgreementShare.position)
    )
    yield 'shares', _lists(shares)


def _seals(day: date) -> Iterator[list[Any]]:
    for seal in db.session.scalars(select(DaySeal).where(DaySeal.day <= day).order_by(DaySeal.day)):
        figures = [getattr(seal, name) for name in FIGURES]
        yield [seal.day.isoformat(), seal.previous_root, seal.entries_root, seal.root, figures]


def _versions() -> Iterator[list[Any]]:
    """Yield version, first and (exclusive) last day in force; one that was never in force shares nothing yet."""
    rows = db.session.execute(
        select(AgreementVersion.id, AgreementVersion.in_force_on, AgreementVersion.ended_on)
        .where(AgreementVersion.in_force_on.is_not(None))
        .order_by(AgreementVersion.id)
    )
    for version_id, since, until in rows:
        yield [version_id, since.isoformat() if since else None, until.isoformat() if until else None]


def _lists(statement: Any) -> Iterator[list[Any]]:
    for row in db.session.execute(statement):
        yield list(row)


def _figures(day: date) -> list[int]:
    now = headline(day)
    return [now.sales_fen, now.covered, now.accrued, now.paid]


def _definitions() -> list[dict[str, Any]]:
    return [
        {
            'name': metric.name,
            'version': metric.version,
            'title': str(metric.title),
            'unit': str(metric.unit),
            'definition': str(metric.definition),
            'counts': str(metric.counts),
            'goes_by': str(metric.goes_by),
        }
        for metric in METRICS.values()
    ]


def _write_rows(bundle: ZipFile, name: str, rows: Iterable[Any]) -> tuple[int, str]:
    """Write one row a line as they come, so that memory stays flat; return how many, and the hash of the file."""
    digest, count = sha256(), 0
    with bundle.open(_info(name), 'w') as file:
        for row in rows:
            line = json.dumps(row, ensure_ascii=False).encode() + b'\n'
            digest.update(line)
            file.write(line)
            count += 1
    return count, digest.hexdigest()


def _write(bundle: ZipFile, name: str, content: bytes) -> str:
    bundle.writestr(_info(name), content)
    return sha256(content).hexdigest()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, _STAMP)
    info.compress_type = ZIP_DEFLATED
    return info


def _json(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False, indent=2).encode() + b'\n'

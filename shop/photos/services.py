"""Keeps pictures: identical content once, files before the row, and a sweep for what a crash leaves."""

from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.kit.database import db
from shop.photos import storage
from shop.photos.models import Photo
from shop.photos.pipeline import Picture, prepare_picture

ORPHAN_AGE = timedelta(days=1)
ALT_LENGTH = 120


def store_photo(source: bytes | BinaryIO | Picture, *, alt: str, is_illustration: bool = False, at: datetime) -> Photo:
    """Keep an uploaded file, or a picture prepared before the unit of work began, and return its row.

    Identical content is kept once: the first row is returned with its own alt text.
    Raises a `PhotoRefusedError`; then no file and no row exists.
    """
    picture = source if isinstance(source, Picture) else prepare_picture(source)
    known = _photo_of(picture.digest)
    if known is None or not storage.has_files(picture.digest, picture.files):
        storage.write_files(picture.digest, picture.files)
    if known is not None:
        return known
    photo = Photo(
        digest=picture.digest,
        width=picture.width,
        height=picture.height,
        widths=','.join(str(width) for width in picture.widths),
        alt=alt.strip()[:ALT_LENGTH],
        is_illustration=is_illustration,
        stored_at=at,
    )
    try:
        with db.session.begin_nested():
            db.session.add(photo)
    except IntegrityError:  # the same picture came in at the same moment
        return db.session.execute(select(Photo).filter_by(digest=picture.digest)).scalar_one()
    return photo


def sweep_orphans(*, at: datetime) -> int:
    """Remove files older than a day that no row names, and return how many."""
    stale = list(storage.stale_files(at - ORPHAN_AGE))
    if not stale:
        return 0
    kept = set(db.session.execute(select(Photo.digest)).scalars())
    orphans = [path for digest, path in stale if digest not in kept]
    for path in orphans:
        path.unlink(missing_ok=True)
    return len(orphans)


def _photo_of(digest: str) -> Photo | None:
    return db.session.execute(select(Photo).filter_by(digest=digest)).scalar_one_or_none()

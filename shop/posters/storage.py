"""The finished pictures on disk: named by what they show, written whole, swept when nobody asks for them."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from shop.kit.files import write_whole

NAME = re.compile(r'\.?[0-9a-f]{64}\.jpg(?:\.[0-9a-f]{8})?')


def poster_folder() -> Path:
    """Return the folder of all finished pictures."""
    return Path(current_app.config['SHOP_DATA']) / 'posters'


def read_poster(digest: str) -> bytes | None:
    """Return a finished picture and note that it was asked for; None if it is not there."""
    path = _path_of(digest)
    try:
        content = path.read_bytes()
        os.utime(path)
    except FileNotFoundError:
        return None
    return content


def write_poster(digest: str, content: bytes) -> None:
    """Keep a finished picture; two who write the same at once write the same."""
    path = _path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, content)


def sweep_posters(before: datetime) -> int:
    """Remove the pictures nobody asked for since an instant, and return how many."""
    swept = 0
    for path in poster_folder().glob('*/*') if poster_folder().is_dir() else ():
        try:
            asked = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:  # swept or renamed meanwhile
            continue
        if asked < before and NAME.fullmatch(path.name):
            path.unlink(missing_ok=True)
            swept += 1
    return swept


def _path_of(digest: str) -> Path:
    return poster_folder() / digest[:2] / f'{digest}.jpg'

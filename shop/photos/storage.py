"""The files of the photos on disk: written whole or not at all, named by content."""

import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from shop.kit.files import write_whole

FILE_NAME = re.compile(r'(?P<digest>[0-9a-f]{64})-(?P<width>[1-9][0-9]{0,4})\.(?P<ending>webp|jpg)')
FOLDER_LETTERS = 2


def media_folder() -> Path:
    """Return the folder of all photo files."""
    return Path(current_app.config['SHOP_DATA']) / 'media'


def read_file(name: str) -> bytes | None:
    """Return the content of a file (``<digest>-640.webp``), or None if there is none or the name is none of ours."""
    path = _path_of(name)
    try:
        return path.read_bytes() if path is not None else None
    except FileNotFoundError:
        return None


def has_file(name: str) -> bool:
    """Tell whether there is such a file."""
    path = _path_of(name)
    return path is not None and path.is_file()


def write_files(digest: str, files: Mapping[str, bytes]) -> None:
    """Write all files of a picture (``640.webp`` → bytes), each atomically and through to the disk."""
    folder = media_folder() / digest[:FOLDER_LETTERS]
    folder.mkdir(parents=True, exist_ok=True)
    for ending, content in files.items():
        write_whole(folder / f'{digest}-{ending}', content)
    _sync_folder(folder)


def has_files(digest: str, endings: Mapping[str, bytes]) -> bool:
    """Tell whether every file of a picture is there."""
    folder = media_folder() / digest[:FOLDER_LETTERS]
    return all((folder / f'{digest}-{ending}').is_file() for ending in endings)


def stale_files(before: datetime) -> Iterator[tuple[str, Path]]:
    """Yield the digest (empty for a half-written file) and path of files last written before an instant."""
    for path in media_folder().glob('*/*'):
        try:
            written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except FileNotFoundError:  # swept or renamed meanwhile
            continue
        if written < before:
            match = FILE_NAME.fullmatch(path.name)
            yield (match['digest'] if match else '', path)


def _path_of(name: str) -> Path | None:
    match = FILE_NAME.fullmatch(name)
    return media_folder() / match['digest'][:FOLDER_LETTERS] / name if match is not None else None


def _sync_folder(folder: Path) -> None:
    if not hasattr(os, 'O_DIRECTORY'):  # Windows syncs names by itself
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

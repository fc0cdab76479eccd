"""Photos of signed rosters on disk: they show names, so they are sealed and lie apart from the public pictures."""

from pathlib import Path

from flask import current_app

from shop.kit.crypto import seal_bytes, unseal_bytes
from shop.kit.files import write_whole
from shop.photos.pipeline import Picture


def keep_slip(picture: Picture) -> str:
    """Keep the widest JPEG of a prepared picture, upright and without metadata; return its digest."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = picture.files[f'{picture.widths[-1]}.jpg']
    write_whole(folder / picture.digest, seal_bytes(current_app.config['DATA_KEYS'], content))
    return picture.digest


def read_slip(digest: str) -> bytes | None:
    """Return the JPEG with this digest, or None if its file is gone."""
    try:
        sealed = (_folder() / digest).read_bytes()
    except FileNotFoundError:
        return None
    return unseal_bytes(current_app.config['DATA_KEYS'], sealed)


def _folder() -> Path:
    return Path(current_app.config['SHOP_DATA']) / 'slips'

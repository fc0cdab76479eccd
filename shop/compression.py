"""Smaller answers: pages in brotli or gzip as they leave, static files compressed once and kept."""

import gzip
import hashlib
import os
import secrets
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

import brotli
from flask import Flask
from flask_compress import Compress
from whitenoise import WhiteNoise
from whitenoise.responders import StaticFile

STATIC_MAX_AGE = 31_536_000
# What does not shrink is left as it is.
SHRINKING = frozenset({'.css', '.js', '.svg', '.txt', '.py', '.webmanifest', '.json'})
COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    'br': lambda content: brotli.compress(content, mode=brotli.MODE_TEXT),
    'gzip': lambda content: gzip.compress(content, mtime=0),
}


def compress_pages(app: Flask) -> None:
    """Compress what the views answer.

    Safe against guessing by size (BREACH): no page holds a secret that lasts (writes are guarded by their origin,
    not by a token, and the checkout's token is new on each page), and the cookie does not travel with requests that
    another site starts.
    """
    app.config.setdefault('COMPRESS_ALGORITHM', ['br', 'gzip'])
    app.config.setdefault('COMPRESS_ALGORITHM_STREAMING', ['br'])
    Compress(app)


class CompressedStatic(WhiteNoise):  # type: ignore[misc]
    """Serves the static files; the compressed ones lie in `folder` under the digest of their content."""

    def __init__(self, application: Any, *, root: Path, folder: Path) -> None:
        """Serve `root` under ``/static/``."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(application, root=str(root), prefix='static/', max_age=STATIC_MAX_AGE)

    def get_static_file(self, path: str, url: str, stat_cache: Mapping[str, Any] | None = None) -> StaticFile:
        """Return a file with its compressed forms."""
        headers = Headers([('X-Content-Type-Options', 'nosniff')])
        self.add_mime_headers(headers, path, url)
        self.add_cache_headers(headers, path, url)
        return StaticFile(path, headers.items(), encodings=self._compressed(Path(path)))

    def _compressed(self, path: Path) -> dict[str, str]:
        if path.suffix not in SHRINKING:
            return {}
        content = path.read_bytes()
        digest = hashlib.sha256(content).hexdigest()[:32]
        found = {}
        for encoding in COMPRESSORS:
            kept = self._folder / f'{digest}.{encoding}'
            if not kept.exists():
                draft = kept.with_name(f'{kept.name}.{os.getpid()}.{secrets.token_hex(4)}')
                draft.write_bytes(_compress(encoding, content))
                draft.replace(kept)
            found[encoding] = str(kept)
        return found


@lru_cache(maxsize=256)
def _compress(encoding: str, content: bytes) -> bytes:
    return COMPRESSORS[encoding](content)

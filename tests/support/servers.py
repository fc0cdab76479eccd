"""Servers for tests: the application in a thread, and several processes of it under gunicorn."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psutil
from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).parent.parent.parent
READY_SECONDS = 120


class LiveServer:
    """The application of a test behind a real port; `failures` holds every request it could not answer."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.failures: list[str] = []
        logging.getLogger('werkzeug').setLevel(logging.ERROR)
        self._server = make_server('127.0.0.1', 0, self._watched(app.wsgi_app), threaded=True)
        self.url = f'http://127.0.0.1:{self._server.server_port}'
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={'poll_interval': 0.02}, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _watched(self, application: 'WSGIApplication') -> 'WSGIApplication':
        def watched(environ: 'WSGIEnvironment', start_response: 'StartResponse') -> Iterable[bytes]:
            path = f'{environ["REQUEST_METHOD"]} {environ["PATH_INFO"]}'

            def noted(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
                if status.startswith('5'):
                    self.failures.append(f'{path}: {status}')
                return start_response(status, headers, *rest)

            try:
                return application(environ, noted)
            except Exception:  # noqa: BLE001  whatever it is, the test must hear of it
                self.failures.append(f'{path}:\n{traceback.format_exc()}')
                start_response('500 Internal Server Error', [('Content-Type', 'text/plain')])
                return [b'failed']

        return watched


class ServerProcesses:
    """gunicorn with some worker processes on one database, behind a door that stays open while they are gone."""

    def __init__(self, start: 'Callable[[], subprocess.Popen[bytes]]', url: str, log: Path) -> None:
        self._start = start
        self.process = start()
        self.url = url
        self.log = log

    def workers(self) -> list[int]:
        """Return the ids of the worker processes."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def kill_worker(self) -> int | None:
        """Kill one worker without warning, as the machine's power would; gunicorn starts another."""
        victim = next(iter(self.workers()), None)
        if victim is not None:
            os.kill(victim, signal.SIGKILL)
        return victim

    def kill_all(self) -> None:
        """Kill gunicorn and every worker without warning; who knocks now waits at the door."""
        victims = [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children()]
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        self.process.wait()

    def restart(self) -> None:
        """Start gunicorn again behind the same door."""
        self.process = self._start()

    def stop(self) -> None:
        """End gunicorn and its workers, if they still run; nothing is lost by ending them at once."""
        if self.process.poll() is None:
            self.kill_all()


@contextmanager
def running_processes(
    count: int, environ: dict[str, str], folder: Path, *, target: str = 'app:app', threads: int = 1
) -> Iterator[ServerProcesses]:
    """Run the shop (or another WSGI `target`) in `count` processes with these settings until the block ends."""
    with socket.socket() as door, (folder / 'gunicorn.log').open('ab') as log:
        door.bind(('127.0.0.1', 0))
        door.listen(1024)
        url = f'http://127.0.0.1:{door.getsockname()[1]}'
        command = [sys.executable, '-m', 'gunicorn', '--workers', str(count), '--threads', str(threads)]
        command += ['--bind', f'fd://{door.fileno()}', '--graceful-timeout', '2', '--no-control-socket', target]

        def start() -> 'subprocess.Popen[bytes]':
            return _start_gunicorn(command, door.fileno(), environ, log)

        servers = ServerProcesses(start, url, folder / 'gunicorn.log')
        try:
            _wait_for(url, servers.process, servers.log)
            yield servers
        finally:
            servers.stop()


def _start_gunicorn(
    command: list[str], door: int, environ: dict[str, str], log: IO[bytes]
) -> 'subprocess.Popen[bytes]':
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environ}, pass_fds=[door], stdout=log, stderr=subprocess.STDOUT
    )


def _wait_for(url: str, process: 'subprocess.Popen[bytes]', log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f'{url}/healthz', timeout=1):
                return
        except urllib.error.HTTPError as answer:
            with answer:
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f'the server did not start:\n{log.read_text()}')


@contextmanager
def running_localstripe(log: Path) -> Iterator[str]:
    """Run localstripe, empty, until the block ends; return its address.

    It takes no open socket and listens everywhere, so a port is looked for below those that the system hands out.
    """
    port = _free_port()
    command = [sys.executable, '-m', 'localstripe', '--from-scratch', '--port', str(port)]
    url = f'http://127.0.0.1:{port}'
    with log.open('wb') as output:
        process = subprocess.Popen(command, cwd=log.parent, stdout=output, stderr=subprocess.STDOUT)
        try:
            _wait_for(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(10)


def _free_port() -> int:
    for port in range(21_000 + os.getpid() % 10_000, 32_768):
        with socket.socket(socket.AF_INET6) as door:
            try:
                door.bind(('::', port))
            except OSError:
                continue
            return port
    raise RuntimeError('no port is free')

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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import psutil
from flask import Flask
from werkzeug.serving import make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ROOT = Path(__file__).parent.parent.parent
READY_SECONDS = 30


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
    """gunicorn with some worker processes on one database."""

    def __init__(self, process: 'subprocess.Popen[bytes]', url: str, log: Path) -> None:
        self.process = process
        self.url = url
        self.log = log

    def workers(self) -> list[int]:
        """Return the ids of the worker processes."""
        return [child.pid for child in psutil.Process(self.process.pid).children()]

    def kill_worker(self) -> int:
        """Kill one worker without warning, as the machine's power would; gunicorn starts another."""
        victim = self.workers()[0]
        os.kill(victim, signal.SIGKILL)
        return victim


@contextmanager
def running_processes(
    count: int, environ: dict[str, str], folder: Path, *, target: str = 'app:app'
) -> Iterator[ServerProcesses]:
    """Run the shop (or another WSGI `target`) in `count` processes with these settings until the block ends."""
    with socket.socket() as door, (folder / 'gunicorn.log').open('wb') as log:
        door.bind(('127.0.0.1', 0))
        door.listen(256)
        url = f'http://127.0.0.1:{door.getsockname()[1]}'
        process = _start_gunicorn(count, door.fileno(), environ, log, target)
        try:
            _wait_for(url, process, folder / 'gunicorn.log')
            yield ServerProcesses(process, url, folder / 'gunicorn.log')
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start_gunicorn(
    count: int, door: int, environ: dict[str, str], log: IO[bytes], target: str
) -> 'subprocess.Popen[bytes]':
    command = [sys.executable, '-m', 'gunicorn', '--workers', str(count), '--bind', f'fd://{door}']
    command += ['--graceful-timeout', '2', '--no-control-socket', target]
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

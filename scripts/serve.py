"""Brings the database up to date, fills an empty one with the demo, and runs the server and the worker."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).parent.parent
FLASK = (sys.executable, '-m', 'flask', '--app', 'app')
READY_SECONDS = 30
STOP_SECONDS = 10


class Address:
    """Where the shop is served: ``HOST`` and ``PORT``, 127.0.0.1:8000 unless told."""

    def __init__(self) -> None:
        self.host = os.environ.get('HOST') or '127.0.0.1'
        text = os.environ.get('PORT') or '8000'
        if not (text.isascii() and text.isdigit() and 0 < int(text) < 65_536):
            sys.exit(f'PORT must be a whole number from 1 to 65535, not {text!r}.')
        self.port = int(text)
        self.url = f'http://{self.host}:{self.port}'

    def is_taken(self) -> bool:
        """Tell whether somebody answers there already."""
        with socket.socket() as caller:
            caller.settimeout(1)
            return caller.connect_ex(('127.0.0.1' if self.host == '0.0.0.0' else self.host, self.port)) == 0  # noqa: S104


def say(text: str) -> None:
    """Announce a step, in bold on a terminal."""
    print(f'\033[1m{text}\033[0m' if sys.stdout.isatty() else text, flush=True)


def run_step(title: str, *command: str) -> None:
    """Run one command of the shop; its failure ends everything with its own exit code."""
    say(title)
    done = subprocess.run([*FLASK, *command], cwd=ROOT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def start(*command: str) -> 'subprocess.Popen[bytes]':
    """Start a long-running process beside this one."""
    return subprocess.Popen([sys.executable, '-m', *command], cwd=ROOT)


def start_both(address: Address) -> 'dict[str, subprocess.Popen[bytes]]':
    """Start the server and the worker of scheduled jobs."""
    workers = os.environ.get('WEB_CONCURRENCY') or '2'
    bind = f'{address.host}:{address.port}'
    gunicorn = ('gunicorn', '--bind', bind, '--workers', workers, '--threads', '4', '--log-level', 'warning')
    # The longest search is answered by the shop itself, with a page that helps.
    return {
        'server': start(*gunicorn, '--limit-request-line', '0', '--no-control-socket', 'app:app'),
        'worker': start('flask', '--app', 'app', 'jobs', 'work'),
    }


def wait_until_ready(address: Address, processes: 'dict[str, subprocess.Popen[bytes]]') -> None:
    """Wait until the server answers, or until one of the two is gone."""
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and not address.is_taken():
        if any(process.poll() is not None for process in processes.values()):
            return
        time.sleep(0.1)


def watch(processes: 'dict[str, subprocess.Popen[bytes]]') -> int:
    """Wait until one of the two ends, and return the exit code to end with."""
    while True:
        for name, process in processes.items():
            if process.poll() is not None:
                say(f'The {name} has ended (exit code {process.returncode}); stopping the other.')
                return process.returncode or 1
        time.sleep(0.2)


def stop(processes: 'dict[str, subprocess.Popen[bytes]]') -> None:
    """End whatever still runs."""
    for process in processes.values():
        if process.poll() is None:
            process.terminate()
    for process in processes.values():
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def main() -> int:
    """Run the shop until Ctrl-C."""
    address = Address()
    if address.is_taken():
        sys.exit(f'{address.url} is in use already. Choose another port: PORT=8080 make run')
    run_step('Bringing the database up to date', 'db', 'upgrade')
    run_step('Loading the demo campaign, if the database is empty', 'demo', 'load', '--if-empty')
    processes = start_both(address)
    try:
        wait_until_ready(address, processes)
        run_step('Demo accounts', 'demo', 'accounts')
        say(f'\nThe shop is open: {address.url}   (Ctrl-C ends it)')
        return watch(processes)
    except KeyboardInterrupt:
        say('\nClosing the shop.')
        return 0
    finally:
        stop(processes)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())

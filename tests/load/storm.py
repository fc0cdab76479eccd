"""Kills servers and the worker of the scheduled work at moments that follow from a seed, and starts them again."""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.servers import ROOT, ServerProcesses


class Worker:
    """The scheduled work, done again and again in a process of its own."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self.environ = {**os.environ, **environ}
        self.log = folder / 'worker.log'
        self.start()

    def start(self) -> None:
        """Start it, again after a kill."""
        command = [sys.executable, '-m', 'tests.load.work']
        with self.log.open('ab') as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environ, stdout=log, stderr=log)

    def kill(self) -> None:
        """End it without warning; it must not have ended by itself."""
        if self.process.poll() is not None:
            raise RuntimeError(f'the worker has ended:\n{self.log.read_text()}')
        self.process.kill()
        self.process.wait()


class Storm:
    """Kills one process of the server, all of it, or the worker, so many times and not faster than they come back."""

    def __init__(self, servers: ServerProcesses, worker: Worker | None, rng: random.Random, kills: int) -> None:
        self.servers = servers
        self.worker = worker
        self.rng = rng
        self.kills = kills
        self.faults: list[Exception] = []
        self._calm = threading.Event()

    @contextmanager
    def raging(self) -> Iterator[None]:
        """Rage until the block ends or every kill is done, at least once; what went wrong is raised."""
        thread = threading.Thread(target=self._rage)
        thread.start()
        try:
            yield
        finally:
            self._calm.set()
            thread.join()
        if self.faults:
            raise ExceptionGroup('the storm itself failed', self.faults)

    def _rage(self) -> None:
        try:
            self._calm.wait(self.rng.uniform(0.1, 0.6))
            for _ in range(self.kills):
                self._strike()
                if self._calm.wait(self.rng.uniform(0.2, 1.2)):
                    break
        except Exception as fault:  # noqa: BLE001  the test must hear of it
            self.faults.append(fault)

    def _strike(self) -> None:
        kind = self.rng.choice(('one', 'one', 'all', 'worker' if self.worker is not None else 'one'))
        if kind == 'one':
            self.servers.kill_worker()
        elif kind == 'all':
            self.servers.kill_all()
            self.servers.restart()
        elif self.worker is not None:
            self.worker.kill()
            self.worker.start()

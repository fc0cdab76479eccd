"""The shop in several processes, as it is run, and goods for a crowd."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.servers import ServerProcesses

THREADS = 4


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a load test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.load)


@pytest.fixture
def servers(
    server_processes: Callable[..., ServerProcesses], is_long: bool
) -> Iterator[Callable[..., ServerProcesses]]:
    """Start the shop as in production: `servers()`, or `servers(mistake='seen_before')` with a mistake in it.

    A fault that the shop of itself has written into its log fails the test, whatever was answered.
    """
    logs = []

    def start(*, mistake: str = '', **settings: str) -> ServerProcesses:
        target = f"tests.load.planted:shop('{mistake}')" if mistake else 'app:app'
        running = server_processes(4 if is_long else 2, target=target, threads=THREADS, **settings)
        if not mistake:
            logs.append(running.log)
        return running

    yield start
    for log in logs:
        assert 'Traceback' not in log.read_text(), log.read_text()

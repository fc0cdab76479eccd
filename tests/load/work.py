"""A process that does the scheduled work again and again, until it is killed."""

import time

from shop.application import create_app
from shop.jobs.schedule import run_due_work

PAUSE_SECONDS = 0.1


def work() -> None:
    """Do everything that is due, without end; a work that fails ends the process."""
    with create_app().app_context():
        while True:
            run_due_work()
            time.sleep(PAUSE_SECONDS)


if __name__ == '__main__':
    work()

"""`flask jobs run-once`: everything that is due, now."""

from typing import Any, cast

import click
from flask import current_app
from flask.cli import AppGroup

from shop.jobs.schedule import long_works_done, run_due_work, worker_of

commands = AppGroup('jobs', help='The scheduled work.')


@commands.command('run-once')
def run_once() -> None:
    """Do everything that is due and say how much."""
    for name, count in run_due_work().items():
        click.echo(f'{name}: {count}')


@commands.command('work')
def work() -> None:
    """Run the worker until it is stopped."""
    app = cast(Any, current_app)._get_current_object()
    with long_works_done(app):
        worker_of(app).create_consumer(workers=1).run()

"""Commands for the pictures to pass on."""

import click
from flask.cli import AppGroup

from shop.kit import clock
from shop.posters.services import sweep

commands = AppGroup('posters', help='Look after posters and share cards.')


@commands.command('sweep')
def sweep_all() -> None:
    """Remove pictures that nobody asked for in a week."""
    click.echo(f'removed {sweep(at=clock.now())} pictures')

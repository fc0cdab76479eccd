"""Commands for the photo files."""

import click
from flask.cli import AppGroup

from shop.kit import clock
from shop.photos.services import sweep_orphans

commands = AppGroup('photos', help='Look after the photo files.')


@commands.command('sweep')
def sweep() -> None:
    """Remove files older than a day that belong to no photo."""
    click.echo(f'removed {sweep_orphans(at=clock.now())} files')

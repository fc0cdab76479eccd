"""``flask audit bundle``: what an auditor takes away to check the book elsewhere."""

from pathlib import Path

import click
from flask.cli import AppGroup

from shop.kit import clock
from shop.kit.errors import BusinessError
from shop.kit.files import whole_file
from shop.statistics.bundle import write_bundle

commands = AppGroup('audit', help='The book, to be checked without the shop.')


@commands.command('bundle')
@click.argument('file', type=click.Path(dir_okay=False, path_type=Path))
def bundle(file: Path) -> None:
    """Write the sealed book, its seals and definitions into a zip."""
    try:
        with whole_file(file) as draft:
            day = write_bundle(draft, at=clock.now())
    except BusinessError as error:
        raise click.ClickException(error.message) from None
    click.echo(f'已写出截至 {day} 的账：{file}（{file.stat().st_size} 字节）')
    click.echo('核对：python3 check_bundle.py 文件 封签')

"""``flask households rotate-keys``."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from shop.households.rotation import BATCH, count_sealed, rotate_keys, still_old
from shop.kit.database import db

SHOWN = 50
CLEAR_LINE = '\r\x1b[2K'

commands = AppGroup('households', help='The register of households: the keys of its sealed numbers.')


@commands.command('rotate-keys')
@click.option('--batch', type=click.IntRange(1, 10_000), default=BATCH, help='Texts to a unit of work.')
def rotate(batch: int) -> None:
    """Seal everything with the first key of DATA_KEYS; exit 1 while an old key is still needed.

    Put the new key before the old ones (DATA_KEYS=new,old), restart the shop, run this, and take the old ones away.
    It may be stopped and started again at any time.
    """
    keys = str(current_app.config['DATA_KEYS'])
    total = count_sealed()
    db.session.rollback()

    def tell(seen: int) -> None:
        if sys.stdout.isatty():
            click.echo(f'{CLEAR_LINE}{seen:,}/{total:,}', nl=False)

    done = rotate_keys(keys, tell=tell, batch=batch)
    if sys.stdout.isatty():
        click.echo(CLEAR_LINE, nl=False)
    old = still_old(keys)
    for name in old[:SHOWN]:
        click.echo(name, err=True)
    if len(old) > SHOWN:
        click.echo(f'…… 另有 {len(old) - SHOWN} 处', err=True)
    if old:
        click.echo(f'还有 {len(old)} 处最新的密钥打不开，旧密钥不能撤。', err=True)
        raise SystemExit(1)
    click.echo(f'共 {done.seen:,} 处密文，本次换钥 {done.resealed:,} 处；只用最新的密钥都能打开，旧密钥可以撤了。')

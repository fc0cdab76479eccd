"""`flask demo load` and `flask demo accounts`."""

import math
import sys
import time
from datetime import date, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import select

from shop.accounts.models import User
from shop.demo.accounts import LOGIN_NAMES, PASSWORD
from shop.demo.loading import has_tables, is_empty, load_campaign
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.ledger.days import ONE_DAY

CLEAR_LINE = '\r\x1b[2K'
CONSUMER = '消费者'
EARLIEST = date(2000, 1, 1)

commands = AppGroup('demo', help='The invented Tonghua campaign, for trying the shop.')


@commands.command('load')
@click.option('--seed', type=int, default=1, show_default=True, help='The same seed plans the same campaign.')
@click.option(
    '--scale',
    type=click.FloatRange(0.01, 20),
    default=1.0,
    show_default=True,
    help='1 is the campaign as reported; 0.1 a tenth of its trade.',
)
@click.option('--until', type=click.DateTime(['%Y-%m-%d']), help='The last day; yesterday by default.')
@click.option('--if-empty', is_flag=True, help='Leave a database alone that holds anything.')
def load(seed: int, scale: float, until: datetime | None, *, if_empty: bool) -> None:
    """Plan the campaign and write it into an empty database, all or nothing."""
    if math.isnan(scale):
        raise click.BadParameter('要一个数，如 0.1。', param_hint='--scale')
    last_day = _last_day(until)
    if not has_tables():
        raise click.ClickException('数据库还没有建表，请先运行 flask --app app db upgrade。')
    if if_empty and not is_empty():
        click.echo('数据库里已有数据，保持原样。')
        return
    begun, progress = time.monotonic(), _Progress()
    try:
        loaded = load_campaign(seed, scale, last_day, tell=progress.tell)
    except BusinessError as error:
        raise click.ClickException(error.message) from None
    finally:
        progress.clear()
    click.echo(f'已装入 {loaded.rows:,} 行，封账 {loaded.days} 天，用时 {time.monotonic() - begun:.0f} 秒。')


@commands.command('accounts')
def accounts() -> None:
    """Print the demo accounts, one per role."""
    names = dict(db.session.execute(select(User.login_name, User.name).where(User.login_name.in_(LOGIN_NAMES))).all())
    if not names:
        click.echo('这个数据库里没有演示账号。')
        return
    click.echo(f'演示账号（仅供演示，口令都是 {PASSWORD}）：')
    for login_name, role in LOGIN_NAMES.items():
        if login_name in names:
            click.echo(f'  {login_name:<10} {role.label if role else CONSUMER}  {names[login_name]}')


def _last_day(until: datetime | None) -> date:
    last = clock.today() - ONE_DAY
    if until is None:
        return last
    if until.date() > last:
        raise click.BadParameter(f'演示数据只能到已经过完的一天，最晚 {last}。', param_hint='--until')
    if until.date() < EARLIEST:
        raise click.BadParameter(f'演示数据最早到 {EARLIEST}。', param_hint='--until')
    return until.date()


class _Progress:
    """Shows the step and its part on one line of a terminal; in a file, a line per step."""

    def __init__(self) -> None:
        self._is_terminal = sys.stdout.isatty()
        self._step = ''

    def tell(self, step: str, part: float) -> None:
        """Show how far a step is."""
        if self._is_terminal:
            click.echo(f'{CLEAR_LINE}{step} {part:.0%}', nl=False)
        elif step != self._step:
            click.echo(step)
        self._step = step

    def clear(self) -> None:
        """Take the line away."""
        if self._is_terminal:
            click.echo(CLEAR_LINE, nl=False)

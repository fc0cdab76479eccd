"""``flask ledger check``, ``close-day``, ``prove`` and ``verify-proof``."""

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from shop.kit import clock
from shop.kit.database import db, transaction
from shop.kit.errors import BusinessError
from shop.kit.money import Money
from shop.ledger.checks import RULES, find_faults
from shop.ledger.checks.rules import Rule
from shop.ledger.closing import close_day, close_due_month, days_due
from shop.ledger.days import ONE_DAY
from shop.ledger.proofs import check_proof, prove_order, write_proof
from shop.orders.models import Order

SHOWN = 500
KIND_NAMES = {'sale': '销售分录', 'benefit': '惠农分录'}
CLEAR_LINE = '\r\x1b[2K'

commands = AppGroup('ledger', help='The book: prove it, close its days.')


@commands.command('check')
def check() -> None:
    """Prove the book from its rows; exit 1 and name the rows when anything is off."""
    done = 0

    def tell(rule: Rule, faults: int) -> None:
        nonlocal done
        done += 1
        if _is_terminal():
            click.echo(f'{CLEAR_LINE}{done}/{len(RULES)} {rule.says}', nl=bool(faults))
        else:
            click.echo(f'{"有误" if faults else "无误"}  {rule.name}  {rule.says}{f"：{faults} 处" if faults else ""}')

    found = find_faults(tell)
    if _is_terminal():
        click.echo(CLEAR_LINE, nl=False)
    for fault in found[:SHOWN]:
        click.echo(str(fault), err=True)
    if len(found) > SHOWN:
        click.echo(f'…… 另有 {len(found) - SHOWN} 处', err=True)
    if found:
        click.echo(f'账目核对：{len(found)} 处不符。', err=True)
        raise SystemExit(1)
    click.echo(f'账目核对：{len(RULES)} 条规则全部相符。')


@commands.command('close-day')
@click.option('--day', 'day', type=click.DateTime(['%Y-%m-%d']), help='The day to close; yesterday by default.')
@click.option('--all-due', is_flag=True, help='Close every day that is over, in order.')
def close(day: datetime | None, *, all_due: bool) -> None:
    """Close a day that is over: sums, bitmaps and its seal."""
    at = clock.now()
    try:
        if all_due:
            _close_all(at)
        else:
            _close_one(day.date() if day is not None else clock.today() - ONE_DAY, at)
    except BusinessError as error:
        raise click.ClickException(error.message) from None


@commands.command('prove')
@click.argument('number')
def prove(number: str) -> None:
    """Print the inclusion proof of an order, as its buyer gets it."""
    order = db.session.scalar(select(Order).where(Order.number == number))
    if order is None:
        raise click.ClickException(f'没有订单 {number}。')
    click.echo(write_proof(prove_order(order)), nl=False)


@commands.command('verify-proof')
@click.argument('file', type=click.Path(exists=True, dir_okay=False, path_type=Path))
def verify_proof(file: Path) -> None:
    """Check a proof against the published seals; exit 1 and say which entry does not hold."""
    try:
        entries = check_proof(file.read_text(encoding='utf-8', errors='replace'))
    except BusinessError as error:
        raise click.ClickException(error.message) from None
    for entry in entries:
        click.echo(f'无误  {entry.day} {KIND_NAMES[entry.kind]}  ¥{Money(entry.amount_fen).grouped}  封签 {entry.root}')


def _close_one(day: date, at: datetime) -> None:
    with transaction():
        seal = close_day(day, at=at)
        click.echo(
            f'{day} 已封账：销售 {seal.sales_count} 笔，惠农 {seal.benefit_count} 笔，'
            f'新增受益 {seal.reached_count} 户，封签 {seal.root}'
        )


def _close_all(at: datetime) -> None:
    """Close month by month, each in a unit of its own, so that a stop loses nothing."""
    due = days_due(at=at)
    closed = 0
    while True:
        with transaction():
            seals = close_due_month(at=at)
            if not seals:
                break
            closed += len(seals)
            reached = seals[-1].day
        line = f'已封 {closed}/{due} 天，至 {reached}'
        click.echo(f'{CLEAR_LINE}{line}' if _is_terminal() else line, nl=not _is_terminal())
    if _is_terminal():
        click.echo(CLEAR_LINE, nl=False)
    click.echo(f'共封账 {closed} 天。' if closed else '没有到期未封的日子。')


def _is_terminal() -> bool:
    return sys.stdout.isatty()

"""The bank's part: a file of what it is to pay, and its result read in, each household named by its reference."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import select, update

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.database import db
from shop.kit.errors import BusinessError
from shop.kit.money import Money, MoneyFormatError
from shop.kit.words import kept, listed
from shop.payouts import bank_numbers
from shop.payouts.bank_columns import BAD, FILE_COLUMNS, GOOD, MEMO, NEEDED, RESULT_COLUMNS
from shop.payouts.evidence_models import PayoutBankFile, PayoutBankResult
from shop.payouts.lines import follow_lines, line_ids_of, move_lines
from shop.payouts.models import READY, LineStatus, PayMethod, PayoutBatch, PayoutLine
from shop.payouts.paying import book_lines, hold_for_paying, require_day
from shop.payouts.sheets import SheetError, read_rows

L = LineStatus
MAX_FAULTS = 20
HEADER_WITHIN = 15
EVIDENCE = kept('银行代发，凭银行结果文件和流水号')
PURPOSE, SENT_BACK = kept('银行代发'), kept('银行退回')


class NoAccountError(BusinessError):
    """Nobody who waits has a bank account on the register."""


@dataclass(frozen=True, slots=True)
class ResultCount:
    """What reading a result came to."""

    paid: int
    failed: int
    known: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a result that can be acted on."""

    line: PayoutLine
    is_paid: bool
    serial: str
    failure: str


class _WrongRowError(Exception):
    """A row does not say what a result says."""


def reference_of(line: PayoutLine, batch: PayoutBatch) -> str:
    """Return the name under which the bank pays a line; it says nothing about the household."""
    return f'{batch.number}-{line.position:04d}'


def make_bank_file(batch: PayoutBatch, *, actor: User, at: datetime) -> tuple[PayoutBankFile, list[list[str]]]:
    """Hand those who wait and have an account to the bank; return the record of it and the rows of the file.

    The households of the file are with the bank from now on, so nobody pays them in cash as well.
    Raises `NotFoundError`, `NotPayableError`, `NoAccountError`.
    """
    hold_for_paying(batch, actor)
    require_day(batch, clock.business_day(at), at)
    lines = db.session.scalars(
        select(PayoutLine).where(PayoutLine.id.in_(line_ids_of(batch, READY))).order_by(PayoutLine.position)
    ).all()
    accounts = bank_numbers.bank_accounts_of([line.household_id for line in lines], actor=actor, reason=PURPOSE, at=at)
    sent = [line for line in lines if line.household_id in accounts]
    if not sent:
        raise NoAccountError(_('待发的户都没有登记银行账号：先在农户名册里登记，或用花名册签领。'))
    file = PayoutBankFile(
        batch_id=batch.id,
        made_by_id=actor.id,
        made_at=at,
        line_count=len(sent),
        amount_fen=sum(line.amount_fen for line in sent),
    )
    db.session.add(file)
    db.session.flush()
    move_lines([line.id for line in sent], L.SENT, actor_id=actor.id, at=at, bank_file_id=file.id, failure='')
    return file, [list(FILE_COLUMNS), *(_file_row(batch, line, accounts[line.household_id]) for line in sent)]


def read_result(
    batch: PayoutBatch, content: bytes, *, file_name: str, paid_on: date, actor: User, at: datetime
) -> ResultCount:
    """Write down what the bank did, line by line, the whole file or nothing of it.

    The same file, or a line that is known with the same result, changes nothing. Raises `NotFoundError`,
    `NotPayableError`, and `SheetError` with every fault found.
    """
    hold_for_paying(batch, actor)
    digest = sha256(content).hexdigest()
    known_file = db.session.scalar(
        select(PayoutBankResult).where(PayoutBankResult.batch_id == batch.id, PayoutBankResult.digest == digest)
    )
    if known_file is not None:
        return ResultCount(0, 0, known_file.paid_count + known_file.failed_count + known_file.known_count)
    require_day(batch, paid_on, at)
    rows, known = _rows(batch, content)
    good, bad = [row for row in rows if row.is_paid], [row for row in rows if not row.is_paid]
    if good:
        db.session.execute(update(PayoutLine), [{'id': row.line.id, 'bank_serial': row.serial} for row in good])
        ids = [row.line.id for row in good]
        book_lines(ids, PayMethod.BANK, evidence=EVIDENCE, paid_on=paid_on, actor=actor, at=at)
    for row in bad:
        move_lines([row.line.id], L.FAILED, actor_id=actor.id, at=at, reason=row.failure, failure=row.failure[:100])
    db.session.add(
        PayoutBankResult(
            batch_id=batch.id,
            digest=digest,
            file_name=file_name[:120],
            read_by_id=actor.id,
            read_at=at,
            paid_count=len(good),
            failed_count=len(bad),
            known_count=known,
        )
    )
    db.session.flush()
    follow_lines(batch, actor_id=actor.id, at=at)
    return ResultCount(len(good), len(bad), known)


def _file_row(batch: PayoutBatch, line: PayoutLine, account: bank_numbers.BankAccount) -> list[str]:
    return [
        str(line.position),
        account.number,
        account.holder,
        account.bank,
        Money(line.amount_fen).yuan,
        MEMO,
        reference_of(line, batch),
    ]


def _rows(batch: PayoutBatch, content: bytes) -> tuple[list[_Row], int]:
    """Return the rows that say something new, and how many are known."""
    table = read_rows(content)
    found = next(((n, places) for n, cells in enumerate(table[:HEADER_WITHIN]) if (places := _header(cells))), None)
    if found is None:
        wanted = listed(RESULT_COLUMNS[name][0] for name in NEEDED)
        raise SheetError([_('前 %(n)s 行里没有找到表头。表头要有这些列：%(wanted)s。', n=HEADER_WITHIN, wanted=wanted)])
    start, places = found
    lines = {
        reference_of(line, batch): line
        for line in db.session.scalars(
            select(PayoutLine).where(PayoutLine.batch_id == batch.id).execution_options(populate_existing=True)
        )
    }
    rows: list[_Row] = []
    faults: list[str] = []
    seen: set[str] = set()
    known = 0
    for number, cells in enumerate(table[start + 1 :], start + 2):
        values = {name: cells[place] if place < len(cells) else '' for name, place in places.items()}
        if not values['reference'] and not values['result']:
            continue
        try:
            row = _read(values, lines, seen)
        except _WrongRowError as fault:
            faults.append(_('第 %(row)s 行：%(what)s', row=number, what=fault))
            continue
        if row is None:
            known += 1
        else:
            rows.append(row)
    if faults:
        raise SheetError(faults[:MAX_FAULTS])
    return rows, known


def _header(cells: list[str]) -> dict[str, int] | None:
    stand = {cell.replace('（', '(').replace('）', ')').replace(' ', ''): place for place, cell in enumerate(cells)}
    found = {}
    for name, aliases in RESULT_COLUMNS.items():
        places = [stand[alias] for alias in aliases if alias in stand]
        if places:
            found[name] = places[0]
    return found if set(NEEDED) <= found.keys() else None


def _read(values: dict[str, str], lines: dict[str, PayoutLine], seen: set[str]) -> _Row | None:
    """Return what a row says, or None when it is known; raises `_WrongRowError`."""
    reference = values['reference']
    line = lines.get(reference)
    if line is None:
        raise _WrongRowError(_('业务参考号“%(n)s”不在这一批里。', n=reference[:40]))
    if reference in seen:
        raise _WrongRowError(_('业务参考号“%(n)s”在文件里出现了两次。', n=reference))
    seen.add(reference)
    try:
        fen = Money.parse(values['amount']).fen
    except MoneyFormatError:
        raise _WrongRowError(_('金额“%(value)s”应像 123.45。', value=values['amount'][:20])) from None
    if fen != line.amount_fen:
        found, due = Money(fen).grouped, Money(line.amount_fen).grouped
        raise _WrongRowError(_('%(n)s 的金额是 ¥%(found)s，应发 ¥%(due)s。', n=reference, found=found, due=due))
    return _judge(values, line, reference)


def _judge(values: dict[str, str], line: PayoutLine, reference: str) -> _Row | None:
    """Return what the bank's word means for a line in its present status; raises `_WrongRowError`."""
    is_paid = values['result'] in GOOD
    if not is_paid and values['result'] not in BAD:
        raise _WrongRowError(_('处理结果“%(value)s”应为成功或失败。', value=values['result'][:20]))
    serial = values['serial'][:60]
    if is_paid and not serial:
        raise _WrongRowError(_('%(n)s 成功了，却没有流水号。', n=reference))
    if (is_paid and line.status is L.PAID and line.bank_serial == serial) or (not is_paid and line.status is L.FAILED):
        return None
    if line.status is not L.SENT:
        now = line.status.label
        raise _WrongRowError(_('%(n)s 现在是“%(now)s”，不在银行代发中，请与银行核对。', n=reference, now=now))
    return _Row(line, is_paid, serial, values.get('failure', '') or SENT_BACK)

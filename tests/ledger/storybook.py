"""Reads a story of the book, lets it happen through the real services, and writes the state after each event.

A story is a Markdown page that an official can check with a pencil: what was agreed, then a table with one event to
a row and what must stand in the book after it. Amounts are yuan; a household's cell is what is due to it of all
pools, and in brackets what it was paid. The events and what they do stand in `EVENTS`.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementVersion, BenefitAgreement, RuleKind, WeightKind
from shop.benefits.services import (
    HouseholdOutsideVillageError,
    draft_version,
    notice_version,
    put_in_force,
    submit_version,
)
from shop.catalogue.models import Product
from shop.jobs.schedule import close_days, expire
from shop.kit import clock
from shop.kit.database import db, transaction
from shop.ledger.models import BenefitEntry, BenefitPayout, BenefitPool, PayoutPart, SalesEntry
from shop.orders.models import Order
from shop.orders.services import cancel_order
from shop.payments.refunds import Piece, refund_lines, refund_whole_order
from shop.payments.services import GATEWAYS
from shop.payments.worker import deliver_within
from shop.statistics.places import Level
from shop.statistics.tallies import breakdown, headline
from shop.villages.models import Household
from shop.villages.services import merge_villages
from tests.factories.accounts import make_reviewers
from tests.factories.endorsements import make_listed_product
from tests.factories.ledger import make_payout
from tests.factories.orders import WINDOW, pay, place, receive, ship
from tests.factories.villages import desk_user, make_household, make_tenure, make_village
from tests.ledger.story_batches import BATCH_EVENTS, NAMES
from tests.support.invariants import faults, stock_now

BESIDE = '戊己'  # these live in the village beside
PRICE = re.compile(r'单价 ([\d.]+) 元')
RULE = re.compile(r'(?:每件 ([\d.]+) 元|净额的 ([\d.]+)%)；(.+?)。?$')
AGREED = re.compile(r'第 1 版：(.+)')
SHARE = re.compile(rf'([{NAMES}]) (\d+)')
POOL = re.compile(r'第 (\d+) 版池')


@dataclass(frozen=True)
class Story:
    """A page: everything above its table, the columns, and the events."""

    above: str
    columns: Sequence[str]
    events: Sequence[str]

    @classmethod
    def read(cls, path: Path) -> 'Story':
        """Read a page."""
        above, _, table = path.read_text().partition('\n| ')
        head, _rule, *rows = [
            [cell.strip() for cell in line.strip().strip('|').split('|')] for line in f'| {table}'.strip().splitlines()
        ]
        return cls(above, head, [row[0] for row in rows])

    def written(self, rows: Sequence[Sequence[str]]) -> str:
        """Return the page with these cells behind the events."""
        table = [list(self.columns), ['---'] + ['---:'] * (len(self.columns) - 1)]
        table += [[event, *cells] for event, cells in zip(self.events, rows, strict=True)]
        return f'{self.above}\n' + ''.join(f'| {" | ".join(row)} |\n' for row in table)


class Stage:
    """A village with one product, and everything that the events of a story do to it."""

    def __init__(self, above: str) -> None:
        price, agreed = PRICE.search(above), AGREED.search(above)
        assert price is not None, above
        assert agreed is not None, above
        kind, value, shares = read_rule(agreed[1])
        self.village, self.beside = make_village('松岭村'), make_village('柳树村')
        tenure = make_tenure(self.village)
        self.secretary, self.township = desk_user(tenure), make_reviewers(self.village)[0]
        self.households = {
            name: make_household(self.beside if name in BESIDE else self.village, head_name=name) for name in NAMES
        }
        self.product: Product = make_listed_product(
            tenure=tenure, price_fen=fen(price[1]), stock=1_000, rule_kind=kind, rule=value,
            households=[self.households[name] for name, _ in shares], weights=[weight for _, weight in shares],
        )  # fmt: skip
        self.orders: dict[str, int] = {}
        self.at_first = stock_now()

    def tell(self, event: str) -> None:
        """Let one event happen; raises `ValueError` for one that nobody knows."""
        for pattern, happen in EVENTS:
            match = re.fullmatch(pattern, event)
            if match is not None:
                happen(self, *match.groups())
                assert faults(self.at_first) == [], event
                return
        raise ValueError(f'nobody knows what “{event}” is')

    def order(self, name: str) -> Order:
        """Return the order of this letter as it is now."""
        db.session.rollback()
        return db.session.get_one(Order, self.orders[name])

    def cells(self, columns: Sequence[str]) -> list[str]:
        """Return what stands in the book now, column by column."""
        state = dict(self._state())
        db.session.rollback()
        return [state.get(column, '—') for column in columns]

    def _state(self) -> Iterator[tuple[str, str]]:
        due, total = dict.fromkeys(NAMES, 0), 0
        others = 0
        for version, pool in self._pools():
            if version.rule_kind is RuleKind.BATCH:
                others += pool
            else:
                yield f'第 {version.number} 版池', yuan(pool)
            parts = apportion(pool, [share.weight for share in version.shares])
            for share, part in zip(version.shares, parts, strict=True):
                due[share.household.head_name] += part
            total += pool
        assert sum(due.values()) == total
        for name, household in self.households.items():
            yield name, f'{yuan(due[name])}（{yuan(self._paid(household))}）'
        yield '其他收益池', yuan(others)
        yield '批次占用', yuan(_sum(PayoutPart.amount_fen, ~PayoutPart.is_released) - _sum(BenefitPayout.amount_fen))
        yield '销售额', yuan(_sum(SalesEntry.amount_fen))
        yield '供货方承担', yuan(_sum(BenefitEntry.borne_by_supplier_fen))
        figures = headline(clock.today())
        assert figures.sales_fen == _sum(SalesEntry.amount_fen)
        yield from (('覆盖', str(figures.covered)), ('测算受益', str(figures.accrued)), ('到账', str(figures.paid)))

    def _pools(self) -> list[tuple[AgreementVersion, int]]:
        rows = db.session.execute(
            select(AgreementVersion, func.coalesce(BenefitPool.amount_fen, 0))
            .join(BenefitAgreement)
            .join(BenefitPool, BenefitPool.version_id == AgreementVersion.id, isouter=True)
            .where(BenefitAgreement.village_id == self.village.id)
            .order_by(BenefitAgreement.id, AgreementVersion.number)
        )
        return [(version, int(pool)) for version, pool in rows]

    def _paid(self, household: Household) -> int:
        return _sum(BenefitPayout.amount_fen, BenefitPayout.household_id == household.id)


def read_rule(text: str) -> tuple[RuleKind, int, list[tuple[str, int]]]:
    """Read ``每件 6.00 元；甲 1、乙 2`` or ``净额的 15%；甲 1``."""
    match = RULE.search(text)
    assert match is not None, text
    shares = [(name, int(weight)) for name, weight in SHARE.findall(match[3])]
    if match[1]:
        return RuleKind.FEN_PER_UNIT, fen(match[1]), shares
    return RuleKind.BP_OF_NET, fen(match[2]), shares


def fen(text: str) -> int:
    """Read yuan with two decimals (or per cent, into basis points)."""
    whole, _, part = text.partition('.')
    return int(whole) * 100 + int(part.ljust(2, '0') or '0')


def yuan(amount: int) -> str:
    """Write fen as yuan."""
    return f'{"-" if amount < 0 else ""}{abs(amount) // 100}.{abs(amount) % 100:02d}'


def _sum(column: object, *where: object) -> int:
    total = select(func.coalesce(func.sum(column), 0)).where(*where)
    return int(db.session.scalar(total) or 0)


def _place(stage: Stage, name: str, units: str) -> None:
    db.session.rollback()
    stage.orders[name] = place((stage.product, int(units))).orders[0].id


def _cancel(stage: Stage, name: str) -> None:
    order = stage.order(name)
    with transaction():
        cancel_order(order, actor=None, at=clock.now(), reason='买家取消')


def _expire(stage: Stage, _name: str) -> None:
    clock.shift(WINDOW)
    assert expire() == 1


def _refund(stage: Stage, name: str, amount: str, unit: str) -> None:
    order = stage.order(name)
    line = order.lines[0]
    piece = (
        Piece(line.id, int(amount), line.unit_price_fen * int(amount))
        if unit == '件'
        else Piece(line.id, 0, fen(amount))
    )
    with transaction():
        refund = refund_lines(order, [piece], freight_fen=0, reason='坏果', actor=None, at=clock.now())
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())
    deliver_within(at=clock.now())


def _refund_whole(stage: Stage, name: str) -> None:
    order = stage.order(name)
    with transaction():
        refund = refund_whole_order(order, reason='不要了', actor=None, at=clock.now())
        GATEWAYS['sandbox'].request_refund(refund, at=clock.now())
    deliver_within(at=clock.now())


def _pay_out(stage: Stage, name: str, amount: str, number: str) -> None:
    db.session.rollback()
    pool = db.session.scalars(
        select(BenefitPool)
        .join(BenefitPool.version)
        .join(AgreementVersion.agreement)
        .where(BenefitAgreement.product_id == stage.product.id, AgreementVersion.number == int(number))
    ).one()
    make_payout(pool, stage.households[name], fen(amount))


def _change(stage: Stage, number: str, text: str) -> None:
    kind, value, shares = read_rule(text)
    db.session.rollback()
    with transaction():
        version = draft_version(
            stage.product, rule_kind=kind, rule_value=value, weight_kind=WeightKind.CUSTOM, meeting_on=clock.today(),
            shares=[(stage.households[name].id, weight) for name, weight in shares], actor=None, at=clock.now(),
        )  # fmt: skip
        assert version.number == int(number)
        for step in (submit_version, notice_version, put_in_force):
            step(version, actor=None, at=clock.now())


def _refused(stage: Stage, number: str, text: str) -> None:
    try:
        _change(stage, number, text)
    except HouseholdOutsideVillageError:
        return
    raise AssertionError('a household of another village was named')


def _merge(stage: Stage) -> None:
    """The village beside is joined to ours; every published figure of every day before stays as it was."""
    days = [clock.today() - timedelta(days=n) for n in range(40)]
    before = [breakdown(day, level=Level.VILLAGE) for day in days]
    db.session.rollback()
    with transaction():
        merge_villages(stage.beside, stage.village, reason='县政府批复', actor=None, at=clock.now())
    assert [breakdown(day, level=Level.VILLAGE) for day in days] == before


def _close(stage: Stage) -> None:
    clock.shift(timedelta(days=1))
    assert close_days() >= 1


def _donate(stage: Stage, _name: str, amount: str) -> None:
    """No entry of the book has a donation for its cause: the database takes none without a sale or a refund."""
    db.session.rollback()
    pool_id, day = db.session.scalars(select(BenefitPool.id)).one(), clock.today()
    try:
        with transaction() as session:
            session.add(
                BenefitEntry(
                    pool_id=pool_id, sequence=1_000, amount_fen=fen(amount), pool_after_fen=fen(amount),
                    occurred_on=day, booked_on=day, booked_at=clock.now(),
                )
            )  # fmt: skip
    except IntegrityError as refusal:
        assert 'cause' in str(refusal)  # noqa: PT017  that it is refused is the story
        return
    raise AssertionError('a donation was booked as benefit')


def _of_order(step: Callable[[Order], object]) -> Callable[[Stage, str], None]:
    def happen(stage: Stage, name: str) -> None:
        step(stage.order(name))

    return happen


EVENTS: tuple[tuple[str, Callable[..., None]], ...] = (
    (r'下单 ([A-Z])：(\d+) 件', _place),
    (r'付款 ([A-Z])', _of_order(lambda order: pay(order.checkout))),
    (r'发货 ([A-Z])', _of_order(ship)),
    (r'收货 ([A-Z])', _of_order(receive)),
    (r'取消 ([A-Z])', _cancel),
    (r'([A-Z]) 超时未付', _expire),
    (r'退款 ([A-Z])：([\d.]+) (件|元)', _refund),
    (r'整单退款 ([A-Z])', _refund_whole),
    (rf'兑付 ([{NAMES}])：([\d.]+) 元（第 (\d+) 版）', _pay_out),
    (r'协议第 (\d+) 版生效：(.+)', _change),
    (r'协议第 (\d+) 版被拒：(.+)', _refused),
    (r'柳树村并入松岭村', _merge),
    (rf'捐赠 ([{NAMES}])：([\d.]+) 元', _donate),
    (r'日结', _close),
    *BATCH_EVENTS,
)

"""Rules of payout batches: what they hold is due, lines are their parts, and only what was paid is paid, once."""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import select

from shop.benefits.apportionment import apportion
from shop.benefits.models import AgreementShare
from shop.kit.database import db
from shop.ledger.checks.rules import Fault, Rule, selected
from shop.ledger.models import BenefitPayout, BenefitPool, PayoutPart


def _find_held(rule: Rule) -> Iterator[Fault]:
    """Add up what is paid or held by pool and household, and hold it against the household's part of the pool."""
    taken: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    newest: dict[tuple[int, int], int] = {}
    for part in db.session.execute(
        select(PayoutPart.id, PayoutPart.pool_id, PayoutPart.household_id, PayoutPart.amount_fen)
        .where(~PayoutPart.is_released)
        .order_by(PayoutPart.id)
    ):
        taken[part.pool_id][part.household_id] += part.amount_fen
        newest[part.pool_id, part.household_id] = part.id
    for payout in db.session.execute(
        select(BenefitPayout.pool_id, BenefitPayout.household_id, BenefitPayout.amount_fen).where(
            BenefitPayout.part_id.is_(None)
        )
    ):
        taken[payout.pool_id][payout.household_id] += payout.amount_fen
    for pool_id, version_id, amount in db.session.execute(
        select(BenefitPool.id, BenefitPool.version_id, BenefitPool.amount_fen)
        .where(BenefitPool.id.in_(sorted(taken)))
        .order_by(BenefitPool.id)
    ):
        due = _due(version_id, max(0, amount))
        for household_id, fen in sorted(taken[pool_id].items()):
            part_id = newest.get((pool_id, household_id))
            if part_id is not None and fen > due.get(household_id, 0):
                message = f'农户 {household_id} 已兑付和占用 {fen} 分，应得 {due.get(household_id, 0)} 分'
                yield rule.fault('payout_parts', part_id, message)


def _due(version_id: int, pool_fen: int) -> dict[int, int]:
    shares = db.session.execute(
        select(AgreementShare.household_id, AgreementShare.weight)
        .where(AgreementShare.version_id == version_id)
        .order_by(AgreementShare.position)
    ).all()
    parts = apportion(pool_fen, [weight for _, weight in shares]) if shares else []
    return dict(zip((household_id for household_id, _ in shares), parts, strict=True))


RULES: tuple[Rule, ...] = (
    Rule('held_within_due', '兑付批次占用加已兑付不超过应得', _find_held),
    selected(
        'line_is_its_parts',
        '兑付行金额 = 其各池份额之和',
        table='payout_lines',
        message='记 {amount_fen} 分，各池份额合计 {due} 分',
        sql="""
        SELECT l.id, l.amount_fen, coalesce(sum(p.amount_fen), 0) AS due
        FROM payout_lines l LEFT JOIN payout_parts p ON p.line_id = l.id
        GROUP BY l.id, l.amount_fen HAVING l.amount_fen <> coalesce(sum(p.amount_fen), 0) ORDER BY l.id
        """,
    ),
    selected(
        'batch_is_its_lines',
        '兑付批次的户数、金额 = 其各行之和',
        table='payout_batches',
        message='记 {line_count} 户 {amount_fen} 分，各行合计 {lines} 户 {due} 分',
        sql="""
        SELECT b.id, b.line_count, b.amount_fen, count(l.id) AS lines, coalesce(sum(l.amount_fen), 0) AS due
        FROM payout_batches b LEFT JOIN payout_lines l ON l.batch_id = b.id
        GROUP BY b.id, b.line_count, b.amount_fen
        HAVING b.line_count <> count(l.id) OR b.amount_fen <> coalesce(sum(l.amount_fen), 0) ORDER BY b.id
        """,
    ),
    selected(
        'part_of_its_line',
        '各池份额属于本行的农户，池属于本批的村或并入它的村',
        table='payout_parts',
        message='农户 {household_id}，行上是农户 {line_household}；池在村 {pool_village}，批次在村 {village_id}',
        sql="""
        WITH RECURSIVE comprised (into_id, village_id) AS (
            SELECT id, id FROM villages
            UNION SELECT c.into_id, m.village_id FROM comprised c JOIN village_merges m ON m.into_id = c.village_id)
        SELECT p.id, p.household_id, l.household_id AS line_household, b.village_id, a.village_id AS pool_village
        FROM payout_parts p JOIN payout_lines l ON l.id = p.line_id JOIN payout_batches b ON b.id = l.batch_id
        JOIN benefit_pools o ON o.id = p.pool_id JOIN agreement_versions v ON v.id = o.version_id
        JOIN benefit_agreements a ON a.id = v.agreement_id
        LEFT JOIN comprised c ON c.into_id = b.village_id AND c.village_id = a.village_id
        WHERE p.household_id <> l.household_id OR c.village_id IS NULL ORDER BY p.id
        """,
    ),
    selected(
        'released_when_cancelled',
        '撤回的行退回池中，没有撤回的行占着池',
        table='payout_parts',
        message='行 {line_id} 是 {status}，份额{released}',
        sql="""
        SELECT p.id, p.line_id, l.status, CASE WHEN p.is_released THEN '已退回' ELSE '没有退回' END AS released
        FROM payout_parts p JOIN payout_lines l ON l.id = p.line_id
        WHERE (l.status = 'cancelled') <> p.is_released ORDER BY p.id
        """,
    ),
    selected(
        'paid_line_in_book',
        '已发放的行，每个份额在账里有一笔兑付',
        table='payout_parts',
        message='行 {line_id} 已发放，这一份没有兑付',
        sql="""
        SELECT p.id, p.line_id FROM payout_parts p JOIN payout_lines l ON l.id = p.line_id
        LEFT JOIN benefit_payouts y ON y.part_id = p.id WHERE l.status = 'paid' AND y.id IS NULL ORDER BY p.id
        """,
    ),
    selected(
        'unpaid_line_not_in_book',
        '冻结、待发、撤回的行没有兑付',
        table='benefit_payouts',
        message='行 {line_id} 是 {status}，却有兑付',
        sql="""
        SELECT y.id, l.id AS line_id, l.status FROM benefit_payouts y JOIN payout_parts p ON p.id = y.part_id
        JOIN payout_lines l ON l.id = p.line_id WHERE l.status <> 'paid' ORDER BY y.id
        """,
    ),
    selected(
        'payout_is_its_part',
        '兑付的池、农户、金额、发放日等于所属份额和行',
        table='benefit_payouts',
        message='兑付 {amount_fen} 分于 {occurred_on}，份额 {part_fen} 分于 {paid_on}',
        sql="""
        SELECT y.id, y.amount_fen, y.occurred_on, p.amount_fen AS part_fen, l.paid_on
        FROM benefit_payouts y LEFT JOIN payout_parts p ON p.id = y.part_id LEFT JOIN payout_lines l ON l.id = p.line_id
        WHERE y.part_id IS NOT NULL AND (p.id IS NULL OR y.pool_id <> p.pool_id OR y.household_id <> p.household_id
            OR y.amount_fen <> p.amount_fen OR (l.paid_on IS NOT NULL AND l.paid_on <> y.occurred_on))
        ORDER BY y.id
        """,
    ),
    selected(
        'paid_after_review',
        '发放在乡镇审核之后的批次里',
        table='payout_lines',
        message='批次 {number} 是 {status}，却有已发放的行',
        sql="""
        SELECT l.id, b.number, b.status FROM payout_lines l JOIN payout_batches b ON b.id = l.batch_id
        WHERE l.status IN ('paid', 'sent') AND b.status NOT IN ('partly_paid', 'paid', 'evidenced', 'archived', 'due')
        ORDER BY l.id
        """,
    ),
)

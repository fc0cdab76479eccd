"""Rules of earnings: what was verified is booked once and shared out as its lines say; donations never are."""

from shop.ledger.checks.rules import Rule, selected

RULES: tuple[Rule, ...] = (
    selected(
        'earnings_sum',
        '收益批次的合计等于各户之和',
        table='earnings_batches',
        message='批次 {number} 记 {amount_fen} 分，各户合计 {due} 分',
        sql="""
        SELECT b.id, b.number, b.amount_fen, coalesce(sum(l.amount_fen), 0) AS due
        FROM earnings_batches b LEFT JOIN earnings_lines l ON l.batch_id = b.id
        GROUP BY b.id, b.number, b.amount_fen, b.gross_fen
        HAVING b.amount_fen <> coalesce(sum(l.amount_fen), 0) OR b.gross_fen <> coalesce(sum(l.gross_fen), 0)
        ORDER BY b.id
        """,
    ),
    selected(
        'earnings_booked',
        '每个已核实的收益批次有一笔等额的惠农分录，捐赠和未核实的没有',
        table='earnings_batches',
        message='批次 {number} 的分录 {booked} 分，应为 {due} 分',
        sql="""
        SELECT id, number, booked, due FROM (
            SELECT b.id, b.number, coalesce(e.amount_fen, 0) AS booked,
                CASE WHEN b.status = 'booked' THEN b.amount_fen ELSE 0 END AS due
            FROM earnings_batches b LEFT JOIN benefit_entries e ON e.earnings_id = b.id) AS batches
        WHERE booked <> due ORDER BY id
        """,
    ),
    selected(
        'earnings_shared',
        '收益批次入账的惠农池按各户金额分配',
        table='earnings_lines',
        message='批次 {number} 的农户 {household_id} 应得 {amount_fen} 分，池里的权重是 {weight}',
        sql="""
        SELECT l.id, b.number, l.household_id, l.amount_fen, s.weight
        FROM earnings_lines l JOIN earnings_batches b ON b.id = l.batch_id
        LEFT JOIN benefit_agreements a ON a.earnings_id = b.id
        LEFT JOIN agreement_versions v ON v.agreement_id = a.id
        LEFT JOIN agreement_shares s ON s.version_id = v.id AND s.household_id = l.household_id
        WHERE b.status = 'booked' AND coalesce(s.weight, 0) <> l.amount_fen ORDER BY l.id
        """,
    ),
    selected(
        'earnings_in_its_pool',
        '收益批次的惠农分录记在该批次自己的惠农池',
        table='benefit_entries',
        message='记在版本 {version_id} 的池，批次 {number} 的版本是 {due}',
        sql="""
        SELECT e.id, p.version_id, b.number, v.id AS due FROM benefit_entries e
        JOIN benefit_pools p ON p.id = e.pool_id JOIN earnings_batches b ON b.id = e.earnings_id
        LEFT JOIN benefit_agreements a ON a.earnings_id = b.id LEFT JOIN agreement_versions v ON v.agreement_id = a.id
        WHERE p.version_id <> coalesce(v.id, 0) ORDER BY e.id
        """,
    ),
)

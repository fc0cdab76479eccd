"""Rules of the entries: each cause has its one entry, with the same amount and what held at the time."""

from shop.ledger.checks.rules import Rule, selected

RULES: tuple[Rule, ...] = (
    selected(
        'sale_booked',
        '每个已付款订单行有一笔销售分录',
        table='order_lines',
        message='订单 {number} 已付款，该行没有销售分录',
        sql="""
        SELECT l.id, o.number FROM orders o JOIN order_lines l ON l.order_id = o.id
        LEFT JOIN sales_entries e ON e.order_line_id = l.id
        WHERE o.paid_at IS NOT NULL AND NOT o.is_test AND e.id IS NULL ORDER BY l.id
        """,
    ),
    selected(
        'sale_founded',
        '没有付款的订单和测试单没有销售分录',
        table='sales_entries',
        message='订单 {number} 未付款或是测试单',
        sql="""
        SELECT e.id, o.number FROM sales_entries e JOIN order_lines l ON l.id = e.order_line_id
        JOIN orders o ON o.id = l.order_id WHERE o.paid_at IS NULL OR o.is_test ORDER BY e.id
        """,
    ),
    selected(
        'sale_amount',
        '销售分录的金额、件数等于订单行',
        table='sales_entries',
        message='分录 {amount_fen} 分 {quantity} 件，订单行 {net_fen} 分 {pieces} 件',
        sql="""
        SELECT e.id, e.amount_fen, e.quantity, l.net_fen, l.quantity AS pieces
        FROM sales_entries e JOIN order_lines l ON l.id = e.order_line_id
        WHERE e.amount_fen <> l.net_fen OR e.quantity <> l.quantity ORDER BY e.id
        """,
    ),
    selected(
        'sale_snapshot',
        '销售分录的渠道、村、任期、产品等于付款时的订单行',
        table='sales_entries',
        message='与订单 {number} 的第 {position} 行不一致',
        sql="""
        SELECT e.id, o.number, l.position + 1 AS position FROM sales_entries e
        LEFT JOIN refund_lines r ON r.id = e.refund_line_id
        JOIN order_lines l ON l.id = coalesce(e.order_line_id, r.order_line_id)
        JOIN orders o ON o.id = l.order_id JOIN villages v ON v.id = e.village_id
        WHERE e.channel <> o.channel OR e.is_insider <> o.is_insider OR e.village_id <> o.village_id
            OR e.county_id <> v.county_id OR e.tenure_id <> l.tenure_id OR e.product_id <> l.product_id
            OR coalesce(e.brand_id, 0) <> coalesce(l.brand_id, 0) OR e.category_id <> l.category_id
        ORDER BY e.id
        """,
    ),
    selected(
        'sale_period',
        '所属月份是月首日，且不早于发生月',
        table='sales_entries',
        message='发生于 {occurred_on}，所属月份 {period}',
        sql="""
        SELECT id, occurred_on, period FROM sales_entries
        WHERE substr(CAST(period AS TEXT), 9, 2) <> '01'
            OR substr(CAST(period AS TEXT), 1, 7) < substr(CAST(occurred_on AS TEXT), 1, 7)
            OR booked_on < occurred_on
        ORDER BY id
        """,
    ),
    selected(
        'refund_booked',
        '每个已到账的退款行有一笔负的销售分录',
        table='refund_lines',
        message='退款 {refund_id} 已到账，该行没有销售分录',
        sql="""
        SELECT r.id, r.refund_id FROM refund_lines r JOIN refunds f ON f.id = r.refund_id
        JOIN orders o ON o.id = f.order_id LEFT JOIN sales_entries e ON e.refund_line_id = r.id
        WHERE f.status = 'succeeded' AND NOT o.is_test AND e.id IS NULL ORDER BY r.id
        """,
    ),
    selected(
        'refund_amount',
        '退款分录的金额、件数等于退款行，方向相反',
        table='sales_entries',
        message='分录 {amount_fen} 分 {quantity} 件，退款行 {refunded} 分 {pieces} 件',
        sql="""
        SELECT e.id, e.amount_fen, e.quantity, r.amount_fen AS refunded, r.quantity AS pieces
        FROM sales_entries e JOIN refund_lines r ON r.id = e.refund_line_id
        WHERE e.amount_fen <> -r.amount_fen OR e.quantity <> -r.quantity ORDER BY e.id
        """,
    ),
    selected(
        'benefit_follows_rule',
        '订单行的预计惠农金额等于付款时协议的计提',
        table='order_lines',
        message='预计 {benefit_fen} 分，按协议应为 {due} 分',
        sql="""
        SELECT id, benefit_fen, due FROM (
            SELECT l.id, l.benefit_fen, CASE
                WHEN a.product_id <> l.product_id THEN -1
                WHEN v.rule_kind = 'bp_of_net' THEN l.net_fen * v.rule_value / 10000
                WHEN v.rule_value * l.quantity < l.net_fen THEN v.rule_value * l.quantity
                ELSE l.net_fen END AS due
            FROM order_lines l JOIN agreement_versions v ON v.id = l.agreement_version_id
            JOIN benefit_agreements a ON a.id = v.agreement_id) AS lines
        WHERE benefit_fen <> due ORDER BY id
        """,
    ),
    selected(
        'benefit_booked',
        '每个已完成订单行有一笔惠农分录',
        table='order_lines',
        message='订单 {number} 已完成，该行没有惠农分录',
        sql="""
        SELECT l.id, o.number FROM orders o JOIN order_lines l ON l.order_id = o.id
        LEFT JOIN benefit_entries e ON e.order_line_id = l.id
        WHERE o.completed_at IS NOT NULL AND NOT o.is_test AND e.id IS NULL ORDER BY l.id
        """,
    ),
    selected(
        'benefit_founded',
        '没有完成的订单和测试单没有惠农分录',
        table='benefit_entries',
        message='订单 {number} 未完成或是测试单',
        sql="""
        SELECT e.id, o.number FROM benefit_entries e JOIN order_lines l ON l.id = e.order_line_id
        JOIN orders o ON o.id = l.order_id WHERE o.completed_at IS NULL OR o.is_test ORDER BY e.id
        """,
    ),
    selected(
        'benefit_amount',
        '惠农分录 = 该行预计惠农金额 − 完成前已退部分',
        table='benefit_entries',
        message='分录 {amount_fen} 分，应为 {due} 分',
        sql="""
        SELECT id, amount_fen, due FROM (
            SELECT e.id, e.amount_fen, l.benefit_fen - coalesce((
                SELECT sum(r.benefit_fen) FROM refund_lines r JOIN sales_entries s ON s.refund_line_id = r.id
                LEFT JOIN benefit_entries b ON b.refund_line_id = r.id
                WHERE r.order_line_id = l.id AND b.id IS NULL), 0) AS due
            FROM benefit_entries e JOIN order_lines l ON l.id = e.order_line_id) AS credits
        WHERE amount_fen <> due ORDER BY id
        """,
    ),
    selected(
        'reversal_amount',
        '冲回 + 供货方承担 = 退款行的惠农金额',
        table='benefit_entries',
        message='冲回 {amount_fen} 分，供货方承担 {borne_by_supplier_fen} 分，应合计 {due} 分',
        sql="""
        SELECT e.id, e.amount_fen, e.borne_by_supplier_fen, r.benefit_fen AS due
        FROM benefit_entries e JOIN refund_lines r ON r.id = e.refund_line_id
        WHERE e.borne_by_supplier_fen - e.amount_fen <> r.benefit_fen ORDER BY e.id
        """,
    ),
    selected(
        'benefit_in_its_pool',
        '惠农分录记在该行协议版本的惠农池',
        table='benefit_entries',
        message='记在版本 {version_id} 的池，应为版本 {agreement_version_id}',
        sql="""
        SELECT e.id, p.version_id, l.agreement_version_id FROM benefit_entries e
        JOIN benefit_pools p ON p.id = e.pool_id LEFT JOIN refund_lines r ON r.id = e.refund_line_id
        JOIN order_lines l ON l.id = coalesce(e.order_line_id, r.order_line_id)
        WHERE p.version_id <> l.agreement_version_id ORDER BY e.id
        """,
    ),
)

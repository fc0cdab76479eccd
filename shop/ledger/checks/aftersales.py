"""Rules of after-sale: what a case gave is what was refunded, and what it holds is really there."""

from shop.ledger.checks.rules import Rule, selected

RULES: tuple[Rule, ...] = (
    selected(
        'case_refund_equal',
        '售后实退 = 对应退款的商品行与运费',
        table='aftersale_cases',
        message='售后 {number}：实退 {granted_fen} 分、运费 {freight_fen} 分，'
        '退款 {amount_fen} 分、运费 {refund_freight} 分、该行 {line_fen} 分',
        sql="""
        SELECT c.id, c.number, c.granted_fen, c.freight_fen, f.amount_fen, f.freight_fen AS refund_freight,
               coalesce(r.amount_fen, 0) AS line_fen
        FROM aftersale_cases c JOIN refunds f ON f.id = c.refund_id
        LEFT JOIN refund_lines r ON r.refund_id = f.id AND r.order_line_id = c.order_line_id
        WHERE f.order_id <> c.order_id OR coalesce(r.amount_fen, 0) <> c.granted_fen
            OR f.freight_fen <> c.freight_fen OR f.amount_fen <> c.granted_fen + c.freight_fen
        ORDER BY c.id
        """,
    ),
    selected(
        'claims_within_line',
        '未了结的售后加已退款不超过该行',
        table='order_lines',
        message='已退加申请 {fen} 分 {units} 件，该行净额 {net_fen} 分 {quantity} 件',
        sql="""
        SELECT l.id, l.net_fen, l.quantity, c.amount_fen + coalesce(r.fen, 0) AS fen,
               c.units + coalesce(r.units, 0) AS units
        FROM aftersale_cases c JOIN order_lines l ON l.id = c.order_line_id
        LEFT JOIN (SELECT order_line_id, sum(amount_fen) AS fen, sum(quantity) AS units
                   FROM refund_lines GROUP BY order_line_id) r ON r.order_line_id = l.id
        WHERE c.settled_at IS NULL
            AND (c.amount_fen + coalesce(r.fen, 0) > l.net_fen OR c.units + coalesce(r.units, 0) > l.quantity)
        ORDER BY l.id
        """,
    ),
    selected(
        'withheld_by_cases',
        '扣住不发的件数 = 各售后扣住的件数',
        table='order_lines',
        message='扣住 {withheld_quantity} 件，售后共 {due} 件',
        sql="""
        SELECT l.id, l.withheld_quantity, coalesce(c.units, 0) AS due
        FROM order_lines l
        LEFT JOIN (SELECT order_line_id, sum(withheld_units) AS units
                   FROM aftersale_cases GROUP BY order_line_id) c ON c.order_line_id = l.id
        WHERE l.withheld_quantity <> coalesce(c.units, 0) ORDER BY l.id
        """,
    ),
    selected(
        'dispute_has_case',
        '有未了结的售后，订单才暂停自动收货',
        table='orders',
        message='订单 {number}：未了结的售后 {cases} 件，暂停标记 {disputed_at}',
        sql="""
        SELECT o.id, o.number, o.disputed_at, coalesce(c.cases, 0) AS cases
        FROM orders o
        LEFT JOIN (SELECT order_id, count(*) AS cases FROM aftersale_cases
                   WHERE settled_at IS NULL GROUP BY order_id) c ON c.order_id = o.id
        WHERE (o.disputed_at IS NOT NULL) <> (coalesce(c.cases, 0) > 0) ORDER BY o.id
        """,
    ),
)

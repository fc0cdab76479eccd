"""Rules of institution buying: who approved, what was accepted, invoiced and credited."""

from shop.ledger.checks.rules import Rule, selected

RULES: tuple[Rule, ...] = (
    selected(
        'procurement_two_people',
        '采购单起草人与审批人不是同一人',
        table='procurement_orders',
        message='采购单 {number} 的起草人就是审批人',
        sql="""
        SELECT id, number FROM procurement_orders WHERE approved_by_id = drafted_by_id ORDER BY id
        """,
    ),
    selected(
        'procurement_of_institution',
        '采购单的订单属于同一单位，渠道为单位采购',
        table='procurement_orders',
        message='采购单 {number} 的订单 {order_number} 属于另一单位或渠道',
        sql="""
        SELECT p.id, p.number, o.number AS order_number
        FROM procurement_orders p JOIN orders o ON o.checkout_id = p.checkout_id
        WHERE o.institution_id IS NULL OR o.institution_id <> p.institution_id OR o.channel <> 'institution'
        ORDER BY p.id
        """,
    ),
    selected(
        'procurement_follows_orders',
        '到账后的采购单有已付款的订单，已结清的都已收货',
        table='procurement_orders',
        message='采购单 {number} 状态为 {status}，已付款订单 {paid} 笔，未收货 {open} 笔',
        sql="""
        SELECT p.id, p.number, p.status, count(o.paid_at) AS paid,
            sum(CASE WHEN o.status IN ('awaiting_shipment', 'partly_shipped', 'awaiting_receipt') THEN 1 ELSE 0 END)
            AS open
        FROM procurement_orders p LEFT JOIN orders o ON o.checkout_id = p.checkout_id
        WHERE p.status IN ('funded', 'shipped', 'awaiting_acceptance', 'awaiting_invoice', 'settled')
        GROUP BY p.id, p.number, p.status
        HAVING count(o.paid_at) = 0 OR (p.status IN ('awaiting_invoice', 'settled') AND
            sum(CASE WHEN o.status IN ('awaiting_shipment', 'partly_shipped', 'awaiting_receipt') THEN 1 ELSE 0 END)
            > 0)
        ORDER BY p.id
        """,
    ),
    selected(
        'acceptance_whole',
        '验收数量 = 订单数量 − 验收前退回数量',
        table='acceptance_lines',
        message='应到 {quantity} 件，应为 {due} 件；合格、短缺、损坏合计 {counted} 件',
        sql="""
        SELECT a.id, a.quantity, a.accepted + a.short + a.damaged AS counted,
            l.quantity - coalesce(sum(CASE WHEN f.requested_at < s.signed_at THEN r.quantity ELSE 0 END), 0) AS due
        FROM acceptance_lines a JOIN acceptances s ON s.id = a.acceptance_id
        JOIN order_lines l ON l.id = a.order_line_id
        LEFT JOIN refund_lines r ON r.order_line_id = l.id LEFT JOIN refunds f ON f.id = r.refund_id
        GROUP BY a.id, a.quantity, a.accepted, a.short, a.damaged, l.quantity
        HAVING a.quantity <> a.accepted + a.short + a.damaged
            OR a.quantity <>
            l.quantity - coalesce(sum(CASE WHEN f.requested_at < s.signed_at THEN r.quantity ELSE 0 END), 0)
        ORDER BY a.id
        """,
    ),
    selected(
        'acceptance_refunded',
        '验收短缺与损坏都已退款',
        table='acceptance_lines',
        message='短缺与损坏 {bad} 件，退款行退回 {refunded} 件',
        sql="""
        SELECT a.id, a.short + a.damaged AS bad, coalesce(r.quantity, 0) AS refunded
        FROM acceptance_lines a JOIN order_lines l ON l.id = a.order_line_id
        LEFT JOIN refund_lines r ON r.id = a.refund_line_id AND r.order_line_id = a.order_line_id
        WHERE l.net_fen > 0 AND a.short + a.damaged <> coalesce(r.quantity, 0) ORDER BY a.id
        """,
    ),
    selected(
        'settled_adds_up',
        '已结清采购单：每单开票金额 + 开票前退款 = 实付',
        table='orders',
        message='订单 {number}：开票 {invoiced} 分，此前退款 {refunded} 分，实付 {total_fen} 分',
        sql="""
        SELECT o.id, o.number, o.total_fen, coalesce(i.amount_fen, 0) AS invoiced,
            coalesce(sum(CASE WHEN i.id IS NULL OR f.requested_at <= i.recorded_at THEN f.amount_fen ELSE 0 END), 0)
            AS refunded
        FROM procurement_orders p JOIN orders o ON o.checkout_id = p.checkout_id AND o.paid_at IS NOT NULL
        LEFT JOIN procurement_invoices i ON i.order_id = o.id LEFT JOIN refunds f ON f.order_id = o.id
        WHERE p.status = 'settled' OR i.id IS NOT NULL
        GROUP BY o.id, o.number, o.total_fen, i.id, i.amount_fen
        HAVING o.total_fen <> coalesce(i.amount_fen, 0)
            + coalesce(sum(CASE WHEN i.id IS NULL OR f.requested_at <= i.recorded_at THEN f.amount_fen ELSE 0 END), 0)
        ORDER BY o.id
        """,
    ),
    selected(
        'credit_of_employee',
        '计入单位的职工订单不是单位采购，由本人在关联期间下单',
        table='purchase_credits',
        message='结算单 {checkout_id} 不是这位职工自己的零售订单',
        sql="""
        SELECT c.id, c.checkout_id FROM purchase_credits c
        JOIN employments e ON e.id = c.employment_id JOIN checkouts k ON k.id = c.checkout_id
        WHERE e.institution_id <> c.institution_id OR k.user_id IS NULL OR k.user_id <> e.user_id
            OR EXISTS (SELECT 1 FROM orders o WHERE o.checkout_id = c.checkout_id AND o.channel = 'institution')
        ORDER BY c.id
        """,
    ),
)

"""Rules of what the book rests on: stock, order totals, payments, refunds, listings."""

from shop.ledger.checks.rules import Rule, selected

RULES: tuple[Rule, ...] = (
    selected(
        'stock_not_negative',
        '库存不为负',
        table='variants',
        message='库存为 {stock}',
        sql='SELECT id, stock FROM variants WHERE stock < 0 ORDER BY id',
    ),
    selected(
        'line_net',
        '订单行净额 = 单价 × 数量 − 优惠',
        table='order_lines',
        message='净额 {net_fen} 分，应为 {due} 分',
        sql="""
        SELECT id, net_fen, unit_price_fen * quantity - discount_fen AS due FROM order_lines
        WHERE net_fen <> unit_price_fen * quantity - discount_fen ORDER BY id
        """,
    ),
    selected(
        'order_total',
        '订单金额 = 各行之和 + 运费',
        table='orders',
        message='订单 {number}：商品 {goods_fen} 分，各行之和 {due} 分，应付 {total_fen} 分',
        sql="""
        SELECT o.id, o.number, o.goods_fen, o.total_fen, coalesce(sum(l.net_fen), 0) AS due
        FROM orders o LEFT JOIN order_lines l ON l.order_id = o.id
        GROUP BY o.id, o.number, o.goods_fen, o.freight_fen, o.total_fen
        HAVING o.goods_fen <> coalesce(sum(l.net_fen), 0) OR o.total_fen <> o.goods_fen + o.freight_fen
        ORDER BY o.id
        """,
    ),
    selected(
        'checkout_total',
        '结算单金额 = 各订单之和',
        table='checkouts',
        message='应付 {total_fen} 分，各订单之和 {due} 分',
        sql="""
        SELECT c.id, c.total_fen, coalesce(sum(o.total_fen), 0) AS due
        FROM checkouts c LEFT JOIN orders o ON o.checkout_id = c.id
        GROUP BY c.id, c.total_fen, c.goods_fen, c.freight_fen
        HAVING c.total_fen <> coalesce(sum(o.total_fen), 0) OR c.goods_fen <> coalesce(sum(o.goods_fen), 0)
        ORDER BY c.id
        """,
    ),
    selected(
        'paid_by_payment',
        '已付款订单有一笔入账支付，金额等于结算单',
        table='orders',
        message='订单 {number}：入账支付 {paid} 分，应付 {total_fen} 分',
        sql="""
        SELECT o.id, o.number, coalesce(p.amount_fen, 0) AS paid, c.total_fen
        FROM orders o JOIN checkouts c ON c.id = o.checkout_id
        LEFT JOIN payments p ON p.checkout_id = c.id AND p.settles_orders
        WHERE o.paid_at IS NOT NULL AND (p.id IS NULL OR p.amount_fen <> c.total_fen) ORDER BY o.id
        """,
    ),
    selected(
        'refund_within_line',
        '每行退款不超过该行销售',
        table='order_lines',
        message='已退 {refunded} 分 {pieces} 件，该行净额 {net_fen} 分 {quantity} 件',
        sql="""
        SELECT l.id, l.net_fen, l.quantity, sum(r.amount_fen) AS refunded, sum(r.quantity) AS pieces
        FROM refund_lines r JOIN order_lines l ON l.id = r.order_line_id
        JOIN refunds f ON f.id = r.refund_id AND f.status <> 'failed'
        GROUP BY l.id, l.net_fen, l.quantity, l.benefit_fen
        HAVING sum(r.amount_fen) > l.net_fen OR sum(r.quantity) > l.quantity
            OR sum(r.benefit_fen) > coalesce(l.benefit_fen, 0)
        ORDER BY l.id
        """,
    ),
    selected(
        'refund_within_payment',
        '每笔支付的退款不超过实收金额',
        table='payments',
        message='实收 {captured} 分，已退 {refunded} 分',
        sql="""
        SELECT p.id, coalesce(p.captured_fen, 0) AS captured, sum(f.amount_fen) AS refunded
        FROM refunds f JOIN payments p ON p.id = f.payment_id WHERE f.status <> 'failed'
        GROUP BY p.id, p.captured_fen HAVING sum(f.amount_fen) > coalesce(p.captured_fen, 0) ORDER BY p.id
        """,
    ),
    selected(
        'refund_is_sum',
        '退款金额 = 各行退款 + 运费',
        table='refunds',
        message='退款 {amount_fen} 分，各行之和加运费 {due} 分',
        sql="""
        SELECT f.id, f.amount_fen, f.freight_fen + coalesce(sum(r.amount_fen), 0) AS due
        FROM refunds f LEFT JOIN refund_lines r ON r.refund_id = f.id WHERE f.order_id IS NOT NULL
        GROUP BY f.id, f.amount_fen, f.freight_fen
        HAVING f.amount_fen <> f.freight_fen + coalesce(sum(r.amount_fen), 0) ORDER BY f.id
        """,
    ),
    selected(
        'project_shares_whole',
        '产品在各项目的占比合计为 100%',
        table='products',
        message='占比合计 {total} 万分点',
        sql="""
        SELECT product_id, sum(share_bp) AS total FROM project_shares
        GROUP BY product_id HAVING sum(share_bp) <> 10000 ORDER BY product_id
        """,
    ),
    selected(
        'listed_has_agreement',
        '上架产品有生效的利益联结协议',
        table='endorsements',
        message='产品 {product_id} 已上架，但没有生效的协议版本',
        sql="""
        SELECT e.id, e.product_id FROM endorsements e
        WHERE e.status = 'listed' AND NOT EXISTS (
            SELECT 1 FROM benefit_agreements a JOIN agreement_versions v ON v.agreement_id = a.id
            JOIN agreement_shares s ON s.version_id = v.id
            WHERE a.product_id = e.product_id AND v.status = 'in_force')
        ORDER BY e.id
        """,
    ),
)

"""Rules of the coupons: budgets equal their uses, uses the discounts of their orders, and what came back is due."""

from shop.ledger.checks.rules import Rule, selected

RULES: tuple[Rule, ...] = (
    selected(
        'coupon_budget',
        '消费券占用的预算 = 各次使用减退回之和，且不超过预算',
        table='coupon_series',
        message='占用 {spent_fen} 分，各次使用减退回应为 {due} 分，预算 {budget_fen} 分',
        sql="""
        SELECT s.id, s.spent_fen, s.budget_fen, coalesce(sum(p.discount_fen - p.returned_fen), 0) AS due
        FROM coupon_series s LEFT JOIN coupon_uses u ON u.series_id = s.id LEFT JOIN coupon_parts p ON p.use_id = u.id
        GROUP BY s.id, s.spent_fen, s.budget_fen
        HAVING s.spent_fen <> coalesce(sum(p.discount_fen - p.returned_fen), 0) OR s.spent_fen > s.budget_fen
        ORDER BY s.id
        """,
    ),
    selected(
        'coupon_use_is_sum',
        '每次使用的优惠 = 其各订单的分摊之和',
        table='coupon_uses',
        message='优惠 {discount_fen} 分，各订单分摊 {due} 分',
        sql="""
        SELECT u.id, u.discount_fen, coalesce(sum(p.discount_fen), 0) AS due
        FROM coupon_uses u LEFT JOIN coupon_parts p ON p.use_id = u.id
        GROUP BY u.id, u.discount_fen HAVING u.discount_fen <> coalesce(sum(p.discount_fen), 0) ORDER BY u.id
        """,
    ),
    selected(
        'coupon_part_on_lines',
        '分摊到订单的优惠 = 该订单各行优惠之和，订单属于用券的结算单',
        table='coupon_parts',
        message='分摊 {discount_fen} 分，订单 {number} 各行优惠 {due} 分',
        sql="""
        SELECT p.id, p.discount_fen, o.number, coalesce(sum(l.discount_fen), 0) AS due
        FROM coupon_parts p JOIN coupon_uses u ON u.id = p.use_id JOIN orders o ON o.id = p.order_id
        LEFT JOIN order_lines l ON l.order_id = o.id
        GROUP BY p.id, p.discount_fen, o.number, o.checkout_id, u.checkout_id
        HAVING p.discount_fen <> coalesce(sum(l.discount_fen), 0) OR o.checkout_id <> u.checkout_id ORDER BY p.id
        """,
    ),
    selected(
        'coupon_returned',
        '退回预算 = 取消的订单全退，已付的按各行退款比例',
        table='coupon_parts',
        message='退回 {returned_fen} 分，订单 {number} 应退 {due} 分',
        sql="""
        SELECT id, returned_fen, number, due FROM (
            SELECT p.id, p.returned_fen, p.released_at, o.number, o.status,
                CASE WHEN o.status = 'cancelled' THEN p.discount_fen ELSE coalesce((
                    SELECT sum(l.discount_fen * r.fen / l.net_fen) FROM order_lines l JOIN (
                        SELECT order_line_id, CAST(sum(amount_fen) AS BIGINT) AS fen
                        FROM refund_lines GROUP BY order_line_id) AS r ON r.order_line_id = l.id
                    WHERE l.order_id = o.id AND l.net_fen > 0), 0) END AS due
            FROM coupon_parts p JOIN orders o ON o.id = p.order_id) AS parts
        WHERE returned_fen <> due OR (released_at IS NOT NULL) <> (status = 'cancelled') ORDER BY id
        """,
    ),
    selected(
        'coupon_uses_counted',
        '已用次数 = 没有还回的使用次数；全部订单取消才还回',
        table='coupon_claims',
        message='已用 {used_count} 次，应为 {due} 次',
        sql="""
        SELECT id, used_count, due FROM (
            SELECT c.id, c.used_count, (SELECT count(*) FROM coupon_uses u WHERE u.claim_id = c.id AND EXISTS (
                SELECT 1 FROM coupon_parts p WHERE p.use_id = u.id AND p.released_at IS NULL)) AS due,
                (SELECT count(*) FROM coupon_uses u WHERE u.claim_id = c.id AND u.released_at IS NULL) AS kept
            FROM coupon_claims c) AS claims
        WHERE used_count <> due OR kept <> due ORDER BY id
        """,
    ),
)

"""Payments, the inbox of provider events, and refunds."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.orders.models import Checkout, Order, OrderLine


class PaymentStatus(Labelled):
    """What became of a payment."""

    PENDING = 'pending', '待支付'
    SUCCEEDED = 'succeeded', '已支付'
    HELD = 'held', '待人工核对'
    EXPIRED = 'expired', '已失效'


class Payment(Model):
    """One attempt to pay a checkout through one gateway."""

    __tablename__ = 'payments'
    __table_args__ = (
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        CheckConstraint("(status = 'succeeded') = (succeeded_at IS NOT NULL)", 'succeeded_has_time'),
        Index(
            'uq_payments_succeeded',
            'checkout_id',
            unique=True,
            sqlite_where=text('settles_orders'),
            postgresql_where=text('settles_orders'),
        ),
    )

    id: Mapped[Id]
    checkout_id: Mapped[int] = mapped_column(ForeignKey('checkouts.id'), index=True, comment='结算单')
    gateway: Mapped[str] = mapped_column(String(20), comment='支付渠道')
    reference: Mapped[str] = mapped_column(String(64), unique=True, comment='商户流水号')
    provider_reference: Mapped[str | None] = mapped_column(String(80), comment='渠道流水号')
    amount_fen: Mapped[Fen] = mapped_column(comment='应付金额(分)')
    status: Mapped[PaymentStatus] = mapped_column(enum_column(PaymentStatus), comment='状态')
    settles_orders: Mapped[bool] = mapped_column(default=False, comment='是否为入账的那一笔')
    created_at: Mapped[datetime] = mapped_column(comment='发起时间')
    succeeded_at: Mapped[datetime | None] = mapped_column(comment='支付时间')

    checkout: Mapped[Checkout] = relationship()


class EventOutcome(Labelled):
    """What came of a provider's event."""

    RECEIVED = 'received', '已收到'
    SETTLED = 'settled', '已入账'
    SECOND_PAYMENT = 'second_payment', '重复支付，已退款'
    LATE_PAYMENT = 'late_payment', '订单已取消，已退款'
    HELD = 'held', '金额或币种不符，待人工核对'
    UNKNOWN_PAYMENT = 'unknown_payment', '找不到对应支付'
    REFUND_CONFIRMED = 'refund_confirmed', '退款已到账'
    UNHANDLED = 'unhandled', '无须处理'


class PaymentEvent(Model):
    """The inbox: an event is stored under its unique key before anything acts on it."""

    __tablename__ = 'payment_events'
    __table_args__ = (UniqueConstraint('gateway', 'event_key'),)

    id: Mapped[Id]
    gateway: Mapped[str] = mapped_column(String(20), comment='支付渠道')
    event_key: Mapped[str] = mapped_column(String(80), comment='事件唯一号')
    kind: Mapped[str] = mapped_column(String(60), comment='事件种类')
    payload: Mapped[dict[str, Any]] = mapped_column(JSON, comment='事件原文')
    received_at: Mapped[datetime] = mapped_column(comment='收到时间')
    outcome: Mapped[EventOutcome] = mapped_column(enum_column(EventOutcome), comment='处理结果')
    payment_id: Mapped[int | None] = mapped_column(ForeignKey('payments.id'), index=True, comment='支付')


class RefundStatus(Labelled):
    """Whether the provider has confirmed a refund."""

    REQUESTED = 'requested', '退款中'
    SUCCEEDED = 'succeeded', '已退款'
    FAILED = 'failed', '退款失败'


class Refund(Model):
    """Money that goes back to the buyer; of an order's lines, or of a payment that settled nothing."""

    __tablename__ = 'refunds'
    __table_args__ = (
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        CheckConstraint('freight_fen >= 0 AND freight_fen <= amount_fen', 'freight_in_range'),
    )

    id: Mapped[Id]
    payment_id: Mapped[int] = mapped_column(ForeignKey('payments.id'), index=True, comment='支付')
    order_id: Mapped[int | None] = mapped_column(ForeignKey('orders.id'), index=True, comment='订单(空为整笔退回)')
    idempotency_key: Mapped[str] = mapped_column(String(80), unique=True, comment='幂等键')
    amount_fen: Mapped[Fen] = mapped_column(comment='退款金额(分)')
    freight_fen: Mapped[Fen] = mapped_column(default=0, comment='其中运费(分)')
    status: Mapped[RefundStatus] = mapped_column(enum_column(RefundStatus), comment='状态')
    reason: Mapped[str] = mapped_column(String(200), comment='原因')
    requested_at: Mapped[datetime] = mapped_column(comment='申请时间')
    requested_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    succeeded_at: Mapped[datetime | None] = mapped_column(comment='到账时间')

    payment: Mapped[Payment] = relationship()
    order: Mapped[Order | None] = relationship()
    lines: Mapped[list['RefundLine']] = relationship(back_populates='refund', order_by='RefundLine.id')


class RefundLine(Model):
    """What of a refund belongs to a line; `benefit_fen` is the part of the line's benefit it takes along."""

    __tablename__ = 'refund_lines'
    __table_args__ = (
        UniqueConstraint('refund_id', 'order_line_id'),
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        CheckConstraint('quantity >= 0', 'quantity_not_negative'),
        CheckConstraint('benefit_fen >= 0', 'benefit_not_negative'),
    )

    id: Mapped[Id]
    refund_id: Mapped[int] = mapped_column(ForeignKey('refunds.id'), comment='退款')
    order_line_id: Mapped[int] = mapped_column(ForeignKey('order_lines.id'), index=True, comment='订单行')
    amount_fen: Mapped[Fen] = mapped_column(comment='退款金额(分)')
    quantity: Mapped[int] = mapped_column(comment='退回数量')
    benefit_fen: Mapped[Fen] = mapped_column(comment='相应惠农金额(分)')

    refund: Mapped[Refund] = relationship(back_populates='lines')
    line: Mapped[OrderLine] = relationship()


class SandboxDelivery(Model):
    """The sandbox provider's own outbox: a signed event, sent again until the inbox has answered."""

    __tablename__ = 'sandbox_deliveries'

    id: Mapped[Id]
    event_key: Mapped[str] = mapped_column(String(80), unique=True, comment='事件唯一号')
    body: Mapped[str] = mapped_column(Text, comment='事件原文')
    created_at: Mapped[datetime] = mapped_column(comment='产生时间')
    delivered_at: Mapped[datetime | None] = mapped_column(index=True, comment='送达时间')
    attempts: Mapped[int] = mapped_column(default=0, comment='投递次数')

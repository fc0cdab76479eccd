"""Payments, the inbox of provider events, refunds, and the steps each of them took."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.orders.models import Checkout, Order, OrderLine

CURRENCY = 'CNY'
MAX_STEP_REASON = 300


class PaymentStatus(Labelled):
    """What became of a payment."""

    PENDING = 'pending', '待支付'
    SUCCEEDED = 'succeeded', '已支付'
    HELD = 'held', '待人工核对'
    EXPIRED = 'expired', '已失效'


P = PaymentStatus
# Money may come for a payment that has expired; it is never refused, it goes back.
PAYMENT_MOVES: dict[P, frozenset[P]] = {
    P.PENDING: frozenset({P.SUCCEEDED, P.HELD, P.EXPIRED}),
    P.EXPIRED: frozenset({P.SUCCEEDED, P.HELD}),
    P.HELD: frozenset({P.SUCCEEDED, P.EXPIRED}),
    P.SUCCEEDED: frozenset(),
}


class PaymentMoveError(BusinessError):
    """A payment, a refund or a line of a statement cannot go from its status to the one asked for."""


class PaymentStep(Model):
    """A change of a payment, a refund or a line of a statement: who, when, why."""

    __tablename__ = 'payment_steps'
    __table_args__ = (
        CheckConstraint(
            '(payment_id IS NOT NULL AND refund_id IS NULL AND bank_line_id IS NULL)'
            ' OR (payment_id IS NULL AND refund_id IS NOT NULL AND bank_line_id IS NULL)'
            ' OR (payment_id IS NULL AND refund_id IS NULL AND bank_line_id IS NOT NULL)',
            'one_subject',
        ),
    )

    id: Mapped[Id]
    payment_id: Mapped[int | None] = mapped_column(ForeignKey('payments.id'), index=True, comment='支付')
    refund_id: Mapped[int | None] = mapped_column(ForeignKey('refunds.id'), index=True, comment='退款')
    bank_line_id: Mapped[int | None] = mapped_column(ForeignKey('bank_lines.id'), index=True, comment='对账单行')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[str] = mapped_column(String(24), comment='原状态')
    to_status: Mapped[str] = mapped_column(String(24), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='说明')


def step_of(before: Labelled, to: Labelled, actor_id: int | None, at: datetime, reason: str) -> PaymentStep:
    """Return the row that keeps a change."""
    return PaymentStep(
        at=at, actor_id=actor_id, from_status=before.value, to_status=to.value, reason=reason[:MAX_STEP_REASON]
    )


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
        CheckConstraint(
            "captured_fen IS NULL OR NOT settles_orders OR (captured_fen = amount_fen AND captured_currency = 'CNY')",
            'settles_exactly',
        ),
        Index('ix_payments_provider_payment', 'gateway', 'provider_payment', unique=True),
        Index(
            'ix_payments_waiting',
            'gateway',
            'asked_at',
            sqlite_where=text("status = 'pending'"),
            postgresql_where=text("status = 'pending'"),
        ),
    )

    id: Mapped[Id]
    checkout_id: Mapped[int] = mapped_column(ForeignKey('checkouts.id'), index=True, comment='结算单')
    gateway: Mapped[str] = mapped_column(String(20), comment='支付渠道')
    reference: Mapped[str] = mapped_column(String(64), unique=True, comment='商户流水号')
    provider_reference: Mapped[str | None] = mapped_column(String(80), comment='渠道流水号')
    provider_payment: Mapped[str | None] = mapped_column(String(80), comment='渠道收款号')
    transfer_code: Mapped[str | None] = mapped_column(String(16), unique=True, index=True, comment='转账识别码')
    amount_fen: Mapped[Fen] = mapped_column(comment='应付金额(分)')
    status: Mapped[PaymentStatus] = mapped_column(enum_column(PaymentStatus), comment='状态')
    settles_orders: Mapped[bool] = mapped_column(default=False, comment='是否为入账的那一笔')
    created_at: Mapped[datetime] = mapped_column(comment='发起时间')
    succeeded_at: Mapped[datetime | None] = mapped_column(comment='支付时间')
    asked_at: Mapped[datetime | None] = mapped_column(comment='最近一次向渠道查询')
    captured_currency: Mapped[str | None] = mapped_column(String(3), comment='实收币种')
    captured_fen: Mapped[int | None] = mapped_column(BigInteger, comment='实收金额(该币种最小单位)')

    checkout: Mapped[Checkout] = relationship()
    steps: WriteOnlyMapped[PaymentStep] = relationship()

    def move(self, to: PaymentStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the step; raises `PaymentMoveError`."""
        if to not in PAYMENT_MOVES[self.status]:
            words = {'before': self.status.label, 'to': to.label}
            raise PaymentMoveError(_('这笔支付状态为“%(before)s”，不能改为“%(to)s”。', **words))
        self.steps.add(step_of(self.status, to, actor_id, at, reason))
        self.status = to

    @property
    def is_captured_as_due(self) -> bool:
        """Whether exactly what was due has come."""
        return (self.captured_fen, self.captured_currency) == (self.amount_fen, CURRENCY)


class EventOutcome(Labelled):
    """What came of a provider's event."""

    RECEIVED = 'received', '已收到'
    PARKED = 'parked', '先到，等待对应的支付'
    SETTLED = 'settled', '已入账'
    SECOND_PAYMENT = 'second_payment', '重复支付，已退款'
    LATE_PAYMENT = 'late_payment', '订单已取消，已退款'
    HELD = 'held', '金额或币种不符，待人工核对'
    UNKNOWN_PAYMENT = 'unknown_payment', '找不到对应支付'
    REFUND_CONFIRMED = 'refund_confirmed', '退款已到账'
    REFUND_FAILED = 'refund_failed', '退款失败，待人工处理'
    EXPIRED = 'expired', '付款页已失效'
    FOREIGN = 'foreign', '其他账号或环境的通知'
    UNHANDLED = 'unhandled', '无须处理'


class PaymentEvent(Model):
    """The inbox: an event is stored under its unique key before anything acts on it."""

    __tablename__ = 'payment_events'
    __table_args__ = (
        UniqueConstraint('gateway', 'event_key'),
        Index(
            'ix_payment_events_waiting',
            'id',
            sqlite_where=text("outcome IN ('received', 'parked')"),
            postgresql_where=text("outcome IN ('received', 'parked')"),
        ),
    )

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


R = RefundStatus
# A bank may send a refund back after it was confirmed; a person then tries again, with a new attempt.
REFUND_MOVES: dict[R, frozenset[R]] = {
    R.REQUESTED: frozenset({R.SUCCEEDED, R.FAILED}),
    R.SUCCEEDED: frozenset({R.FAILED}),
    R.FAILED: frozenset({R.REQUESTED}),
}


class Refund(Model):
    """Money that goes back to the buyer; of an order's lines, or of a payment that settled nothing."""

    __tablename__ = 'refunds'
    __table_args__ = (
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        CheckConstraint('freight_fen >= 0 AND freight_fen <= amount_fen', 'freight_in_range'),
        Index(
            'ix_refunds_waiting',
            'id',
            sqlite_where=text("status <> 'succeeded'"),
            postgresql_where=text("status <> 'succeeded'"),
        ),
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
    attempt: Mapped[int] = mapped_column(default=1, comment='第几次请求')
    provider_reference: Mapped[str | None] = mapped_column(String(80), comment='渠道退款号')
    asked_at: Mapped[datetime | None] = mapped_column(comment='最近一次向渠道查询')
    failure: Mapped[str | None] = mapped_column(String(200), comment='失败原因')

    payment: Mapped[Payment] = relationship()
    order: Mapped[Order | None] = relationship()
    lines: Mapped[list['RefundLine']] = relationship(back_populates='refund', order_by='RefundLine.id')
    steps: WriteOnlyMapped[PaymentStep] = relationship()

    @property
    def provider_key(self) -> str:
        """The key under which this attempt happens once at the provider, however often it is asked."""
        return f'{self.idempotency_key}.{self.attempt}'

    def move(self, to: RefundStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the step; raises `PaymentMoveError`."""
        if to not in REFUND_MOVES[self.status]:
            words = {'before': self.status.label, 'to': to.label}
            raise PaymentMoveError(_('这笔退款状态为“%(before)s”，不能改为“%(to)s”。', **words))
        self.steps.add(step_of(self.status, to, actor_id, at, reason))
        self.status = to


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

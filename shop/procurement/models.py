"""An institution's order from draft to settled, its acceptance sheet, its invoices and its certificate."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.catalogue.models import Variant
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.orders.models import Checkout, Order, OrderLine
from shop.payments.models import RefundLine
from shop.procurement.institution import Institution, InstitutionMoveError, ProcurementStep, step_of

_WHOLE_NUMBER = text('length(number) = 20')


class ProcurementStatus(Labelled):
    """The life of an institution's order."""

    DRAFT = 'draft', '清单草稿'
    IN_REVIEW = 'in_review', '单位内审'
    RETURNED = 'returned', '退回修改'
    AWAITING_PAYMENT = 'awaiting_payment', '待付款'
    FUNDED = 'funded', '到账已核'
    SHIPPED = 'shipped', '已发货'
    AWAITING_ACCEPTANCE = 'awaiting_acceptance', '待验收'
    AWAITING_INVOICE = 'awaiting_invoice', '待开票'
    SETTLED = 'settled', '已结清'
    CANCELLED = 'cancelled', '已取消'


S = ProcurementStatus
PROCUREMENT_MOVES: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.IN_REVIEW, S.CANCELLED}),
    S.IN_REVIEW: frozenset({S.RETURNED, S.AWAITING_PAYMENT, S.CANCELLED}),
    S.RETURNED: frozenset({S.IN_REVIEW, S.CANCELLED}),
    S.AWAITING_PAYMENT: frozenset({S.FUNDED, S.CANCELLED}),
    S.FUNDED: frozenset({S.SHIPPED, S.CANCELLED}),
    S.SHIPPED: frozenset({S.AWAITING_ACCEPTANCE, S.CANCELLED}),
    S.AWAITING_ACCEPTANCE: frozenset({S.AWAITING_INVOICE, S.CANCELLED}),
    S.AWAITING_INVOICE: frozenset({S.SETTLED}),
    S.SETTLED: frozenset(),
    S.CANCELLED: frozenset(),
}
EDITABLE = frozenset({S.DRAFT, S.RETURNED})
# Before money has come; afterwards goods are given back by refunds.
CANCELLABLE = frozenset({S.DRAFT, S.IN_REVIEW, S.RETURNED, S.AWAITING_PAYMENT})
# What happens to the parcels moves these on.
FOLLOWED = (S.AWAITING_PAYMENT, S.FUNDED, S.SHIPPED, S.AWAITING_ACCEPTANCE)
RECEIVED = frozenset({S.AWAITING_INVOICE, S.SETTLED})


class ProcurementOrder(Model):
    """What an institution means to buy, who asked for it and who agreed; from then on a checkout like any other."""

    __tablename__ = 'procurement_orders'
    __table_args__ = (
        CheckConstraint('approved_by_id IS NULL OR approved_by_id <> drafted_by_id', 'two_people'),
        CheckConstraint('(checkout_id IS NULL) = (approved_by_id IS NULL)', 'approved_is_placed'),
        CheckConstraint(
            "checkout_id IS NOT NULL OR status IN ('draft', 'in_review', 'returned', 'cancelled')",
            'placed_has_checkout',
        ),
        CheckConstraint('heads > 0', 'heads_positive'),
        CheckConstraint('budget_per_head_fen IS NULL OR budget_per_head_fen > 0', 'budget_positive'),
        Index(None, 'institution_id', 'status'),
        Index(None, 'status', 'id'),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True, comment='采购单号')
    institution_id: Mapped[int] = mapped_column(ForeignKey('institutions.id'), comment='单位')
    status: Mapped[ProcurementStatus] = mapped_column(enum_column(ProcurementStatus), comment='状态')
    title: Mapped[str] = mapped_column(String(40), comment='名目')
    heads: Mapped[int] = mapped_column(comment='人数')
    budget_per_head_fen: Mapped[Fen | None] = mapped_column(comment='人均预算(分，空为不设)')
    recipient: Mapped[str] = mapped_column(String(40), comment='收货人')
    phone: Mapped[str] = mapped_column(String(20), comment='收货电话')
    province_code: Mapped[str] = mapped_column(String(6), comment='收货省')
    city_code: Mapped[str] = mapped_column(String(6), comment='收货市')
    county_code: Mapped[str] = mapped_column(String(6), comment='收货县')
    street: Mapped[str] = mapped_column(String(120), comment='详细地址')
    note: Mapped[str] = mapped_column(String(200), default='', comment='给村里留言')
    invoice_title: Mapped[str] = mapped_column(String(60), comment='发票抬头')
    invoice_code: Mapped[str] = mapped_column(String(18), comment='发票税号')
    invoice_email: Mapped[str] = mapped_column(String(80), default='', comment='收票邮箱')
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='起草人')
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='审批人')
    approved_at: Mapped[datetime | None] = mapped_column(comment='审批时间')
    checkout_id: Mapped[int | None] = mapped_column(ForeignKey('checkouts.id'), unique=True, comment='结算单')
    created_at: Mapped[datetime] = mapped_column(comment='建立时间')

    institution: Mapped[Institution] = relationship()
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    checkout: Mapped[Checkout | None] = relationship()
    lines: Mapped[list['ProcurementLine']] = relationship(
        back_populates='procurement_order', order_by='ProcurementLine.id', cascade='all, delete-orphan'
    )
    steps: Mapped[list[ProcurementStep]] = relationship(order_by='ProcurementStep.id')
    acceptance: Mapped['Acceptance | None'] = relationship(back_populates='procurement_order')
    certificate: Mapped['PurchaseCertificate | None'] = relationship(back_populates='procurement_order')

    @property
    def goods_fen(self) -> int:
        """What the lines cost at the prices seen."""
        return sum(line.quantity * line.seen_price_fen for line in self.lines)

    def move(self, to: ProcurementStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the step; raises `InstitutionMoveError`."""
        if to not in PROCUREMENT_MOVES[self.status]:
            raise InstitutionMoveError(
                _('采购单状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        steps = self.steps  # read before anything changes, so that reading cannot flush half a move
        steps.append(step_of(self.status, to, actor_id, at, reason))
        self.status = to


class ProcurementLine(Model):
    """A variant in an institution's order, at the price the buyer saw."""

    __tablename__ = 'procurement_lines'
    __table_args__ = (
        UniqueConstraint('procurement_order_id', 'variant_id'),
        CheckConstraint('quantity > 0', 'quantity_positive'),
    )

    id: Mapped[Id]
    procurement_order_id: Mapped[int] = mapped_column(ForeignKey('procurement_orders.id'), comment='采购单')
    variant_id: Mapped[int] = mapped_column(ForeignKey('variants.id'), index=True, comment='规格')
    quantity: Mapped[int] = mapped_column(comment='数量')
    seen_price_fen: Mapped[Fen] = mapped_column(comment='起草时单价(分)')
    is_confirmed: Mapped[bool] = mapped_column(default=False, comment='是否确认不适用七天无理由退货')

    procurement_order: Mapped[ProcurementOrder] = relationship(back_populates='lines')
    variant: Mapped[Variant] = relationship()


class Acceptance(Model):
    """The acceptance sheet: who signed for what arrived, when."""

    __tablename__ = 'acceptances'

    id: Mapped[Id]
    procurement_order_id: Mapped[int] = mapped_column(
        ForeignKey('procurement_orders.id'), unique=True, comment='采购单'
    )
    signed_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='验收账号')
    signed_name: Mapped[str] = mapped_column(String(40), comment='验收人签名')
    signed_at: Mapped[datetime] = mapped_column(comment='验收时间')
    note: Mapped[str] = mapped_column(String(200), default='', comment='验收说明')

    procurement_order: Mapped[ProcurementOrder] = relationship(back_populates='acceptance')
    lines: Mapped[list['AcceptanceLine']] = relationship(order_by='AcceptanceLine.id')


class AcceptanceLine(Model):
    """What of an order's line arrived well, did not arrive, or arrived damaged; the rest is refunded."""

    __tablename__ = 'acceptance_lines'
    __table_args__ = (
        CheckConstraint('accepted >= 0 AND short >= 0 AND damaged >= 0', 'counts_not_negative'),
        CheckConstraint('accepted + short + damaged = quantity', 'counts_sum_to_quantity'),
        CheckConstraint('refund_line_id IS NULL OR short + damaged > 0', 'refunded_for_a_reason'),
    )

    id: Mapped[Id]
    acceptance_id: Mapped[int] = mapped_column(ForeignKey('acceptances.id'), index=True, comment='验收单')
    order_line_id: Mapped[int] = mapped_column(ForeignKey('order_lines.id'), unique=True, comment='订单行')
    quantity: Mapped[int] = mapped_column(comment='应到数量')
    accepted: Mapped[int] = mapped_column(comment='验收合格数量')
    short: Mapped[int] = mapped_column(comment='短缺数量')
    damaged: Mapped[int] = mapped_column(comment='损坏数量')
    refund_line_id: Mapped[int | None] = mapped_column(ForeignKey('refund_lines.id'), unique=True, comment='相应退款行')

    line: Mapped[OrderLine] = relationship()
    refund_line: Mapped[RefundLine | None] = relationship()


class ProcurementInvoice(Model):
    """The invoice a supplier has issued for its part: what was paid less what was refunded by then."""

    __tablename__ = 'procurement_invoices'
    __table_args__ = (
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        Index(
            'uq_procurement_invoices_number',
            'number',
            unique=True,
            sqlite_where=_WHOLE_NUMBER,
            postgresql_where=_WHOLE_NUMBER,
        ),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey('orders.id'), unique=True, comment='订单')
    number: Mapped[str] = mapped_column(String(20), comment='发票号码')
    issued_on: Mapped[date] = mapped_column(comment='开票日期')
    amount_fen: Mapped[Fen] = mapped_column(comment='开票金额(分)')
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='登记人')
    recorded_at: Mapped[datetime] = mapped_column(comment='登记时间')

    order: Mapped[Order] = relationship()


class PurchaseCertificate(Model):
    """Says what an institution bought and how many households that concerns; no household is named."""

    __tablename__ = 'purchase_certificates'
    __table_args__ = (
        CheckConstraint('amount_fen >= 0', 'amount_not_negative'),
        CheckConstraint('covered >= accrued AND accrued >= 0 AND paid >= 0', 'measures_in_range'),
    )

    id: Mapped[Id]
    procurement_order_id: Mapped[int] = mapped_column(
        ForeignKey('procurement_orders.id'), unique=True, comment='采购单'
    )
    number: Mapped[str] = mapped_column(String(24), unique=True, comment='证明编号')
    code: Mapped[str] = mapped_column(String(20), unique=True, comment='验证码')
    amount_fen: Mapped[Fen] = mapped_column(comment='商品净额(分，扣退款)')
    covered: Mapped[int] = mapped_column(comment='覆盖户数')
    accrued: Mapped[int] = mapped_column(comment='测算受益户数')
    paid: Mapped[int] = mapped_column(comment='到账户数')
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='出具人(空为系统)')
    issued_at: Mapped[datetime] = mapped_column(comment='出具时间')

    procurement_order: Mapped[ProcurementOrder] = relationship(back_populates='certificate')

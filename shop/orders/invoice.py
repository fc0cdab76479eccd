"""What a buyer wants an invoice to say, and what has become of the request."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.orders.models import Order


class InvoiceTitle(Labelled):
    """Whom an invoice is made out to."""

    PERSON = 'person', '个人'
    UNIT = 'unit', '单位'


class InvoiceStatus(Labelled):
    """The life of a request."""

    REQUESTED = 'requested', '待开票'
    ISSUED = 'issued', '已开票'


S = InvoiceStatus
# Before it is issued it may be asked for otherwise; an invoice with a mistake is made out anew.
INVOICE_MOVES: dict[S, frozenset[S]] = {
    S.REQUESTED: frozenset({S.REQUESTED, S.ISSUED}),
    S.ISSUED: frozenset({S.ISSUED}),
}


class InvoiceMoveError(BusinessError):
    """A request cannot go from its status to the one asked for."""


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """What a buyer typed, checked: to whom, under which tax number, sent where."""

    title_kind: InvoiceTitle
    title: str
    tax_number: str | None
    email: str


class InvoiceRequest(Model):
    """An order's one request for an invoice, as it was typed, and the invoice that answered it."""

    __tablename__ = 'invoice_requests'
    __table_args__ = (
        CheckConstraint("(title_kind = 'unit') = (tax_number IS NOT NULL)", 'unit_has_tax_number'),
        CheckConstraint(
            "(status = 'issued') = (number IS NOT NULL) AND (number IS NULL) = (issued_on IS NULL)"
            ' AND (number IS NULL) = (amount_fen IS NULL)',
            'issued_whole',
        ),
        CheckConstraint('amount_fen IS NULL OR amount_fen > 0', 'amount_positive'),
        Index(None, 'status', 'order_id'),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey('orders.id'), unique=True, comment='订单')
    status: Mapped[InvoiceStatus] = mapped_column(enum_column(InvoiceStatus), comment='状态')
    title_kind: Mapped[InvoiceTitle] = mapped_column(enum_column(InvoiceTitle), comment='抬头类型')
    title: Mapped[str] = mapped_column(String(100), comment='抬头')
    tax_number: Mapped[str | None] = mapped_column(String(20), comment='税号(个人为空)')
    email: Mapped[str] = mapped_column(String(120), comment='收票邮箱')
    requested_at: Mapped[datetime] = mapped_column(comment='申请时间')
    number: Mapped[str | None] = mapped_column(String(20), comment='发票号码')
    issued_on: Mapped[date | None] = mapped_column(comment='开票日期')
    amount_fen: Mapped[Fen | None] = mapped_column(comment='开票金额(分)')
    link: Mapped[str] = mapped_column(String(300), default='', comment='电子发票网址')

    order: Mapped[Order] = relationship()
    steps: Mapped[list['InvoiceStep']] = relationship(order_by='InvoiceStep.id')

    def move(self, to: InvoiceStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the step; raises `InvoiceMoveError`."""
        if to not in INVOICE_MOVES[self.status]:
            raise InvoiceMoveError(_('发票已经开出，不能再改申请；有误请联系村里重开。'))
        steps = self.steps
        before, self.status = self.status, to
        steps.append(InvoiceStep(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class InvoiceStep(Model):
    """A change of a request: who, when, why."""

    __tablename__ = 'invoice_steps'

    id: Mapped[Id]
    request_id: Mapped[int] = mapped_column(ForeignKey('invoice_requests.id'), index=True, comment='开票申请')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为游客)')
    from_status: Mapped[InvoiceStatus | None] = mapped_column(
        enum_column(InvoiceStatus, 'from_status'), comment='原状态'
    )
    to_status: Mapped[InvoiceStatus] = mapped_column(enum_column(InvoiceStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='说明')

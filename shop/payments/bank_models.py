"""Statements of the account that institutions transfer to, line by line."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, WriteOnlyMapped, mapped_column, relationship

from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.payments.models import Payment, PaymentMoveError, PaymentStep, step_of
from shop.regions.models import Region


class BankLineStatus(Labelled):
    """What became of money on the transfer account."""

    ON_HOLD = 'on_hold', '待处理'
    LINKED = 'linked', '已关联'
    IGNORED = 'ignored', '已忽略'


L = BankLineStatus
BANK_LINE_MOVES: dict[L, frozenset[L]] = {
    L.ON_HOLD: frozenset({L.ON_HOLD, L.LINKED, L.IGNORED}),
    L.IGNORED: frozenset({L.ON_HOLD}),
    L.LINKED: frozenset(),
}


class BankStatement(Model):
    """An uploaded statement of the account that institutions transfer to."""

    __tablename__ = 'bank_statements'

    id: Mapped[Id]
    region_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), index=True, comment='上传部门所辖区划')
    file_name: Mapped[str] = mapped_column(String(120), comment='文件名')
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='上传人')
    uploaded_at: Mapped[datetime] = mapped_column(comment='上传时间')
    known_count: Mapped[int] = mapped_column(comment='此前已导入的行数')
    skipped_count: Mapped[int] = mapped_column(comment='支出行数(不导入)')

    region: Mapped[Region] = relationship()
    lines: Mapped[list['BankLine']] = relationship(back_populates='statement', order_by='BankLine.id')


class BankLine(Model):
    """Money that came to the transfer account; the bank's own number makes it come in once."""

    __tablename__ = 'bank_lines'
    __table_args__ = (
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        CheckConstraint("(status = 'linked') = (payment_id IS NOT NULL)", 'linked_has_payment'),
        Index(None, 'status', 'id'),
    )

    id: Mapped[Id]
    statement_id: Mapped[int] = mapped_column(ForeignKey('bank_statements.id'), index=True, comment='对账单')
    row: Mapped[int] = mapped_column(comment='表中行号')
    line_key: Mapped[str] = mapped_column(String(100), unique=True, comment='入账唯一号(日期+银行流水号)')
    came_at: Mapped[datetime] = mapped_column(comment='入账时间')
    amount_fen: Mapped[Fen] = mapped_column(comment='收入金额(分)')
    payer_name: Mapped[str] = mapped_column(String(80), comment='对方户名')
    payer_tail: Mapped[str] = mapped_column(String(4), default='', comment='对方账号后四位')
    memo: Mapped[str] = mapped_column(String(200), default='', comment='摘要附言')
    status: Mapped[BankLineStatus] = mapped_column(enum_column(BankLineStatus), comment='状态')
    reason: Mapped[str] = mapped_column(String(200), default='', comment='说明')
    payment_id: Mapped[int | None] = mapped_column(ForeignKey('payments.id'), index=True, comment='关联的支付')

    statement: Mapped[BankStatement] = relationship(back_populates='lines')
    payment: Mapped[Payment | None] = relationship()
    steps: WriteOnlyMapped[PaymentStep] = relationship()

    def move(self, to: BankLineStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the step; raises `PaymentMoveError`."""
        if to not in BANK_LINE_MOVES[self.status]:
            words = {'before': self.status.label, 'to': to.label}
            raise PaymentMoveError(_('这一行状态为“%(before)s”，不能改为“%(to)s”。', **words))
        self.steps.add(step_of(self.status, to, actor_id, at, reason))
        self.status = to

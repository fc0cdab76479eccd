"""An objection to a household's line of a batch: what somebody says is wrong, and what the township found."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.payouts.models import PayoutLine, PayoutMoveError


class PayoutObjectionStatus(Labelled):
    """The life of an objection to a line."""

    RECEIVED = 'received', '待处理'
    UPHELD = 'upheld', '成立'
    NOT_UPHELD = 'not_upheld', '不成立'


S = PayoutObjectionStatus
OBJECTION_MOVES: dict[S, frozenset[S]] = {
    S.RECEIVED: frozenset({S.UPHELD, S.NOT_UPHELD}),
    S.UPHELD: frozenset(),
    S.NOT_UPHELD: frozenset(),
}


class PayoutObjection(Model):
    """Somebody says during the notice that a household's line is wrong; it stands still until it is decided."""

    __tablename__ = 'payout_objections'
    __table_args__ = (
        CheckConstraint("(status = 'received') = (decided_at IS NULL)", 'decided_has_time'),
        CheckConstraint("decided_at IS NULL OR answer <> ''", 'decided_has_answer'),
        Index(None, 'visit_digest', 'received_at'),
        Index(None, 'line_id', 'received_at'),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True, comment='查询编号(不可猜)')
    line_id: Mapped[int] = mapped_column(ForeignKey('payout_lines.id'), comment='所针对的兑付行')
    text: Mapped[str] = mapped_column(String(500), comment='异议内容')
    sealed_phone: Mapped[str | None] = mapped_column(String(300), comment='联系电话(加密)')
    form_token: Mapped[str] = mapped_column(String(64), unique=True, comment='表单令牌(防重复提交)')
    visit_digest: Mapped[str] = mapped_column(String(64), comment='提交者访问摘要(限频)')
    status: Mapped[PayoutObjectionStatus] = mapped_column(enum_column(PayoutObjectionStatus), comment='状态')
    answer: Mapped[str] = mapped_column(String(500), default='', comment='答复')
    received_at: Mapped[datetime] = mapped_column(comment='收到时间')
    decided_at: Mapped[datetime | None] = mapped_column(comment='认定时间')

    line: Mapped[PayoutLine] = relationship()
    events: Mapped[list['PayoutObjectionEvent']] = relationship(
        back_populates='objection', order_by='PayoutObjectionEvent.id'
    )

    def move(self, to: PayoutObjectionStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `PayoutMoveError`."""
        if to not in OBJECTION_MOVES[self.status]:
            raise PayoutMoveError(
                _('异议现在是“%(now)s”，不能改为“%(to)s”。', now=self.status.label, to=to.label), field='decision'
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        events.append(PayoutObjectionEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class PayoutObjectionEvent(Model):
    """A change of an objection: who, when, why."""

    __tablename__ = 'payout_objection_events'

    id: Mapped[Id]
    objection_id: Mapped[int] = mapped_column(ForeignKey('payout_objections.id'), index=True, comment='兑付异议')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[PayoutObjectionStatus | None] = mapped_column(
        enum_column(PayoutObjectionStatus, 'from_status'), comment='原状态'
    )
    to_status: Mapped[PayoutObjectionStatus] = mapped_column(
        enum_column(PayoutObjectionStatus, 'to_status'), comment='新状态'
    )
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

    objection: Mapped[PayoutObjection] = relationship(back_populates='events')

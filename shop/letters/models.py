"""The outbox: a letter that is to be sent, and what became of it."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError

MAX_ADDRESS = 120
MAX_ERROR = 300
MAX_SUBJECT = 200


class LetterStatus(Labelled):
    """Where a letter is; `DROPPED` is one that had become untrue before it could be sent."""

    QUEUED = 'queued', '待发送'
    SENT = 'sent', '已发送'
    FAILED = 'failed', '发送失败'
    DROPPED = 'dropped', '不必再发'


S = LetterStatus
LETTER_MOVES: dict[S, frozenset[S]] = {
    S.QUEUED: frozenset({S.SENT, S.FAILED, S.DROPPED}),
    S.FAILED: frozenset({S.QUEUED}),
    S.SENT: frozenset(),
    S.DROPPED: frozenset(),
}


class LetterMoveError(BusinessError):
    """A letter cannot go from its status to the one asked for."""


class Letter(Model):
    """A letter about something that happened once: `cause` names it, `facts` say what it is written from."""

    __tablename__ = 'letters'
    __table_args__ = (
        CheckConstraint('attempts >= 0', 'attempts_not_negative'),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", 'sent_has_time'),
        Index(None, 'status', 'due_at'),
    )

    id: Mapped[Id]
    cause: Mapped[str] = mapped_column(String(80), unique=True, comment='起因(每件事只写一封)')
    kind: Mapped[str] = mapped_column(String(24), comment='种类')
    recipient: Mapped[str] = mapped_column(String(MAX_ADDRESS), comment='收件邮箱')
    language: Mapped[str] = mapped_column(String(2), comment='语言')
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, comment='写信所需的编号')
    status: Mapped[LetterStatus] = mapped_column(enum_column(LetterStatus), comment='状态')
    attempts: Mapped[int] = mapped_column(default=0, comment='已尝试次数')
    queued_at: Mapped[datetime] = mapped_column(comment='写入时间')
    due_at: Mapped[datetime] = mapped_column(comment='下次发送时间')
    sent_at: Mapped[datetime | None] = mapped_column(comment='发出时间')
    subject: Mapped[str] = mapped_column(String(MAX_SUBJECT), default='', comment='发出时的标题')
    last_error: Mapped[str] = mapped_column(String(MAX_ERROR), default='', comment='最近一次失败原因')

    steps: Mapped[list['LetterStep']] = relationship(order_by='LetterStep.id')

    def move(self, to: LetterStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the step; raises `LetterMoveError`."""
        if to not in LETTER_MOVES[self.status]:
            raise LetterMoveError(
                _('这封邮件状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        before, self.status = self.status, to
        step = LetterStep(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason[:MAX_ERROR])
        self.steps.append(step)


class LetterStep(Model):
    """A change of a letter: who, when, why."""

    __tablename__ = 'letter_steps'

    id: Mapped[Id]
    letter_id: Mapped[int] = mapped_column(ForeignKey('letters.id'), index=True, comment='邮件')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[LetterStatus] = mapped_column(enum_column(LetterStatus, 'from_status'), comment='原状态')
    to_status: Mapped[LetterStatus] = mapped_column(enum_column(LetterStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(MAX_ERROR), default='', comment='说明')

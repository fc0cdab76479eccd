"""A long work: what it is, how far it is, and whether somebody wants it to stop."""

from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError


class WorkStatus(Labelled):
    """The life of a long work."""

    QUEUED = 'queued', '排队中'
    RUNNING = 'running', '进行中'
    DONE = 'done', '已完成'
    FAILED = 'failed', '未完成'
    CANCELLED = 'cancelled', '已停止'


S = WorkStatus
WORK_MOVES: dict[S, frozenset[S]] = {
    S.QUEUED: frozenset({S.RUNNING, S.CANCELLED}),
    S.RUNNING: frozenset({S.DONE, S.FAILED, S.CANCELLED}),
    S.DONE: frozenset(),
    S.FAILED: frozenset(),
    S.CANCELLED: frozenset(),
}
OPEN_STATUSES = frozenset({S.QUEUED, S.RUNNING})
_OPEN = text("status IN ('queued', 'running')")


class WorkMoveError(BusinessError):
    """A long work cannot go from its status to the one asked for."""


class LongWork(Model):
    """Something that is done step by step; every step is a unit of work of its own, with the progress in it."""

    __tablename__ = 'long_works'
    __table_args__ = (
        CheckConstraint('done >= 0 AND total >= 0 AND done <= total', 'progress_in_range'),
        CheckConstraint("(status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", 'end_has_time'),
        Index('uq_long_works_open', 'subject', unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40), comment='种类')
    subject: Mapped[str] = mapped_column(String(60), comment='对象(同时只做一件)')
    values: Mapped[dict[str, Any]] = mapped_column(JSON, comment='要做的内容')
    status: Mapped[WorkStatus] = mapped_column(enum_column(WorkStatus), comment='状态')
    done: Mapped[int] = mapped_column(default=0, comment='已做')
    total: Mapped[int] = mapped_column(comment='共')
    message: Mapped[str] = mapped_column(String(300), default='', comment='说明')
    is_stop_wanted: Mapped[bool] = mapped_column(default=False, comment='是否要求停止')
    owner_id: Mapped[int] = mapped_column(ForeignKey('users.id'), index=True, comment='发起人')
    requested_at: Mapped[datetime] = mapped_column(comment='发起时间')
    runner: Mapped[str | None] = mapped_column(String(64), comment='正在做的进程')
    beat_at: Mapped[datetime | None] = mapped_column(comment='最近一步的时间')
    finished_at: Mapped[datetime | None] = mapped_column(comment='结束时间')

    events: Mapped[list['LongWorkEvent']] = relationship(back_populates='work', order_by='LongWorkEvent.id')

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.status in OPEN_STATUSES

    @property
    def percent(self) -> int:
        """How far it is, 0 to 100."""
        return self.done * 100 // self.total if self.total else 100

    def move(self, to: WorkStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `WorkMoveError`."""
        if to not in WORK_MOVES[self.status]:
            raise WorkMoveError(
                _('这件事现在是“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        self.message = reason
        if to not in OPEN_STATUSES:
            self.finished_at = at
        events.append(LongWorkEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class LongWorkEvent(Model):
    """A change of a long work: who, when, why."""

    __tablename__ = 'long_work_events'

    id: Mapped[Id]
    work_id: Mapped[int] = mapped_column(ForeignKey('long_works.id'), index=True, comment='长任务')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[WorkStatus | None] = mapped_column(enum_column(WorkStatus, 'from_status'), comment='原状态')
    to_status: Mapped[WorkStatus] = mapped_column(enum_column(WorkStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

    work: Mapped[LongWork] = relationship(back_populates='events')

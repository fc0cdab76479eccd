"""An objection to a public notice: what somebody says is wrong, and what the inquiry found."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.endorsements.models import Endorsement
from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError


class ObjectionKind(Labelled):
    """What is said to be wrong."""

    NAMED_WRONGLY = 'named_wrongly', '名单里有不该列的户'
    LEFT_OUT = 'left_out', '该列的户没有列'
    RULE = 'rule', '提取或分配办法不妥'
    GOODS = 'goods', '商品或宣传不实'
    CONDUCT = 'conduct', '代言人或驻村队违反规定'
    OTHER = 'other', '其他'


class ObjectionStatus(Labelled):
    """The life of an objection."""

    RECEIVED = 'received', '已收到'
    UNDER_INQUIRY = 'under_inquiry', '核查中'
    UPHELD = 'upheld', '成立'
    NOT_UPHELD = 'not_upheld', '不成立'


S = ObjectionStatus
OBJECTION_MOVES: dict[S, frozenset[S]] = {
    S.RECEIVED: frozenset({S.UNDER_INQUIRY}),
    S.UNDER_INQUIRY: frozenset({S.UPHELD, S.NOT_UPHELD}),
    S.UPHELD: frozenset(),
    S.NOT_UPHELD: frozenset(),
}
OPEN_STATUSES = frozenset({S.RECEIVED, S.UNDER_INQUIRY})


class ObjectionMoveError(BusinessError):
    """An objection cannot go from its status to the one asked for."""


class Objection(Model):
    """An objection to the notice of an endorsement; who raised it is kept sealed and shown to those who inquire."""

    __tablename__ = 'objections'
    __table_args__ = (
        CheckConstraint("(status IN ('upheld', 'not_upheld')) = (decided_at IS NOT NULL)", 'decided_has_time'),
        CheckConstraint('length(text) BETWEEN 10 AND 1000', 'text_length'),
        CheckConstraint("decided_at IS NULL OR answer <> ''", 'decided_has_answer'),
        Index(None, 'endorsement_id', 'received_at'),
        Index(None, 'visit_digest', 'received_at'),
        Index(None, 'status', 'received_at'),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True, comment='查询编号(不可猜)')
    endorsement_id: Mapped[int] = mapped_column(ForeignKey('endorsements.id'), comment='所针对公示的代言')
    kind: Mapped[ObjectionKind] = mapped_column(enum_column(ObjectionKind), comment='异议事由')
    text: Mapped[str] = mapped_column(Text, comment='异议内容')
    sealed_name: Mapped[str | None] = mapped_column(String(500), comment='提出人称呼(加密)')
    sealed_phone: Mapped[str | None] = mapped_column(String(300), comment='联系电话(加密)')
    form_token: Mapped[str] = mapped_column(String(64), unique=True, comment='表单令牌(防重复提交)')
    visit_digest: Mapped[str] = mapped_column(String(64), comment='提交者访问摘要(限频)')
    status: Mapped[ObjectionStatus] = mapped_column(enum_column(ObjectionStatus), comment='状态')
    answer: Mapped[str] = mapped_column(Text, default='', comment='答复')
    received_at: Mapped[datetime] = mapped_column(comment='收到时间')
    decided_at: Mapped[datetime | None] = mapped_column(comment='认定时间')

    endorsement: Mapped[Endorsement] = relationship()
    events: Mapped[list['ObjectionEvent']] = relationship(back_populates='objection', order_by='ObjectionEvent.id')

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.status in OPEN_STATUSES

    def move(self, to: ObjectionStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `ObjectionMoveError`."""
        if to not in OBJECTION_MOVES[self.status]:
            raise ObjectionMoveError(
                _('异议现在是“%(now)s”，不能改为“%(to)s”。', now=self.status.label, to=to.label), field='decision'
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        events.append(ObjectionEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class ObjectionEvent(Model):
    """A change of an objection: who, when, why."""

    __tablename__ = 'objection_events'

    id: Mapped[Id]
    objection_id: Mapped[int] = mapped_column(ForeignKey('objections.id'), index=True, comment='异议')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[ObjectionStatus | None] = mapped_column(
        enum_column(ObjectionStatus, 'from_status'), comment='原状态'
    )
    to_status: Mapped[ObjectionStatus] = mapped_column(enum_column(ObjectionStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

    objection: Mapped[Objection] = relationship(back_populates='events')

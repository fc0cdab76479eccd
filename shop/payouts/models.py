"""A payout batch of a village, its lines by household, and what happened to them."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.ledger.models import PayoutPart
from shop.villages.models import Household, Village


class BatchStatus(Labelled):
    """The life of a payout batch."""

    COMPUTED = 'computed', '测算'
    CONFIRMED = 'confirmed', '村级确认'
    ON_NOTICE = 'on_notice', '公示中'
    IN_REVIEW = 'in_review', '乡镇审核'
    DUE = 'due', '待发放'
    PARTLY_PAID = 'partly_paid', '部分发放'
    PAID = 'paid', '已发放'
    EVIDENCED = 'evidenced', '凭证齐全'
    ARCHIVED = 'archived', '已归档'
    RETURNED = 'returned', '退回'
    CANCELLED = 'cancelled', '已撤销'


B = BatchStatus
BATCH_MOVES: dict[B, frozenset[B]] = {
    B.COMPUTED: frozenset({B.CONFIRMED, B.CANCELLED}),
    B.CONFIRMED: frozenset({B.ON_NOTICE, B.CANCELLED}),
    B.ON_NOTICE: frozenset({B.IN_REVIEW, B.CANCELLED}),
    B.IN_REVIEW: frozenset({B.DUE, B.RETURNED}),
    B.RETURNED: frozenset({B.CONFIRMED, B.CANCELLED}),
    B.DUE: frozenset({B.PARTLY_PAID, B.PAID, B.CANCELLED}),
    B.PARTLY_PAID: frozenset({B.PAID}),
    B.PAID: frozenset({B.EVIDENCED}),
    B.EVIDENCED: frozenset({B.ARCHIVED}),
    B.ARCHIVED: frozenset(),
    B.CANCELLED: frozenset(),
}
# A village works on one batch at a time until the township has agreed to it.
UNFINISHED = frozenset({B.COMPUTED, B.CONFIRMED, B.ON_NOTICE, B.IN_REVIEW, B.RETURNED})
PAYABLE = frozenset({B.DUE, B.PARTLY_PAID})
AFTER_REVIEW = frozenset({B.DUE, B.PARTLY_PAID, B.PAID, B.EVIDENCED, B.ARCHIVED})
_UNFINISHED = text("status IN ('computed', 'confirmed', 'on_notice', 'in_review', 'returned')")


class LineStatus(Labelled):
    """The life of a household's line."""

    WAITING = 'waiting', '待发放'
    FROZEN = 'frozen', '已冻结'
    SENT = 'sent', '银行代发中'
    FAILED = 'failed', '银行退回'
    PAID = 'paid', '已发放'
    CANCELLED = 'cancelled', '已撤回'


L = LineStatus
LINE_MOVES: dict[L, frozenset[L]] = {
    L.WAITING: frozenset({L.FROZEN, L.SENT, L.PAID, L.CANCELLED}),
    L.FROZEN: frozenset({L.WAITING, L.CANCELLED}),
    L.SENT: frozenset({L.PAID, L.FAILED}),
    L.FAILED: frozenset({L.SENT, L.PAID, L.CANCELLED}),
    L.PAID: frozenset(),
    L.CANCELLED: frozenset(),
}
# What may be handed over in cash, and what still keeps a batch from being paid whole.
READY = frozenset({L.WAITING, L.FAILED})
UNPAID = frozenset({L.WAITING, L.FROZEN, L.SENT, L.FAILED})


class PayMethod(Labelled):
    """How money was handed over."""

    CASH = 'cash', '签领'
    BANK = 'bank', '银行代发'


class PayoutMoveError(BusinessError):
    """A batch, a line or an objection cannot go from its status to the one asked for."""


class PayoutBatch(Model):
    """What a village pays its households at one time, computed from all its pools."""

    __tablename__ = 'payout_batches'
    __table_args__ = (
        UniqueConstraint('village_id', 'serial'),
        CheckConstraint('serial > 0', 'serial_positive'),
        CheckConstraint('line_count > 0 AND amount_fen > 0', 'not_empty'),
        CheckConstraint('(confirmed_at IS NULL) = (confirmed_by_id IS NULL)', 'confirmation_signed'),
        CheckConstraint('(reviewed_at IS NULL) = (reviewed_by_id IS NULL)', 'review_signed'),
        CheckConstraint('(noticed_on IS NULL) = (notice_ends_on IS NULL)', 'notice_has_end'),
        CheckConstraint(
            "status NOT IN ('due', 'partly_paid', 'paid', 'evidenced', 'archived')"
            ' OR (reviewed_at IS NOT NULL AND notice_ends_on IS NOT NULL)',
            'reviewed_before_paid',
        ),
        CheckConstraint('reviewed_by_id IS NULL OR reviewed_by_id <> computed_by_id', 'reviewed_by_another'),
        Index('uq_payout_batches_unfinished', 'village_id', unique=True, sqlite_where=_UNFINISHED,
              postgresql_where=_UNFINISHED),
        Index(None, 'status', 'notice_ends_on'),
    )  # fmt: skip

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True, comment='批次号')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    serial: Mapped[int] = mapped_column(comment='村内第几批')
    status: Mapped[BatchStatus] = mapped_column(enum_column(BatchStatus), comment='状态')
    line_count: Mapped[int] = mapped_column(comment='测算户数')
    amount_fen: Mapped[Fen] = mapped_column(comment='测算金额(分)')
    form_token: Mapped[str] = mapped_column(String(64), unique=True, comment='表单令牌(防重复提交)')
    computed_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='测算人')
    computed_at: Mapped[datetime] = mapped_column(comment='测算时间')
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='村级确认人')
    confirmed_at: Mapped[datetime | None] = mapped_column(comment='村级确认时间')
    noticed_on: Mapped[date | None] = mapped_column(comment='公示起始日')
    notice_ends_on: Mapped[date | None] = mapped_column(comment='公示截止日')
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='乡镇审核人')
    reviewed_at: Mapped[datetime | None] = mapped_column(comment='乡镇审核时间')

    village: Mapped[Village] = relationship()
    computed_by: Mapped[User] = relationship(foreign_keys=[computed_by_id])
    confirmed_by: Mapped[User | None] = relationship(foreign_keys=[confirmed_by_id])
    reviewed_by: Mapped[User | None] = relationship(foreign_keys=[reviewed_by_id])
    events: Mapped[list['PayoutEvent']] = relationship(back_populates='batch', order_by='PayoutEvent.id')

    def is_on_notice(self, on: date) -> bool:
        """Whether its notice stands on a day."""
        return self.status is B.ON_NOTICE and self.notice_ends_on is not None and on < self.notice_ends_on

    def move(self, to: BatchStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `PayoutMoveError`."""
        if to not in BATCH_MOVES[self.status]:
            raise PayoutMoveError(
                _('这一批现在是“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        events.append(PayoutEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class PayoutEvent(Model):
    """A change of a batch: who, when, why."""

    __tablename__ = 'payout_events'

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey('payout_batches.id'), index=True, comment='兑付批次')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[BatchStatus | None] = mapped_column(enum_column(BatchStatus, 'from_status'), comment='原状态')
    to_status: Mapped[BatchStatus] = mapped_column(enum_column(BatchStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

    batch: Mapped[PayoutBatch] = relationship(back_populates='events')
    actor: Mapped[User | None] = relationship()


class PayoutLine(Model):
    """What one household gets from a batch; its parts say from which pools."""

    __tablename__ = 'payout_lines'
    __table_args__ = (
        UniqueConstraint('batch_id', 'household_id'),
        UniqueConstraint('batch_id', 'position'),
        UniqueConstraint('id', 'household_id'),
        CheckConstraint('amount_fen > 0', 'amount_positive'),
        CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", 'paid_has_day'),
        CheckConstraint('(paid_on IS NULL) = (method IS NULL)', 'paid_has_method'),
        CheckConstraint("method <> 'bank' OR bank_serial <> ''", 'bank_has_serial'),
        CheckConstraint('confirmed_at IS NULL OR paid_on IS NOT NULL', 'confirmed_after_paid'),
        CheckConstraint("status NOT IN ('sent', 'failed') OR bank_file_id IS NOT NULL", 'sent_in_a_file'),
        Index(None, 'batch_id', 'status'),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey('payout_batches.id'), comment='兑付批次')
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    position: Mapped[int] = mapped_column(comment='花名册序号')
    amount_fen: Mapped[Fen] = mapped_column(comment='应发金额(分)')
    status: Mapped[LineStatus] = mapped_column(enum_column(LineStatus), comment='状态')
    method: Mapped[PayMethod | None] = mapped_column(enum_column(PayMethod), comment='发放方式')
    paid_on: Mapped[date | None] = mapped_column(comment='发放日')
    bank_file_id: Mapped[int | None] = mapped_column(
        ForeignKey('payout_bank_files.id'), index=True, comment='最近一次代发文件'
    )
    bank_serial: Mapped[str] = mapped_column(String(60), default='', comment='银行流水号')
    failure: Mapped[str] = mapped_column(String(100), default='', comment='银行退回原因')
    confirmed_at: Mapped[datetime | None] = mapped_column(comment='本户确认收到的时间')

    batch: Mapped[PayoutBatch] = relationship()
    household: Mapped[Household] = relationship()
    parts: Mapped[list[PayoutPart]] = relationship(
        primaryjoin='PayoutLine.id == foreign(PayoutPart.line_id)', order_by='PayoutPart.id', viewonly=True
    )


class PayoutLineEvent(Model):
    """A change of a line: who, when, why."""

    __tablename__ = 'payout_line_events'

    id: Mapped[Id]
    line_id: Mapped[int] = mapped_column(ForeignKey('payout_lines.id'), index=True, comment='兑付行')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[LineStatus] = mapped_column(enum_column(LineStatus, 'from_status'), comment='原状态')
    to_status: Mapped[LineStatus] = mapped_column(enum_column(LineStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

"""A batch of earnings that do not hang on a sale: what it pays by, its lines by household, and what happened to it."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.villages.models import Household, Village


class EarningsKind(Labelled):
    """What the households are paid for."""

    WAGES = 'wages', '务工工资'
    PURCHASE = 'purchase', '订单收购'
    DIVIDEND = 'dividend', '入股分红'
    RENT = 'rent', '流转租金'
    CONTRACT_RAISING = 'contract_raising', '代养代种'
    DONATION = 'donation', '捐赠（不计惠农）'

    @property
    def is_benefit(self) -> bool:
        """Whether it is booked; a donation never is."""
        return self is not EarningsKind.DONATION


class EarningsStatus(Labelled):
    """The life of a batch."""

    DRAFT = 'draft', '草稿'
    SUBMITTED = 'submitted', '待乡镇核实'
    BOOKED = 'booked', '已入账'
    RECORDED = 'recorded', '已登记'
    CANCELLED = 'cancelled', '已作废'


S = EarningsStatus
EARNINGS_MOVES: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.SUBMITTED, S.CANCELLED}),
    S.SUBMITTED: frozenset({S.DRAFT, S.BOOKED, S.RECORDED}),
    S.BOOKED: frozenset(),
    S.RECORDED: frozenset(),
    S.CANCELLED: frozenset(),
}
ENDED = frozenset({S.BOOKED, S.RECORDED})


class EarningsMoveError(BusinessError):
    """A batch cannot go from its status to the one asked for."""


class EarningsBatch(Model):
    """What households of a village were paid for one thing at one rate, with its evidence.

    `rate_fen` is the benefit per unit; of a purchase it is the premium, and `gross_rate_fen` the whole price, which
    is paid for the goods and is no benefit.
    """

    __tablename__ = 'earnings_batches'
    __table_args__ = (
        CheckConstraint('rate_fen > 0', 'rate_positive'),
        CheckConstraint("(kind = 'purchase') = (gross_rate_fen IS NOT NULL)", 'purchase_has_price'),
        CheckConstraint('gross_rate_fen IS NULL OR gross_rate_fen >= rate_fen', 'premium_within_price'),
        CheckConstraint('amount_fen >= 0 AND gross_fen >= 0', 'sums_not_negative'),
        CheckConstraint("status = 'draft' OR status = 'cancelled' OR evidence <> ''", 'evidence_given'),
        CheckConstraint("status NOT IN ('booked', 'recorded') OR amount_fen > 0", 'booked_not_empty'),
        CheckConstraint("status <> 'booked' OR kind <> 'donation'", 'donation_not_booked'),
        CheckConstraint(
            "(status IN ('booked', 'recorded')) = (verified_at IS NOT NULL)"
            ' AND (verified_at IS NULL) = (verified_by_id IS NULL)',
            'verification_signed',
        ),
        CheckConstraint('verified_by_id IS NULL OR verified_by_id <> drafted_by_id', 'verified_by_another'),
        Index(None, 'village_id', 'status'),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True, comment='批次号')
    form_token: Mapped[str] = mapped_column(String(64), unique=True, comment='表单令牌(防重复提交)')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    kind: Mapped[EarningsKind] = mapped_column(enum_column(EarningsKind), comment='类别')
    status: Mapped[EarningsStatus] = mapped_column(enum_column(EarningsStatus), comment='状态')
    title: Mapped[str] = mapped_column(String(60), comment='事由')
    payer: Mapped[str] = mapped_column(String(60), comment='支付单位')
    happened_on: Mapped[date] = mapped_column(comment='发生日')
    rate_fen: Mapped[Fen] = mapped_column(comment='每单位惠农金额(分)')
    gross_rate_fen: Mapped[Fen | None] = mapped_column(comment='每单位收购价(分，仅收购)')
    evidence: Mapped[str] = mapped_column(String(200), default='', comment='凭证(单据号或存放处)')
    gross_fen: Mapped[Fen] = mapped_column(default=0, comment='收购总额(分，不计惠农)')
    amount_fen: Mapped[Fen] = mapped_column(default=0, comment='惠农金额合计(分)')
    drafted_by_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='起草人')
    drafted_at: Mapped[datetime] = mapped_column(comment='起草时间')
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='核实人')
    verified_at: Mapped[datetime | None] = mapped_column(comment='核实时间')

    village: Mapped[Village] = relationship()
    drafted_by: Mapped[User] = relationship(foreign_keys=[drafted_by_id])
    verified_by: Mapped[User | None] = relationship(foreign_keys=[verified_by_id])
    lines: Mapped[list['EarningsLine']] = relationship(
        back_populates='batch', order_by='EarningsLine.position', cascade='all, delete-orphan'
    )
    events: Mapped[list['EarningsEvent']] = relationship(back_populates='batch', order_by='EarningsEvent.id')

    def move(self, to: EarningsStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `EarningsMoveError`."""
        if to not in EARNINGS_MOVES[self.status]:
            raise EarningsMoveError(
                _('这一批现在是“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        events.append(EarningsEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class EarningsLine(Model):
    """What one household did or gave, in tenths of the unit, and what it gets for it."""

    __tablename__ = 'earnings_lines'
    __table_args__ = (
        UniqueConstraint('batch_id', 'household_id'),
        UniqueConstraint('batch_id', 'position'),
        CheckConstraint('quantity_tenths > 0', 'quantity_positive'),
        CheckConstraint('amount_fen > 0 AND gross_fen >= 0', 'amounts_in_range'),
    )

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey('earnings_batches.id'), comment='收益批次')
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), index=True, comment='农户')
    position: Mapped[int] = mapped_column(comment='次序')
    quantity_tenths: Mapped[int] = mapped_column(comment='数量(十分之一单位)')
    gross_fen: Mapped[Fen] = mapped_column(default=0, comment='收购金额(分，不计惠农)')
    amount_fen: Mapped[Fen] = mapped_column(comment='惠农金额(分)')

    batch: Mapped[EarningsBatch] = relationship(back_populates='lines')
    household: Mapped[Household] = relationship()


class EarningsEvent(Model):
    """A change of a batch: who, when, why."""

    __tablename__ = 'earnings_events'

    id: Mapped[Id]
    batch_id: Mapped[int] = mapped_column(ForeignKey('earnings_batches.id'), index=True, comment='收益批次')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[EarningsStatus | None] = mapped_column(
        enum_column(EarningsStatus, 'from_status'), comment='原状态'
    )
    to_status: Mapped[EarningsStatus] = mapped_column(enum_column(EarningsStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

    batch: Mapped[EarningsBatch] = relationship(back_populates='events')
    actor: Mapped[User | None] = relationship()

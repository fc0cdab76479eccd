"""A claim on a line of an order, what was said and shown in it, and every step it took."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.aftersales.states import AFTERSALE_MOVES, AftersaleKind, AftersaleReason, AftersaleStatus, Party, Ruling
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.errors import BusinessError
from shop.orders.models import Courier, Order, OrderLine
from shop.payments.models import Refund, RefundStatus
from shop.photos.models import Photo

MAX_TEXT = 500
MAX_PHOTOS = 6
K = AftersaleKind
S = AftersaleStatus


class AftersaleMoveError(BusinessError):
    """A case cannot go from its status to the one asked for."""


class AftersaleCase(Model):
    """A buyer's claim on units or fen of one line; a line has one that is not settled, at most.

    `amount_fen` is what the claim is worth; for goods to be sent again it is what they cost, if they cannot be sent.
    """

    __tablename__ = 'aftersale_cases'
    __table_args__ = (
        CheckConstraint('units >= 0 AND amount_fen >= 0 AND units + amount_fen > 0', 'claims_something'),
        CheckConstraint("units > 0 OR kind = 'refund_only'", 'pieces_unless_refund_only'),
        CheckConstraint("NOT is_unsent OR (kind = 'refund_only' AND units > 0)", 'unsent_is_refund'),
        CheckConstraint('withheld_units >= 0 AND withheld_units <= units', 'withheld_in_range'),
        CheckConstraint('withheld_units = 0 OR is_unsent', 'withheld_is_unsent'),
        CheckConstraint('freight_fen >= 0', 'freight_not_negative'),
        CheckConstraint('(granted_fen IS NULL) = (refund_id IS NULL)', 'granted_has_refund'),
        CheckConstraint("(status IN ('refunding', 'refunded')) = (refund_id IS NOT NULL)", 'refunding_has_refund'),
        CheckConstraint(
            "status NOT IN ('refunding', 'refunded', 'replaced', 'resent', 'ruled', 'withdrawn')"
            ' OR settled_at IS NOT NULL',
            'ended_is_settled',
        ),
        CheckConstraint('(restocked_units IS NULL) = (damaged_units IS NULL)', 'restocking_whole'),
        CheckConstraint(
            'restocked_units IS NULL'
            ' OR (restocked_units >= 0 AND damaged_units >= 0 AND restocked_units + damaged_units = units)',
            'restocking_of_all',
        ),
        CheckConstraint('(return_courier IS NULL) = (returned_at IS NULL)', 'return_has_time'),
        CheckConstraint('(resend_courier IS NULL) = (resent_at IS NULL)', 'resend_has_time'),
        CheckConstraint("status <> 'ruled' OR ruling IS NOT NULL", 'ruled_has_ruling'),
        Index(
            'uq_aftersale_cases_open_line',
            'order_line_id',
            unique=True,
            sqlite_where=text('settled_at IS NULL'),
            postgresql_where=text('settled_at IS NULL'),
        ),
        Index(None, 'status', 'due_at'),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(24), unique=True, comment='售后单号(订单号-序号)')
    order_id: Mapped[int] = mapped_column(ForeignKey('orders.id'), index=True, comment='订单')
    order_line_id: Mapped[int] = mapped_column(ForeignKey('order_lines.id'), index=True, comment='订单行')
    kind: Mapped[AftersaleKind] = mapped_column(enum_column(AftersaleKind), comment='售后类型')
    status: Mapped[AftersaleStatus] = mapped_column(enum_column(AftersaleStatus), comment='状态')
    reason: Mapped[AftersaleReason] = mapped_column(enum_column(AftersaleReason), comment='申请原因')
    is_unsent: Mapped[bool] = mapped_column(default=False, comment='是否针对还没发的件')
    units: Mapped[int] = mapped_column(comment='申请件数(按金额申请为0)')
    withheld_units: Mapped[int] = mapped_column(default=0, comment='为它扣住不发的件数')
    amount_fen: Mapped[Fen] = mapped_column(comment='申请金额(分)；换货补发为所值')
    freight_fen: Mapped[Fen] = mapped_column(default=0, comment='同意另退运费(分)')
    granted_fen: Mapped[Fen | None] = mapped_column(comment='实退商品金额(分)')
    refund_id: Mapped[int | None] = mapped_column(ForeignKey('refunds.id'), unique=True, comment='退款')
    ruling: Mapped[Ruling | None] = mapped_column(enum_column(Ruling), comment='终裁支持哪一方')
    restocked_units: Mapped[int | None] = mapped_column(comment='退回后放回库存的件数')
    damaged_units: Mapped[int | None] = mapped_column(comment='退回后报损的件数')
    return_courier: Mapped[Courier | None] = mapped_column(enum_column(Courier, 'return_courier'), comment='寄回承运')
    return_number: Mapped[str] = mapped_column(String(30), default='', comment='寄回运单号')
    returned_at: Mapped[datetime | None] = mapped_column(comment='寄回时间')
    resend_courier: Mapped[Courier | None] = mapped_column(enum_column(Courier, 'resend_courier'), comment='再发承运')
    resend_number: Mapped[str] = mapped_column(String(30), default='', comment='再发运单号')
    resent_at: Mapped[datetime | None] = mapped_column(comment='再发时间')
    opened_at: Mapped[datetime] = mapped_column(comment='申请时间')
    due_at: Mapped[datetime | None] = mapped_column(comment='本状态截止时间')
    settled_at: Mapped[datetime | None] = mapped_column(comment='定案时间(此后不再占用件数)')

    order: Mapped[Order] = relationship()
    line: Mapped[OrderLine] = relationship()
    refund: Mapped[Refund | None] = relationship()
    events: Mapped[list['AftersaleEvent']] = relationship(back_populates='case', order_by='AftersaleEvent.id')

    @property
    def is_open(self) -> bool:
        """Whether it still holds its units, and with them the order's time to be received."""
        return self.settled_at is None

    @property
    def goods_return(self) -> bool:
        """Whether its units stay at the village or go back there."""
        return self.withheld_units == self.units if self.is_unsent else self.kind in {K.RETURN_REFUND, K.REPLACE}

    @property
    def awaits_restocking(self) -> bool:
        """Whether goods have come back and nobody has decided yet how many of them can be sold again."""
        is_back = self.returned_at is not None or self.is_unsent
        is_decided = self.status not in {S.AWAITING_VILLAGE, S.AWAITING_ARRIVAL, S.REFUSED, S.AT_PLATFORM, S.WITHDRAWN}
        return self.goods_return and is_back and is_decided and self.restocked_units is None

    @property
    def shown_status(self) -> AftersaleStatus:
        """The status as the provider's word about the money has it, before the scheduled work has written it down."""
        if self.status in {S.REFUNDING, S.REFUNDED} and self.refund is not None:
            return S.REFUNDED if self.refund.status is RefundStatus.SUCCEEDED else S.REFUNDING
        return self.status

    @property
    def is_refund_failed(self) -> bool:
        """Whether its money came back and has to be sent again."""
        return self.refund is not None and self.refund.status is RefundStatus.FAILED

    def move(
        self, to: AftersaleStatus, *, party: Party, actor_id: int | None, at: datetime, reason: str = ''
    ) -> 'AftersaleEvent':
        """Go to another status and return the event that was kept; raises `AftersaleMoveError`."""
        if to not in AFTERSALE_MOVES[self.status]:
            raise AftersaleMoveError(
                _('这件售后现在是“%(now)s”，不能改为“%(to)s”。', now=self.status.label, to=to.label)
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        event = AftersaleEvent(
            at=at, party=party, actor_id=actor_id, from_status=before, to_status=to, reason=reason[:MAX_TEXT]
        )
        events.append(event)
        return event

    def note(self, *, party: Party, actor_id: int | None, at: datetime, reason: str) -> 'AftersaleEvent':
        """Keep something that was said or shown without going on."""
        event = AftersaleEvent(
            at=at, party=party, actor_id=actor_id, from_status=self.status, to_status=self.status, reason=reason
        )
        self.events.append(event)
        return event


class AftersaleEvent(Model):
    """A step of a case or a word in it: who, for which party, when, why, with photos as evidence."""

    __tablename__ = 'aftersale_events'

    id: Mapped[Id]
    case_id: Mapped[int] = mapped_column(ForeignKey('aftersale_cases.id'), index=True, comment='售后单')
    at: Mapped[datetime] = mapped_column(comment='时间')
    party: Mapped[Party] = mapped_column(enum_column(Party), comment='哪一方')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统或游客)')
    from_status: Mapped[AftersaleStatus | None] = mapped_column(
        enum_column(AftersaleStatus, 'from_status'), comment='原状态'
    )
    to_status: Mapped[AftersaleStatus] = mapped_column(enum_column(AftersaleStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(MAX_TEXT), default='', comment='说明')

    case: Mapped[AftersaleCase] = relationship(back_populates='events')
    photos: Mapped[list['AftersalePhoto']] = relationship(order_by='AftersalePhoto.position')


class AftersalePhoto(Model):
    """A photo shown as evidence, in its order."""

    __tablename__ = 'aftersale_photos'
    __table_args__ = (UniqueConstraint('event_id', 'photo_id'), UniqueConstraint('event_id', 'position'))

    id: Mapped[Id]
    event_id: Mapped[int] = mapped_column(ForeignKey('aftersale_events.id'), comment='售后经过')
    photo_id: Mapped[int] = mapped_column(ForeignKey('photos.id'), index=True, comment='图片')
    position: Mapped[int] = mapped_column(comment='次序')

    photo: Mapped[Photo] = relationship(lazy='joined', innerjoin=True)

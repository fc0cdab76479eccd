"""The endorsement: a secretary in office speaks for a product, and the ladder decides."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalogue.models import Product
from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.reviews.ladder import ReviewStep
from shop.villages.models import Tenure


class EndorsementStatus(Labelled):
    """The life of an endorsement."""

    DRAFT = 'draft', '草稿'
    TOWNSHIP_REVIEW = 'township_review', '待乡镇初审'
    COUNTY_REVIEW = 'county_review', '待县级复审'
    CITY_REVIEW = 'city_review', '待市级审定'
    ON_NOTICE = 'on_notice', '公示中'
    LISTED = 'listed', '已上架'
    UNDER_INQUIRY = 'under_inquiry', '核查中'
    PAUSED = 'paused', '暂停'
    RECTIFYING = 'rectifying', '限期整改'
    RENEWAL_DUE = 'renewal_due', '到期待续'
    HANDING_OVER = 'handing_over', '代言交接中'
    DELISTED = 'delisted', '已下架'


S = EndorsementStatus
REVIEW_STATUS = {
    ReviewStep.TOWNSHIP: S.TOWNSHIP_REVIEW,
    ReviewStep.COUNTY: S.COUNTY_REVIEW,
    ReviewStep.CITY: S.CITY_REVIEW,
}
STEP_OF_STATUS = {status: step for step, status in REVIEW_STATUS.items()}
_REVIEWS = frozenset(REVIEW_STATUS.values())
_OFF_SALE = frozenset({S.PAUSED, S.RECTIFYING, S.RENEWAL_DUE, S.HANDING_OVER, S.UNDER_INQUIRY, S.DELISTED})

# The ladder's steps are a setting, so any review may lead to any later one or to the notice.
ENDORSEMENT_MOVES: dict[S, frozenset[S]] = {
    S.DRAFT: _REVIEWS,
    S.TOWNSHIP_REVIEW: frozenset({S.COUNTY_REVIEW, S.CITY_REVIEW, S.ON_NOTICE, S.DRAFT}),
    S.COUNTY_REVIEW: frozenset({S.CITY_REVIEW, S.ON_NOTICE, S.DRAFT}),
    S.CITY_REVIEW: frozenset({S.ON_NOTICE, S.DRAFT}),
    S.ON_NOTICE: frozenset({S.LISTED, S.UNDER_INQUIRY, S.HANDING_OVER}),
    S.LISTED: _OFF_SALE,
    S.UNDER_INQUIRY: frozenset({S.ON_NOTICE, S.LISTED, S.DELISTED}),
    S.PAUSED: frozenset({S.LISTED, S.DELISTED, S.HANDING_OVER}),
    S.RECTIFYING: frozenset({S.LISTED, S.DELISTED, S.HANDING_OVER}),
    S.RENEWAL_DUE: frozenset({S.LISTED, S.DELISTED, S.HANDING_OVER}),
    S.HANDING_OVER: frozenset({S.DELISTED}),
    S.DELISTED: frozenset(),
}
_LISTED = text("status = 'listed'")


class EndorsementMoveError(BusinessError):
    """An endorsement cannot go from its status to the one asked for."""


class Endorsement(Model):
    """A tenure speaks for a product: the thing that is reviewed."""

    __tablename__ = 'endorsements'
    __table_args__ = (
        UniqueConstraint('tenure_id', 'product_id'),
        CheckConstraint("status <> 'listed' OR listed_on IS NOT NULL", 'listed_has_day'),
        CheckConstraint("status <> 'on_notice' OR notice_ends_on IS NOT NULL", 'notice_has_end'),
        CheckConstraint('listed_on IS NULL OR approved_on IS NOT NULL', 'listed_after_approval'),
        Index('uq_endorsements_listed', 'product_id', unique=True, sqlite_where=_LISTED, postgresql_where=_LISTED),
        Index(None, 'status', 'notice_ends_on'),
    )

    id: Mapped[Id]
    tenure_id: Mapped[int] = mapped_column(ForeignKey('tenures.id'), comment='任期')
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), index=True, comment='产品')
    statement: Mapped[str] = mapped_column(Text, default='', comment='代言词')
    status: Mapped[EndorsementStatus] = mapped_column(enum_column(EndorsementStatus), comment='状态')
    drafted_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='起草人')
    submitted_at: Mapped[datetime | None] = mapped_column(comment='最近提交时间')
    approved_on: Mapped[date | None] = mapped_column(index=True, comment='审定日')
    notice_ends_on: Mapped[date | None] = mapped_column(comment='公示截止日')
    listed_on: Mapped[date | None] = mapped_column(index=True, comment='首次上架日')
    created_at: Mapped[datetime] = mapped_column(comment='建立时间')

    tenure: Mapped[Tenure] = relationship()
    product: Mapped[Product] = relationship()
    events: Mapped[list['EndorsementEvent']] = relationship(
        back_populates='endorsement', order_by='EndorsementEvent.id'
    )

    @property
    def review_step(self) -> ReviewStep | None:
        """The step it waits at, if it waits."""
        return STEP_OF_STATUS.get(self.status)

    @property
    def is_listed(self) -> bool:
        """Whether the product may be bought under this endorsement."""
        return self.status is EndorsementStatus.LISTED

    @property
    def is_editable(self) -> bool:
        """Whether the village may change it."""
        return self.status is EndorsementStatus.DRAFT

    def move(self, to: EndorsementStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `EndorsementMoveError`."""
        if to not in ENDORSEMENT_MOVES[self.status]:
            raise EndorsementMoveError(
                _('代言状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        before, self.status = self.status, to
        self.events.append(EndorsementEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class EndorsementEvent(Model):
    """A change of an endorsement: who, when, why."""

    __tablename__ = 'endorsement_events'

    id: Mapped[Id]
    endorsement_id: Mapped[int] = mapped_column(ForeignKey('endorsements.id'), index=True, comment='代言')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[EndorsementStatus | None] = mapped_column(
        enum_column(EndorsementStatus, 'from_status'), comment='原状态'
    )
    to_status: Mapped[EndorsementStatus] = mapped_column(enum_column(EndorsementStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(500), default='', comment='意见或原因')

    endorsement: Mapped[Endorsement] = relationship(back_populates='events')

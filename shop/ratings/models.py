"""Reviews of goods by the people who received them, their photos, and everything that happened to them."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalogue.models import Product
from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.orders.models import OrderLine
from shop.photos.models import Photo

MIN_TEXT, MAX_TEXT = 5, 500
MAX_ANSWER = 300
MAX_PHOTOS = 6
STARS = range(1, 6)


class ReviewStatus(Labelled):
    """The life of a review."""

    AWAITING = 'awaiting', '待审核'
    PUBLISHED = 'published', '已发布'
    REFUSED = 'refused', '未通过'
    WITHDRAWN = 'withdrawn', '已撤回'


class RefusalReason(Labelled):
    """The only reasons for which a village may keep a review from being read; few stars are none."""

    ADVERTISING = 'advertising', '广告'
    PRIVACY = 'privacy', '隐私'
    ABUSE = 'abuse', '辱骂'
    OFF_TOPIC = 'off_topic', '与商品无关'


S = ReviewStatus
REVIEW_MOVES: dict[S, frozenset[S]] = {
    S.AWAITING: frozenset({S.PUBLISHED, S.REFUSED, S.WITHDRAWN}),
    S.PUBLISHED: frozenset({S.REFUSED, S.WITHDRAWN}),
    S.REFUSED: frozenset({S.AWAITING, S.WITHDRAWN}),
    S.WITHDRAWN: frozenset(),
}


class ReviewMoveError(BusinessError):
    """A review cannot go from its status to the one asked for."""


class ProductReview(Model):
    """What a buyer says about one line of a completed order; `shown_as` is all the public learns of the buyer."""

    __tablename__ = 'product_reviews'
    __table_args__ = (
        CheckConstraint('stars >= 1 AND stars <= 5', 'stars_in_range'),
        CheckConstraint(f'length(text) >= {MIN_TEXT} AND length(text) <= {MAX_TEXT}', 'text_in_range'),
        CheckConstraint("(status = 'refused') = (refusal IS NOT NULL)", 'refused_has_reason'),
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", 'published_has_time'),
        CheckConstraint('(answer IS NULL) = (answered_at IS NULL)', 'answer_has_time'),
        Index(None, 'product_id', 'status', 'written_at'),
        Index(None, 'status', 'publish_by'),
    )

    id: Mapped[Id]
    order_line_id: Mapped[int] = mapped_column(ForeignKey('order_lines.id'), unique=True, comment='订单行')
    product_id: Mapped[int] = mapped_column(ForeignKey('products.id'), comment='产品')
    status: Mapped[ReviewStatus] = mapped_column(enum_column(ReviewStatus), comment='状态')
    stars: Mapped[int] = mapped_column(comment='星级(1至5)')
    text: Mapped[str] = mapped_column(String(MAX_TEXT), comment='评价内容')
    is_anonymous: Mapped[bool] = mapped_column(default=True, comment='是否匿名')
    shown_as: Mapped[str] = mapped_column(String(40), comment='公开显示的称呼')
    refusal: Mapped[RefusalReason | None] = mapped_column(enum_column(RefusalReason), comment='未通过原因')
    answer: Mapped[str | None] = mapped_column(String(MAX_ANSWER), comment='村里的回复')
    answered_at: Mapped[datetime | None] = mapped_column(comment='回复时间')
    written_at: Mapped[datetime] = mapped_column(comment='评价时间')
    publish_by: Mapped[datetime] = mapped_column(comment='到时未审核即自动发布')
    published_at: Mapped[datetime | None] = mapped_column(comment='发布时间')

    line: Mapped[OrderLine] = relationship()
    product: Mapped[Product] = relationship()
    photos: Mapped[list['ReviewPhoto']] = relationship(order_by='ReviewPhoto.position', cascade='all, delete-orphan')
    events: Mapped[list['ReviewEvent']] = relationship(back_populates='review', order_by='ReviewEvent.id')

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.status is ReviewStatus.PUBLISHED

    @property
    def is_rewritable(self) -> bool:
        """Whether its author may put it right and send it again."""
        return self.status is ReviewStatus.REFUSED

    def move(
        self, to: ReviewStatus, *, actor_id: int | None, at: datetime, refusal: RefusalReason | None = None
    ) -> None:
        """Go to another status and keep the event; raises `ReviewMoveError`."""
        if to not in REVIEW_MOVES[self.status]:
            raise ReviewMoveError(_('评价现在是“%(now)s”，不能改为“%(to)s”。', now=self.status.label, to=to.label))
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status, self.refusal = self.status, to, refusal
        events.append(ReviewEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, refusal=refusal))


class ReviewPhoto(Model):
    """A photo in a review, in its order."""

    __tablename__ = 'review_photos'
    __table_args__ = (UniqueConstraint('review_id', 'photo_id'), UniqueConstraint('review_id', 'position'))

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey('product_reviews.id'), comment='评价')
    photo_id: Mapped[int] = mapped_column(ForeignKey('photos.id'), index=True, comment='图片')
    position: Mapped[int] = mapped_column(comment='次序')

    photo: Mapped[Photo] = relationship(lazy='joined', innerjoin=True)


class ReviewEvent(Model):
    """A change of a review or of its answer: who, when, why, and the answer as it was given."""

    __tablename__ = 'review_events'

    id: Mapped[Id]
    review_id: Mapped[int] = mapped_column(ForeignKey('product_reviews.id'), index=True, comment='评价')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统或游客)')
    from_status: Mapped[ReviewStatus | None] = mapped_column(enum_column(ReviewStatus, 'from_status'), comment='原状态')
    to_status: Mapped[ReviewStatus] = mapped_column(enum_column(ReviewStatus, 'to_status'), comment='新状态')
    refusal: Mapped[RefusalReason | None] = mapped_column(
        enum_column(RefusalReason, 'event_refusal'), index=True, comment='未通过原因'
    )
    answer: Mapped[str | None] = mapped_column(String(MAX_ANSWER), comment='当时的回复')

    review: Mapped[ProductReview] = relationship(back_populates='events')

"""A coupon series of a department, the goods it is for, its claims, and what each use took off which order."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.kit.database import Fen, Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.regions.models import Region

MAX_NAME, MAX_FUNDER, MAX_CODE = 30, 40, 20
MAX_OFF_BP = 9_000


class CouponKind(Labelled):
    """How a coupon takes off."""

    FIXED = 'fixed', '满减'
    PERCENT = 'percent', '按比例减'


class CouponScope(Labelled):
    """By what the goods are named that a series is for."""

    ALL = 'all', '辖区全部商品'
    COUNTIES = 'counties', '指定县区'
    VILLAGES = 'villages', '指定村'
    CATEGORIES = 'categories', '指定品类'
    PRODUCTS = 'products', '指定商品'


class SeriesStatus(Labelled):
    """The life of a series; whether its days are near or over follows from the day."""

    DRAFT = 'draft', '草稿'
    RUNNING = 'running', '发放中'
    PAUSED = 'paused', '暂停'
    ENDED = 'ended', '已结束'


S = SeriesStatus
SERIES_MOVES: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.DRAFT, S.RUNNING, S.ENDED}),
    S.RUNNING: frozenset({S.PAUSED, S.ENDED}),
    S.PAUSED: frozenset({S.RUNNING, S.ENDED}),
    S.ENDED: frozenset(),
}


class SeriesMoveError(BusinessError):
    """A series cannot go from its status to the one asked for."""


class CouponSeries(Model):
    """Coupons with one budget and one set of terms; `spent_fen` is what unpaid and paid orders hold of the budget."""

    __tablename__ = 'coupon_series'
    __table_args__ = (
        CheckConstraint('spent_fen >= 0 AND spent_fen <= budget_fen', 'budget_held'),
        CheckConstraint(
            "(kind = 'fixed') = (off_fen IS NOT NULL)"
            " AND (kind = 'percent') = (off_bp IS NOT NULL)"
            " AND (kind = 'percent') = (cap_fen IS NOT NULL)",
            'terms_fit_kind',
        ),
        CheckConstraint('off_fen IS NULL OR (off_fen > 0 AND off_fen < threshold_fen)', 'off_below_threshold'),
        CheckConstraint(
            f'off_bp IS NULL OR (off_bp > 0 AND off_bp <= {MAX_OFF_BP} AND cap_fen > 0 AND threshold_fen >= 0)',
            'percent_in_range',
        ),
        CheckConstraint('per_person > 0', 'per_person_positive'),
        CheckConstraint('ends_on >= starts_on', 'ends_after_start'),
        Index(None, 'region_id', 'status'),
        Index(None, 'status', 'ends_on'),
    )

    id: Mapped[Id]
    form_token: Mapped[str] = mapped_column(String(64), unique=True, comment='表单令牌(防重复提交)')
    region_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), comment='发放部门所辖区划')
    name: Mapped[str] = mapped_column(String(MAX_NAME), comment='名称')
    funder: Mapped[str] = mapped_column(String(MAX_FUNDER), comment='出资单位(优惠由谁承担)')
    kind: Mapped[CouponKind] = mapped_column(enum_column(CouponKind), comment='优惠方式')
    threshold_fen: Mapped[Fen] = mapped_column(comment='适用商品满多少可用(分)')
    off_fen: Mapped[Fen | None] = mapped_column(comment='满减金额(分)')
    off_bp: Mapped[int | None] = mapped_column(comment='减的比例(万分点)')
    cap_fen: Mapped[Fen | None] = mapped_column(comment='按比例减最多减(分)')
    budget_fen: Mapped[Fen] = mapped_column(comment='预算(分)')
    spent_fen: Mapped[Fen] = mapped_column(default=0, comment='已占用和已使用(分)，不超过预算')
    per_person: Mapped[int] = mapped_column(comment='每人限用次数')
    scope: Mapped[CouponScope] = mapped_column(enum_column(CouponScope), comment='适用商品范围')
    starts_on: Mapped[date] = mapped_column(comment='起用日')
    ends_on: Mapped[date] = mapped_column(comment='最后一日')
    code: Mapped[str | None] = mapped_column(String(MAX_CODE), unique=True, comment='领取口令(空为按钮领取)')
    status: Mapped[SeriesStatus] = mapped_column(enum_column(SeriesStatus), comment='状态')
    created_at: Mapped[datetime] = mapped_column(comment='起草时间')

    region: Mapped[Region] = relationship()
    goods: Mapped[list['CouponGoods']] = relationship(cascade='all, delete-orphan', order_by='CouponGoods.id')
    events: Mapped[list['CouponSeriesEvent']] = relationship(back_populates='series', order_by='CouponSeriesEvent.id')

    @property
    def left_fen(self) -> int:
        """What is left of the budget."""
        return self.budget_fen - self.spent_fen

    @property
    def least_fen(self) -> int:
        """The least the next use may take of the budget: the whole sum off, or a fen."""
        return self.off_fen or 1

    @property
    def is_used_up(self) -> bool:
        """Whether nothing more can be taken off."""
        return self.left_fen < self.least_fen

    def is_open(self, on: date) -> bool:
        """Tell whether it can be claimed and used on a day; what is left of the budget apart."""
        return self.status is S.RUNNING and self.starts_on <= on <= self.ends_on

    def move(self, to: SeriesStatus, *, actor_id: int, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `SeriesMoveError`."""
        if to not in SERIES_MOVES[self.status]:
            raise SeriesMoveError(
                _('这批消费券现在是“%(now)s”，不能改为“%(to)s”。', now=self.status.label, to=to.label)
            )
        events = self.events  # read before anything changes, so that reading cannot flush half a move
        before, self.status = self.status, to
        events.append(CouponSeriesEvent(at=at, actor_id=actor_id, from_status=before, to_status=to, reason=reason))


class CouponSeriesEvent(Model):
    """A change of a series: who, when, why."""

    __tablename__ = 'coupon_series_events'

    id: Mapped[Id]
    series_id: Mapped[int] = mapped_column(ForeignKey('coupon_series.id'), index=True, comment='消费券')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int] = mapped_column(ForeignKey('users.id'), comment='经办人')
    from_status: Mapped[SeriesStatus | None] = mapped_column(enum_column(SeriesStatus, 'from_status'), comment='原状态')
    to_status: Mapped[SeriesStatus] = mapped_column(enum_column(SeriesStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='说明')

    series: Mapped[CouponSeries] = relationship(back_populates='events')
    actor: Mapped[User] = relationship()


class CouponGoods(Model):
    """One county, village, category or product a series is for; a series for all goods has none."""

    __tablename__ = 'coupon_goods'
    __table_args__ = (
        CheckConstraint(
            '(CASE WHEN county_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN village_id IS NULL THEN 0 ELSE 1 END)'
            ' + (CASE WHEN category_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN product_id IS NULL THEN 0 ELSE 1 END)'
            ' = 1',
            'one_subject',
        ),
        UniqueConstraint('series_id', 'county_id'),
        UniqueConstraint('series_id', 'village_id'),
        UniqueConstraint('series_id', 'category_id'),
        UniqueConstraint('series_id', 'product_id'),
    )

    id: Mapped[Id]
    series_id: Mapped[int] = mapped_column(ForeignKey('coupon_series.id'), comment='消费券')
    county_id: Mapped[int | None] = mapped_column(ForeignKey('regions.id'), comment='县区')
    village_id: Mapped[int | None] = mapped_column(ForeignKey('villages.id'), comment='村')
    category_id: Mapped[int | None] = mapped_column(ForeignKey('categories.id'), comment='品类')
    product_id: Mapped[int | None] = mapped_column(ForeignKey('products.id'), comment='商品')

    @property
    def subject_id(self) -> int | None:
        """The id of what it names."""
        return self.county_id or self.village_id or self.category_id or self.product_id


class CouponClaim(Model):
    """Somebody has claimed a series; how often it may be used is copied here and held by the row."""

    __tablename__ = 'coupon_claims'
    __table_args__ = (
        UniqueConstraint('series_id', 'user_id'),
        CheckConstraint('used_count >= 0 AND used_count <= limit_count', 'within_limit'),
    )

    id: Mapped[Id]
    series_id: Mapped[int] = mapped_column(ForeignKey('coupon_series.id'), comment='消费券')
    user_id: Mapped[int] = mapped_column(ForeignKey('users.id'), index=True, comment='领取人')
    claimed_at: Mapped[datetime] = mapped_column(comment='领取时间')
    limit_count: Mapped[int] = mapped_column(comment='限用次数')
    used_count: Mapped[int] = mapped_column(default=0, comment='已用次数(取消的订单还回)')

    series: Mapped[CouponSeries] = relationship()
    uses: Mapped[list['CouponUse']] = relationship(back_populates='claim', order_by='CouponUse.id')


class CouponUse(Model):
    """What a coupon took off a checkout, with what was said of it then; a checkout has one at most."""

    __tablename__ = 'coupon_uses'
    __table_args__ = (CheckConstraint('discount_fen > 0', 'discount_positive'),)

    id: Mapped[Id]
    claim_id: Mapped[int] = mapped_column(ForeignKey('coupon_claims.id'), index=True, comment='领取记录')
    series_id: Mapped[int] = mapped_column(ForeignKey('coupon_series.id'), index=True, comment='消费券')
    checkout_id: Mapped[int] = mapped_column(ForeignKey('checkouts.id'), unique=True, comment='结算单')
    name: Mapped[str] = mapped_column(String(MAX_NAME), comment='使用时名称')
    funder: Mapped[str] = mapped_column(String(MAX_FUNDER), comment='使用时出资单位')
    discount_fen: Mapped[Fen] = mapped_column(comment='优惠(分)')
    used_at: Mapped[datetime] = mapped_column(comment='使用时间')
    released_at: Mapped[datetime | None] = mapped_column(comment='订单全部取消、次数还回的时间')

    claim: Mapped[CouponClaim] = relationship(back_populates='uses')
    parts: Mapped[list['CouponPart']] = relationship(back_populates='use', order_by='CouponPart.id')


class CouponPart(Model):
    """The part of a use that one order carries, and how much of it has gone back to the budget."""

    __tablename__ = 'coupon_parts'
    __table_args__ = (
        CheckConstraint('discount_fen > 0 AND returned_fen >= 0 AND returned_fen <= discount_fen', 'within_discount'),
        CheckConstraint('released_at IS NULL OR returned_fen = discount_fen', 'released_whole'),
        Index(None, 'use_id'),
    )

    id: Mapped[Id]
    use_id: Mapped[int] = mapped_column(ForeignKey('coupon_uses.id'), comment='使用记录')
    order_id: Mapped[int] = mapped_column(ForeignKey('orders.id'), unique=True, comment='订单')
    discount_fen: Mapped[Fen] = mapped_column(comment='优惠(分)')
    returned_fen: Mapped[Fen] = mapped_column(default=0, comment='已退回预算(分)')
    released_at: Mapped[datetime | None] = mapped_column(comment='订单取消、占用放回的时间')

    use: Mapped[CouponUse] = relationship(back_populates='parts')

"""Links a village hands out in a livestream or at a fair; what is bought through one counts to its channel."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.catalogue.models import Product
from shop.kit import clock
from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.orders.models import Channel
from shop.villages.models import Village

CODE_LENGTH = 8
MAX_LABEL = 40
LINK_CHANNELS = (Channel.LIVESTREAM, Channel.EXPO, Channel.ONLINE)


class LinkState(Labelled):
    """Where a link stands on a day; its days and its end say so, nobody sets it."""

    AHEAD = 'ahead', '未开始'
    RUNNING = 'running', '使用中'
    OVER = 'over', '已过期'
    ENDED = 'ended', '已停用'


class ShareLink(Model):
    """A short address to a product or to the village, valid on the days from `starts_on` to `ends_on`."""

    __tablename__ = 'share_links'
    __table_args__ = (
        CheckConstraint("channel IN ('livestream', 'expo', 'online')", 'channel_is_of_a_link'),
        CheckConstraint('ends_on >= starts_on', 'ends_after_start'),
        CheckConstraint(f'length(code) = {CODE_LENGTH}', 'code_whole'),
        Index(None, 'village_id', 'ends_on'),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True, comment='短码')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    product_id: Mapped[int | None] = mapped_column(ForeignKey('products.id'), comment='产品(空为村主页)')
    channel: Mapped[Channel] = mapped_column(enum_column(Channel), comment='销售渠道')
    label: Mapped[str] = mapped_column(String(MAX_LABEL), comment='名目')
    starts_on: Mapped[date] = mapped_column(comment='起用日')
    ends_on: Mapped[date] = mapped_column(comment='最后一日')
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='建立人')
    created_at: Mapped[datetime] = mapped_column(comment='建立时间')
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='停用人')
    ended_at: Mapped[datetime | None] = mapped_column(comment='停用时间')

    village: Mapped[Village] = relationship()
    product: Mapped[Product | None] = relationship()

    @property
    def target(self) -> str:
        """The page it leads to."""
        return f'/products/{self.product.slug}' if self.product is not None else f'/villages/{self.village.slug}'

    @property
    def ends_at(self) -> datetime:
        """The first instant at which it is no longer valid."""
        over = clock.day_end(self.ends_on)
        return min(over, self.ended_at) if self.ended_at is not None else over

    def is_valid(self, at: datetime) -> bool:
        """Tell whether what is bought through it now counts to its channel."""
        return clock.day_start(self.starts_on) <= at < self.ends_at

    def state(self, at: datetime) -> LinkState:
        """Return where it stands at an instant."""
        if self.ended_at is not None:
            return LinkState.ENDED
        if self.is_valid(at):
            return LinkState.RUNNING
        return LinkState.AHEAD if at < clock.day_start(self.starts_on) else LinkState.OVER


class ShareLinkDay(Model):
    """How often a link was opened on a day; nothing of who opened it."""

    __tablename__ = 'share_link_days'
    __table_args__ = (
        UniqueConstraint('share_link_id', 'day'),
        CheckConstraint('visits > 0', 'visits_positive'),
    )

    id: Mapped[Id]
    share_link_id: Mapped[int] = mapped_column(ForeignKey('share_links.id'), comment='分享链接')
    day: Mapped[date] = mapped_column(comment='日期')
    visits: Mapped[int] = mapped_column(comment='打开次数')

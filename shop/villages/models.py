"""Villages, the units and secretaries sent to them, and their households."""

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled
from shop.kit.errors import BusinessError
from shop.photos.models import Photo
from shop.regions.models import Region
from shop.villages.masking import masked_name


class SponsorUnit(Model):
    """A unit that sends secretaries and answers for their villages."""

    __tablename__ = 'sponsor_units'

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60), unique=True, comment='派出单位')
    position: Mapped[int] = mapped_column(comment='次序')


class Village(Model):
    """A village; its code is the official statistical code (invented in the demo)."""

    __tablename__ = 'villages'
    __table_args__ = (UniqueConstraint('township_id', 'position'),)

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(12), unique=True, comment='村级代码')
    slug: Mapped[str] = mapped_column(String(60), unique=True, comment='网址名')
    name: Mapped[str] = mapped_column(String(40), comment='村名')
    township_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), index=True, comment='乡镇')
    county_id: Mapped[int] = mapped_column(ForeignKey('regions.id'), index=True, comment='县(市、区)')
    position: Mapped[int] = mapped_column(comment='次序')
    description: Mapped[str] = mapped_column(Text, comment='村情简介')
    photo_id: Mapped[int | None] = mapped_column(ForeignKey('photos.id'), comment='村貌图')

    township: Mapped[Region] = relationship(foreign_keys=[township_id])
    county: Mapped[Region] = relationship(foreign_keys=[county_id])
    photo: Mapped[Photo | None] = relationship()


class VillageMerge(Model):
    """A village that was joined to another: who, when, why; its register, its numbers and its past stay its own."""

    __tablename__ = 'village_merges'
    __table_args__ = (CheckConstraint('village_id <> into_id', 'into_another'),)

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), unique=True, comment='被并入的村')
    into_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='并入的村')
    merged_on: Mapped[date] = mapped_column(comment='合并日')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    reason: Mapped[str] = mapped_column(String(300), comment='依据')


class Gender(Labelled):
    """As in the register."""

    MAN = 'man', '男'
    WOMAN = 'woman', '女'


class FirstSecretary(Model):
    """A person sent to a village as its first secretary."""

    __tablename__ = 'first_secretaries'

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True, comment='网址名')
    name: Mapped[str] = mapped_column(String(40), comment='姓名')
    gender: Mapped[Gender] = mapped_column(enum_column(Gender), comment='性别')
    introduction: Mapped[str] = mapped_column(Text, comment='简介')
    photo_id: Mapped[int | None] = mapped_column(ForeignKey('photos.id'), comment='照片')
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), unique=True, comment='账号')
    is_name_hidden: Mapped[bool] = mapped_column(default=False, comment='是否隐去姓名与照片')

    photo: Mapped[Photo | None] = relationship()

    @property
    def public_name(self) -> str:
        """The name shown in public; hidden, only the post remains."""
        return _('驻村第一书记') if self.is_name_hidden else self.name


class TenureStatus(Labelled):
    """The life of a tenure."""

    PLANNED = 'planned', '待到任'
    IN_OFFICE = 'in_office', '在任'
    HANDING_OVER = 'handing_over', '期满待交接'
    ROTATED = 'rotated', '已轮换'
    RECALLED = 'recalled', '已召回'
    ADJUSTED = 'adjusted', '个别调整'


_ENDED = frozenset({TenureStatus.ROTATED, TenureStatus.RECALLED, TenureStatus.ADJUSTED})
TENURE_MOVES = {
    TenureStatus.PLANNED: frozenset({TenureStatus.IN_OFFICE, TenureStatus.ADJUSTED}),
    TenureStatus.IN_OFFICE: frozenset({TenureStatus.HANDING_OVER}) | _ENDED,
    TenureStatus.HANDING_OVER: _ENDED,
    TenureStatus.ROTATED: frozenset[TenureStatus](),
    TenureStatus.RECALLED: frozenset[TenureStatus](),
    TenureStatus.ADJUSTED: frozenset[TenureStatus](),
}
_PRESENT = text("status IN ('in_office', 'handing_over')")


class TenureMoveError(BusinessError):
    """A tenure cannot go from its status to the one asked for."""


class Tenure(Model):
    """A secretary's time in one village, sent by one unit."""

    __tablename__ = 'tenures'
    __table_args__ = (
        CheckConstraint('ends_on IS NULL OR ends_on >= starts_on', 'ends_after_start'),
        CheckConstraint("status NOT IN ('rotated', 'recalled', 'adjusted') OR ends_on IS NOT NULL", 'ended_has_day'),
        Index(
            'uq_tenures_present_village', 'village_id', unique=True, sqlite_where=_PRESENT, postgresql_where=_PRESENT
        ),
        Index(
            'uq_tenures_present_secretary',
            'secretary_id',
            unique=True,
            sqlite_where=_PRESENT,
            postgresql_where=_PRESENT,
        ),
    )

    id: Mapped[Id]
    secretary_id: Mapped[int] = mapped_column(ForeignKey('first_secretaries.id'), index=True, comment='第一书记')
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='村')
    sponsor_unit_id: Mapped[int] = mapped_column(ForeignKey('sponsor_units.id'), index=True, comment='派出单位')
    starts_on: Mapped[date] = mapped_column(comment='到任日')
    ends_on: Mapped[date | None] = mapped_column(comment='离任日')
    status: Mapped[TenureStatus] = mapped_column(enum_column(TenureStatus), comment='状态')

    secretary: Mapped[FirstSecretary] = relationship()
    village: Mapped[Village] = relationship()
    sponsor_unit: Mapped[SponsorUnit] = relationship()
    events: Mapped[list['TenureEvent']] = relationship(back_populates='tenure', order_by='TenureEvent.id')

    @property
    def is_in_office(self) -> bool:
        """Whether the secretary may endorse now."""
        return self.status is TenureStatus.IN_OFFICE

    def move(self, to: TenureStatus, *, actor_id: int | None, at: datetime, reason: str = '') -> None:
        """Go to another status and keep the event; raises `TenureMoveError`."""
        if to not in TENURE_MOVES[self.status]:
            raise TenureMoveError(
                _('任期状态为“%(now)s”，不能改为“%(wanted)s”。', now=self.status.label, wanted=to.label)
            )
        self.events.append(TenureEvent(at=at, actor_id=actor_id, from_status=self.status, to_status=to, reason=reason))
        self.status = to


class TenureEvent(Model):
    """A change of a tenure: who, when, why."""

    __tablename__ = 'tenure_events'

    id: Mapped[Id]
    tenure_id: Mapped[int] = mapped_column(ForeignKey('tenures.id'), index=True, comment='任期')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    from_status: Mapped[TenureStatus | None] = mapped_column(enum_column(TenureStatus, 'from_status'), comment='原状态')
    to_status: Mapped[TenureStatus] = mapped_column(enum_column(TenureStatus, 'to_status'), comment='新状态')
    reason: Mapped[str] = mapped_column(String(300), default='', comment='原因')

    tenure: Mapped[Tenure] = relationship(back_populates='events')


class TeamMember(Model):
    """A member of the village's work team: drafts and packs, approves nothing."""

    __tablename__ = 'team_members'
    __table_args__ = (CheckConstraint('left_on IS NULL OR left_on >= joined_on', 'leaves_after_joining'),)

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), index=True, comment='村')
    name: Mapped[str] = mapped_column(String(40), comment='姓名')
    user_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), unique=True, comment='账号')
    joined_on: Mapped[date] = mapped_column(comment='入队日')
    left_on: Mapped[date | None] = mapped_column(comment='离队日')


class Household(Model):
    """A household in its village's register; `ordinal` numbers it inside the village, for the bitmaps."""

    __tablename__ = 'households'
    __table_args__ = (
        UniqueConstraint('village_id', 'ordinal'),
        UniqueConstraint('village_id', 'number'),
        CheckConstraint('people > 0', 'people_positive'),
        CheckConstraint('ordinal >= 0', 'ordinal_not_negative'),
    )

    id: Mapped[Id]
    village_id: Mapped[int] = mapped_column(ForeignKey('villages.id'), comment='村')
    ordinal: Mapped[int] = mapped_column(comment='村内序号(位图位)')
    number: Mapped[str] = mapped_column(String(30), comment='户编号')
    head_name: Mapped[str] = mapped_column(String(40), comment='户主姓名')
    group_name: Mapped[str] = mapped_column(String(20), comment='村民小组')
    people: Mapped[int] = mapped_column(comment='家庭人口')
    self_check_code: Mapped[str] = mapped_column(String(12), unique=True, comment='自查码')
    registered_on: Mapped[date] = mapped_column(comment='登记日')
    attribute: Mapped[str] = mapped_column(String(30), default='', server_default='', comment='户属性')
    left_poverty_on: Mapped[date | None] = mapped_column(comment='脱贫日')

    village: Mapped[Village] = relationship()
    statuses: Mapped[list['HouseholdStatus']] = relationship(order_by='HouseholdStatus.since_on')

    @property
    def masked_name(self) -> str:
        """The head's name as officials and neighbours may read it."""
        return masked_name(self.head_name)


class HouseholdStatusKind(Model):
    """A word of the status vocabulary; the vocabulary is data."""

    __tablename__ = 'household_status_kinds'

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(30), unique=True, comment='代码')
    name: Mapped[str] = mapped_column(String(30), unique=True, comment='名称')
    position: Mapped[int] = mapped_column(comment='次序')
    is_retired: Mapped[bool] = mapped_column(default=False, server_default=false(), comment='是否停用')


class HouseholdStatus(Model):
    """The status of a household from a day on."""

    __tablename__ = 'household_statuses'
    __table_args__ = (UniqueConstraint('household_id', 'since_on'),)

    id: Mapped[Id]
    household_id: Mapped[int] = mapped_column(ForeignKey('households.id'), comment='农户')
    kind_id: Mapped[int] = mapped_column(ForeignKey('household_status_kinds.id'), comment='状态')
    since_on: Mapped[date] = mapped_column(comment='起始日')

    kind: Mapped[HouseholdStatusKind] = relationship()

"""A division of the country and its place in the tree."""

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.kit.database import Id, Model, enum_column
from shop.kit.enums import Labelled


class RegionLevel(Labelled):
    """The levels of the division tree above the village."""

    CITY = 'city', '市'
    COUNTY = 'county', '县(市、区)'
    TOWNSHIP = 'township', '乡镇'


class Region(Model):
    """A city, county or township; siblings stand in the official order."""

    __tablename__ = 'regions'
    __table_args__ = (
        UniqueConstraint('parent_id', 'position'),
        CheckConstraint("(level = 'city') = (parent_id IS NULL)", 'only_city_is_root'),
    )

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(12), unique=True, comment='行政区划代码')
    name: Mapped[str] = mapped_column(String(40), comment='名称')
    level: Mapped[RegionLevel] = mapped_column(enum_column(RegionLevel), comment='层级')
    parent_id: Mapped[int | None] = mapped_column(ForeignKey('regions.id'), comment='上级区划')
    position: Mapped[int] = mapped_column(comment='法定次序')

    parent: Mapped['Region | None'] = relationship(remote_side='Region.id')

"""The division tree: 通化市, its counties and townships; asking twice gives the same one."""

from sqlalchemy import func, select

from shop.kit.database import db
from shop.regions.models import Region, RegionLevel
from tests.factories.building import building, next_number

COUNTY_CODES = {
    '东昌区': '220502',
    '二道江区': '220503',
    '通化县': '220521',
    '辉南县': '220523',
    '柳河县': '220524',
    '梅河口市': '220581',
    '集安市': '220582',
}


@building
def make_city(name: str = '通化市') -> Region:
    """The city at the root."""
    return _division(name, RegionLevel.CITY, None, '220500' if name == '通化市' else '')


@building
def make_county(name: str = '柳河县', *, city: Region | None = None) -> Region:
    """A county of the city."""
    return _division(name, RegionLevel.COUNTY, city or make_city(), COUNTY_CODES.get(name, ''))


@building
def make_township(name: str = '向阳镇', *, county: Region | None = None) -> Region:
    """A township of a county."""
    return _division(name, RegionLevel.TOWNSHIP, county or make_county(), '')


def _division(name: str, level: RegionLevel, parent: Region | None, code: str) -> Region:
    parent_id = parent.id if parent is not None else None
    found = db.session.scalar(
        select(Region).where(Region.name == name, Region.level == level, Region.parent_id == parent_id)
    )
    if found is not None:
        return found
    siblings = db.session.scalar(
        select(func.count()).select_from(Region).where(Region.parent_id == parent_id, Region.level == level)
    )
    region = Region(
        code=code or f'9{next_number():08d}',
        name=name,
        level=level,
        parent_id=parent_id,
        position=list(COUNTY_CODES).index(name) if name in COUNTY_CODES else 100 + (siblings or 0),
    )
    db.session.add(region)
    db.session.flush()
    return region

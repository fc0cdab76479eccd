"""The places of the campaign: the city, its seven counties, their townships, and the villages taken part."""

from collections import defaultdict

from shop.demo import words
from shop.demo.home import HOME_VILLAGE
from shop.demo.rows import Rows
from shop.demo.sizes import Sizes
from shop.demo.stage import VillagePlan
from shop.regions.models import Region, RegionLevel
from shop.villages.models import Village

CITY = ('220500', '通化市')
COUNTIES = (
    ('220502', '东昌区'),
    ('220503', '二道江区'),
    ('220521', '通化县'),
    ('220523', '辉南县'),
    ('220524', '柳河县'),
    ('220581', '梅河口市'),
    ('220582', '集安市'),
)


def plan_regions(rows: Rows) -> dict[str, int]:
    """Add the division tree in its official order; return the ids by code."""
    ids = {CITY[0]: _region(rows, *CITY, RegionLevel.CITY, None, 1)}
    for position, (code, name) in enumerate(COUNTIES, 1):
        ids[code] = _region(rows, code, name, RegionLevel.COUNTY, ids[CITY[0]], position)
    positions: dict[str, int] = defaultdict(int)
    for row in words.townships():
        county = row.code[:6]
        positions[county] += 1
        ids[row.code] = _region(rows, row.code, row.name, RegionLevel.TOWNSHIP, ids[county], positions[county])
    return ids


def _region(rows: Rows, code: str, name: str, level: RegionLevel, parent_id: int | None, position: int) -> int:
    return rows.add(Region, code=code, name=name, level=level, parent_id=parent_id, position=position)


def plan_villages(rows: Rows, sizes: Sizes, regions: dict[str, int]) -> list[VillagePlan]:
    """Add the villages, the home village among them; their reviewers are appointed later."""
    plans = []
    positions: dict[int, int] = defaultdict(int)
    for row in _chosen(sizes.villages):
        township_id = regions[row.code[:9]]
        positions[township_id] += 1
        village_id = rows.add(
            Village,
            code=row.code,
            slug=row.slug,
            name=row.name,
            township_id=township_id,
            county_id=regions[row.code[:6]],
            position=positions[township_id],
            description=row.description,
            photo_id=None,
        )
        plans.append(
            VillagePlan(
                id=village_id,
                name=row.name,
                slug=row.slug,
                township=row.township,
                county=dict(COUNTIES)[row.code[:6]],
                county_code=row.code[:6],
                scene=row.scene,
                county_id=regions[row.code[:6]],
                township_id=township_id,
            )
        )
    return plans


def _chosen(count: int) -> list[words.VillageRow]:
    """Return so many villages in the official order: the home village and at least one of every county."""
    everyone = words.villages()
    home = next(row for row in everyone if row.slug == HOME_VILLAGE)
    chosen = {home.code}
    for county, _ in COUNTIES:
        if not any(code.startswith(county) for code in chosen):
            chosen.add(next(row.code for row in everyone if row.code.startswith(county)))
    step = len(everyone) / max(1, count)
    spread = [everyone[int(index * step)].code for index in range(count)]
    for code in [*spread, *(row.code for row in everyone)]:
        if len(chosen) < count:
            chosen.add(code)
    return [row for row in everyone if row.code in chosen]

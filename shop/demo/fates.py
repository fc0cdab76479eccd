"""What becomes of each product in the campaign: when it is listed, and where its endorsement stands at the end."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from itertools import cycle
from random import Random

from shop.demo.period import Period
from shop.demo.sizes import Sizes
from shop.demo.stage import VillagePlan
from shop.endorsements.models import EndorsementStatus
from shop.kit.clock import business_day

S = EndorsementStatus
LADDER_DAYS = 30
# Goods whose agreement has not credited anybody yet were listed in the last days and nothing of them is received.
NEW_DAYS = 7


class Fate(Enum):
    """Where an endorsement stands at the end of the campaign."""

    LISTED = 'listed'
    NEW = 'new'
    PAUSED = 'paused'
    UNDER_INQUIRY = 'under_inquiry'
    RECTIFYING = 'rectifying'
    RENEWAL_DUE = 'renewal_due'
    DELISTED = 'delisted'
    ON_NOTICE = 'on_notice'
    OBJECTED = 'objected'
    CITY_REVIEW = 'city_review'
    COUNTY_REVIEW = 'county_review'
    TOWNSHIP_REVIEW = 'township_review'
    RETURNED = 'returned'
    DRAFT = 'draft'


OFF_SALE = {
    Fate.PAUSED: (S.PAUSED, '当季货已售完，下季再上'),
    Fate.UNDER_INQUIRY: (S.UNDER_INQUIRY, '收到异议：名单里有一户情况待核实'),
    Fate.RECTIFYING: (S.RECTIFYING, '抽检标签不规范，限期整改'),
    Fate.RENEWAL_DUE: (S.RENEWAL_DUE, '代言满两年，待续'),
    Fate.DELISTED: (S.DELISTED, '合作社调整品种，不再生产'),
}
# What the home village is about to list, in the order of its products under way; then what the others are.
HOME_UNLISTED = (Fate.TOWNSHIP_REVIEW, Fate.COUNTY_REVIEW, Fate.DRAFT, Fate.RETURNED)
OTHER_UNLISTED = (
    Fate.CITY_REVIEW,
    Fate.ON_NOTICE,
    Fate.COUNTY_REVIEW,
    Fate.OBJECTED,
    Fate.TOWNSHIP_REVIEW,
    Fate.CITY_REVIEW,
    Fate.COUNTY_REVIEW,
    Fate.ON_NOTICE,
    Fate.TOWNSHIP_REVIEW,
    Fate.CITY_REVIEW,
    Fate.RETURNED,
    Fate.DRAFT,
)


@dataclass(frozen=True, slots=True)
class Course:
    """A product's way: `listed_on` for the one that was listed, `left_on` when it went off sale."""

    fate: Fate
    listed_on: date | None = None
    left_on: date | None = None


def unlisted_fates(villages: list[VillagePlan], *, home: VillagePlan) -> list[Fate]:
    """Return the end of each product that is not listed yet, given its village."""
    mine, others = cycle(HOME_UNLISTED), cycle(OTHER_UNLISTED)
    return [next(mine if village is home else others) for village in villages]


def listed_courses(
    rng: Random, period: Period, sizes: Sizes, villages: list[VillagePlan], *, home: VillagePlan
) -> list[Course]:
    """Return a course for each listed product, given its village.

    Off sale and new go only to villages that sell something else, so that every village keeps a selling product.
    """
    counts: dict[int, int] = {}
    for village in villages:
        counts[village.id] = counts.get(village.id, 0) + 1
    fates = [Fate.LISTED] * len(villages)
    free = [index for index, village in enumerate(villages) if village is not home and len(village.tenures) == 1]
    rng.shuffle(free)
    for fate, count in (
        (Fate.NEW, 6),
        (Fate.DELISTED, 3),
        (Fate.PAUSED, 3),
        (Fate.UNDER_INQUIRY, 2),
        (Fate.RECTIFYING, 2),
        (Fate.RENEWAL_DUE, 2),
    ):
        for _ in range(sizes.few(count)):
            index = next((one for one in free if counts[villages[one].id] > 1), None)
            if index is None:
                continue
            free.remove(index)
            fates[index] = fate
            counts[villages[index].id] -= 1
    waves = [min(1.0, (index + rng.random()) / len(villages)) for index in range(len(villages))]
    rng.shuffle(waves)
    return [
        _course(rng, period, fate, village, wave) for fate, village, wave in zip(fates, villages, waves, strict=True)
    ]


def _course(rng: Random, period: Period, fate: Fate, village: VillagePlan, wave: float) -> Course:
    if fate is Fate.NEW:
        return Course(fate, period.last - timedelta(days=rng.randrange(2, NEW_DAYS)))
    if fate is Fate.RENEWAL_DUE:
        listed = period.first + timedelta(days=rng.randrange(12, 40))
        return Course(fate, listed, period.last - timedelta(days=rng.randrange(3, 12)))
    # Most are listed in the first year; the last ones early enough to have sold and to have credited.
    listed = period.share(0.02 + 0.86 * wave**1.7)
    listed = _outside_change(village, listed, period)
    if fate is Fate.LISTED:
        return Course(fate, listed)
    away = rng.randrange(4, 40) if fate is not Fate.DELISTED else rng.randrange(45, 90)
    return Course(fate, min(listed, period.last - timedelta(days=200)), period.last - timedelta(days=away))


def _outside_change(village: VillagePlan, listed: date, period: Period) -> date:
    """Move a listing whose ladder would be climbed while secretaries change."""
    for tenure in village.tenures:
        if tenure.until is None:
            continue
        ended = business_day(tenure.until)
        if ended - timedelta(days=30) < listed < ended + timedelta(days=LADDER_DAYS + 15):
            later = ended + timedelta(days=LADDER_DAYS + 15)
            return later if later < period.share(0.9) else ended - timedelta(days=45)
    return listed

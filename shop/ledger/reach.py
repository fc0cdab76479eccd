"""Which households a day was the first to reach, kept as one bitmap per village and month."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from shop.benefits.models import AgreementShare
from shop.kit import clock
from shop.kit.database import db
from shop.ledger.models import HouseholdReach
from shop.villages.models import Household

BITS = 8


def fold_reach(first: date, last: date) -> dict[date, int]:
    """Add the households first reached from `first` to `last` (of one month) to the bitmaps; count them by day."""
    by_day: Counter[date] = Counter()
    by_village: dict[int, list[int]] = defaultdict(list)
    for _household_id, village_id, ordinal, day in db.session.execute(first_reached(first, last)):
        assert day is not None
        by_day[day] += 1
        by_village[village_id].append(ordinal)
    month = clock.month_of(first)
    kept = {
        reach.village_id: reach
        for reach in db.session.scalars(
            select(HouseholdReach).where(
                HouseholdReach.month == month, HouseholdReach.village_id.in_(sorted(by_village))
            )
        )
    }
    for village_id, ordinals in sorted(by_village.items()):
        reach = kept.get(village_id)
        if reach is None:
            reach = HouseholdReach(village_id=village_id, month=month, bitmap=b'', household_count=0)
            db.session.add(reach)
        reach.bitmap = bitmap_of({*ordinals, *ordinals_in(reach.bitmap)})
        reach.household_count = count_ones(reach.bitmap)
    db.session.flush()
    return dict(by_day)


def first_reached(first: date, last: date) -> Select[int, int, int, date | None]:
    """Select the households that had their first fen of all from `first` to `last`, with its day."""
    earlier = aliased(AgreementShare)
    return (
        select(Household.id, Household.village_id, Household.ordinal, AgreementShare.accrued_on)
        .join(Household, Household.id == AgreementShare.household_id)
        .where(
            AgreementShare.accrued_on >= first,
            AgreementShare.accrued_on <= last,
            ~select(earlier.id)
            .where(earlier.household_id == AgreementShare.household_id, earlier.accrued_on < AgreementShare.accrued_on)
            .exists(),
        )
        .distinct()
        .order_by(AgreementShare.accrued_on, Household.id)
    )


def bitmap_of(ordinals: Iterable[int]) -> bytes:
    """Return the bitmap with these bits set, the lowest bit of the first byte being household 0."""
    bits = 0
    for ordinal in ordinals:
        bits |= 1 << ordinal
    return bits.to_bytes(-(-bits.bit_length() // BITS), 'little')


def ordinals_in(bitmap: bytes) -> Iterator[int]:
    """Yield the household ordinals whose bit is set, in order."""
    for index, byte in enumerate(bitmap):
        for bit in range(BITS):
            if byte >> bit & 1:
                yield index * BITS + bit


def count_ones(bitmap: bytes) -> int:
    """Return how many households a bitmap holds."""
    return int.from_bytes(bitmap, 'little').bit_count()

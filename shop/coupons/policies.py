"""Who may read, draft and release coupons; pure, no queries of their own."""

from shop.accounts.models import Role, User
from shop.coupons.models import CouponSeries, SeriesStatus
from shop.reviews.policies import is_author

DEPARTMENTS = (Role.COUNTY_DEPARTMENT, Role.CITY_DEPARTMENT)
READERS = (*DEPARTMENTS, Role.AUDITOR)


def may_read(actor: User, series: CouponSeries) -> bool:
    """A department reads its own coupons, the city's those of its counties too, an auditor those of the region."""
    places = {series.region_id, series.region.parent_id}
    return any(
        grant.region_id == series.region_id if grant.role is Role.COUNTY_DEPARTMENT else grant.region_id in places
        for grant in actor.current_grants
        if grant.role in READERS
    )


def may_manage(actor: User, series: CouponSeries) -> bool:
    """Whoever reads a series as a department may draft, pause and end it."""
    return may_read(actor, series) and any(
        grant.role in DEPARTMENTS and grant.region_id in {series.region_id, series.region.parent_id}
        for grant in actor.current_grants
    )


def may_release(actor: User, series: CouponSeries) -> bool:
    """Whoever wrote any of its draft cannot release it."""
    authors = [event.actor_id for event in series.events if event.to_status is SeriesStatus.DRAFT]
    return may_manage(actor, series) and not is_author(actor, authors)

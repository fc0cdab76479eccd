"""What pages ask about endorsements, always through a village or a scope."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from shop.accounts.models import REGION_ROLES, User
from shop.catalogue.models import Product
from shop.endorsements.models import REVIEW_STATUS, Endorsement, EndorsementEvent, EndorsementStatus
from shop.endorsements.policies import may_look
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.reviews.ladder import ROLE_OF_STEP, ReviewStep
from shop.villages.models import Tenure, Village
from shop.villages.scope import villages_in_scope

PAGE_SIZE = 30
_WITH_SECRETARY = joinedload(Endorsement.tenure).options(
    joinedload(Tenure.secretary), joinedload(Tenure.sponsor_unit), joinedload(Tenure.village)
)


@dataclass(frozen=True, slots=True)
class Returned:
    """A draft that came back: who sent it back, when and why."""

    endorsement: Endorsement
    event: EndorsementEvent


def listed_endorsement(product_id: int) -> Endorsement | None:
    """Return the endorsement under which the product is on sale, with its tenure and secretary."""
    return listed_by_product([product_id]).get(product_id)


def listed_by_product(product_ids: Collection[int]) -> dict[int, Endorsement]:
    """Return the listed endorsement of each product that is on sale; one statement."""
    if not product_ids:
        return {}
    rows = db.session.scalars(
        select(Endorsement)
        .where(Endorsement.product_id.in_(product_ids), Endorsement.status == EndorsementStatus.LISTED)
        .options(_WITH_SECRETARY)
    )
    return {row.product_id: row for row in rows}


def endorsements_of_village(village_id: int) -> list[Endorsement]:
    """Return the newest endorsement of every product of a village, newest first."""
    newest = (
        select(func.max(Endorsement.id))
        .join(Product, Product.id == Endorsement.product_id)
        .where(Product.village_id == village_id)
        .group_by(Endorsement.product_id)
    )
    return list(
        db.session.scalars(
            select(Endorsement)
            .where(Endorsement.id.in_(newest))
            .options(
                joinedload(Endorsement.tenure).joinedload(Tenure.secretary),
                joinedload(Endorsement.product).selectinload(Product.variants),
                selectinload(Endorsement.events),
            )
            .order_by(Endorsement.id.desc())
        )
    )


def endorsement_of_village(endorsement_id: int, village_id: int) -> Endorsement:
    """Return an endorsement of a product of this village; raises `NotFoundError`."""
    found = db.session.scalar(
        select(Endorsement)
        .join(Endorsement.product)
        .where(Endorsement.id == endorsement_id, Product.village_id == village_id)
    )
    if found is None:
        raise NotFoundError
    return found


def endorsement_in_scope(endorsement_id: int, user: User) -> Endorsement:
    """Return an endorsement an official may look at; raises `NotFoundError`."""
    found = db.session.get(Endorsement, endorsement_id)
    if found is None or not may_look(user, found):
        raise NotFoundError
    return found


def returned_endorsements(village_id: int) -> list[Returned]:
    """Return the drafts of a village that a reviewer sent back, the latest return first."""
    drafts = db.session.scalars(
        select(Endorsement)
        .join(Endorsement.product)
        .where(
            Product.village_id == village_id,
            Endorsement.status == EndorsementStatus.DRAFT,
            Endorsement.submitted_at.is_not(None),
        )
        .options(contains_eager(Endorsement.product), selectinload(Endorsement.events))
    )
    returned = [Returned(draft, event) for draft in drafts if (event := last_return(draft)) is not None]
    return sorted(returned, key=lambda row: row.event.at, reverse=True)


def last_return(endorsement: Endorsement) -> EndorsementEvent | None:
    """Return the event that sent a draft back, if that is how it became one."""
    last = endorsement.events[-1] if endorsement.events else None
    is_return = last is not None and last.to_status is EndorsementStatus.DRAFT and last.from_status is not None
    return last if is_return else None


def on_notice(village_id: int) -> list[Endorsement]:
    """Return what a village has on notice, the first to end first."""
    return list(
        db.session.scalars(
            select(Endorsement)
            .join(Endorsement.product)
            .where(Product.village_id == village_id, Endorsement.status == EndorsementStatus.ON_NOTICE)
            .options(contains_eager(Endorsement.product))
            .order_by(Endorsement.notice_ends_on, Endorsement.id)
        )
    )


def under_inquiry(village_id: int) -> list[Endorsement]:
    """Return the endorsements of a village that an inquiry has stopped."""
    return list(
        db.session.scalars(
            select(Endorsement)
            .join(Endorsement.product)
            .where(Product.village_id == village_id, Endorsement.status == EndorsementStatus.UNDER_INQUIRY)
            .options(contains_eager(Endorsement.product))
            .order_by(Endorsement.id)
        )
    )


def reviews_in_scope(user: User) -> Select[Endorsement]:
    """Select everything sent in from the villages that the user's regions reach, without an order."""
    official = any(grant.role in REGION_ROLES for grant in user.current_grants)
    statement = (
        select(Endorsement)
        .join(Endorsement.product)
        .join(Product.village)
        .where(Endorsement.submitted_at.is_not(None), Product.village_id.in_(villages_in_scope(user)))
        .options(
            contains_eager(Endorsement.product).contains_eager(Product.village).joinedload(Village.township),
            contains_eager(Endorsement.product).contains_eager(Product.village).joinedload(Village.county),
            joinedload(Endorsement.tenure).joinedload(Tenure.secretary),
        )
    )
    return statement if official else statement.where(Endorsement.id.is_(None))


def waiting_for(user: User) -> list[Endorsement]:
    """Return what waits at a rung this user decides at, the longest waiting first."""
    steps = [step for step in ReviewStep if ROLE_OF_STEP[step] in user.roles]
    if not steps:
        return []
    statuses = [REVIEW_STATUS[step] for step in steps]
    rows = db.session.scalars(
        reviews_in_scope(user)
        .where(Endorsement.status.in_(statuses))
        .order_by(Endorsement.submitted_at, Endorsement.id)
    )
    return list(rows)


def page_of_reviews(user: User, status: EndorsementStatus | None, number: int) -> Page[Endorsement]:
    """Return a page of everything sent in from the user's scope, of one status or all, the latest sent first."""
    statement = reviews_in_scope(user)
    if status is not None:
        statement = statement.where(Endorsement.status == status)
    total = db.session.scalar(select(func.count()).select_from(statement.order_by(None).subquery())) or 0
    rows = db.session.scalars(
        statement.order_by(Endorsement.submitted_at.desc(), Endorsement.id.desc())
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows=rows.all(), number=number, size=PAGE_SIZE, total=total)


def due_count(user: User) -> int:
    """Count what waits for this user's decision; one statement."""
    statuses = [REVIEW_STATUS[step] for step in ReviewStep if ROLE_OF_STEP[step] in user.roles]
    if not statuses:
        return 0
    return (
        db.session.scalar(
            select(func.count())
            .select_from(Endorsement)
            .join(Endorsement.product)
            .where(Endorsement.status.in_(statuses), Product.village_id.in_(villages_in_scope(user)))
        )
        or 0
    )


def days_on_notice(endorsement: Endorsement, today: date) -> int:
    """Return how many days of its notice are left, not below zero."""
    return max(0, (endorsement.notice_ends_on - today).days) if endorsement.notice_ends_on is not None else 0


def newest_by_product(product_ids: Collection[int]) -> dict[int, Endorsement]:
    """Return the newest endorsement of each product; one statement."""
    if not product_ids:
        return {}
    newest = (
        select(func.max(Endorsement.id)).where(Endorsement.product_id.in_(product_ids)).group_by(Endorsement.product_id)
    )
    rows = db.session.scalars(select(Endorsement).where(Endorsement.id.in_(newest)))
    return {row.product_id: row for row in rows}

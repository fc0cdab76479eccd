"""What pages ask about objections: by number for whoever raised one, through a scope for officials."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.endorsements.models import Endorsement
from shop.kit.database import db
from shop.kit.errors import NotFoundError
from shop.kit.pagination import Page
from shop.objections.models import OPEN_STATUSES, Objection, ObjectionStatus
from shop.objections.policies import READERS, may_read
from shop.villages.models import Village
from shop.villages.scope import villages_in_scope

PAGE_SIZE = 30
MAX_NUMBER = 24


def objection_by_number(number: str) -> Objection:
    """Return the objection with this number as it was given out or typed; raises `NotFoundError`."""
    typed = ''.join(letter for letter in number.upper() if letter.isascii() and letter.isalnum())
    grouped = '-'.join(typed[start : start + 4] for start in range(0, min(len(typed), MAX_NUMBER), 4))
    found = db.session.scalar(
        select(Objection)
        .where(Objection.number == grouped)
        .options(
            selectinload(Objection.events),
            joinedload(Objection.endorsement)
            .joinedload(Endorsement.product)
            .joinedload(Product.village)
            .joinedload(Village.county),
        )
    )
    if found is None:
        raise NotFoundError
    return found


def objection_in_scope(objection_id: int, user: User) -> Objection:
    """Return an objection an official may read; raises `NotFoundError`."""
    found = db.session.get(Objection, objection_id)
    if found is None or not may_read(user, found):
        raise NotFoundError
    return found


def page_of_objections(user: User, status: ObjectionStatus | None, number: int) -> Page[Objection]:
    """Return a page of the objections of the user's scope, open ones first, the longest waiting first."""
    statement = _in_scope(user)
    if status is not None:
        statement = statement.where(Objection.status == status)
    total = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    rows = db.session.scalars(
        statement.order_by(
            Objection.decided_at.is_not(None), Objection.decided_at.desc(), Objection.received_at, Objection.id
        )
        .options(
            contains_eager(Objection.endorsement)
            .contains_eager(Endorsement.product)
            .contains_eager(Product.village)
            .joinedload(Village.county)
        )
        .limit(PAGE_SIZE)
        .offset((number - 1) * PAGE_SIZE)
    )
    return Page(rows=rows.all(), number=number, size=PAGE_SIZE, total=total)


def open_count(user: User) -> int:
    """Count what waits for an answer in the user's scope; one statement."""
    waiting = _in_scope(user).where(Objection.status.in_(OPEN_STATUSES)).subquery()
    return db.session.scalar(select(func.count()).select_from(waiting)) or 0


def objections_to(endorsement_id: int) -> list[Objection]:
    """Return every objection to the same notice, in the order they came."""
    return list(
        db.session.scalars(
            select(Objection).where(Objection.endorsement_id == endorsement_id).order_by(Objection.received_at)
        )
    )


def _in_scope(user: User) -> Select[Objection]:
    return (
        select(Objection)
        .join(Objection.endorsement)
        .join(Endorsement.product)
        .join(Product.village)
        .where(Product.village_id.in_(villages_in_scope(user, READERS)))
    )

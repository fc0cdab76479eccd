"""Share links: made and ended by the village, counted when opened, and what they decide about an order."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError

from shop.accounts.models import User
from shop.kit import clock
from shop.kit.crypto import CODE_ALPHABET
from shop.kit.database import db, dialect_name, lock_row
from shop.kit.errors import BusinessError
from shop.orders.models import Channel
from shop.orders.share_link import CODE_LENGTH, LINK_CHANNELS, ShareLink, ShareLinkDay
from shop.villages.models import Village

KEPT_FOR = timedelta(hours=24)
LONGEST = timedelta(days=366)
TRIES = 5


class ShareLinkError(BusinessError):
    """The link's channel or days are not what a link may have."""


class ShareLinkEndedError(BusinessError):
    """The link has ended already."""


@dataclass(frozen=True)
class LinkPlan:
    """What a village wants of a link; without a product it leads to the village's page."""

    product_id: int | None
    channel: Channel
    label: str
    starts_on: date
    ends_on: date


def create_share_link(village: Village, plan: LinkPlan, *, actor: User | None, at: datetime) -> ShareLink:
    """Make a link under a code nobody can guess; raises `ShareLinkError`."""
    if plan.channel not in LINK_CHANNELS:
        raise ShareLinkError(_('选渠道：直播、展销或线上零售。'), field='channel')
    if plan.ends_on < max(plan.starts_on, clock.business_day(at)):
        raise ShareLinkError(_('最后一日不能早于起用日，也不能早于今天。'), field='ends_on')
    if plan.ends_on - plan.starts_on > LONGEST:
        raise ShareLinkError(_('一条链接最长用一年。'), field='ends_on')
    for attempt in range(TRIES):
        link = ShareLink(
            code=''.join(secrets.choice(CODE_ALPHABET) for _place in range(CODE_LENGTH)),
            village_id=village.id,
            product_id=plan.product_id,
            channel=plan.channel,
            label=plan.label,
            starts_on=plan.starts_on,
            ends_on=plan.ends_on,
            created_by_id=actor.id if actor is not None else None,
            created_at=at,
        )
        try:
            with db.session.begin_nested():
                db.session.add(link)
        except IntegrityError:  # the code is taken: once in a million million
            if attempt == TRIES - 1:
                raise
            continue
        return link
    raise AssertionError('the last try returns or raises')


def end_share_link(link: ShareLink, *, actor: User, at: datetime) -> None:
    """Let a link carry its channel no longer; it still leads to its page. Raises `ShareLinkEndedError`."""
    lock_row(link)
    if link.ended_at is not None:
        raise ShareLinkEndedError(_('这条链接已经停用了。'))
    link.ended_at, link.ended_by_id = at, actor.id


def find_share_link(code: str) -> ShareLink | None:
    """Return the link of a code as people type it."""
    code = code.upper()
    if len(code) != CODE_LENGTH or any(letter not in CODE_ALPHABET for letter in code):
        return None
    return db.session.scalar(select(ShareLink).where(ShareLink.code == code))


def count_visit(link: ShareLink, *, at: datetime) -> None:
    """Count an opening on its day, by one statement that two visitors can send at once."""
    insert = postgresql_insert if dialect_name() == 'postgresql' else sqlite_insert
    values = {'share_link_id': link.id, 'day': clock.business_day(at), 'visits': 1}
    db.session.execute(
        insert(ShareLinkDay)
        .values(values)
        .on_conflict_do_update(index_elements=['share_link_id', 'day'], set_={'visits': ShareLinkDay.visits + 1})
    )


def links_by_village(link_ids: Collection[int], *, at: datetime) -> dict[int, ShareLink]:
    """Return those of these links that are valid now, by the village whose orders they decide; none costs nothing."""
    if not link_ids:
        return {}
    links = db.session.scalars(select(ShareLink).where(ShareLink.id.in_(link_ids)).order_by(ShareLink.id))
    return {link.village_id: link for link in links if link.is_valid(at)}

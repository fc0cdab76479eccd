"""The share links a visit came through: kept in the server's own session, so that no cookie can claim a channel."""

from datetime import datetime

from flask import session

from shop.orders.share_link import ShareLink
from shop.orders.share_links import KEPT_FOR

LINKS_KEY = 'share_links'


def keep_link(link: ShareLink, *, at: datetime) -> None:
    """Remember a valid link for a day at most; a village's newest link takes the place of its older one."""
    kept = {village: entry for village, entry in _kept().items() if entry[1] > at.timestamp()}
    kept[str(link.village_id)] = [link.id, int(min(at + KEPT_FOR, link.ends_at).timestamp())]
    session[LINKS_KEY] = kept


def kept_link_ids(*, at: datetime) -> frozenset[int]:
    """Return the ids of the links this visit came through in the last day."""
    return frozenset(link_id for link_id, until in _kept().values() if at.timestamp() < until)


def _kept() -> dict[str, list[int]]:
    kept: dict[str, list[int]] = session.get(LINKS_KEY) or {}
    return kept

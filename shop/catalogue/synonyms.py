"""Synonyms of search: groups of words the department keeps; a change holds from the next search on."""

import re
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from shop.accounts.models import User
from shop.catalogue.search import cut_words, simplified
from shop.catalogue.search_synonym import SearchSynonym, SearchSynonymEvent, SearchSynonymGroup
from shop.catalogue.terms import MAX_SYNONYM
from shop.kit.database import db, lock_row
from shop.kit.errors import BusinessError, NotFoundError

LEAST_WORDS = 2
MOST_WORDS = 12
SEPARATOR = '、'

_BETWEEN = re.compile(r'[\s、，,/;；|]+')


class SynonymWordsError(BusinessError):
    """The words do not make a group: too few, too many, too long, or nothing one could search for."""


class SynonymTakenError(BusinessError):
    """A word is in another group already."""


class SynonymsMovedError(BusinessError):
    """The group was changed by somebody else meanwhile."""


def read_synonyms(text: str) -> list[str]:
    """Return the words typed, apart by commas or blanks, as search keeps them; raises `SynonymWordsError`."""
    words: dict[str, None] = {}
    for piece in filter(None, _BETWEEN.split(text.strip())):
        cut = cut_words(piece)
        if len(cut) != 1 or len(cut[0]) != len(piece):
            raise SynonymWordsError(
                _('“%(word)s”不能作同义词：每个词只用汉字，或只用字母和数字，如“黑木耳”。', word=piece[:20]),
                field='words',
            )
        if len(piece) > MAX_SYNONYM:
            raise SynonymWordsError(
                _('“%(word)s”太长，一个词最多 %(most)s 字。', word=piece[:20], most=MAX_SYNONYM), field='words'
            )
        words[simplified(cut[0])] = None
    if not LEAST_WORDS <= len(words) <= MOST_WORDS:
        raise SynonymWordsError(
            _('一组要有 %(least)s 到 %(most)s 个不同的词，现有 %(now)s 个。',
              least=LEAST_WORDS, most=MOST_WORDS, now=len(words)),
            field='words',
        )  # fmt: skip
    return list(words)


def synonym_groups() -> list[SearchSynonymGroup]:
    """Return the groups in use, the newest first."""
    statement = select(SearchSynonymGroup).where(SearchSynonymGroup.words.any()).order_by(SearchSynonymGroup.id.desc())
    return list(db.session.scalars(statement))


def synonym_events(limit: int = 20) -> list[SearchSynonymEvent]:
    """Return the last changes, the newest first."""
    return list(db.session.scalars(select(SearchSynonymEvent).order_by(SearchSynonymEvent.id.desc()).limit(limit)))


def add_synonyms(words: Sequence[str], *, actor: User | None, at: datetime) -> SearchSynonymGroup:
    """Write down a new group; raises `SynonymTakenError`."""
    group = SearchSynonymGroup(changed_at=at)
    db.session.add(group)
    _write(group, words, actor=actor, at=at)
    return group


def change_synonyms(group_id: int, words: Sequence[str], *, seen: str, actor: User | None, at: datetime) -> None:
    """Give a group these words; none takes it out of use.

    `seen` are the words the editor saw. Raises `NotFoundError`, `SynonymsMovedError`, `SynonymTakenError`.
    """
    group = db.session.get(SearchSynonymGroup, group_id)
    if group is None:
        raise NotFoundError
    lock_row(group)
    db.session.refresh(group, ['words'])
    if join_words(group) != seen:
        raise SynonymsMovedError(
            _('这一组刚被改过，现在是“%(now)s”。请核对后再存。', now=join_words(group)), field='words'
        )
    _write(group, words, actor=actor, at=at)


def join_words(group: SearchSynonymGroup) -> str:
    """Return the words of a group in their order, as one reads and types them."""
    return SEPARATOR.join(synonym.word for synonym in group.words)


def _write(group: SearchSynonymGroup, words: Sequence[str], *, actor: User | None, at: datetime) -> None:
    before = join_words(group)
    _refuse_taken(group, words)
    group.words.clear()
    db.session.flush()
    group.words.extend(SearchSynonym(word=word, position=position) for position, word in enumerate(words))
    group.changed_at, group.changed_by_id = at, actor.id if actor is not None else None
    try:
        db.session.flush()
    except IntegrityError as error:
        raise SynonymTakenError(_('其中一个词刚被编入另一组，请刷新后核对。'), field='words') from error
    db.session.add(
        SearchSynonymEvent(
            group_id=group.id,
            at=at,
            actor_id=group.changed_by_id,
            words_before=before,
            words_after=SEPARATOR.join(words),
        )
    )
    db.session.flush()


def _refuse_taken(group: SearchSynonymGroup, words: Sequence[str]) -> None:
    taken = db.session.scalar(
        select(SearchSynonym)
        .where(SearchSynonym.word.in_(words), SearchSynonym.group_id != (group.id or 0))
        .order_by(SearchSynonym.position)
        .limit(1)
    )
    if taken is not None:
        other = db.session.get_one(SearchSynonymGroup, taken.group_id)
        raise SynonymTakenError(
            _('“%(word)s”已在另一组：%(group)s。一个词只能在一组里。', word=taken.word, group=join_words(other)),
            field='words',
        )

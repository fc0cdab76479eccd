"""Words that mean the same in a search: groups, their words, and who changed them when."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.accounts.models import User
from shop.catalogue.search import sounds
from shop.kit.database import Id, Model


def _sound(context: Any) -> str:
    """Return what a word that is written down sounds like."""
    return ''.join(sounds(context.get_current_parameters()['word']))


class SearchSynonymGroup(Model):
    """Words that search takes for one another; without words it is out of use."""

    __tablename__ = 'search_synonym_groups'

    id: Mapped[Id]
    changed_at: Mapped[datetime] = mapped_column(comment='最近修改时间')
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='最近修改人(空为系统)')

    words: Mapped[list['SearchSynonym']] = relationship(
        order_by='SearchSynonym.position', cascade='all, delete-orphan', lazy='selectin'
    )
    changed_by: Mapped[User | None] = relationship()


class SearchSynonym(Model):
    """A word of a group, in simplified characters and small letters; a word is in one group only."""

    __tablename__ = 'search_synonyms'
    __table_args__ = (CheckConstraint("word <> ''", 'word_given'),)

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey('search_synonym_groups.id'), index=True, comment='同义词组')
    word: Mapped[str] = mapped_column(String(12), unique=True, comment='词')
    sound: Mapped[str] = mapped_column(String(84), default=_sound, index=True, comment='读音(拼音，无声调)')
    position: Mapped[int] = mapped_column(comment='次序')


class SearchSynonymEvent(Model):
    """A change of a group: who, when, and its words before and after."""

    __tablename__ = 'search_synonym_events'

    id: Mapped[Id]
    group_id: Mapped[int] = mapped_column(ForeignKey('search_synonym_groups.id'), index=True, comment='同义词组')
    at: Mapped[datetime] = mapped_column(comment='时间')
    actor_id: Mapped[int | None] = mapped_column(ForeignKey('users.id'), comment='经办人(空为系统)')
    words_before: Mapped[str] = mapped_column(String(200), default='', comment='原有的词')
    words_after: Mapped[str] = mapped_column(String(200), default='', comment='改后的词')

    actor: Mapped[User | None] = relationship()

"""The department keeps the synonyms: valid, in one group each, with a trail of who changed what."""

import threading

import pytest
from sqlalchemy import delete, select
from sqlalchemy.exc import DatabaseError

from shop.accounts.models import Role
from shop.catalogue.search_synonym import SearchSynonym, SearchSynonymEvent
from shop.catalogue.synonyms import (
    SynonymsMovedError,
    SynonymTakenError,
    SynonymWordsError,
    add_synonyms,
    change_synonyms,
    join_words,
    read_synonyms,
    synonym_groups,
)
from shop.kit import clock
from shop.kit.database import db, transaction
from tests.factories.accounts import make_user
from tests.factories.regions import make_city, make_county


@pytest.fixture
def editor(app, clock_hand):
    return make_user(Role.CITY_DEPARTMENT, region=make_city(), name='郑启文')


def add(*words: str, actor=None):
    with transaction():
        return add_synonyms(words, actor=actor, at=clock.now())


def groups() -> list[str]:
    return [join_words(group) for group in synonym_groups()]


@pytest.mark.parametrize(
    ('typed', 'words'),
    [
        ('木耳、黑木耳', ['木耳', '黑木耳']),
        (' 木耳，黑木耳 云耳\n耳子;木耳 ', ['木耳', '黑木耳', '云耳', '耳子']),
        ('雲耳/木耳', ['云耳', '木耳']),
        ('Honey、ＨＯＮＥＹ、蜂蜜', ['honey', '蜂蜜']),
    ],
)
def test_words_are_kept_as_search_reads_them(make_app, typed, words):
    with make_app().test_request_context('/'):
        assert read_synonyms(typed) == words


@pytest.mark.parametrize(
    'typed', ['', '木耳', '木耳、木耳', '雲耳、云耳', '木耳、黑木耳 "', '木耳、wood-ear', '木耳、' + '耳' * 13,
     '、'.join('甲乙丙丁戊己庚辛壬癸子丑寅')]
)  # fmt: skip
def test_what_makes_no_group_is_refused_with_what_would_be_right(make_app, typed):
    with make_app().test_request_context('/'), pytest.raises(SynonymWordsError):
        read_synonyms(typed)


def test_a_word_is_in_one_group_only(editor):
    add('木耳', '云耳')
    with pytest.raises(SynonymTakenError, match='木耳、云耳'):
        add('耳子', '云耳')
    assert groups() == ['木耳、云耳']


def test_two_at_once_cannot_take_the_same_word(app, editor):
    refused = []

    def take(other: str) -> None:
        with app.app_context():
            try:
                add('木耳', other)
            except SynonymTakenError:
                refused.append(other)
            db.session.remove()

    threads = [threading.Thread(target=take, args=(word,)) for word in ('云耳', '耳子')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    assert len(refused) == 1
    assert len(groups()) == 1


def test_a_change_leaves_its_trail_and_an_outdated_one_is_refused(editor, clock_hand):
    group = add('木耳', '云耳', actor=editor)
    group_id = group.id
    clock_hand.move(days=1)
    with transaction():
        change_synonyms(group_id, ['木耳', '耳子'], seen='木耳、云耳', actor=editor, at=clock.now())
    with pytest.raises(SynonymsMovedError, match='木耳、耳子'), transaction():
        change_synonyms(group_id, ['木耳', '地耳'], seen='木耳、云耳', actor=editor, at=clock.now())
    with transaction():
        change_synonyms(group_id, [], seen='木耳、耳子', actor=editor, at=clock.now())
    assert groups() == []
    trail = db.session.scalars(select(SearchSynonymEvent).order_by(SearchSynonymEvent.id)).all()
    assert [(event.words_before, event.words_after, event.actor_id) for event in trail] == [
        ('', '木耳、云耳', editor.id),
        ('木耳、云耳', '木耳、耳子', editor.id),
        ('木耳、耳子', '', editor.id),
    ]
    with pytest.raises(DatabaseError, match='append-only'), transaction() as session:
        session.execute(delete(SearchSynonymEvent))


def test_the_office_page_adds_changes_and_keeps_what_was_typed(client, editor):
    client.sign_in(editor)
    assert client.post('/office/synonyms', data={'words': '木耳、云耳'}).status_code == 303
    group_id = db.session.scalars(select(SearchSynonym.group_id)).first()
    page = client.get('/office/synonyms').text
    assert '木耳、云耳' in page
    assert '郑启文' in page
    wrong = client.post('/office/synonyms', data={'words': '一个词'})
    assert wrong.status_code == 422
    assert 'value="一个词"' in wrong.text
    assert '一组要有 2 到 12 个不同的词，现有 1 个。' in wrong.text
    path = f'/office/synonyms/{group_id}'
    assert client.post(path, data={'words': '木耳 耳子', 'seen': '木耳、云耳'}).status_code == 303
    moved = client.post(path, data={'words': '木耳 地耳', 'seen': '木耳、云耳'})
    assert moved.status_code == 409
    assert 'value="木耳 地耳"' in moved.text
    assert client.post('/office/synonyms/999', data={'words': '甲乙 丙丁'}).status_code == 404
    assert groups() == ['木耳、耳子']


def test_only_the_city_keeps_synonyms(client, clock_hand):
    client.sign_in(make_user(Role.COUNTY_DEPARTMENT, region=make_county()))
    assert client.get('/office/synonyms').status_code == 404

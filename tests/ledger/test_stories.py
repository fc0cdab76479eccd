"""Whole stories of the book, event by event, each a page that a reader can check by hand (see `storybook`)."""

from pathlib import Path

import pytest

from tests.ledger.storybook import Stage, Story

PAGES = sorted((Path(__file__).parent / 'stories').glob('*.md'))


@pytest.mark.parametrize('page', PAGES, ids=lambda page: page.stem)
@pytest.mark.usefixtures('app', 'clock_hand')
def test_the_story_of(page):
    story = Story.read(page)
    stage = Stage(story.above)
    rows = []
    for event in story.events:
        stage.tell(event)
        rows.append(stage.cells(story.columns[1:]))
    assert story.written(rows) == page.read_text()


def test_there_are_stories():
    assert len(PAGES) >= 9

"""A file is there whole or not at all."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from shop.kit.files import write_whole

CONTENTS = [bytes([letter]) * 200_000 for letter in b'abcdef']


def test_of_several_writers_at_once_one_wins_whole(tmp_path):
    path = tmp_path / 'picture.jpg'
    with ThreadPoolExecutor(len(CONTENTS)) as pool:
        list(pool.map(lambda content: write_whole(path, content), CONTENTS))
    assert path.read_bytes() in CONTENTS
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / 'picture.jpg'
    write_whole(path, b'before')

    def full(_handle):
        raise OSError('no space left')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(OSError, match='no space'):
        write_whole(path, b'after')
    assert path.read_bytes() == b'before'
    assert list(tmp_path.iterdir()) == [path]

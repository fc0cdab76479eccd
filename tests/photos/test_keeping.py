"""Files and rows of photos: kept once, never half, swept when orphaned, served for ever."""

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from flask import render_template_string
from PIL import Image

from shop.kit.database import db, transaction
from shop.photos import storage
from shop.photos.errors import PhotoRefusedError
from shop.photos.models import Photo
from shop.photos.services import store_photo, sweep_orphans

REFUSED = (
    b'',
    b'words',
    b'<svg/>',
    b'\xff\xd8\xff\xe0 no more',
    b'\0\0\0\x18ftypheic',
    b'\xff\xd8\xff' + b'\0' * 10_485_760,
)


def picture(colour: str = 'red', size: tuple[int, int] = (700, 400)) -> bytes:
    out = io.BytesIO()
    Image.new('RGB', size, colour).save(out, 'PNG')
    return out.getvalue()


def kept_files() -> list[Path]:
    return sorted(path for path in storage.media_folder().rglob('*') if path.is_file())


def age(days: float, at) -> None:
    when = (at - timedelta(days=days)).timestamp()
    for path in kept_files():
        os.utime(path, (when, when))


def test_a_photo_has_its_row_and_its_files(app, clock_hand):
    with transaction():
        photo = store_photo(picture(), alt='  一筐木耳 ', at=clock_hand.at)
        digest = photo.digest
    photo = db.session.query(Photo).one()
    assert (photo.digest, photo.width, photo.height, photo.widths, photo.alt) == (
        digest,
        700,
        400,
        '320,640,700',
        '一筐木耳',
    )
    assert not photo.is_illustration
    assert photo.stored_at == clock_hand.at
    names = {f'{digest}-{ending}' for ending in ('320.webp', '640.webp', '700.webp', '320.jpg', '640.jpg', '700.jpg')}
    assert {path.name for path in kept_files()} == names
    assert {path.parent.name for path in kept_files()} == {digest[:2]}


def test_identical_content_is_kept_once(app, clock_hand):
    with transaction():
        first = store_photo(picture(), alt='第一次', at=clock_hand.at)
        second = store_photo(io.BytesIO(picture()), alt='第二次', at=clock_hand.at)
        assert first is second
    before = {path: path.stat().st_mtime_ns for path in kept_files()}
    with transaction():
        assert store_photo(picture(), alt='第三次', at=clock_hand.at).alt == '第一次'
    assert {path: path.stat().st_mtime_ns for path in kept_files()} == before
    assert db.session.query(Photo).count() == 1


def test_lost_files_come_back_with_the_next_upload(app, clock_hand):
    with transaction():
        store_photo(picture(), alt='木耳', at=clock_hand.at)
    kept_files()[0].unlink()
    with transaction():
        store_photo(picture(), alt='木耳', at=clock_hand.at)
    assert len(kept_files()) == 6


@pytest.mark.parametrize('content', REFUSED, ids=['empty', 'words', 'svg', 'broken', 'heic', 'heavy'])
def test_a_refused_file_leaves_nothing_behind(app, clock_hand, content):
    with pytest.raises(PhotoRefusedError), transaction():
        store_photo(content, alt='坏文件', at=clock_hand.at)
    assert kept_files() == []
    assert db.session.query(Photo).count() == 0


def test_a_failed_write_leaves_no_half_file(app, clock_hand, monkeypatch):
    def full_disk(_handle: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full_disk)
    with pytest.raises(OSError, match='No space'), transaction():
        store_photo(picture(), alt='木耳', at=clock_hand.at)
    assert kept_files() == []
    assert db.session.query(Photo).count() == 0


def test_the_sweep_removes_old_orphans_only(app, clock_hand):
    with transaction():
        kept = store_photo(picture('green'), alt='留下', at=clock_hand.at).digest
    with pytest.raises(RuntimeError, match='crash'), transaction():
        store_photo(picture('blue'), alt='没有留下', at=clock_hand.at)
        raise RuntimeError('crash')
    assert len(kept_files()) == 12
    age(0.9, clock_hand.at)
    assert sweep_orphans(at=clock_hand.at) == 0
    age(1.1, clock_hand.at)
    (storage.media_folder() / 'aa').mkdir(exist_ok=True)
    fresh = storage.media_folder() / 'aa' / '.half-written'
    fresh.write_bytes(b'x')
    os.utime(fresh, (clock_hand.at.timestamp(),) * 2)
    assert sweep_orphans(at=clock_hand.at) == 6
    assert {path.name.split('-')[0] for path in kept_files() if path != fresh} == {kept}
    assert fresh.exists()


def test_the_command_sweeps(app, clock_hand):
    storage.write_files('0' * 64, {'320.webp': b'x'})
    age(2, clock_hand.at)
    result = app.test_cli_runner().invoke(args=['photos', 'sweep'])
    assert result.exit_code == 0
    assert 'removed 1 files' in result.output
    assert kept_files() == []


def test_a_photo_is_served_for_ever(app, client, clock_hand):
    with transaction():
        photo = store_photo(picture(), alt='木耳', at=clock_hand.at)
        url, fallback = photo.url(600), photo.fallback_url
    answer = client.get(url)
    assert (answer.status_code, answer.mimetype) == (200, 'image/webp')
    assert Image.open(io.BytesIO(answer.data)).width == 640
    assert 'immutable' in answer.headers['Cache-Control']
    assert 'max-age=31536000' in answer.headers['Cache-Control']
    assert answer.headers['X-Content-Type-Options'] == 'nosniff'
    assert client.get(fallback).mimetype == 'image/jpeg'
    again = client.get(url, headers={'If-None-Match': answer.headers['ETag']})
    assert (again.status_code, again.data) == (304, b'')


NO_NAMES = (
    '0' * 64 + '-320.webp', '../shop.db', '..%2fshop.db', '%2e%2e/keys/secret', '0' * 64 + '-320.svg',
    '0' * 64, 'A' * 64 + '-320.webp', '0' * 64 + '-320.webp%00',
)  # fmt: skip


@pytest.mark.parametrize('name', NO_NAMES)
def test_any_other_name_is_not_found(app, client, name):
    assert client.get(f'/media/{name}').status_code == 404


def test_the_picture_element_has_widths_size_and_mark(app, clock_hand):
    with transaction():
        drawn = store_photo(picture(), alt='"木耳"', is_illustration=True, at=clock_hand.at)
        digest = drawn.digest
    source = "{% from 'components/photo.html' import photo with context %}{{ photo(picture, '50vw') }}"
    with app.test_request_context():
        html = render_template_string(source, picture=db.session.query(Photo).one())
        empty = render_template_string(source, picture=None)
    assert (
        f'srcset="/media/{digest}-320.webp 320w, /media/{digest}-640.webp 640w, /media/{digest}-700.webp 700w"' in html
    )
    assert f'srcset="/media/{digest}-320.jpg 320w, /media/{digest}-640.jpg 640w, /media/{digest}-700.jpg 700w"' in html
    assert f'src="/media/{digest}-700.jpg"' in html
    assert 'width="700"' in html
    assert 'height="400"' in html
    assert 'loading="lazy"' in html
    assert 'alt="&#34;木耳&#34;"' in html
    assert '示意图' in html
    assert 'no-photo.svg' in empty
    assert '示意图' not in empty

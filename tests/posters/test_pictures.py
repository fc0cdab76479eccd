"""Posters and share cards as people get them."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import segno
from PIL import Image

from shop.endorsements.models import Endorsement, EndorsementStatus
from shop.kit.database import db, transaction
from shop.photos.storage import media_folder
from shop.posters import palette, services, storage
from shop.posters.contents import digest_of
from shop.posters.pieces import CODE, HEADER, MARGIN, WIDTH
from shop.posters.queries import product_sheet, secretary_sheet, village_sheet
from shop.posters.services import Form, picture_of
from shop.villages.models import FirstSecretary
from tests.architecture.sources import ROOT
from tests.factories.villages import make_village
from tests.posters.conftest import RED

MAX_BYTES = 300 * 1024


def seen(answer) -> Image.Image:
    assert (answer.status_code, answer.mimetype) == (200, 'image/jpeg')
    assert len(answer.data) <= MAX_BYTES
    return Image.open(io.BytesIO(answer.data))


def is_near(pixel, colour, by: int = 12) -> bool:
    return all(abs(one - other) <= by for one, other in zip(pixel, colour, strict=True))


def pages(product) -> dict[str, str]:
    secretary = db.session.query(FirstSecretary).one()
    return {
        'product': f'/products/{product.slug}',
        'village': f'/villages/{product.village.slug}',
        'secretary': f'/secretaries/{secretary.slug}',
    }


def test_every_kind_has_a_poster_and_a_card(client, product):
    for page in pages(product).values():
        poster = seen(client.get(f'{page}/poster.jpg'))
        assert poster.width == 750
        assert 1000 < poster.height < 2000
        assert seen(client.get(f'{page}/card.jpg')).size == (1200, 630)
        shown = client.get(f'{page}/poster')
        assert f'width="750" height="{poster.height}"' in shown.text
    assert seen(client.get('/card.jpg')).size == (1200, 630)


def test_the_photo_stands_on_the_poster_and_hills_where_it_is_missing(client, product):
    address = f'/products/{product.slug}/poster.jpg'
    spot = (WIDTH // 4, HEADER + 300)
    assert is_near(seen(client.get(address)).getpixel(spot), RED)
    for path in media_folder().rglob('*.webp'):
        path.write_bytes(b'no picture')
    for path in storage.poster_folder().rglob('*.jpg'):
        path.unlink()
    assert not is_near(seen(client.get(address)).getpixel(spot), RED)
    for path in media_folder().rglob('*.webp'):
        path.unlink()
    assert not is_near(seen(client.get(address)).getpixel(spot), RED)


def test_the_code_leads_to_the_page(make_app, database_url, product):
    app = make_app(DATABASE_URL=database_url, PUBLIC_URL='https://shop.example')
    address = f'/products/{product.slug}'
    picture = seen(app.test_client().get(f'{address}/poster.jpg')).convert('L')
    rows = [
        list(row) for row in segno.make(f'https://shop.example{address}', error='m', micro=False).matrix_iter(border=4)
    ]
    step = CODE // len(rows)
    left = WIDTH - MARGIN - CODE + (CODE - step * len(rows)) // 2
    top = next(y for y in range(picture.height - 400, picture.height) if _matches(picture, rows, left, y, step))
    assert top > picture.height - 300


def _matches(picture, rows, left: int, top: int, step: int) -> bool:
    return all(
        (
            picture.getpixel((left + across * step + step // 2, min(top + down * step + step // 2, picture.height - 1)))
            < 128
        )
        == bool(dark)
        for down, row in enumerate(rows)
        for across, dark in enumerate(row)
    )


def test_the_longest_texts_and_odd_letters_fit(app, product):
    with app.test_request_context():
        sheet = product_sheet(product.slug)
        for name in ('长白山林下散养林蛙油（雪蛤）' * 4, 'W' * 60, '🍄𠮷' * 30, '，' * 60):
            longest = replace(
                sheet, name=name[:60], summary=name * 2, price_fen=10**15, households=999_999, county=name
            )
            for form in Form:
                content = picture_of(form, longest)
                assert len(content) <= MAX_BYTES
                assert Image.open(io.BytesIO(content)).width in {750, 1200}


def test_a_hidden_secretary_has_no_picture_and_no_name_on_any(app, client, product):
    page = pages(product)['secretary']
    with transaction():
        db.session.query(FirstSecretary).one().is_name_hidden = True
    for end in ('poster', 'poster.jpg', 'card.jpg'):
        assert client.get(f'{page}/{end}').status_code == 404
    with app.test_request_context():
        for sheet in (product_sheet(product.slug), village_sheet(product.village.slug)):
            assert (sheet.person.name, sheet.person.portrait) == ('驻村第一书记', None)
            assert '周明远' not in repr(sheet)
    assert client.get(f'/products/{product.slug}/poster.jpg').status_code == 200


def test_a_village_without_a_secretary_has_a_poster(client):
    with transaction():
        village = make_village('空岗村')
    poster = seen(client.get(f'/villages/{village.slug}/poster.jpg'))
    assert poster.width == 750


@pytest.mark.parametrize('page', ['products', 'villages', 'secretaries'])
def test_there_is_no_picture_of_what_is_not_there(client, page):
    for end in ('poster', 'poster.jpg', 'card.jpg'):
        assert client.get(f'/{page}/no-such/{end}').status_code == 404


def test_goods_off_sale_have_no_poster(client, product):
    with transaction():
        db.session.query(Endorsement).one().status = EndorsementStatus.PAUSED
    assert client.get(f'/products/{product.slug}/poster.jpg').status_code == 404


def test_a_picture_is_drawn_once_and_again_when_it_would_say_something_else(client, product, monkeypatch):
    address = f'/products/{product.slug}/poster.jpg'
    first = client.get(address)
    drawn = []
    draw = services._draw

    def count(*given):
        drawn.append(given)
        return draw(*given)

    monkeypatch.setattr(services, '_draw', count)
    second = client.get(address)
    assert (second.data, second.headers['ETag'], drawn) == (first.data, first.headers['ETag'], [])
    unchanged = client.get(address, headers={'If-None-Match': first.headers['ETag']})
    assert (unchanged.status_code, unchanged.data, drawn) == (304, b'', [])
    with transaction():
        product.variants[0].price_fen = 4990
    third = client.get(address)
    assert len(drawn) == 1
    assert third.headers['ETag'] != first.headers['ETag']


def test_several_at_once_get_one_whole_picture(app, product):
    with app.test_request_context():
        sheet = product_sheet(product.slug)

    def ask(_number: int) -> bytes:
        with app.test_request_context():
            return picture_of(Form.POSTER, sheet)

    with ThreadPoolExecutor(4) as pool:
        contents = set(pool.map(ask, range(4)))
    with app.test_request_context():
        name = digest_of('poster', sheet)
    assert len(contents) == 1
    assert [path.name for path in storage.poster_folder().rglob('*') if path.is_file()] == [f'{name}.jpg']


def test_pictures_nobody_asks_for_are_swept(app, client, product, clock_hand):
    client.get('/card.jpg')
    assert services.sweep(at=clock_hand.at) == 0
    kept = list(storage.poster_folder().rglob('*.jpg'))
    assert len(kept) == 1
    later = _written(kept[0]) + timedelta(days=7, seconds=1)
    assert app.test_cli_runner().invoke(args=['posters', 'sweep']).output == 'removed 0 pictures\n'
    assert services.sweep(at=later) == 1
    assert not kept[0].exists()
    assert services.sweep(at=later) == 0


def _written(path):
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def test_a_secretary_stands_for_the_latest_village(app, product):
    with app.test_request_context():
        secretary = db.session.query(FirstSecretary).one()
        sheet = secretary_sheet(secretary.slug)
        assert (sheet.person.name, sheet.goods, [good.name for good in sheet.shelf]) == ('周明远', 1, ['秋木耳'])


def test_the_colours_are_those_of_the_tokens():
    tokens = (ROOT / 'static/css/tokens.css').read_text().split('[data-theme="dark"]')[0]
    for name, value in vars(palette).items():
        if name.isupper():
            assert f'--{name.lower().replace("_", "-")}:' in tokens
            assert value in tokens

"""Share cards: 1200 × 630 px, what a messenger shows beside a link."""

from flask_babel import gettext as _
from PIL import Image

from shop.posters import palette
from shop.posters.canvas import IMAGES, Canvas, Run, fit_runs
from shop.posters.contents import Picture, ProductSheet, SecretarySheet, Sheet, VillageSheet
from shop.posters.pieces import benefit_of, draw_no_photo, draw_tag, load, price_runs, share_of
from shop.posters.typefaces import Type, printable, sans, serif
from shop.posters.wrapping import wrap

WIDTH = 1200
HEIGHT = 630
PHOTO = 640
LEFT = PHOTO + 44
ROOM = WIDTH - LEFT - 44
EDGE = 'M34 0C10 60 30 120 16 190S40 300 22 380s14 110 0 170 10 60 8 80H60V0z'


def draw_card(sheet: Sheet) -> Canvas:
    """Draw the card of a page."""
    match sheet:
        case ProductSheet():
            return _draw_product(sheet)
        case VillageSheet():
            counts = _(
                '%(goods)s 件山货在售 · 协议覆盖 %(households)s 户', goods=sheet.goods, households=sheet.households
            )
            return _draw_place(sheet, sheet.name, sheet.place, sheet.description, counts)
        case SecretarySheet():
            place = _('%(place)s驻村第一书记', place=sheet.place)
            counts = _('代言 %(goods)s 件山货', goods=sheet.goods)
            return _draw_place(sheet, sheet.person.name, place, sheet.introduction, counts)
    return _draw_shop(sheet)


def _start(sheet: Sheet, picture: Picture | None) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, palette.PAPER)
    photo = load(picture)
    if photo is not None:
        canvas.photo(photo, 0, 0, PHOTO, HEIGHT)
    else:
        draw_no_photo(canvas, 0, 0, PHOTO, HEIGHT)
    canvas.shape(f'<path d="{EDGE}" fill="{palette.PAPER}"/>', PHOTO - 36, 0, 60, HEIGHT)
    if photo is not None and picture is not None and picture.is_illustration:
        draw_tag(canvas, 118, HEIGHT - 56)
    canvas.brand(LEFT, 44, 50)
    name = printable(sheet.shop)
    canvas.text(LEFT + 64, 79, name, serif(29, 0.9).fitted(name, ROOM - 64, 16), palette.INK)
    fixed = _('公益推介，不收取任何报酬')
    canvas.text(LEFT, HEIGHT - 48, fixed, sans(24, 0.5).fitted(fixed, ROOM, 15), palette.WHEAT_700)
    return canvas


def _title(text: str) -> tuple[list[str], Type]:
    for size, most in ((60, 1), (54, 2), (44, 3)):
        type_ = serif(size, size / 48)
        lines = wrap(printable(text), type_, ROOM, most=most + 1, balanced=True)
        if len(lines) <= most:
            return lines, type_
    type_ = serif(36, 0.8)
    return wrap(printable(text), type_, ROOM, most=4), type_


def _draw_product(sheet: ProductSheet) -> Canvas:
    canvas = _start(sheet, sheet.photo)
    lines, type_ = _title(sheet.name)
    canvas.icon('pin', LEFT - 3, 134, 30, palette.PINE_600)
    place = f'{printable(sheet.county)}·{printable(sheet.village)}'
    canvas.text(LEFT + 32, 159, place, sans(26).fitted(place, ROOM - 32, 15), palette.PINE)
    leading = type_.size * 1.25
    y = canvas.lines(LEFT - 2, 182, lines, type_, palette.INK, leading=leading)
    if y < 300:
        rest = wrap(printable(sheet.summary), sans(25), ROOM, most=2 if y < 270 else 1)
        canvas.lines(LEFT, y + 8, rest, sans(25), palette.INK_2, leading=38)
    price = fit_runs(price_runs(sheet.price_fen, 76, has_prices=sheet.has_prices), ROOM)
    canvas.runs(LEFT, 436, price)
    _draw_band(canvas, 466, _benefit(sheet))
    return canvas


def _benefit(sheet: ProductSheet) -> list[Run]:
    words, figures = sans(25, 0.4), serif(33, 0.8)
    before, count, households = benefit_of(sheet.households)
    each, money, after = share_of(sheet.benefit_fen)
    return [
        (before, words, palette.ON_PRIMARY),
        (count, figures, palette.WHEAT_300),
        (f'{households}  {each}', words, palette.ON_PRIMARY),
        (money, figures, palette.WHEAT_300),
        (after, words, palette.ON_PRIMARY),
    ]


def _draw_band(canvas: Canvas, y: int, runs: list[Run]) -> None:
    canvas.box(LEFT, y, ROOM, 72, palette.PINE, radius=16)
    canvas.runs(LEFT + 24, y + 47, fit_runs(runs, ROOM - 48))


def _draw_place(sheet: VillageSheet | SecretarySheet, name: str, place: str, text: str, counts: str) -> Canvas:
    canvas = _start(sheet, sheet.photo)
    portrait = load(sheet.person.portrait) if isinstance(sheet, SecretarySheet) else None
    if portrait is not None:
        canvas.photo(Canvas(8, 8, palette.PAPER).image, PHOTO - 206, HEIGHT - 222, 180, 180, radius=90)
        canvas.photo(portrait, PHOTO - 200, HEIGHT - 216, 168, 168, radius=84)
    lines, type_ = _title(name)
    y = canvas.lines(LEFT - 2, 136, lines, type_, palette.INK, leading=type_.size * 1.25)
    plain = printable(place)
    canvas.text(LEFT, y + 40, plain, sans(26).fitted(plain, ROOM, 15), palette.PINE)
    rest = wrap(printable(text), sans(25), ROOM, most=max(1, min(4, round((440 - y - 66) / 40))))
    canvas.lines(LEFT, y + 66, rest, sans(25), palette.INK_2, leading=40)
    _draw_band(canvas, 466, [(printable(counts), sans(27, 0.5), palette.WHEAT_300)])
    return canvas


def _draw_shop(sheet: Sheet) -> Canvas:
    canvas = Canvas(WIDTH, HEIGHT, palette.PAPER)
    with Image.open(IMAGES / 'banner.webp') as banner:
        canvas.photo(banner.convert('RGB').crop((0, 100, 1600, 920)), 0, 0, WIDTH, HEIGHT)
    wash = (
        '<linearGradient id="w" x1="0" y1="0" x2="0" y2="1">'
        f'<stop offset="0" stop-color="{palette.PAPER}" stop-opacity=".96"/>'
        f'<stop offset=".42" stop-color="{palette.PAPER}" stop-opacity=".8"/>'
        f'<stop offset=".68" stop-color="{palette.PAPER}" stop-opacity="0"/></linearGradient>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#w)"/>'
    )
    canvas.shape(wash, 0, 0, WIDTH, HEIGHT)
    canvas.brand(72, 70, 108)
    name = printable(sheet.shop)
    canvas.text(204, 138, name, serif(64, 1.4).fitted(name, 900, 30), palette.INK)
    line = printable(sheet.tagline)
    canvas.text(207, 184, line, sans(30).fitted(line, 900, 18), palette.INK_2)
    fixed = _('公益推介，不收取任何报酬')
    canvas.text(74, 262, fixed, sans(30, 0.6).fitted(fixed, 1000, 18), palette.PINE)
    return canvas

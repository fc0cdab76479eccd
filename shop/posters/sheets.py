"""The three posters: a product, a village, a secretary."""

from flask_babel import gettext as _

from shop.posters import palette
from shop.posters.canvas import Canvas, fit_runs
from shop.posters.contents import ProductSheet, SecretarySheet, VillageSheet
from shop.posters.pieces import (
    BAND,
    FOOT,
    HEADER,
    INNER,
    MARGIN,
    WIDTH,
    benefit_of,
    bottom,
    count_runs,
    covered_of,
    day_note,
    draw_band,
    draw_foot,
    draw_header,
    draw_origin,
    draw_photo,
    draw_shelf,
    goods_of,
    load,
    price_runs,
    share_of,
    shelf_height,
)
from shop.posters.typefaces import Type, printable, sans, serif
from shop.posters.wrapping import wrap
from shop.presentation import day

HEADLINES = ((58, 1), (52, 2), (44, 2), (38, 3), (34, 4))  # size in px, most lines


def headline(text: str, width: int = INNER) -> tuple[list[str], Type]:
    """Return a name broken into lines, in the largest type that holds it."""
    plain = printable(text)
    for size, most in HEADLINES:
        type_ = serif(size, size / 48)
        lines = wrap(plain, type_, width, most=most + 1, balanced=True)
        if len(lines) <= most:
            return lines, type_
    return wrap(plain, type_, width, most=most), type_


def draw_product(sheet: ProductSheet) -> Canvas:
    """Draw the poster of a product."""
    lines, type_ = headline(sheet.name)
    summary = wrap(printable(sheet.summary), sans(26), INNER, most=2)
    leading = type_.size * 1.28
    top = bottom(HEADER) + 20
    height = round(top + 50 + leading * len(lines) + 38 * len(summary) + 142 + BAND + 28 + FOOT)
    canvas = Canvas(WIDTH, height, palette.PAPER)
    draw_header(canvas, sheet)
    draw_photo(canvas, load(sheet.photo), HEADER, is_illustration=bool(sheet.photo and sheet.photo.is_illustration))
    y: float = draw_origin(canvas, top, sheet.county, sheet.village)
    y = canvas.lines(MARGIN - 2, y + 6, lines, type_, palette.INK, leading=leading)
    y = canvas.lines(MARGIN, y + 12, summary, sans(26), palette.INK_2, leading=38)
    price = fit_runs(price_runs(sheet.price_fen, 76, has_prices=sheet.has_prices), INNER * 0.8)
    end = canvas.runs(MARGIN, y + 86, price)
    variant = wrap(printable(sheet.variant), sans(24), WIDTH - MARGIN - end - 24, most=1)
    canvas.runs(end + 24, y + 86, [(line, sans(24), palette.INK_3) for line in variant])
    parts = [
        count_runs(*benefit_of(sheet.households)),
        count_runs(*share_of(sheet.benefit_fen)),
    ]
    draw_band(canvas, round(y) + 124, parts)
    note = _('%(day)s的价格，以页面为准', day=day(sheet.on))
    draw_foot(canvas, round(y) + 124 + BAND + 28, sheet, sheet.person, [note])
    return canvas


def draw_village(sheet: VillageSheet) -> Canvas:
    """Draw the poster of a village: the place first, then what it has, then who vouches."""
    lines, type_ = headline(sheet.name)
    text = wrap(printable(sheet.description), sans(26), INNER, most=3)
    leading = type_.size * 1.28
    top = bottom(HEADER) + 20
    shelf = shelf_height(sheet.shelf)
    height = round(top + 50 + leading * len(lines) + 40 * len(text) + 40 + BAND + 30 + shelf + FOOT)
    canvas = Canvas(WIDTH, height, palette.PAPER)
    draw_header(canvas, sheet)
    draw_photo(canvas, load(sheet.photo), HEADER, is_illustration=bool(sheet.photo and sheet.photo.is_illustration))
    canvas.icon('pin', MARGIN - 3, top + 3, 32, palette.PINE_600)
    place = printable(sheet.place)
    canvas.text(MARGIN + 34, top + 29, place, sans(26).fitted(place, INNER - 34, 16), palette.INK_2)
    y = canvas.lines(MARGIN - 2, top + 50, lines, type_, palette.INK, leading=leading)
    y = canvas.lines(MARGIN, y + 10, text, sans(26), palette.INK_2, leading=40)
    parts = [
        count_runs(*goods_of(sheet.goods)),
        count_runs(*covered_of(sheet.households)),
    ]
    draw_band(canvas, round(y) + 20, parts)
    after = round(y) + 20 + BAND + 30
    if sheet.shelf:
        draw_shelf(canvas, after, sheet.shelf)
    draw_foot(canvas, after + shelf, sheet, sheet.person, [day_note(sheet)])
    return canvas


def draw_secretary(sheet: SecretarySheet) -> Canvas:
    """Draw the poster of a secretary: the village behind, the person small, the goods in a row."""
    text = wrap(printable(sheet.introduction), serif(30), INNER - 34, most=4)
    top = bottom(HEADER)
    shelf = shelf_height(sheet.shelf)
    height = round(top + 166 + 52 * len(text) + 40 + shelf + FOOT)
    canvas = Canvas(WIDTH, height, palette.PAPER)
    draw_header(canvas, sheet)
    draw_photo(canvas, load(sheet.photo), HEADER, is_illustration=bool(sheet.photo and sheet.photo.is_illustration))
    portrait = load(sheet.person.portrait)
    x = MARGIN
    if portrait is not None:
        canvas.photo(Canvas(8, 8, palette.PAPER).image, MARGIN - 8, top - 72, 196, 196, radius=98)
        canvas.photo(portrait, MARGIN, top - 64, 180, 180, radius=90)
        x += 212
    name = printable(sheet.person.name)
    room = WIDTH - MARGIN - x
    canvas.text(x, top + 62, name, serif(54, 1.2).fitted(name, room, 26), palette.INK)
    place = _('%(place)s驻村第一书记', place=printable(sheet.place))
    canvas.text(x, top + 106, place, sans(25).fitted(place, room, 15), palette.PINE)
    y = top + 166.0
    if text:
        canvas.box(MARGIN, top + 152, 6, 52 * len(text) + 8, palette.WHEAT, radius=3)
        y = canvas.lines(MARGIN + 34, top + 156, text, serif(30), palette.INK, leading=52)
    after = round(y) + 40
    if sheet.shelf:
        draw_shelf(canvas, after, sheet.shelf)
    notes = [_('派出单位：%(unit)s', unit=sheet.person.unit), day_note(sheet)]
    draw_foot(canvas, after + shelf, sheet, None, notes)
    return canvas

"""The pieces that every poster is put together from."""

import io
from collections.abc import Sequence

from flask_babel import gettext as _
from PIL import Image

from shop.kit.money import Money
from shop.kit.words import counted
from shop.photos.storage import read_file
from shop.posters import palette
from shop.posters.canvas import Canvas, Run, fit_runs
from shop.posters.contents import Good, Person, Picture, Sheet
from shop.posters.typefaces import printable, sans, serif
from shop.posters.wrapping import wrap
from shop.presentation import day, month

WIDTH = 750
MARGIN = 40
INNER = WIDTH - 2 * MARGIN
PHOTO_HEIGHT = WIDTH * 3 // 4
HEADER = 104
FOOT = 290
CODE = 212
GAP = 22
BAND = 92
RIDGE = (
    'M0 46C60 40 96 18 150 22c44 4 70 26 118 20 40-5 62-34 104-36 46-2 74 34 128 32 40-2 62-20 104-18 56 2 96 26 146 18'
    'V64H0z'
)


def load(picture: Picture | None) -> Image.Image | None:
    """Return the pixels of a photo; None when there is none or its file cannot be read."""
    content = read_file(picture.file) if picture is not None else None
    if content is None:
        return None
    try:
        with Image.open(io.BytesIO(content), formats=('WEBP', 'JPEG')) as image:
            return image.convert('RGB')
    except (OSError, SyntaxError, ValueError):
        return None


def draw_header(canvas: Canvas, sheet: Sheet) -> None:
    """Draw who speaks: the mark and name of the shop, and the seal."""
    canvas.brand(MARGIN, 24, 56)
    name = printable(sheet.shop)
    canvas.text(112, 55, name, serif(31, 0.9).fitted(name, 440, 18), palette.INK)
    tagline = printable(sheet.tagline)
    canvas.text(113, 82, tagline, sans(19).fitted(tagline, 460, 13), palette.INK_3)
    draw_seal(canvas, WIDTH - MARGIN - 62, 21, 62)


def draw_seal(canvas: Canvas, x: int, y: int, size: int) -> None:
    """Draw a name seal of four characters; a language that has no four leaves it out."""
    letters = _('公益推介')
    if len(letters) != 4:
        return
    canvas.box(x, y, size, size, palette.BERRY_DEEP, radius=9)
    canvas.box(x + 4, y + 4, size - 8, size - 8, 'none', radius=6, edge=palette.PAPER)
    half = size / 2
    for letter, (across, down) in zip(letters, ((1, 0), (1, 1), (0, 0), (0, 1)), strict=True):
        middle = x + half + (across - 0.5) * (half - 8)
        canvas.text(middle, y + half + down * (half - 8) - 4, letter, serif(21, 0.7), palette.PAPER, anchor='m')


def draw_photo(canvas: Canvas, photo: Image.Image | None, y: int, *, is_illustration: bool) -> None:
    """Draw the photo across the sheet, the paper rising over its lower edge like a ridge."""
    if photo is not None:
        canvas.photo(photo, 0, y, WIDTH, PHOTO_HEIGHT)
    else:
        draw_no_photo(canvas, 0, y, WIDTH, PHOTO_HEIGHT)
    canvas.shape(f'<path d="{RIDGE}" fill="{palette.PAPER}" fill-opacity=".55"/>', 0, bottom(y) - 76, WIDTH, 64)
    canvas.shape(f'<path d="{RIDGE}" fill="{palette.PAPER}"/>', 0, bottom(y) - 60, WIDTH, 64)
    if photo is not None and is_illustration:
        draw_tag(canvas, WIDTH - 24, y + 22)


def bottom(y: int) -> int:
    """Return the lower edge of a photo that begins at `y`."""
    return y + PHOTO_HEIGHT


def draw_tag(canvas: Canvas, right: int, y: int) -> None:
    """Mark an illustration as one."""
    text, type_ = _('示意图'), sans(20)
    width = round(type_.length(text)) + 24
    canvas.box(right - width, y, width, 34, palette.SURFACE, radius=8)
    canvas.text(right - width + 12, y + 24, text, type_, palette.INK_2)


def draw_no_photo(canvas: Canvas, x: int, y: int, width: int, height: int, *, radius: int = 0) -> None:
    """Draw the hills of the place where a photo is missing."""
    hills = (
        f'<clipPath id="c"><rect width="{width}" height="{height}" rx="{radius}"/></clipPath><g clip-path="url(#c)">'
        f'<svg width="{width}" height="{height}" viewBox="0 0 750 562" preserveAspectRatio="xMidYMid slice">'
        f'<rect width="750" height="562" fill="{palette.WHEAT_100}"/>'
        f'<circle cx="540" cy="168" r="74" fill="{palette.WHEAT_300}"/>'
        f'<path d="M0 390 190 214l92 84 118-150 170 206 90-76 90 84v210H0z" fill="{palette.PINE_300}"/>'
        f'<path d="m400 148 52 63-28 20-30-18-34 22-11-25z" fill="{palette.SURFACE}"/>'
        f'<path d="M0 430c120-70 220-40 330-16s260 10 420-60v208H0z" fill="{palette.PINE_600}"/>'
        f'<path d="M0 480c150-50 300-10 420-6s220-22 330-50v138H0z" fill="{palette.PINE}"/></svg></g>'
    )
    canvas.shape(hills, x, y, width, height)


def draw_origin(canvas: Canvas, y: int, county: str, village: str) -> int:
    """Draw where it comes from; return the lower edge."""
    canvas.icon('pin', MARGIN - 3, y + 3, 32, palette.PINE_600)
    place, name = f'{printable(county)}·', printable(village)
    canvas.runs(MARGIN + 34, y + 29, [(place, sans(26), palette.INK_2), (name, serif(27, 0.8), palette.PINE)])
    return y + 44


def price_runs(fen: int, size: int, *, has_prices: bool = False) -> list[Run]:
    """Return ¥39.90 with a large whole part."""
    whole, cents = Money(fen).grouped.split('.')
    colour = palette.BERRY_DEEP
    small = serif(size * 6 // 10, size / 90)
    runs: list[Run] = [('¥', small, colour), (whole, serif(size, size / 60), colour), (f'.{cents}', small, colour)]
    return [*runs, (' ' + _('起'), sans(max(18, size * 4 // 10)), colour)] if has_prices else runs


def shelf_height(shelf: tuple[Good, ...]) -> int:
    """Return how much room a row of goods takes."""
    return _frame(len(shelf))[1] + 118 if shelf else 0


def _frame(count: int) -> tuple[int, int]:
    width = (INNER - GAP * (count - 1)) // count
    return width, min(width * 3 // 4, 200)


def draw_shelf(canvas: Canvas, y: int, shelf: tuple[Good, ...]) -> None:
    """Draw one to three goods beside each other."""
    width, height = _frame(len(shelf))
    for number, good in enumerate(shelf):
        x = MARGIN + number * (width + GAP)
        photo = load(good.photo)
        if photo is not None:
            canvas.photo(photo, x, y, width, height, radius=14)
        else:
            draw_no_photo(canvas, x, y, width, height, radius=14)
        name = wrap(printable(good.name), sans(23, 0.4), width, most=1)
        canvas.lines(x, y + height + 8, name, sans(23, 0.4), palette.INK, leading=34)
        canvas.runs(x, y + height + 76, fit_runs(price_runs(good.price_fen, 32, has_prices=good.has_prices), width))


def draw_band(canvas: Canvas, y: int, parts: Sequence[Sequence[Run]]) -> None:
    """Draw what the page counts, in columns on pine."""
    canvas.box(MARGIN, y, INNER, BAND, palette.PINE, radius=18)
    whole = fit_runs([run for part in parts for run in part], INNER - 56 * len(parts))
    side = (INNER - sum(type_.length(text) for text, type_, _colour in whole)) / (2 * len(parts))
    x, at = MARGIN + side, 0
    for number, part in enumerate(parts):
        if number:
            canvas.box(round(x - side), y + 24, 2, BAND - 48, palette.PINE_600)
        x = canvas.runs(x, y + 62, whole[at : at + len(part)]) + 2 * side
        at += len(part)


def benefit_of(households: int) -> tuple[str, str, str]:
    """Return the sentence that says how many households benefit: the words before the figure, it, those after."""
    return _around(counted('惠及 %(n)s 户', households, n=f'{households:,}'), f'{households:,}')


def share_of(fen: int) -> tuple[str, str, str]:
    """Return the sentence that says what of every item goes to households, in the same parts."""
    yuan = Money(fen).grouped
    return _around(_('每件 ¥%(yuan)s 到农户', yuan=yuan), f'¥{yuan}')


def goods_of(goods: int) -> tuple[str, str, str]:
    """Return the sentence that says how many goods are on sale, in the same parts."""
    return _around(counted('%(n)s 件山货在售', goods, n=f'{goods:,}'), f'{goods:,}')


def covered_of(households: int) -> tuple[str, str, str]:
    """Return the sentence that says how many households agreements cover, in the same parts."""
    return _around(counted('%(n)s 户协议覆盖', households, n=f'{households:,}'), f'{households:,}')


def _around(sentence: str, figure: str) -> tuple[str, str, str]:
    before, found, after = sentence.partition(figure)
    return before, found, after


def count_runs(*parts: str) -> list[Run]:
    """Return words and figures in turn, words first, as they stand on a band."""
    words, figures = sans(28, 0.4), serif(44, 1)
    runs: list[Run] = []
    for number, text in enumerate(parts):
        type_, colour = (figures, palette.WHEAT_300) if number % 2 else (words, palette.ON_PRIMARY)
        runs += [(text, type_, colour)] if text else []
    return runs


def draw_foot(canvas: Canvas, y: int, sheet: Sheet, person: Person | None, notes: Sequence[str]) -> None:
    """Draw who vouches on the left and the code that leads to the page on the right."""
    canvas.shape(
        f'<path d="M0 1H{INNER}" stroke="{palette.LINE_2}" stroke-width="2" stroke-dasharray="3 9" '
        'stroke-linecap="round"/>',
        MARGIN, y, INNER, 2,
    )  # fmt: skip
    left = WIDTH - MARGIN - CODE
    canvas.code(sheet.address, left, y + 26, CODE)
    hint = _('长按识别二维码')
    canvas.text(left + CODE / 2, y + 266, hint, sans(22, 0.5).fitted(hint, CODE + 20, 14), palette.PINE, anchor='m')
    room = left - MARGIN - 28
    top = _draw_person(canvas, y + 36, room, person) if person is not None else y + 78
    fixed = _('公益推介，不收取任何报酬')
    canvas.text(MARGIN, top + 36, fixed, sans(25, 0.6).fitted(fixed, room, 16), palette.WHEAT_700)
    for number, note in enumerate(notes):
        plain = printable(note)
        canvas.text(MARGIN, top + 74 + number * 30, plain, sans(19).fitted(plain, room, 13), palette.INK_3)


def _draw_person(canvas: Canvas, y: int, room: int, person: Person) -> int:
    portrait = load(person.portrait)
    x = MARGIN
    if portrait is not None:
        canvas.photo(portrait, MARGIN, y, 92, 92, radius=46)
        x += 112
    width = MARGIN + room - x
    village = printable(person.village)
    name, post = (
        (village, person.name)
        if person.is_hidden
        else (printable(person.name), _('%(village)s驻村第一书记', village=village))
    )
    canvas.text(x, y + 26, name, serif(29, 0.9).fitted(name, width, 18), palette.INK)
    canvas.text(x, y + 60, post, sans(21).fitted(post, width, 14), palette.INK_2)
    since = _('%(month)s到任', month=month(person.since))
    canvas.text(x, y + 88, since, sans(19).fitted(since, width, 13), palette.INK_3)
    return y + 122


def day_note(sheet: Sheet) -> str:
    """Return the line that dates the picture."""
    return str(_('数据截至%(day)s', day=day(sheet.on)))

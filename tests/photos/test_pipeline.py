"""What becomes of an uploaded picture, before anything is kept."""

import io
import struct
import tracemalloc
import zlib

import pytest
from PIL import Image, ImageCms

from shop.photos import pipeline
from shop.photos.errors import (
    BrokenPictureError,
    EmptyPhotoError,
    HeavyPhotoError,
    HugePictureError,
    PhonePictureError,
    UnknownPictureError,
    VectorPictureError,
)
from shop.photos.pipeline import prepare_picture

RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, GPS = 0x0112, 0x8825


def encoded(image: Image.Image, kind: str = 'JPEG', **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def shown(picture, ending: str | None = None) -> Image.Image:
    return Image.open(io.BytesIO(picture.files[ending or f'{picture.widths[-1]}.webp'])).convert('RGB')


def near(pixel, colour, slack: int = 14) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(pixel, colour, strict=True))


def landscape() -> Image.Image:
    """60 by 40: the upper left quarter red, the rest blue."""
    image = Image.new('RGB', (60, 40), BLUE)
    image.paste(RED, (0, 0, 30, 20))
    return image


def huge_png(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack('>I', len(body)) + name + body + struct.pack('>I', zlib.crc32(name + body))

    header = struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0)
    return (
        b'\x89PNG\r\n\x1a\n'
        + chunk(b'IHDR', header)
        + chunk(b'IDAT', zlib.compress(b'\0' * 1000))
        + chunk(b'IEND', b'')
    )


@pytest.mark.parametrize(
    ('width', 'widths'),
    [
        (200, (200,)),
        (320, (320,)),
        (500, (320, 500)),
        (960, (320, 640, 960)),
        (1280, (320, 640, 960, 1280)),
        (3000, (320, 640, 960, 1280)),
    ],
)
def test_widths_never_exceed_the_picture(width, widths):
    picture = prepare_picture(encoded(Image.new('RGB', (width, width // 2), RED)))
    assert picture.widths == widths
    assert (picture.width, picture.height) == (min(width, 1280), min(width, 1280) // 2)
    assert sorted(picture.files) == sorted(f'{step}.{ending}' for step in widths for ending in ('jpg', 'webp'))
    for step in widths:
        for ending, kind in (('webp', 'WEBP'), ('jpg', 'JPEG')):
            file = Image.open(io.BytesIO(picture.files[f'{step}.{ending}']))
            assert (file.format, file.size) == (kind, (step, step // 2))


def test_location_and_all_metadata_are_dropped():
    exif = Image.Exif()
    exif[0x010F] = 'SecretCamera'
    exif.get_ifd(GPS)[2] = (41.0, 43.0, 12.0)
    source = encoded(landscape(), exif=exif, comment=b'SecretComment')
    assert b'SecretCamera' in source
    for content in prepare_picture(source).files.values():
        image = Image.open(io.BytesIO(content))
        assert not image.getexif()
        assert not {'exif', 'icc_profile', 'comment', 'xmp'} & image.info.keys()
        assert b'Secret' not in content


@pytest.mark.parametrize('orientation', range(1, 9))
def test_orientation_is_applied(orientation):
    turn = Image.Transpose
    undo = {
        1: None, 2: turn.FLIP_LEFT_RIGHT, 3: turn.ROTATE_180, 4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE, 6: turn.ROTATE_90, 7: turn.TRANSVERSE, 8: turn.ROTATE_270,
    }[orientation]  # fmt: skip
    stored = landscape() if undo is None else landscape().transpose(undo)
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture = prepare_picture(encoded(stored, 'PNG', exif=exif))
    assert (picture.width, picture.height) == (60, 40)
    image = shown(picture)
    assert near(image.getpixel((10, 8)), RED)
    assert near(image.getpixel((50, 8)), BLUE)
    assert near(image.getpixel((10, 32)), BLUE)


def test_the_same_pixels_have_the_same_digest_whatever_is_attached():
    exif = Image.Exif()
    exif[0x010F] = 'Camera'
    plain, tagged = encoded(landscape(), 'PNG'), encoded(landscape(), 'PNG', exif=exif)
    assert plain != tagged
    assert prepare_picture(plain).digest == prepare_picture(io.BytesIO(tagged)).digest


@pytest.mark.parametrize(
    ('content', 'error'),
    [
        (b'', EmptyPhotoError),
        (b'\xff\xd8\xff' + b'\0' * (10 * 1024 * 1024), HeavyPhotoError),
        (b'just words', UnknownPictureError),
        (b'%PDF-1.7 ...', UnknownPictureError),
        (b'GIF89a' + b'\0' * 40, UnknownPictureError),
        (b'<html><script>alert(1)</script></html>', UnknownPictureError),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', VectorPictureError),
        (b'<?xml version="1.0"?>\n<!-- x -->\n<SVG/>', VectorPictureError),
        (b'\0\0\0\x18ftypheic' + b'\0' * 40, PhonePictureError),
        (b'\0\0\0\x18ftypmif1' + b'\0' * 40, PhonePictureError),
        (b'\xff\xd8\xff\xe0 no more', BrokenPictureError),
        (b'\x89PNG\r\n\x1a\n', BrokenPictureError),
        (b'RIFF\x10\0\0\0WEBPVP8 ', BrokenPictureError),
    ],
)
def test_refusals_name_their_reason(content, error):
    with pytest.raises(error) as caught:
        prepare_picture(content)
    assert caught.value.message.endswith('。')
    assert caught.value.field == 'photo'


def test_ten_megabytes_exactly_are_still_read():
    content = encoded(landscape())
    assert prepare_picture(content + b'\0' * (pipeline.MAX_BYTES - len(content))).width == 60


@pytest.mark.parametrize('size', [(100_000, 100_000), (16_001, 1), (7000, 6000)])
def test_a_bomb_is_refused_from_its_header_alone(size):
    content = huge_png(*size)
    assert len(content) < 1000
    tracemalloc.start()
    try:
        with pytest.raises(HugePictureError):
            prepare_picture(content)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize('kind', ['JPEG', 'PNG', 'WEBP'])
def test_a_file_cut_short_is_refused(kind):
    noise = Image.effect_noise((300, 300), 90).convert('RGB')
    content = encoded(noise, kind)
    with pytest.raises(BrokenPictureError):
        prepare_picture(content[: len(content) * 2 // 3])


def test_a_promised_picture_without_its_pixels_is_refused():
    with pytest.raises(BrokenPictureError):
        prepare_picture(huge_png(400, 400))


def test_what_hangs_on_behind_a_picture_is_not_kept():
    picture = prepare_picture(encoded(landscape()) + b'<script>alert(1)</script>PK\x03\x04')
    assert all(b'<script>' not in content and b'PK\x03\x04' not in content for content in picture.files.values())


def test_print_colours_become_screen_colours():
    picture = prepare_picture(encoded(Image.new('CMYK', (80, 60), (0, 255, 255, 0))))
    assert near(shown(picture).getpixel((40, 30)), (255, 0, 0), 80)


def test_a_palette_with_transparency_lies_on_white():
    image = Image.new('P', (40, 40), 0)
    image.putpalette([*RED, *BLUE])
    image.paste(1, (20, 0, 40, 40))
    shown_image = shown(prepare_picture(encoded(image, 'PNG', transparency=0)))
    assert near(shown_image.getpixel((8, 20)), (255, 255, 255))
    assert near(shown_image.getpixel((32, 20)), BLUE)


def test_half_transparent_colour_is_mixed_with_white():
    picture = prepare_picture(encoded(Image.new('RGBA', (40, 40), (0, 0, 0, 128)), 'WEBP', lossless=True))
    assert near(shown(picture).getpixel((20, 20)), (127, 127, 127))


def test_sixteen_bits_keep_their_tone():
    picture = prepare_picture(encoded(Image.new('I;16', (40, 40), 0x8000), 'PNG'))
    assert near(shown(picture).getpixel((20, 20)), (128, 128, 128), 4)


@pytest.mark.parametrize('mode', ['1', 'L', 'LA'])
def test_grey_pictures_are_accepted(mode):
    assert near(
        shown(prepare_picture(encoded(Image.new(mode, (40, 40)), 'PNG'))).getpixel((1, 1)),
        (255,) * 3 if mode == 'LA' else (0,) * 3,
    )


def test_a_colour_profile_is_applied_and_one_that_does_not_fit_is_ignored():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()
    for attached in (profile, b'no profile at all'):
        picture = prepare_picture(encoded(landscape(), 'PNG', icc_profile=attached))
        assert near(shown(picture).getpixel((10, 8)), RED)


def test_of_several_frames_the_first_is_kept():
    frames = [Image.new('RGB', (40, 40), RED), Image.new('RGB', (40, 40), BLUE)]
    content = encoded(frames[0], 'WEBP', save_all=True, append_images=frames[1:], duration=100)
    image = Image.open(io.BytesIO(prepare_picture(content).files['40.webp']))
    assert getattr(image, 'n_frames', 1) == 1
    assert near(image.convert('RGB').getpixel((20, 20)), RED)


def test_a_phone_photograph_with_a_second_picture_inside_is_accepted():
    content = encoded(landscape(), 'MPO', save_all=True, append_images=[Image.new('RGB', (60, 40))])
    assert near(shown(prepare_picture(content)).getpixel((10, 8)), RED)

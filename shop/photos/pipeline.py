"""From the bytes somebody uploaded to the files the shop serves: checked, upright, sRGB, without metadata."""

import hashlib
import io
import struct
import zlib
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageCms, ImageFile, ImageOps

from shop.photos.errors import (
    BrokenPictureError,
    EmptyPhotoError,
    HeavyPhotoError,
    HugePictureError,
    PhonePictureError,
    UnknownPictureError,
    VectorPictureError,
)

MAX_MEGABYTES = 10
MAX_BYTES = MAX_MEGABYTES * 1024 * 1024
MAX_MEGAPIXELS = 40
MAX_SIDE = 16_000
WIDTHS = (320, 640, 960, 1280)
WEBP_QUALITY = 80
WEBP_METHOD = 2
JPEG_QUALITY = 80
ACCEPTED = ('JPEG', 'PNG', 'WEBP')
PHONE_BRANDS = frozenset({b'heic', b'heix', b'hevc', b'hevx', b'heim', b'heis', b'mif1', b'msf1', b'avif', b'avis'})
PAPER = (255, 255, 255)
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, TypeError, struct.error, zlib.error)


Image.MAX_IMAGE_PIXELS = None  # the limit below is stricter, and answers instead of warning


@dataclass(frozen=True)
class Picture:
    """A picture ready to be kept: its digest, its size, and the files by name ending (``640.webp``)."""

    digest: str
    width: int
    height: int
    widths: tuple[int, ...]
    files: dict[str, bytes]


def prepare_picture(source: bytes | BinaryIO) -> Picture:
    """Check and normalise one uploaded file (at most 10 MB); touches neither disk nor database.

    Raises a `PhotoRefusedError` that says what is wrong.
    """
    content = _read(source)
    _recognise(content)
    image = _normalise(_decode(content))
    width, height = image.size
    digest = hashlib.sha256(f'{width}x{height}'.encode() + image.tobytes()).hexdigest()
    widths = widths_for(width)
    files: dict[str, bytes] = {}
    for step in widths:
        scaled = _scaled(image, step)
        files |= {f'{step}.webp': _webp(scaled), f'{step}.jpg': _jpeg(scaled)}
    return Picture(digest, width, height, widths, files)


def widths_for(width: int) -> tuple[int, ...]:
    """Return the widths made of a picture: the steps below its own, then its own; never larger."""
    return (*(step for step in WIDTHS if step < width), min(width, WIDTHS[-1]))


def _read(source: bytes | BinaryIO) -> bytes:
    content = source if isinstance(source, bytes) else source.read(MAX_BYTES + 1)
    if not content:
        raise EmptyPhotoError
    if len(content) > MAX_BYTES:
        raise HeavyPhotoError(MAX_MEGABYTES)
    return content


def _recognise(content: bytes) -> None:
    """Judge the kind by the first bytes; the file's name and declared type say nothing."""
    if content.startswith((b'\xff\xd8\xff', b'\x89PNG\r\n\x1a\n')):
        return
    if content[:4] == b'RIFF' and content[8:12] == b'WEBP':
        return
    if content[4:8] == b'ftyp' and content[8:12] in PHONE_BRANDS:
        raise PhonePictureError
    if b'<svg' in content[:4096].lower():
        raise VectorPictureError
    raise UnknownPictureError


def _decode(content: bytes) -> Image.Image:
    """Decode the first frame, after the header alone has shown that its size is bearable."""
    try:
        image = Image.open(io.BytesIO(content), formats=ACCEPTED)
    except UNREADABLE as error:
        raise BrokenPictureError from error
    width, height = image.size
    if width * height > MAX_MEGAPIXELS * 1_000_000 or max(width, height) > MAX_SIDE:
        raise HugePictureError(MAX_MEGAPIXELS)
    if isinstance(image, ImageFile.ImageFile):
        image.draft(None, (WIDTHS[-1], WIDTHS[-1]))
    try:
        image.load()
    except UNREADABLE as error:
        raise BrokenPictureError from error
    return image


def _normalise(image: Image.Image) -> Image.Image:
    """Return the picture upright, in sRGB on white, at most 1280 wide, carrying nothing but pixels."""
    try:
        upright = ImageOps.exif_transpose(image)
    except UNREADABLE:  # a damaged EXIF block turns nothing
        upright = image
    plain = _scaled(_srgb(upright), min(upright.width, WIDTHS[-1]))
    return Image.frombytes('RGB', plain.size, plain.tobytes())


def _srgb(image: Image.Image) -> Image.Image:
    profile = image.info.get('icc_profile')
    if image.mode.startswith('I;16') or image.mode == 'I':
        image = image.convert('I').point([value // 256 for value in range(65_536)], 'L')
    elif image.mode in {'P', 'PA', 'LA', 'La', 'RGBa', 'RGBA'} or 'transparency' in image.info:
        image = image.convert('RGBA')
        ground = Image.new('RGBA', image.size, PAPER)
        image = Image.alpha_composite(ground, image).convert('RGB')
    if profile and image.mode in {'RGB', 'CMYK', 'L'}:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile('sRGB'), outputMode='RGB')
        except (ImageCms.PyCMSError, *UNREADABLE):  # a profile that does not fit is no reason to refuse the picture
            return image.convert('RGB')
        return converted or image.convert('RGB')
    return image.convert('RGB')


def _scaled(image: Image.Image, width: int) -> Image.Image:
    if width == image.width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _webp(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, 'WEBP', quality=WEBP_QUALITY, method=WEBP_METHOD)
    return out.getvalue()


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, 'JPEG', quality=JPEG_QUALITY, progressive=True)
    return out.getvalue()

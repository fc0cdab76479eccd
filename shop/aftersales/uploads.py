"""Photos that come with a form: checked before the unit of work begins, kept inside it."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from shop.aftersales.models import MAX_PHOTOS
from shop.kit.errors import BusinessError
from shop.photos.errors import PhotoRefusedError
from shop.photos.models import Photo
from shop.photos.pipeline import Picture, prepare_picture
from shop.photos.services import store_photo

FIELD = 'photos'


class UploadError(BusinessError):
    """A file is no photo that can be kept, or there are too many."""


def prepare_photos(uploads: Sequence[FileStorage]) -> list[Picture]:
    """Check and normalise what was chosen, metadata stripped; raises `UploadError` naming the first that is refused."""
    chosen = [upload for upload in uploads if upload.filename]
    if len(chosen) > MAX_PHOTOS:
        raise UploadError(_('照片最多 %(most)s 张。', most=MAX_PHOTOS), field=FIELD)
    pictures = []
    for upload in chosen:
        try:
            pictures.append(prepare_picture(upload.stream.read()))
        except PhotoRefusedError as error:
            told = _('%(file)s：%(what)s', file=(upload.filename or '')[:60], what=error.message)
            raise UploadError(told, field=FIELD) from error
    return pictures


def keep_photos(pictures: Sequence[Picture], *, alt: str, at: datetime) -> tuple[Photo, ...]:
    """Keep prepared pictures, in the caller's unit of work."""
    return tuple(store_photo(picture, alt=alt, at=at) for picture in pictures)

"""Serves the photo files; a name is a digest, so an answer holds for ever."""

from flask import Blueprint, Response, send_file

from shop.accounts.access import open_to_everyone
from shop.kit.errors import NotFoundError
from shop.photos.storage import path_of

YEAR_SECONDS = 31_536_000
TYPES = {'.webp': 'image/webp', '.jpg': 'image/jpeg'}

blueprint = Blueprint('media', __name__)


@blueprint.get('/media/<name>')
@open_to_everyone
def show_photo(name: str) -> Response:
    """Answer with one file of a photo, cacheable for ever; 404 for any other name."""
    path = path_of(name)
    if path is None or not path.is_file():
        raise NotFoundError
    response = send_file(path, mimetype=TYPES[path.suffix], conditional=True, etag=name, max_age=YEAR_SECONDS)
    response.cache_control.public = True
    response.cache_control.immutable = True
    response.headers['X-Content-Type-Options'] = 'nosniff'
    return response

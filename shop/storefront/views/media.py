"""Serves the photo files; a name is a digest, so an answer holds for ever."""

from flask import Blueprint, Response, request

from shop.accounts.access import open_to_everyone
from shop.kit.errors import NotFoundError
from shop.photos.storage import read_file

YEAR_SECONDS = 31_536_000
TYPES = {'webp': 'image/webp', 'jpg': 'image/jpeg'}

blueprint = Blueprint('media', __name__)


@blueprint.get('/media/<name>')
@open_to_everyone
def show_photo(name: str) -> Response:
    """Answer with one file of a photo (at most some 200 KB), cacheable for ever; 404 for any other name."""
    content = read_file(name)
    if content is None:
        raise NotFoundError
    response = Response(content, mimetype=TYPES[name.rpartition('.')[2]])
    response.set_etag(name)
    response.cache_control.public = True
    response.cache_control.max_age = YEAR_SECONDS
    response.cache_control.immutable = True
    response.headers['X-Content-Type-Options'] = 'nosniff'
    response.make_conditional(request)
    return response

"""Error pages that help; the public interface answers in JSON."""

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from shop.kit.database import db
from shop.kit.errors import BusinessError, NotFoundError
from shop.languages import language_values
from shop.presentation import page_values

PAGES = frozenset({400, 404, 409, 410, 429, 500})
SHELL = 'layouts/shop.html'
BARE = 'layouts/bare.html'


def register_error_pages(app: Flask) -> None:
    """Answer every error with a page (or JSON under ``/api/``) that says what to do next."""

    @app.errorhandler(NotFoundError)
    def not_found(_error: NotFoundError) -> ResponseReturnValue:
        return _answer(404, _('没有找到这个页面。'))

    @app.errorhandler(BusinessError)
    def refused(error: BusinessError) -> ResponseReturnValue:
        db.session.rollback()
        return _answer(409, error.message)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        if error.response is not None or (error.code or 500) < 400:
            return error
        # A page has words of its own for what nobody put into words.
        said = error.description if error.description != type(error).description or _is_for_machines() else ''
        return _answer(error.code or 500, said or '')

    @app.errorhandler(Exception)
    def failed(error: Exception) -> ResponseReturnValue:
        if app.config['TESTING']:
            raise error
        app.logger.error('request failed: %s %s', request.method, request.path, exc_info=error)
        db.session.rollback()
        return _answer(500, _('服务器出错了，您填写的内容没有提交。'))


def _answer(code: int, message: str) -> ResponseReturnValue:
    if _is_for_machines():
        return jsonify({'error': message}), code
    if code >= 500:
        return _fault(code), code
    page = code if code in PAGES else 400
    # What works inside has shells of its own.
    layout = BARE if request.path.startswith(('/desk', '/office')) else SHELL
    return render_template(f'errors/{page}.html', message=message, code=code, layout=layout, is_error=True), code


def _fault(code: int) -> str:
    """Write the page of a fault past everything that would ask the database who is here: it may be what is broken."""
    page = current_app.jinja_env.get_template('errors/500.html')
    return page.render(**page_values(), **language_values(), code=code, layout=BARE, is_error=True)


def _is_for_machines() -> bool:
    return request.path.startswith('/api/')

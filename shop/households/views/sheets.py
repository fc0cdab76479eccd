"""What the pages of the register share: the keys, files to take along, and answers that nobody keeps."""

from datetime import date

from flask import Response, current_app
from sqlalchemy import Select

from shop.households.exports import write_register
from shop.households.numbers import NumberKeys
from shop.kit.sheets import XLSX


def number_keys() -> NumberKeys:
    """Return the keys of the shop."""
    return NumberKeys(seal=current_app.config['DATA_KEYS'], digest=current_app.config['SELF_CHECK_KEY'])


def keep_nowhere(response: Response) -> Response:
    """Let no browser and no proxy keep a page with households."""
    response.headers['Cache-Control'] = 'private, no-store'
    return response


def sheet_answer(content: bytes, name: str) -> Response:
    """Answer with a workbook to save."""
    response = Response(content, mimetype=XLSX)
    response.headers['Content-Disposition'] = f'attachment; filename="{name}"'
    return response


def register_answer(villages: Select[int], *, names: bool, on: date) -> Response:
    """Answer with the register of these villages, masked."""
    return sheet_answer(write_register(villages, names=names, on=on), f'register-{on}.xlsx')

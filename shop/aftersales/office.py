"""Stub."""

from flask import Blueprint

blueprint = Blueprint('shop_aftersales_office_py', __name__)

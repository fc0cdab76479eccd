"""Stub."""

from flask import Blueprint

blueprint = Blueprint('shop_aftersales_desk_py', __name__)

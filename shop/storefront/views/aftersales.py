"""Stub."""

from flask import Blueprint

blueprint = Blueprint('shop_storefront_views_aftersales_py', __name__)

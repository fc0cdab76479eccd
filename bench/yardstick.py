"""A bare Flask application on the shop's database: as little work as a page of that size can be."""

import os
from typing import Any

from flask import Flask
from sqlalchemy import create_engine, select
from sqlalchemy.orm import sessionmaker

from shop.catalogue.models import Product
from shop.settings import load_settings

CARDS = 24
LIST = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>yardstick</title></head><body>
{% for product in products %}<article><h2><a href="/products/{{ product.slug }}">{{ product.title }}</a></h2>
<p>{{ filler }}</p></article>{% endfor %}</body></html>"""
PAGE = """<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{{ product.title }}</title></head><body>
<h1>{{ product.title }}</h1><p>{{ filler }}</p></body></html>"""


def create_yardstick() -> Flask:
    """Build the application; ``LIST_BYTES`` and ``PAGE_BYTES`` say how large the shop's pages are."""
    settings: dict[str, Any] = load_settings(os.environ)
    open_session = sessionmaker(create_engine(settings['SQLALCHEMY_DATABASE_URI']))
    card = 'x' * (int(os.environ.get('LIST_BYTES', '0')) // CARDS)
    page = 'x' * int(os.environ.get('PAGE_BYTES', '0'))
    app = Flask(__name__)
    list_template, page_template = (app.jinja_env.from_string(text) for text in (LIST, PAGE))

    @app.get('/hello')
    def hello() -> str:
        return 'hello'

    @app.get('/list')
    def listing() -> str:
        with open_session() as session:
            products = session.scalars(select(Product).order_by(Product.id.desc()).limit(CARDS)).all()
            return list_template.render(products=products, filler=card)

    @app.get('/product')
    def one() -> str:
        with open_session() as session:
            product = session.scalars(select(Product).limit(1)).one()
            return page_template.render(product=product, filler=page)

    return app

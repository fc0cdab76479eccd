"""The WSGI entry."""

from shop.application import create_app

app = create_app()

"""Posters and share cards: pictures of a page, made to be passed on."""

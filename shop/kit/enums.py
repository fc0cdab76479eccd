"""Enums whose value and label stand on one line."""

from enum import Enum
from typing import Self

from flask_babel import lazy_gettext


class Labelled(Enum):
    """A string enum with a label for people: ``DRAFT = 'draft', '草稿'``."""

    _label: str

    def __new__(cls, value: str, label: str = '') -> Self:
        """Keep the first item as the value and the second as the label."""
        member = object.__new__(cls)
        member._value_ = value
        member._label = label
        return member

    @property
    def label(self) -> str:
        """The words people read, in the language of the request."""
        return str(lazy_gettext(self._label))

    @property
    def source_label(self) -> str:
        """The words in the source language, for columns and catalogues."""
        return self._label

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return ``(value, label)`` pairs in the order of definition, for a form field."""
        return [(str(member.value), member.label) for member in cls]

    @classmethod
    def find(cls, value: str | None) -> Self | None:
        """Return the member with this value, or None."""
        return next((member for member in cls if member.value == value), None)

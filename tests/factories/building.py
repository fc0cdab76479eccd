"""Lets a factory be called anywhere: inside a unit of work it joins it, else it makes its own."""

from collections.abc import Callable
from functools import wraps
from itertools import count
from typing import ParamSpec, TypeVar

from shop.kit.database import WRITES, db, transaction

P = ParamSpec('P')
T = TypeVar('T')

_numbers = count(1)


def next_number() -> int:
    """Return a number no other row of this run has."""
    return next(_numbers)


def building(factory: Callable[P, T]) -> Callable[P, T]:
    """Flush what a factory added; commit it too when no unit of work is open."""

    @wraps(factory)
    def build(*args: P.args, **kwargs: P.kwargs) -> T:
        if db.session().info.get(WRITES):
            made = factory(*args, **kwargs)
            db.session.flush()
            return made
        with transaction():
            return factory(*args, **kwargs)

    return build

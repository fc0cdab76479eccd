"""Who may open a view: every view declares it, a test fails on a silent one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import quote

from flask import redirect, request
from flask_login import current_user

from shop.accounts.models import Role, User
from shop.kit.errors import NotFoundError
from shop.presentation import requested_address

View = TypeVar('View', bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """What a view declares: everybody, anybody signed in, or the holders of some roles."""

    is_public: bool = False
    roles: frozenset[Role] = frozenset()

    def admits(self, user: User | None) -> bool:
        """Tell whether the view opens for this user (None is a visitor)."""
        if self.is_public:
            return True
        return user is not None and (not self.roles or bool(self.roles & user.roles))


def signed_in_user() -> User | None:
    """Return the user of the request, or None for a visitor."""
    return cast(User, current_user._get_current_object()) if current_user.is_authenticated else None


def required_user() -> User:
    """Return the user of a view that only signed-in people reach."""
    user = signed_in_user()
    if user is None:
        raise NotFoundError
    return user


def open_to_everyone(view: View) -> View:
    """Declare a public view."""
    cast(Any, view).access = Access(is_public=True)
    return view


def open_to_signed_in(view: View) -> View:
    """Declare a view for anybody with an account."""
    return _guarded(view, Access())


def open_to(*roles: Role) -> Callable[[View], View]:
    """Declare a view for the holders of any of these roles; others get 404, visitors the sign-in page."""
    if not roles:
        raise ValueError('name at least one role')
    return lambda view: _guarded(view, Access(roles=frozenset(roles)))


def _guarded(view: View, access: Access) -> View:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        user = signed_in_user()
        if user is None:
            target = requested_address() if request.method == 'GET' else '/'
            return redirect(f'/sign-in?next={quote(target)}', 303)
        if not access.admits(user):
            raise NotFoundError
        return view(*args, **kwargs)

    cast(Any, guarded).access = access
    return cast(View, guarded)


def safe_target(target: str | None, default: str = '/') -> str:
    """Return a path on this site to go on to; anything that could lead elsewhere becomes `default`."""
    if not target or len(target) > 500 or not target.startswith('/') or target[1:2] in {'/', '\\'}:
        return default
    if any(ord(letter) < 33 or letter == '\\' for letter in target):
        return default
    return target

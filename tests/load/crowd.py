"""A crowd of shoppers over real HTTP: each with cookies of their own, doing the same step all at one moment.

A scenario is a handful of lines: `Crowd(url, 200, seed=seed)`, then `crowd.do(step)` for each step, where a step
is any function of a `Shopper`; the answers come back in the order of the shoppers. See test_last_units.py.
"""

import random
import re
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie
from typing import Any, TypeVar

from shop.accounts.models import User
from shop.accounts.sessions import COOKIE
from shop.kit.crypto import new_token
from tests.factories.orders import HOME
from tests.support.client import start_session

T = TypeVar('T')
PATIENCE_SECONDS = 60
PAUSE_SECONDS = 0.05
SOLD_OUT = re.compile('刚刚售罄|只剩 [0-9]+ 件')
ADDRESS = {
    'recipient': HOME.recipient,
    'phone': HOME.phone,
    'province': HOME.province_code,
    'city': HOME.city_code,
    'county': HOME.county_code,
    'street': HOME.street,
}


@dataclass(frozen=True)
class Answer:
    """What came back; the status is 0 when the connection broke before anything did."""

    status: int
    location: str = ''
    text: str = ''

    @property
    def is_missing(self) -> bool:
        """Whether nobody answered."""
        return self.status == 0

    @property
    def says_sold_out(self) -> bool:
        """Whether the shopper is told, in words, that there are not enough units."""
        return self.status == 409 and SOLD_OUT.search(self.text) is not None

    @property
    def reference(self) -> str:
        """The payment that an accepted order leads to."""
        return urllib.parse.urlsplit(self.location).path.rsplit('/', 1)[-1] if self.status == 303 else ''


class Shopper:
    """Somebody with a browser: cookies, a form token, and what they want (`variant → (units, price seen)`)."""

    def __init__(self, url: str, rng: random.Random) -> None:
        self.host = urllib.parse.urlsplit(url).netloc
        self.rng = rng
        self.cookies: dict[str, str] = {}
        self.form_token = new_token()
        self.wanted: dict[int, tuple[int, int]] = {}

    def sign_in(self, user: User) -> None:
        """Go on as this user, signed in behind the sign-in page."""
        self.cookies[COOKIE] = start_session(user)

    def send(
        self,
        path: str,
        fields: Iterable[tuple[str, str]] | bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Ask for a page, or send a form or a body to it; a broken connection is an answer that is missing."""
        body = fields if isinstance(fields, bytes) or fields is None else urllib.parse.urlencode(list(fields)).encode()
        sent = {'Connection': 'close', 'Cookie': '; '.join(f'{name}={value}' for name, value in self.cookies.items())}
        if body is not None and not isinstance(fields, bytes):
            sent['Content-Type'] = 'application/x-www-form-urlencoded'
        line = HTTPConnection(self.host, timeout=PATIENCE_SECONDS)
        try:
            line.request('GET' if body is None else 'POST', path, body, {**sent, **(headers or {})})
            answer = line.getresponse()
            text = answer.read().decode()
        except (OSError, HTTPException):
            return Answer(0)
        finally:
            line.close()
        for set_cookie in answer.headers.get_all('Set-Cookie') or ():
            self.cookies.update((name, morsel.value) for name, morsel in SimpleCookie(set_cookie).items())
        return Answer(answer.status, answer.headers.get('Location', ''), text)

    def insist(self, *args: Any) -> Answer:
        """Send the same again as long as nobody answers, as somebody does who reloads a broken page."""
        end = time.monotonic() + PATIENCE_SECONDS
        while (answer := self.send(*args)).is_missing and time.monotonic() < end:
            time.sleep(PAUSE_SECONDS)
        return answer

    def fill_basket(self) -> Answer:
        """Put everything wanted into the basket; return the last answer."""
        for variant_id, (units, _price) in self.wanted.items():
            answer = self.insist('/basket/lines', [('variant', str(variant_id)), ('quantity', str(units))])
        return answer

    def check_out(self, **more: str) -> Answer:
        """Send the checkout page, once more when nobody answers; `more` are further fields of the form."""
        lines = [('line', f'{variant}:{units}:{price}') for variant, (units, price) in self.wanted.items()]
        fields = {'form_token': self.form_token, **ADDRESS, **more}
        return self.insist('/checkout', [*fields.items(), *lines])

    def pay(self, reference: str) -> Answer:
        """Press the button on the sandbox's page, and come back from it."""
        pressed = self.insist(f'/sandbox/pay/{reference}', [('action', 'pay')])
        return self.insist(pressed.location) if pressed.status == 303 else pressed


class Crowd:
    """Shoppers who do things together."""

    def __init__(self, url: str, size: int, *, seed: int) -> None:
        self.shoppers = [Shopper(url, random.Random(f'{seed}:{n}')) for n in range(size)]

    @classmethod
    def of(cls, shoppers: Sequence[Shopper]) -> 'Crowd':
        """Return a crowd of shoppers who are there already."""
        crowd = cls('', 0, seed=0)
        crowd.shoppers = list(shoppers)
        return crowd

    def do(self, step: Callable[[Shopper], T], *, hands: int | None = None) -> list[T]:
        """Let everybody take a step: all at one moment, or only so many `hands` at a time."""
        if hands is not None:
            with ThreadPoolExecutor(hands) as pool:
                return list(pool.map(step, self.shoppers))
        gate = threading.Barrier(len(self.shoppers), timeout=PATIENCE_SECONDS)

        def at_once(shopper: Shopper) -> T:
            gate.wait()
            return step(shopper)

        with ThreadPoolExecutor(len(self.shoppers)) as pool:
            return list(pool.map(at_once, self.shoppers))


def deliver(crowd: Crowd, path: str, events: Sequence[tuple[bytes, Mapping[str, str]]], *, rng: random.Random) -> None:
    """Send these signed events to an inbox in shuffled order, the shoppers' connections carrying them at once."""
    shuffled = list(events)
    rng.shuffle(shuffled)
    lock = threading.Lock()

    def carry(shopper: Shopper) -> list[Answer]:
        answers = []
        while True:
            with lock:
                if not shuffled:
                    return answers
                body, headers = shuffled.pop()
            answers.append(shopper.insist(path, body, headers))

    statuses = {answer.status for answers in crowd.do(carry) for answer in answers}
    assert statuses <= {200}, statuses

"""Sends the same request again and again from several processes, and counts the answers."""

import socket
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from urllib.parse import urlsplit

RECEIVE_BYTES = 65_536


@dataclass(frozen=True)
class Reading:
    """What one measurement saw; `rate` in answers a second, `p95_ms` and `median_ms` in milliseconds."""

    rate: float
    median_ms: float
    p95_ms: float
    failures: int
    size: int


def read(url: str, *, seconds: float, clients: int, cookie: str = '') -> Reading:
    """Ask for one address from `clients` processes for some seconds, each with one request at a time."""
    with ProcessPoolExecutor(clients, mp_context=get_context('spawn')) as pool:
        list(pool.map(_ask, [url] * clients, [0.2] * clients, [cookie] * clients))
        answers = list(pool.map(_ask, [url] * clients, [seconds] * clients, [cookie] * clients))
    spans = sorted(span for found, _, _ in answers for span in found)
    failures = sum(failed for _, failed, _ in answers)
    quantiles = statistics.quantiles(spans, n=20) if len(spans) > 1 else [0.0] * 19
    return Reading(len(spans) / seconds, quantiles[9] * 1_000, quantiles[18] * 1_000, failures, answers[0][2])


def _ask(url: str, seconds: float, cookie: str) -> tuple[list[float], int, int]:
    address = urlsplit(url)
    path = address.path + (f'?{address.query}' if address.query else '')
    more = f'Cookie: {cookie}\r\n' if cookie else ''
    request = f'GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n{more}Connection: close\r\n\r\n'.encode()
    spans: list[float] = []
    failures = size = 0
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        answer = _answer(address.hostname or '', address.port or 80, request)
        size = len(answer)
        if answer[9:12] == b'200':
            spans.append(time.perf_counter() - start)
        else:
            failures += 1
    return spans, failures, size


def _answer(host: str, port: int, request: bytes) -> bytes:
    with socket.create_connection((host, port)) as line:
        line.sendall(request)
        parts = []
        while part := line.recv(RECEIVE_BYTES):
            parts.append(part)
    return b''.join(parts)

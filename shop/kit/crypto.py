"""Tokens, keyed hashes, signatures, and text that only the holder of a key can read."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

TOKEN_BYTES = 32
CODE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'


class UnknownKeyError(Exception):
    """A text was sealed with a key we do not have."""


def new_token() -> str:
    """Return an unguessable URL-safe token of 256 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_digest(token: str) -> str:
    """Return the hex SHA-256 of a token; only the digest is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def signature(key: bytes, payload: bytes) -> str:
    """Return the hex HMAC-SHA256 of a payload."""
    return hmac.new(key, payload, hashlib.sha256).hexdigest()


def is_signature(key: bytes, payload: bytes, given: str) -> bool:
    """Compare a signature in constant time; non-ASCII input is simply wrong."""
    return hmac.compare_digest(signature(key, payload).encode(), given.encode('utf-8', 'replace'))


def keyed_code(key: bytes, subject: str, length: int = 7) -> str:
    """Return a short code for people, derived from a key: no lookalike characters, grouped ``XXXX-XXX``."""
    digest = int(signature(key, subject.encode()), 16)
    letters = []
    for _ in range(length):
        digest, index = divmod(digest, len(CODE_ALPHABET))
        letters.append(CODE_ALPHABET[index])
    return ''.join(letters[:4]) + '-' + ''.join(letters[4:])


def new_code(groups: int = 4) -> str:
    """Return an unguessable code for people, 20 bits a group, no lookalike characters: ``K7QN-3XAB-…``."""
    return '-'.join(''.join(secrets.choice(CODE_ALPHABET) for _ in range(4)) for _ in range(groups))


def seal_text(keys: str, text: str) -> str:
    """Encrypt a text for the database with the first of the `keys` (a setting, separated by commas)."""
    return seal_bytes(keys, text.encode()).decode()


def unseal_text(keys: str, sealed: str) -> str:
    """Return what was encrypted with any of the `keys`; raises `UnknownKeyError` when none of them fits."""
    return unseal_bytes(keys, sealed.encode()).decode()


def seal_bytes(keys: str, content: bytes) -> bytes:
    """Encrypt the content of a file with the first of the `keys`."""
    return _box(keys).encrypt(content)


def unseal_bytes(keys: str, sealed: bytes) -> bytes:
    """Return what was encrypted with any of the `keys`; raises `UnknownKeyError` when none of them fits."""
    try:
        return _box(keys).decrypt(sealed)
    except InvalidToken as error:
        raise UnknownKeyError('sealed with a key that is not among those given') from error


def _box(keys: str) -> MultiFernet:
    """Any text may be a key: what Fernet needs is derived from it."""
    return MultiFernet(
        [Fernet(urlsafe_b64encode(hashlib.sha256(key.strip().encode()).digest())) for key in keys.split(',')]
    )

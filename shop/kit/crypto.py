"""Tokens, keyed hashes and signatures."""

import hashlib
import hmac
import secrets

TOKEN_BYTES = 32
CODE_ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'


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

"""Tokens nobody guesses, signatures nobody forges, codes people can read out."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.kit.crypto import (
    CODE_ALPHABET,
    UnknownKeyError,
    is_signature,
    keyed_code,
    new_code,
    new_token,
    seal_text,
    signature,
    token_digest,
    unseal_text,
)


def test_tokens_carry_256_bits_and_never_repeat():
    tokens = {new_token() for _ in range(500)}
    assert len(tokens) == 500
    assert all(re.fullmatch(r'[\w-]{43}', token) for token in tokens)


def test_only_the_digest_of_a_token_is_stored():
    assert token_digest('abc') == hashlib.sha256(b'abc').hexdigest()


def test_a_signature_is_the_published_hmac_sha256():
    # RFC 4231, test case 2.
    expected = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    assert signature(b'Jefe', b'what do ya want for nothing?') == expected


@given(st.binary(), st.binary())
def test_a_signature_fits_its_key_and_payload_only(key, payload):
    given_signature = signature(key, payload)
    assert is_signature(key, payload, given_signature)
    assert not is_signature(key + b'x', payload, given_signature)
    assert not is_signature(key, payload + b'x', given_signature)


@given(st.text())
def test_anything_else_is_simply_wrong(text):
    assert not is_signature(b'key', b'payload', text)


@given(st.binary(min_size=1), st.text(), st.integers(4, 20))
def test_codes_have_no_letters_that_look_alike(key, subject, length):
    code = keyed_code(key, subject, length)
    assert len(code) == length + 1
    assert code[4] == '-'
    assert set(code.replace('-', '')) <= set(CODE_ALPHABET)
    assert not set(CODE_ALPHABET) & set('01OIl')
    assert code == keyed_code(key, subject, length)


def test_codes_differ_by_subject_and_key():
    codes = {keyed_code(key, subject) for key in (b'a', b'b') for subject in ('1', '2', '3')}
    assert len(codes) == 6


@given(st.text(max_size=200))
def test_sealed_text_comes_back_with_any_of_the_keys(text):
    sealed = seal_text('first, old', text)
    assert unseal_text('new,first', sealed) == text
    assert len(text) < 8 or text not in sealed


def test_another_key_opens_nothing():
    with pytest.raises(UnknownKeyError):
        unseal_text('other', seal_text('key', '13800000000'))


def test_codes_for_people_are_long_and_never_the_same():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r'[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){3}', code) for code in codes)

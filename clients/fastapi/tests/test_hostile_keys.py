"""`mode="jwt"`: unusable keys are the auth server's fault, malformed tokens the client's."""

import base64
import json
from typing import Any

import pytest

from .support.consumers import SIGNER, Consumer, bearer
from .support.fake_auth import answer
from .support.signer import Signer, published

KEY = SIGNER.published


def key(**changes: Any) -> dict[str, Any]:
    return {**KEY, **changes}


WRONG: list[Any] = [None, 1, True, [], {}, "", "x", ["EdDSA"], {"a": []}]

#: title → the published keys; the good one is among the first of them where the token must count.
KEY_SETS: dict[str, tuple[list[Any], set[int]]] = {
    "thousands": ([key(kid=f"k{n}") for n in range(2_000)] + [KEY], {200}),
    "the same one twice": ([KEY, KEY], {200}),
    "another key under the same id": ([KEY, Signer("key-1").published], {503}),
    "a hundred under one id": ([Signer("key-1").published for _ in range(100)], {503}),
    "a valid one next to a huge one": (
        [{"kid": "g", "kty": "RSA", "n": "A" * 500_000, "e": "AQAB"}, KEY],
        {200},
    ),
    "a giant one under its id": ([key(kty="RSA", alg="RS256", n="A" * 500_000, e="AQAB")], {503}),
    "a symmetric one under its id": ([key(kty="oct", alg="HS256", k="c2VjcmV0")], {401}),
    "alg none": ([key(alg="none")], {503}),
    "another purpose": ([key(use="enc")], {401}),
    "a symmetric one with our alg": ([key(kty="oct", k="c2VjcmV0")], {503}),
    "no key type": ([{"kid": "key-1"}], {503}),
    "cut": ([key(x="AAAA")], {503}),
    "not base64": ([key(x="!!!!")], {503}),
    "no ASCII": ([key(x="é")], {503}),
    "rubbish around it": ([None, 1, "x", [], {}, {"kid": 1}, {"kid": []}, {"kid": ""}, KEY], {200}),
    **{
        f"{member} = {value!r}": ([key(**{member: value})], {401, 503, 200})
        for member in ("kty", "crv", "x", "alg", "use")
        for value in WRONG
    },
    "none at all": ([], {401}),
}


@pytest.mark.parametrize("title", KEY_SETS)
def test_key_sets_of_every_kind_get_their_status(
    title: str, keys: Consumer, caplog: pytest.LogCaptureFixture
) -> None:
    data, statuses = KEY_SETS[title]
    keys.say(answer(200, {"keys": data}))
    reply = keys.ask()
    assert reply.status in statuses, reply.body
    assert all(each.getMessage().isprintable() for each in caplog.records)


@pytest.mark.parametrize(
    "token",
    [
        b"[" * 6000,
        b".",
        b"..",
        b"." * 5000,
        b"e30.e30.",
        b"bnVsbA.bnVsbA.AA",
        b"W10.e30.AA",
        b"\xff\xfe.\xff.\xff",
        b"eyJhbGciOiJFZERTQSIsImtpZCI6Ilx1ZDgwMCJ9.e30.AA",
        b"eyJhbGciOlsiRWREU0EiXSwia2lkIjoieCJ9.e30.AA",
        b"eyJhbGciOiJFZERTQSIsImtpZCI6eyJhIjoxfX0.e30.AA",
        b"eyJhbGciOiJFZERTQSIsImtpZCI6ImtleS0xIiwiYjY0IjpmYWxzZX0.e30.AA",
        b"eyJhbGciOiJFZERTQSIsImtpZCI6ImtleS0xIiwiY3JpdCI6WyJ4Il19.e30.AA",
        base64.urlsafe_b64encode(b"[" * 6000).rstrip(b"=") + b".e30.AA",
        base64.urlsafe_b64encode(b'{"kid":' + b"9" * 5000 + b"}").rstrip(b"=") + b".e30.AA",
    ],
)
def test_an_unsigned_token_is_401_and_never_an_exception(token: bytes, keys: Consumer) -> None:
    keys.say(published(SIGNER))
    reply = keys.ask(headers=bearer(token))
    assert reply.status == 401, reply.body
    assert reply.json()["reason"].startswith(("token_", "bearer_"))


@pytest.mark.parametrize(
    "claims",
    [
        {"name": "\ud800"},
        {"name": ["Ada"]},
        {"deep": json.loads("[" * 500 + "]" * 500)},
        {"email": None},
        {"emailVerified": "yes"},
        {"many": list(range(3000))},
    ],
)
def test_unreadable_signed_claims_are_rejected(claims: dict[str, Any], keys: Consumer) -> None:
    keys.say(published(SIGNER))
    reply = keys.ask(headers=bearer(SIGNER.token(**claims)))
    assert reply.status in (503, 401), reply.body
    assert reply.json()["reason"] in ("auth_unexpected_answer", "token_malformed")

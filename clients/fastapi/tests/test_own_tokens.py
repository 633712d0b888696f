"""`mode="jwt"` with auth-service and JWT_TOKENS=on: its tokens are accepted, tampered ones are not."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, tzinfo

import httpx
import jwt
import pytest

from auth_service_fastapi import AuthService

from .support.real_service import PUBLIC_URL, RealService
from .support.served import serve_api
from .support.signer import Signer, unsigned
from .support.visitor import Visitor, sign_up


def jwt_mode(url: str, **options: str) -> AuthService:
    return AuthService(url, mode="jwt", startup_check="refuse", public_url=PUBLIC_URL, **options)  # type: ignore[arg-type]


def ask(api: httpx.Client, token: str) -> httpx.Response:
    return api.get("/me", headers={"authorization": f"Bearer {token}"})


def refusal(api: httpx.Client, token: str) -> str:
    refused = ask(api, token)
    assert (refused.status_code, refused.json()["code"]) == (401, "NOT_SIGNED_IN")
    return str(refused.json()["reason"])


def issued(visitor: Visitor) -> str:
    """What the page gets for the visitor's cookie."""
    answered = visitor.ask("GET", "/api/auth/token")
    assert answered.status_code == 200, answered.text
    return str(answered.json()["token"])


@pytest.fixture(scope="module")
def visitor(real: RealService) -> Visitor:
    return sign_up(real.issuer)


@pytest.fixture(scope="module")
def api(real: RealService) -> Iterator[httpx.Client]:
    with serve_api(jwt_mode(real.issuer)) as client:
        yield client


def test_a_signed_in_user_gets_a_token_that_the_api_accepts(
    api: httpx.Client, visitor: Visitor
) -> None:
    answered = ask(api, issued(visitor))
    assert answered.status_code == 200
    data = answered.json()
    assert (data["id"], data["email"]) == (visitor.user_id, visitor.email)


def test_no_token_is_issued_after_a_sign_out(real: RealService) -> None:
    visitor = sign_up(real.issuer)
    visitor.sign_out()
    assert visitor.ask("GET", "/api/auth/token").status_code == 401


def test_session_tokens_are_rejected(api: httpx.Client, visitor: Visitor) -> None:
    assert refusal(api, visitor.raw_token) == "token_malformed"
    assert refusal(api, visitor.signed_token) == "token_malformed"


def test_a_token_without_its_signature_is_rejected(api: httpx.Client, visitor: Visitor) -> None:
    token = issued(visitor)
    kid = jwt.get_unverified_header(token)["kid"]
    assert refusal(api, unsigned({"alg": "none", "kid": kid}, token)) == "token_algorithm_refused"
    assert refusal(api, unsigned({"alg": "EdDSA", "kid": kid}, token)) == "token_bad_signature"


def test_a_token_with_changed_claims_is_rejected(
    real: RealService, api: httpx.Client, visitor: Visitor
) -> None:
    mine, other = issued(visitor), issued(sign_up(real.issuer))
    header, _, signature = mine.split(".")
    assert refusal(api, f"{header}.{other.split('.')[1]}.{signature}") == "token_bad_signature"


def test_a_token_signed_with_another_key_is_rejected(api: httpx.Client, visitor: Visitor) -> None:
    token = issued(visitor)
    claims = jwt.decode(token, options={"verify_signature": False})
    forger = Signer(jwt.get_unverified_header(token)["kid"])
    assert refusal(api, forger.token(**claims)) == "token_bad_signature"


def test_a_token_is_rejected_five_minutes_after_it_was_issued(
    api: httpx.Client, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = issued(visitor)
    ahead_seconds = 0

    class Clock(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "Clock":
            return cls.fromtimestamp(time.time() + ahead_seconds, tz)

    monkeypatch.setattr("jwt.api_jwt.datetime", Clock)
    monkeypatch.setattr(
        "auth_service_fastapi.tokens.wall_clock", lambda: time.time() + ahead_seconds
    )
    ahead_seconds = 290
    assert ask(api, token).status_code == 200
    ahead_seconds = 310  # the grace for clocks is over, too
    assert refusal(api, token) == "token_expired"


def test_a_token_for_another_audience_or_from_another_issuer_is_rejected(
    real: RealService, visitor: Visitor
) -> None:
    token = issued(visitor)
    for option, reason in (("audience", "token_wrong_audience"), ("issuer", "token_wrong_issuer")):
        with serve_api(jwt_mode(real.issuer, **{option: "https://other.example.com"})) as api:
            assert refusal(api, token) == reason


def test_a_rotated_secret_does_not_invalidate_tokens(real: RealService, visitor: Visitor) -> None:
    before = issued(visitor)
    # The cookie is signed with the older secret, and so is the stored key encrypted.
    after = issued(replace(visitor, url=real.rotated))
    with serve_api(jwt_mode(real.rotated)) as api:
        for token in (before, after, issued(sign_up(real.rotated))):
            assert ask(api, token).status_code == 200
        assert ask(api, after).json()["id"] == visitor.user_id

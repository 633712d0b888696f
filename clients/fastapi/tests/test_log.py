"""One log line per request, correlated with the auth service's by fingerprint and id, without credentials."""

import logging
import time

import pytest

from auth_service_fastapi import AuthService
from auth_service_fastapi.fingerprint import cookie_fingerprint, token_fingerprint

from .support.fake_auth import fake_auth, signed_in
from .support.real_service import RealService
from .support.served import serve_api
from .support.visitor import sign_up


@pytest.mark.parametrize("endpoint", ["/session", "/api/auth/get-session"])
def test_both_logs_contain_the_same_fingerprint_and_request_id(
    real: RealService, endpoint: str, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = sign_up(real.service)
    headers = {"cookie": f"theme=dark; {visitor.cookie}", "x-request-id": f"joined.{len(endpoint)}"}
    with serve_api(AuthService(real.service, endpoint=endpoint)) as api:
        assert api.get("/me", headers=headers).status_code == 200
    ours = next(each for each in caplog.records if hasattr(each, "token_fingerprint")).__dict__
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:  # the service writes its line when the answer has left
        lines = [
            each for each in real.log_lines() if each.get("requestId") == headers["x-request-id"]
        ]
        if lines:
            break
    assert lines[0]["tokenFingerprint"] == ours["token_fingerprint"]
    assert lines[0]["requestId"] == ours["request_id"]
    assert lines[0]["reason"] == ours["session_reason"] == "valid"
    assert ours["user_id"] == visitor.user_id


def test_cookies_tokens_and_e_mail_addresses_are_never_logged(
    real: RealService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    visitor = sign_up(real.rotated)
    caplog.clear()
    with serve_api(AuthService(real.rotated, bearer=True)) as api:
        api.get("/me", headers={"cookie": visitor.cookie})
        api.get("/me", headers={"authorization": f"Bearer {visitor.signed_token}"})
        api.get("/me", headers={"cookie": visitor.cookie[:-5]})
    assert "session_reason=valid" in caplog.text
    for secret in (visitor.raw_token, visitor.cookie_value[-20:], visitor.email):
        assert secret not in caplog.text


def test_the_fingerprint_covers_the_token_before_the_last_dot_decoded_once() -> None:
    # printf %s abc.def | sha256sum | cut -c1-8
    assert token_fingerprint("abc.def.c2ln") == "ebb3127b"
    assert token_fingerprint("abc%2Edef.c2ln%3D") == "ebb3127b"
    assert token_fingerprint("abc") is None
    assert token_fingerprint("") is None


def test_of_several_session_cookies_the_one_with_the_matching_prefix_is_used() -> None:
    header = b"better-auth.session_token=plain.s; __Secure-better-auth.session_token=secure.s"
    assert cookie_fingerprint(header, secure=False) == token_fingerprint("plain.s")
    assert cookie_fingerprint(header, secure=True) == token_fingerprint("secure.s")
    twice = b'x=1; app.session_token="first.s"; app.session_token=second.s'
    assert cookie_fingerprint(twice, secure=True) == token_fingerprint("first.s")
    assert cookie_fingerprint(b"theme=dark; session_token", secure=True) is None


def test_the_log_line_explains_a_cookie_that_cannot_reach_the_api(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with fake_auth(lambda _: signed_in()) as auth:
        service = AuthService(auth.url, public_url="https://auth.example.com")
        with serve_api(service) as api:
            api.get("/me", headers={"host": "api.example.com"})
            assert "set COOKIE_DOMAIN=example.com on the auth service" in caplog.text
            caplog.clear()
            for host in ("auth.example.com", "[", "a\tb"):
                api.get("/me", headers={"host": host})
            assert caplog.text.count("session_reason=no_credential") == 3

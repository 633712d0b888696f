"""A faulty auth server never signs a user out: 503 with Retry-After, and a log line with the cause."""

import time

import pytest

from auth_service_fastapi import AuthService

from .support.fake_auth import (
    UNUSED_URL,
    Script,
    answer,
    fake_auth,
    signed_in,
    trickle,
)
from .support.served import serve_api

COOKIE = {"cookie": "better-auth.session_token=token.signature"}
HTML = "<!doctype html><title>Sign in to continue</title>"
BETTER_AUTH = "/api/auth/get-session"


def always(reply: bytes) -> Script:
    return lambda _: reply


IDENTITY = {
    "session": {"id": "s", "userId": "another-user", "expiresAt": "2099-01-01T00:00:00Z"},
    "user": {"id": "u", "name": "u", "email": "u@example.com", "emailVerified": True},
}

#: The body of "not signed in", which counts only as a 401 of /session.
NOT_SIGNED_IN = {"code": "NOT_SIGNED_IN", "message": "Not signed in.", "reason": "session_expired"}

#: title → what the auth server does, the endpoint, the reason, what the log says.
FAULTS: dict[str, tuple[Script, str, str, str]] = {
    "silent": (always(b""), "/session", "auth_timeout", "did not answer in time"),
    "closing": (lambda _: None, "/session", "auth_unreachable", "cannot be reached"),
    "not HTTP": (
        always(b"SSH-2.0-OpenSSH\r\n\r\n"),
        "/session",
        "auth_unreachable",
        "cannot be reached",
    ),
    "redirecting": (
        always(answer(307, location="https://auth.example.com/session")),
        "/session",
        "auth_redirects",
        'redirects: set AuthService("https://auth.example.com")',
    ),
    "redirecting to a page": (
        always(answer(302, location="/login?next=/session")),
        "/session",
        "auth_redirects",
        "/login: not an auth server",
    ),
    "redirecting to itself": (
        always(answer(308, location="/session?again")),
        "/session",
        "auth_redirects",
        "redirects to itself",
    ),
    "redirecting nowhere": (
        always(answer(301)),
        "/session",
        "auth_redirects",
        "redirects to nowhere",
    ),
    "HTML with 200": (
        always(answer(200, HTML)),
        "/session",
        "auth_unexpected_answer",
        "200 with text/html",
    ),
    "HTML with 401": (
        always(answer(401, HTML)),
        "/session",
        "auth_unexpected_answer",
        "deployment protection",
    ),
    "a 401's body that is called HTML": (
        always(answer(401, dict(NOT_SIGNED_IN), content_type="text/html")),
        "/session",
        "auth_unexpected_answer",
        "401 with text/html",
    ),
    "null that is called plain text": (
        always(answer(200, None, content_type="text/plain")),
        BETTER_AUTH,
        "auth_unexpected_answer",
        "200 with text/plain",
    ),
    "HTML for get-session": (
        always(answer(200, HTML)),
        BETTER_AUTH,
        "auth_unexpected_answer",
        "the path of",
    ),
    "200 with a 401's body": (
        always(answer(200, dict(NOT_SIGNED_IN))),
        "/session",
        "auth_unexpected_answer",
        "answered 200",
    ),
    "401 with another code": (
        always(answer(401, {**NOT_SIGNED_IN, "code": "UNAUTHORIZED"})),
        "/session",
        "auth_unexpected_answer",
        "answered 401",
    ),
    "401 of another server": (
        always(answer(401, {"message": "unauthorized"})),
        "/session",
        "auth_unexpected_answer",
        "answered 401 with application/json",
    ),
    "401 for get-session": (
        always(answer(401, dict(NOT_SIGNED_IN))),
        BETTER_AUTH,
        "auth_unexpected_answer",
        "answered 401",
    ),
    "403": (
        always(answer(403, dict(NOT_SIGNED_IN))),
        "/session",
        "auth_unexpected_answer",
        "answered 403",
    ),
    "404": (
        always(answer(404, dict(NOT_SIGNED_IN))),
        "/session",
        "auth_unexpected_answer",
        "answered 404",
    ),
    "null from /session": (
        always(answer(200, None)),
        "/session",
        "auth_unexpected_answer",
        'set endpoint="/api/auth/get-session"',
    ),
    "an empty object": (
        always(answer(200, {})),
        "/session",
        "auth_unexpected_answer",
        "model_type",
    ),
    "another user's session": (
        always(answer(200, dict(IDENTITY))),
        "/session",
        "auth_unexpected_answer",
        "belongs to another user",
    ),
    "a list": (always(answer(200, "[]")), BETTER_AUTH, "auth_unexpected_answer", "answered 200"),
    "not UTF-8": (
        always(answer(200, "null").replace(b"null", b"\xff\xfe\xfa\xfb")),
        BETTER_AUTH,
        "auth_unexpected_answer",
        "answered 200",
    ),
    "falsely compressed": (
        always(answer(200, "null", content_encoding="gzip")),
        BETTER_AUTH,
        "auth_unreachable",
        "compressed, although identity was requested",
    ),
    "429": (always(answer(429, "{}")), "/session", "auth_rate_limited", "answered 429"),
    "429 of BetterAuth": (
        always(answer(429, "{}", x_retry_after="9")),
        BETTER_AUTH,
        "auth_rate_limited",
        "'/get-session': false",
    ),
    "500": (
        always(answer(500, {"code": "FAILED_TO_GET_SESSION"})),
        BETTER_AUTH,
        "auth_error",
        "answered 500",
    ),
    "500 without a body": (always(answer(500)), "/session", "auth_error", "answered 500"),
    "502": (always(answer(502, HTML)), "/session", "auth_error", "answered 502"),
    "503": (always(answer(503, HTML, retry_after="7")), "/session", "auth_error", "answered 503"),
}
RETRY_AFTER = {"429 of BetterAuth": "9", "503": "7"}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_auth_server_is_503_never_401(
    fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    script, endpoint, reason, detail = FAULTS[fault]
    with fake_auth(script) as auth:
        seconds = 0.3 if reason == "auth_timeout" else 30
        service = AuthService(
            auth.url, endpoint=endpoint, timeout_seconds=seconds, startup_check="off"
        )
        with serve_api(service) as api:
            answered = api.get("/me", headers=COOKIE)
    assert answered.status_code == 503
    body = answered.json()
    assert body["requestId"] == answered.headers["x-request-id"]
    assert (body["code"], body["reason"]) == ("AUTH_UNAVAILABLE", reason)
    assert answered.headers["x-session-reason"] == reason
    assert answered.headers["retry-after"] == RETRY_AFTER.get(fault, "5")
    assert "set-cookie" not in answered.headers
    assert detail in caplog.text
    assert "token.signature" not in caplog.text


def test_an_auth_server_that_is_down_is_503_on_optional_routes_too() -> None:
    with serve_api(AuthService(UNUSED_URL, startup_check="off")) as api:
        for path in ("/me", "/optional", "/session", "/verified", "/admin"):
            answered = api.get(path, headers=COOKIE)
            assert answered.status_code == 503, path
            assert answered.json()["reason"] == "auth_unreachable", path


def test_the_timeout_covers_the_whole_response() -> None:
    with fake_auth(lambda _: trickle(auth, signed_in())) as auth:
        service = AuthService(auth.url, timeout_seconds=0.4, startup_check="off")
        with serve_api(service) as api:
            started_at = time.monotonic()
            answered = api.get("/me", headers=COOKIE)
            assert answered.json()["reason"] == "auth_timeout"
            assert time.monotonic() - started_at < 5  # the whole answer takes 20


def test_timeouts_release_their_slots() -> None:
    with fake_auth(always(b"")) as auth:
        service = AuthService(
            auth.url,
            timeout_seconds=1,
            max_concurrency=1,
            breaker_failures=99,
            startup_check="off",
        )
        with serve_api(service) as api:
            for _ in range(2):
                assert api.get("/me", headers=COOKIE).json()["reason"] == "auth_timeout"
            auth.script = always(signed_in())
            assert api.get("/me", headers=COOKIE).status_code == 200


def test_an_invalid_reason_or_retry_after_is_not_passed_on() -> None:
    reply = answer(503, "", retry_after="99999999999999999999", x_session_reason="<script>")
    with (
        fake_auth(always(reply)) as auth,
        serve_api(AuthService(auth.url, startup_check="off")) as api,
    ):
        answered = api.get("/me", headers=COOKIE)
        assert answered.headers["x-session-reason"] == "auth_error"
        assert answered.headers["retry-after"] == "60"

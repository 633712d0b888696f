"""The findings of the startup check, and that each says what to change."""

import re
import time
from email.utils import formatdate

import pytest

from auth_service_fastapi import AuthService, StartupError
from auth_service_fastapi.cookie_scope import explain_unreachable_cookie

from .support.fake_auth import UNUSED_URL, Script, answer, fake_auth, not_signed_in, trickle
from .support.real_service import RealService
from .support.served import start


@pytest.mark.parametrize("which", ["service", "plain"])
def test_a_healthy_setup_logs_nothing(
    real: RealService, which: str, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = "/session" if which == "service" else "/api/auth/get-session"
    url: str = getattr(real, which)
    start(
        AuthService(url, endpoint=endpoint, api_url="http://127.0.0.1:8000", startup_check="refuse")
    )
    start(AuthService(real.plain, mode="jwt", startup_check="refuse"))
    assert caplog.text == ""


def at(reply: bytes, seconds: float) -> bytes:
    """The answer from a server whose clock differs by so much."""
    date = f"\r\ndate: {formatdate(time.time() + seconds, usegmt=True)}\r\n".encode()
    changed, count = re.subn(rb"\r\ndate: [^\r]+\r\n", date, reply)
    assert count == 1
    return changed


FAULTS: dict[str, tuple[Script, str]] = {
    "AUTH_REDIRECTS": (
        lambda _: answer(301, location="https://www.auth.example.com/session"),
        'set AuthService("https://www.auth.example.com")',
    ),
    "AUTH_UNEXPECTED_ANSWER": (lambda _: answer(200, "<html>"), "is this the auth service's URL"),
    "AUTH_ERROR": (lambda _: answer(503), "see the log of the auth server"),
    "CLOCKS_DISAGREE": (
        lambda _: at(not_signed_in(), -3600),
        "s ahead of the auth server's: synchronize both (NTP)",
    ),
    "AUTH_UNREACHABLE": (
        lambda _: None,
        "is the service up, and is this its URL as seen from here?",
    ),
}


@pytest.mark.parametrize("code", FAULTS)
def test_a_finding_is_one_line_that_says_what_to_change(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    script, fix = FAULTS[code]
    with fake_auth(script) as auth:
        start(AuthService(auth.url))
        (record,) = caplog.records
        assert record.levelname == "ERROR"
        assert record.getMessage().startswith(f"startup check: {code}: ")
        assert fix in record.getMessage()
        assert "\n" not in record.getMessage()
        with pytest.raises(StartupError, match=code):
            start(AuthService(auth.url, startup_check="refuse"))


def test_a_server_clock_that_is_ahead_is_reported_as_this_clock_behind(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with fake_auth(lambda _: at(not_signed_in(), 120)) as auth:
        start(AuthService(auth.url))
    assert "s behind the auth server's" in caplog.text


def test_the_api_starts_while_the_auth_server_is_down_by_default() -> None:
    start(AuthService(UNUSED_URL))
    with pytest.raises(StartupError, match="AUTH_UNREACHABLE"):
        start(AuthService(UNUSED_URL, startup_check="refuse"))


def test_the_start_does_not_wait_for_a_slow_response(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with fake_auth(lambda _: trickle(auth, not_signed_in())) as auth:
        started_at = time.monotonic()
        start(AuthService(auth.url, timeout_seconds=0.4))
        assert time.monotonic() - started_at < 5  # the whole answer takes 15
    assert "AUTH_UNREACHABLE" in caplog.text


def test_missing_keys_are_a_finding(real: RealService, caplog: pytest.LogCaptureFixture) -> None:
    start(AuthService(real.service, mode="jwt"))
    assert "AUTH_KEYS_UNAVAILABLE" in caplog.text
    assert "JWT_TOKENS=on" in caplog.text


def test_hosts_that_share_no_cookie_are_a_finding(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with fake_auth(lambda _: not_signed_in()) as auth:
        hosts = {"public_url": "https://auth.example.com", "api_url": "https://api.example.com/v1"}
        start(AuthService(auth.url, **hosts, cookie_domain="example.com"))  # type: ignore[arg-type]
        assert caplog.text == ""
        start(AuthService(auth.url, **hosts))  # type: ignore[arg-type]
    assert (
        "startup check: COOKIE_CANNOT_ARRIVE: the cookie of auth.example.com never reaches"
        in caplog.text
    )


@pytest.mark.parametrize(
    ("auth", "api", "domain", "expected"),
    [
        ("https://auth.example.com", "https://auth.example.com:8443", None, None),
        ("https://auth.example.com", "https://api.example.com", "example.com", None),
        ("https://auth.example.com", "https://example.com", ".Example.com", None),
        ("http://localhost:3001", "http://localhost:8000", None, None),
        ("https://auth.example.com", "https://api.example.com", None, "COOKIE_DOMAIN=example.com"),
        (
            "https://a.b.example.co.uk",
            "https://c.b.example.co.uk",
            None,
            "COOKIE_DOMAIN=b.example.co.uk",
        ),
        ("https://auth.one.co.uk", "https://api.two.co.uk", None, "share no domain"),
        ("https://auth.vercel.app", "https://api.vercel.app", None, "share no domain"),
        ("https://auth.example.com", "https://api.example.org", None, "share no domain"),
        ("https://auth.example.com", "https://notexample.com", "example.com", "share no domain"),
        (
            "https://auth.example.com",
            "https://api.example.com",
            "other.com",
            "browsers reject a cookie",
        ),
        # Rules of the public suffix list that no short table has: a private one, a wildcard and its exception.
        ("https://a.github.io", "https://b.github.io", None, "share no domain"),
        ("https://a.nara.jp", "https://b.nara.jp", None, "share no domain"),
        ("https://a.x.kawasaki.jp", "https://b.x.kawasaki.jp", None, "share no domain"),
        (
            "https://a.city.kawasaki.jp",
            "https://b.city.kawasaki.jp",
            None,
            "COOKIE_DOMAIN=city.kawasaki.jp",
        ),
        ("https://a.vercel.app", "https://b.vercel.app", "vercel.app", "a public suffix"),
        ("https://a.co.uk", "https://b.co.uk", "co.uk", "a public suffix"),
        # A suffix that is the host's own name is ignored, and the cookie is the host's own.
        ("http://localhost:3001", "http://localhost:8000", "localhost", None),
        ("http://localhost:3001", "http://api.localhost", "localhost", "share no domain"),
        ("https://auth.example.com", "https://10.0.0.1", None, "share no domain"),
        ("http://localhost:3001", "http://127.0.0.1:8000", None, "use the same host name for both"),
        ("https://auth.example.com", "http://auth.example.com", None, "serve the API over https"),
    ],
)
def test_explains_whether_the_cookie_reaches_the_api(
    auth: str, api: str, domain: str | None, expected: str | None
) -> None:
    complaint = explain_unreachable_cookie(auth, api, domain)
    assert complaint is None if expected is None else expected in str(complaint)

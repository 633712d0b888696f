"""What is forwarded to the auth server, byte by byte, and over which connection."""

import asyncio
import socket
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from auth_service_fastapi import AuthService
from auth_service_fastapi.auth_client import AuthClient, open_auth_http_client
from auth_service_fastapi.credential import Credential
from auth_service_fastapi.verdict import NotSignedIn, SignedIn

from .support.fake_auth import FakeAuth, fake_auth, signed_in
from .support.real_service import RealService
from .support.served import NO_CERTIFICATES, create_api, serve, serve_api
from .support.visitor import sign_up


def raw_request(url: str, *headers: bytes) -> bytes:
    """Sends a request as these very bytes, and gives the whole answer."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port or 80), timeout=10) as sent:
        lines = [b"GET /me HTTP/1.1", b"host: api.example.com", b"connection: close", *headers]
        sent.sendall(b"\r\n".join(lines) + b"\r\n\r\n")
        return b"".join(iter(lambda: sent.recv(65536), b""))


def headers_of(head: bytes) -> dict[bytes, bytes]:
    """Name → value of what the auth server received, every name once."""
    pairs = [line.split(b": ", 1) for line in head.split(b"\r\n")[1:]]
    headers = {name.lower(): value for name, value in pairs}
    assert len(headers) == len(pairs)
    return headers


def test_all_cookies_are_forwarded_unchanged_and_nothing_else_but_the_request_id() -> None:
    with fake_auth(lambda _: signed_in()) as auth, serve(create_api(AuthService(auth.url))) as url:
        raw_request(
            url,
            b'Cookie: a="1%2B2"; better-auth.session_token=t.%2F%3D',
            b"cookie: b=caf\xc3\xa9; empty=; a=twice",
            b"Authorization: Bearer of-the-visitor",
            b"X-Request-Id: id-1",
            b"Origin: https://docs.example.com",
            b"X-Forwarded-For: 203.0.113.7",
            b"User-Agent: a browser",
            b"Accept-Language: de",
        )
        (head,) = auth.asked
    assert head.startswith(b"GET /session HTTP/1.1\r\n")
    headers = headers_of(head)
    assert headers.pop(b"user-agent").startswith(b"auth-service-fastapi/")
    assert headers == {
        b"host": auth.url.removeprefix("http://").encode(),
        b"accept": b"application/json",
        b"accept-encoding": headers[b"accept-encoding"],
        b"x-request-id": b"id-1",
        b"cookie": b'a="1%2B2"; better-auth.session_token=t.%2F%3D; b=caf\xc3\xa9; empty=; a=twice',
    }


def test_bytes_that_are_not_utf8_change_no_other_byte_of_the_header() -> None:
    with fake_auth(lambda _: signed_in()) as auth, serve(create_api(AuthService(auth.url))) as url:
        raw_request(url, b"cookie: a=\xc3\xa9; b=caf\xe9\xff; better-auth.session_token=t.%2F%3D")
        (head,) = auth.asked
    expected = b"a=\xc3\xa9; b=caf\xc3\xa9\xc3\xbf; better-auth.session_token=t.%2F%3D"
    assert headers_of(head)[b"cookie"] == expected


def test_a_bearer_token_is_forwarded_only_if_enabled_and_basic_never() -> None:
    for bearer, sent, expected in [
        (False, "Bearer one.two", None),
        (True, "Bearer one.two", b"Bearer one.two"),
        (True, "bearer one.two", b"Bearer one.two"),
        (True, "Basic b25lOnR3bw==", None),
    ]:
        with (
            fake_auth(lambda _: signed_in()) as auth,
            serve_api(AuthService(auth.url, bearer=bearer)) as api,
        ):
            assert (
                api.get("/me", headers={"authorization": sent, "cookie": "a=1"}).status_code == 200
            )
            assert headers_of(auth.asked[0]).get(b"authorization") == expected


def test_a_malformed_request_id_is_replaced() -> None:
    with fake_auth(lambda _: signed_in()) as auth, serve_api(AuthService(auth.url)) as api:
        for given in ("two words", "x" * 129, ""):
            api.get("/me", headers={"cookie": "a=1", "x-request-id": given})
            assert len(headers_of(auth.asked[-1])[b"x-request-id"]) == 36


def test_a_cookie_that_the_auth_server_sets_is_neither_kept_nor_sent_for_another_visitor() -> None:
    def renewing(_: bytes) -> bytes:
        return signed_in().replace(b"\r\n\r\n", b"\r\nset-cookie: a=renewed; Path=/\r\n\r\n", 1)

    # With only a bearer token no Cookie header would hide the one of a cookie jar.
    with fake_auth(renewing) as auth, serve_api(AuthService(auth.url, bearer=True)) as api:
        first = api.get("/me", headers={"cookie": "a=first"})
        api.get("/me", headers={"authorization": "Bearer second"})
        api.get("/me", headers={"cookie": "b=third"})
        assert "set-cookie" not in first.headers
        sent = [headers_of(head).get(b"cookie") for head in auth.requests]
        assert sent == [None, b"a=first", None, b"b=third"]  # the first is the startup check's


def test_netrc_and_proxy_settings_of_the_environment_are_ignored(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with (
        fake_auth(lambda _: signed_in()) as auth,
        serve(create_api(AuthService(auth.url))) as url,
        httpx.Client(trust_env=False) as api,
    ):
        assert api.get(f"{url}/me", headers={"cookie": "a=1"}).status_code == 200
        assert b"authorization" not in headers_of(auth.asked[0])


def test_without_a_cookie_the_auth_server_is_not_called() -> None:
    with fake_auth(lambda _: None) as auth:
        settings = AuthService(auth.url, startup_check="off")
        with serve_api(settings) as api:
            answered = api.get("/me")
            assert answered.status_code == 401
            assert answered.json()["reason"] == "no_credential"
            assert api.get("/optional").json() == {"user": None, "session": None}
        assert auth.requests == []


def test_one_request_causes_one_call_for_any_number_of_dependencies() -> None:
    with fake_auth(lambda _: signed_in()) as auth, serve_api(AuthService(auth.url)) as api:
        assert api.get("/session", headers={"cookie": "a=1"}).status_code == 200
        assert len(auth.asked) == 1


def asks(auth: FakeAuth, times: int) -> list[int]:
    with serve_api(AuthService(auth.url, startup_check="off")) as api:
        return [api.get("/me", headers={"cookie": "a=1"}).status_code for _ in range(times)]


def test_consecutive_requests_reuse_one_connection() -> None:
    with fake_auth(lambda _: signed_in()) as auth:
        assert asks(auth, 5) == [200] * 5
        assert auth.connections == 1


def test_a_request_on_a_stale_connection_is_retried() -> None:
    with fake_auth(lambda _: signed_in()) as auth:
        # The second question dies with the connection it came over, as if both had crossed on the way.
        auth.script = lambda _: None if len(auth.requests) == 2 else signed_in()
        assert asks(auth, 2) == [200, 200]
        assert (auth.connections, len(auth.requests)) == (2, 3)


def test_a_request_on_a_new_connection_is_not_retried() -> None:
    with fake_auth(lambda _: None) as auth:
        assert asks(auth, 1) == [503]
        assert len(auth.requests) == 1


def test_get_session_does_not_renew_the_session(real: RealService) -> None:
    visitor = sign_up(real.service)
    due = "update session set expires_at = now() + interval '1 day' where user_id = $1"
    read = "select expires_at, updated_at from session where user_id = $1"
    real.sql(due, visitor.user_id)
    before = real.sql(read, visitor.user_id)
    endpoint = "/api/auth/get-session"
    with serve_api(AuthService(real.service, endpoint=endpoint)) as api:
        assert api.get("/me", headers={"cookie": visitor.cookie}).status_code == 200
    assert real.sql(read, visitor.user_id) == before
    # The same question from the browser does renew: the test above could have failed.
    assert visitor.ask("GET", endpoint).status_code == 200
    assert real.sql(read, visitor.user_id) != before


def test_chunked_responses_are_read() -> None:
    head, body = signed_in().split(b"\r\n\r\n", 1)
    head = head.replace(b"content-length: %d\r\n" % len(body), b"")
    chunked = head + b"\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (
        len(body),
        body,
    )
    with fake_auth(lambda _: chunked) as auth:
        assert asks(auth, 2) == [200, 200]


def test_a_cookie_with_control_characters_is_401_and_does_not_open_the_circuit() -> None:
    async def run() -> None:
        settings = AuthService(auth.url, breaker_failures=1, ssl_context=NO_CERTIFICATES)
        async with open_auth_http_client(settings) as client:
            auth_client = AuthClient(settings, client)
            # Should a server ever let this through: HTTP cannot carry it on.
            refused = await auth_client.check(Credential(b"a=\x00"), "id")
            assert isinstance(refused, NotSignedIn)
            assert refused.reason == "malformed_cookie"
            assert isinstance(await auth_client.check(Credential(b"a=1"), "id"), SignedIn)

    with fake_auth(lambda _: signed_in()) as auth:
        asyncio.run(run())

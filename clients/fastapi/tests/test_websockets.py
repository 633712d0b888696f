"""A websocket is rejected before it opens, with the reason; untrusted pages cannot open one with the user's cookie."""

import asyncio
from typing import Annotated, Any

import pytest
import websockets
from fastapi import Depends, FastAPI, WebSocket
from websockets.exceptions import InvalidStatus

from auth_service_fastapi import (
    AuthService,
    CurrentSession,
    CurrentUser,
    OptionalUser,
    User,
    VerifiedUser,
    make_user,
    require_role,
    sign_in_as,
)

from .support.fake_auth import answer, fake_auth, not_signed_in, signed_in
from .support.in_process import Reply, request, run, started
from .support.served import NO_CERTIFICATES, serve
from .support.signer import ISSUER, Signer, published

COOKIE = (b"cookie", b"a=1")
SIGNER = Signer("key-1")
Admin = Annotated[User, Depends(require_role("admin"))]


def create_app(auth: AuthService) -> FastAPI:
    auth.ssl_context = NO_CERTIFICATES
    app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)

    async def greet(socket: WebSocket, name: str) -> None:
        await socket.accept(subprotocol="bearer" if auth.bearer else None)
        await socket.send_text(name)
        await socket.close()

    @app.websocket("/current")
    async def current(socket: WebSocket, user: CurrentUser, session: CurrentSession) -> None:
        assert session.user_id == user.id
        await greet(socket, user.id)

    @app.websocket("/user")
    async def user_only(socket: WebSocket, user: CurrentUser) -> None:
        await greet(socket, user.id)

    @app.websocket("/optional")
    async def optional(socket: WebSocket, user: OptionalUser) -> None:
        await greet(socket, "anonymous" if user is None else user.id)

    @app.websocket("/verified")
    async def verified(socket: WebSocket, user: VerifiedUser) -> None:
        await greet(socket, user.id)

    @app.websocket("/admin")
    async def admin(socket: WebSocket, user: Admin) -> None:
        await greet(socket, user.id)

    return app


def open_socket(auth: AuthService, path: str = "/current", *headers: Any, **more: Any) -> Reply:
    async def steps() -> Reply:
        app = create_app(auth)
        async with started(app) as state:
            return await request(app, path, headers, websocket=True, state=state, **more)

    return run(steps)


def test_opens_for_signed_in_users_only() -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url)
        assert open_socket(auth, "/current", COOKIE).texts == ("ada",)
        assert open_socket(auth, "/optional", COOKIE).texts == ("ada",)
        assert open_socket(auth, "/optional").texts == ("anonymous",)


#: what the auth server says → the path, the status, the code, the close code where there is no status.
REFUSALS: dict[str, tuple[bytes, str, int, str, int]] = {
    "not signed in": (not_signed_in(), "/current", 401, "NOT_SIGNED_IN", 1008),
    "unavailable": (answer(503), "/current", 503, "AUTH_UNAVAILABLE", 1013),
    "unavailable, optional": (answer(503), "/optional", 503, "AUTH_UNAVAILABLE", 1013),
    "an unverified address": (signed_in(), "/verified", 403, "EMAIL_NOT_VERIFIED", 1008),
    "the wrong role": (signed_in(role="user"), "/admin", 403, "ROLE_REQUIRED", 1008),
}


@pytest.mark.parametrize("kind", REFUSALS)
def test_is_rejected_before_it_opens_with_the_reason(kind: str) -> None:
    data, path, status, code, close_code = REFUSALS[kind]
    with fake_auth(lambda _: data) as fake:
        auth = AuthService(fake.url, startup_check="off")
        reply = open_socket(auth, path, COOKIE)
        assert (reply.status, reply.json()["code"]) == (status, code)
        # A server without the extension can only close: the handshake then fails with 403.
        closed = open_socket(auth, path, COOKIE, extensions={})
        assert closed.close_code == close_code
        assert closed.headers["reason"] in (code, reply.json().get("reason"))


def test_is_rejected_without_a_call_if_there_is_no_cookie() -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        reply = open_socket(AuthService(fake.url, startup_check="off"))
        assert (reply.status, reply.json()["reason"]) == (401, "no_credential")
        assert fake.requests == []


FOREIGN = [
    b"https://evil.example",
    b"http://evil.example",
    b"null",
    b"",
    b"https://api.example.com.evil.example",
    b"https://evilapi.example.com",
    b"https://api.example.com:8443",
    b"https://docs.example.com",
    b"https://user@evil.example",
    b"ftp://api.example.com",
    b"file://",
    b"chrome-extension://abc",
    b"https://[",
    b"https://api.example.com:99999999",
    b"https://api.example.com/path",
    b"https://api.example.com, https://evil.example",
    b"\xff\xfe",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_an_untrusted_page_cannot_open_one_with_the_users_cookie(
    origin: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        for path in ("/current", "/optional"):
            reply = open_socket(
                AuthService(fake.url, startup_check="off"), path, COOKIE, (b"origin", origin)
            )
            assert reply.status == 403
            assert reply.json()["code"] == "ORIGIN_NOT_ALLOWED"
            assert reply.json()["reason"] == "origin_not_allowed"
        assert fake.requests == []
    assert "allowed_origins" in caplog.text


def test_a_trusted_origin_next_to_an_untrusted_one_is_rejected() -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        reply = open_socket(
            AuthService(fake.url),
            "/current",
            COOKIE,
            (b"origin", b"https://api.example.com"),
            (b"origin", b"https://evil.example"),
        )
        assert reply.status == 403


@pytest.mark.parametrize(
    ("options", "origin", "scheme", "status"),
    [
        ({}, b"https://api.example.com", "ws", 101),  # a proxy took TLS off
        ({}, b"https://API.example.com:443", "wss", 101),
        ({}, b"http://api.example.com", "ws", 101),
        ({}, b"http://api.example.com", "wss", 403),
        ({"api_url": "https://api.example.com"}, b"http://api.example.com", "ws", 403),
        ({"api_url": "https://public.example.com"}, b"https://public.example.com", "ws", 101),
        ({"api_url": "https://public.example.com"}, b"https://api.example.com", "ws", 403),
        (
            {"allowed_origins": ["https://Docs.example.com/"]},
            b"https://docs.example.com",
            "ws",
            101,
        ),
        ({"allowed_origins": ["https://docs.example.com"]}, b"http://docs.example.com", "ws", 403),
        ({"allowed_origins": ["http://localhost:3000"]}, b"http://localhost:3000", "ws", 101),
        ({"allowed_origins": ["http://localhost:3000"]}, b"http://localhost:3001", "ws", 403),
    ],
)
def test_trusted_pages_can_open_one(
    options: dict[str, Any], origin: bytes, scheme: str, status: int
) -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url, startup_check="off", **options)
        reply = open_socket(auth, "/current", COOKIE, (b"origin", origin), scheme=scheme)
        assert reply.status == status


@pytest.mark.parametrize(
    "origins", ["https://docs.example.com", ["*"], ["docs.example.com"], ["null"]]
)
def test_allowed_origins_must_be_a_list_of_origins(origins: Any) -> None:
    with pytest.raises(ValueError, match="allowed_origins"):
        AuthService("https://auth.example.com", allowed_origins=origins)


def test_a_page_with_a_token_may_have_any_origin() -> None:
    """A page cannot set Authorization for a websocket, so the token is the second protocol."""
    origin = (b"origin", b"https://docs.example.net")
    with fake_auth(lambda _: published(SIGNER)) as fake:
        auth = AuthService(fake.url, mode="jwt", public_url=ISSUER, startup_check="off")
        token = SIGNER.token().encode()
        for header in (
            (b"authorization", b"Bearer " + token),
            (b"sec-websocket-protocol", b"bearer, " + token),
        ):
            assert open_socket(auth, "/user", header, origin).texts == ("ada",)
        for protocols in (b"bearer", b"chat, " + token, token, b"bearer,", b"bearer, nonsense"):
            reply = open_socket(auth, "/user", (b"sec-websocket-protocol", protocols), origin)
            assert reply.status == 401
    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url, bearer=True, startup_check="off")
        protocols = b"bearer, abc.x%2By%2Fz%3D"
        reply = open_socket(
            auth, "/current", COOKIE, (b"sec-websocket-protocol", protocols), origin
        )
        assert (reply.texts, reply.headers["subprotocol"]) == (("ada",), "bearer")
        assert b"authorization: Bearer abc.x+y/z=" in fake.requests[0]
        off = AuthService(fake.url, startup_check="off")
        reply = open_socket(off, "/current", (b"sec-websocket-protocol", protocols), origin)
        assert reply.json()["reason"] == "no_credential"


def test_sign_in_as_applies_to_websockets() -> None:
    app = create_app(AuthService("https://auth.example.com"))
    with sign_in_as(app, make_user(id="bob", role="admin")):
        for path in ("/current", "/optional", "/verified", "/admin"):
            reply = run(lambda path=path: request(app, path, (), websocket=True))  # type: ignore[misc]
            assert reply.texts == ("bob",)


def test_the_status_and_the_reason_arrive_over_a_real_connection() -> None:
    async def talk(url: str) -> tuple[Any, int, Any]:
        async with websockets.connect(
            f"{url}/current", additional_headers={"cookie": "a=1"}
        ) as opened:
            greeting = await opened.recv()
        with pytest.raises(InvalidStatus) as refused:
            await websockets.connect(f"{url}/current")
        return greeting, refused.value.response.status_code, refused.value.response.body or b""

    with fake_auth(lambda _: signed_in()) as fake, serve(create_app(AuthService(fake.url))) as url:
        greeting, status, body = asyncio.run(talk(url.replace("http", "ws")))
    assert greeting == "ada"
    assert status == 401
    assert b"no_credential" in body

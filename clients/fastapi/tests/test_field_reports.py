"""Bugs reported for similar clients, tested against this one."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from fastapi import APIRouter, Depends, FastAPI, Request, Response, WebSocket
from fastapi.middleware.cors import CORSMiddleware

from auth_service_fastapi import AuthService, CurrentUser, current_user

from .support.fake_auth import answer, fake_auth, not_signed_in, signed_in
from .support.in_process import Reply, request, run
from .support.served import NO_CERTIFICATES, create_api

COOKIE = (b"cookie", b"a=1")
ORIGIN = (b"origin", b"https://docs.example.com")


def test_two_services_on_one_loop_are_independent() -> None:
    """chroma-core/chroma#6869: clients cached only by event loop sent one service's headers to the other's server."""

    async def steps(first: AuthService, second: AuthService) -> list[str]:
        one, two = create_api(first), create_api(second)
        names = []
        async with first.lifespan(one):
            names.append((await request(one)).json()["id"])
            async with second.lifespan(two):
                names.append((await request(two)).json()["id"])
            names.append((await request(one)).json()["id"])
        return names

    with (
        fake_auth(lambda _: signed_in("ada")) as ours,
        fake_auth(lambda _: signed_in("bob")) as theirs,
    ):
        made = [
            AuthService(each.url, ssl_context=NO_CERTIFICATES, startup_check="off")
            for each in (ours, theirs)
        ]
        assert run(lambda: steps(*made)) == ["ada", "bob", "ada"]
        assert [len(ours.requests), len(theirs.requests)] == [2, 1]


@pytest.mark.parametrize("where", ["application", "router", "include", "route"])
def test_dependencies_of_a_router_apply_to_its_websockets(where: str) -> None:
    """fastapi/fastapi#4534: `dependencies=[…]` left websockets open to everybody."""
    guard = [Depends(current_user)]
    with fake_auth(lambda _: not_signed_in()) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES)
        app = FastAPI(
            lifespan=auth.lifespan,
            exception_handlers=auth.exception_handlers,
            dependencies=guard if where == "application" else None,
        )
        router = APIRouter(dependencies=guard if where == "router" else None)

        @router.websocket("/me", dependencies=guard if where == "route" else None)
        async def socket(websocket: WebSocket) -> None:
            await websocket.accept()
            await websocket.close()

        app.include_router(router, dependencies=guard if where == "include" else None)
        reply = run(lambda: request(app, "/me", [COOKIE], websocket=True))
        assert (reply.status, reply.json()["reason"]) == (401, "session_not_found")
        fake.script = lambda _: signed_in()
        assert run(lambda: request(app, "/me", [COOKIE], websocket=True)).status == 101


@pytest.mark.parametrize(
    ("data", "cookie", "status"),
    [
        (not_signed_in(), b"a=1", 401),
        (answer(503), b"a=1", 503),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"[" * 200_000, b"a=1", 503),
        (signed_in(), b"x" * 120_000, 431),
        (signed_in(), b"a=\x00", 401),
    ],
)
def test_cors_headers_are_present_on_every_error(data: bytes, cookie: bytes, status: int) -> None:
    """Kludex/starlette#1116: an error without CORS headers is "Failed to fetch" to the page."""
    with fake_auth(lambda _: data) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES, timeout_seconds=1)
        app = create_api(auth)
        app.add_middleware(
            CORSMiddleware,
            allow_origins=["https://docs.example.com"],
            allow_credentials=True,
            expose_headers=["x-session-reason"],
        )
        reply = run(lambda: request(app, "/me", [(b"cookie", cookie), ORIGIN]))
    assert reply.status == status
    assert reply.headers["access-control-allow-origin"] == "https://docs.example.com"
    assert reply.headers["x-session-reason"] == reply.json()["reason"]


@pytest.mark.parametrize("websocket", [False, True])
def test_middleware_dependencies_and_route_share_one_check(websocket: bool) -> None:
    """Kludex/starlette#2519 and its like: through `@app.middleware("http")`, which has a task of its own."""
    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES)
        app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)

        @app.middleware("http")
        async def through(
            incoming: Request, call_next: Callable[[Request], Awaitable[Response]]
        ) -> Response:
            return await call_next(incoming)

        @app.get("/me", dependencies=[Depends(current_user)])
        async def me(user: CurrentUser) -> str:
            return user.id

        @app.websocket("/me")
        async def socket(opened: WebSocket, user: CurrentUser) -> None:
            await opened.accept()
            await opened.send_text(user.id)

        async def steps() -> tuple[list[Reply], int]:
            asked = await asyncio.gather(
                *(request(app, "/me", [COOKIE], websocket=websocket) for _ in range(5))
            )
            return list(asked), len(fake.requests)

        reply, count = run(steps)
    assert {each.status for each in reply} == {101 if websocket else 200}
    assert count == 5


def test_one_unsupported_key_does_not_invalidate_the_set(keys: Any) -> None:
    """FastMCP converted every published key at once, and one of another kind ended all tokens."""
    from .support.consumers import SIGNER

    strange = [
        {"kid": "post-quantum", "kty": "AKP", "alg": "ML-DSA-44", "pub": "AAAA"},
        {"kid": "secp256k1", "kty": "EC", "crv": "secp256k1", "x": "AA", "y": "AA"},
        {"kid": "x", "kty": "OKP", "crv": "X25519", "x": "AA", "use": "enc"},
    ]
    keys.say(answer(200, {"keys": [*strange, SIGNER.published]}))
    assert keys.ask().status == 200

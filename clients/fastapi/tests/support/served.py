"""An API under test: uvicorn on a real socket, in a thread with its own event loop."""

import asyncio
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import httpx
import uvicorn
from fastapi import Depends, FastAPI

from auth_service_fastapi import (
    AuthService,
    CurrentProofs,
    CurrentSession,
    CurrentUser,
    OptionalSession,
    OptionalUser,
    RequireAal2,
    RequireFresh,
    Session,
    User,
    VerifiedUser,
    error_responses,
    require_role,
)

from .visitor import NO_TLS

#: Reading the system's certificates would take longer than most tests, and all is plain HTTP on loopback.
NO_CERTIFICATES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def create_api(auth: AuthService) -> FastAPI:
    """The API that the README describes, with every kind of dependency."""
    auth.ssl_context = auth.ssl_context or NO_CERTIFICATES
    return create_production_api(auth)


def create_production_api(auth: AuthService) -> FastAPI:
    """The same, with the certificates that the service would use in production."""
    app = FastAPI(
        lifespan=auth.lifespan,
        exception_handlers=auth.exception_handlers,
        responses=error_responses,
    )

    @app.get("/me")
    async def me(user: CurrentUser) -> User:
        return user

    @app.get("/session")
    async def session(session: CurrentSession, user: CurrentUser) -> dict[str, Session | User]:
        return {"session": session, "user": user}

    @app.get("/optional")
    async def optional(user: OptionalUser, session: OptionalSession) -> dict[str, str | None]:
        return {
            "user": None if user is None else user.id,
            "session": None if session is None else session.id,
        }

    @app.get("/verified")
    async def verified(user: VerifiedUser) -> User:
        return user

    @app.get("/aal2", dependencies=[RequireAal2])
    async def aal2() -> str:
        return "after two factors"

    @app.get("/fresh")
    async def fresh(user: Annotated[User, RequireFresh(minutes=10)]) -> User:
        return user

    @app.get("/proofs")
    async def proofs(proofs: CurrentProofs) -> dict[str, Any]:
        return proofs.model_dump(mode="json", by_alias=True)

    @app.get("/admin", dependencies=[Depends(require_role("admin", "owner"))])
    async def admin() -> str:
        return "for admins"

    return app


@contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """The URL while the app is served. Start and stop run the lifespan."""
    config = uvicorn.Config(app, http="h11", ws="websockets-sansio", log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the API did not start"
            time.sleep(0.005)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listening.close()
        assert not thread.is_alive()


@contextmanager
def serve_api(auth: AuthService) -> Iterator[httpx.Client]:
    """A client of the served API."""
    with (
        serve(create_api(auth)) as url,
        httpx.Client(base_url=url, timeout=30, verify=NO_TLS) as client,
    ):
        yield client


def start(auth: AuthService) -> None:
    """Starts and stops the lifespan without a request. Raises what aborts the start."""

    async def run() -> None:
        async with auth.lifespan(create_api(auth)):
            pass

    asyncio.run(run())

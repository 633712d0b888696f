"""The APIs that are compared. Each has one route, `/me`, which answers with the id of the signed-in user."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

import aiohttp
import httpx
from fastapi import Depends, FastAPI, HTTPException, Request

from auth_service_fastapi import AuthService, CurrentUser

from .upstream import Upstream
from .users_api import create_users_api

Lifespan = Callable[[FastAPI], Any]


def create_api(lifespan: Lifespan | None = None, **options: Any) -> FastAPI:
    """An application with `/cpu`, the CPU seconds that its process has used."""
    app = FastAPI(lifespan=lifespan, **options)

    @app.get("/cpu")
    async def cpu() -> float:
        return time.process_time()

    return app


def bare(_upstream: Upstream) -> FastAPI:
    """No session check."""
    app = create_api()

    @app.get("/me")
    async def me() -> dict[str, str]:
        return {"id": "ada"}

    return app


def this_client(upstream: Upstream, **options: Any) -> FastAPI:
    """The client under test."""
    auth = AuthService(upstream.url, public_url=upstream.public_url, **options)
    app = create_api(auth.lifespan, exception_handlers=auth.exception_handlers)

    @app.get("/me")
    async def me(user: CurrentUser) -> dict[str, str]:
        return {"id": user.id}

    return app


def httpx_by_hand(upstream: Upstream) -> FastAPI:
    """The shortest check with httpx: no limits, no retry, no circuit breaker."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with httpx.AsyncClient(base_url=upstream.url) as client:
            yield {"client": client}

    async def current_user(request: Request) -> dict[str, Any]:
        response = await request.state.client.get(
            "/session", headers={"cookie": request.headers["cookie"]}
        )
        return read_user(response.status_code, response.json())

    return by_hand(lifespan, current_user)


def aiohttp_by_hand(upstream: Upstream) -> FastAPI:
    """The shortest check with aiohttp: likewise."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with aiohttp.ClientSession(upstream.url) as client:
            yield {"client": client}

    async def current_user(request: Request) -> dict[str, Any]:
        async with request.state.client.get(
            "/session", headers={"cookie": request.headers["cookie"]}
        ) as response:
            return read_user(response.status, await response.json())

    return by_hand(lifespan, current_user)


def by_hand(lifespan: Lifespan, current_user: Callable[..., Any]) -> FastAPI:
    """An application with this dependency."""
    app = create_api(lifespan)

    @app.get("/me")
    async def me(user: Annotated[dict[str, Any], Depends(current_user)]) -> dict[str, str]:
        return {"id": user["id"]}

    return app


def read_user(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """The user, or 401."""
    if status != 200:
        raise HTTPException(401)
    user: dict[str, Any] = body["user"]
    return user


def fastapi_users(upstream: Upstream) -> FastAPI:
    """fastapi-users with its database strategy: sessions in the API's own PostgreSQL."""
    return create_users_api(create_api, upstream.database_url, upstream.users_token)


CONTENDERS: dict[str, Callable[[Upstream], FastAPI]] = {
    "bare route": bare,
    "CurrentUser, cookie": this_client,
    "CurrentUser, JWT": lambda upstream: this_client(upstream, mode="jwt"),
    "aiohttp by hand": aiohttp_by_hand,
    "httpx by hand": httpx_by_hand,
    "fastapi-users": fastapi_users,
}

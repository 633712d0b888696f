"""Puts a service into an application that exists already, and so into all that is mounted below it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from .checker import SessionChecker
from .errors import AuthError
from .locating import STATE_NAME

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Mapping[str, Any]]]


class _CarryService:
    """Leaves the service in the state of each request, as the lifespan would where one runs."""

    def __init__(self, app: ASGIApp, service: SessionChecker) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope.setdefault("state", {})[STATE_NAME] = self._service
        await self._app(scope, receive, send)


def install(service: SessionChecker, lifespan: Lifespan, app: FastAPI) -> None:
    """Adds error shape, lifespan and middleware. Once, before the application serves."""
    app.add_exception_handler(AuthError, service.answer_error)
    app.add_middleware(_CarryService, service=service)
    service.answers_errors = True
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def both(started: Any) -> AsyncIterator[dict[str, Any]]:
        async with lifespan(started) as state, inner(started) as more:
            yield {**state, **(more or {})}

    app.router.lifespan_context = both

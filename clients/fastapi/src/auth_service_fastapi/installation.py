"""Adds a service to an existing application, and so to the applications mounted below it."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from .checker import SessionChecker
from .errors import AuthError
from .service_lookup import STATE_NAME

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[Mapping[str, Any]]]


class _ServiceMiddleware:
    """Puts the service into `request.state`, as the lifespan does on servers that run one."""

    def __init__(self, app: ASGIApp, service: SessionChecker) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket"):
            scope.setdefault("state", {})[STATE_NAME] = self._service
        await self._app(scope, receive, send)


def install(service: SessionChecker, lifespan: Lifespan, app: FastAPI) -> None:
    """Adds exception handler, middleware and lifespan. Call once, before the application serves requests."""
    app.add_exception_handler(AuthError, service.handle_error)
    app.add_middleware(_ServiceMiddleware, service=service)
    service.formats_errors = True
    inner = app.router.lifespan_context

    @asynccontextmanager
    async def both(started: Any) -> AsyncIterator[dict[str, Any]]:
        async with lifespan(started) as state, inner(started) as more:
            yield {**state, **(more or {})}

    app.router.lifespan_context = both

"""`AuthService`: the settings, the session check, and its lifespan in an application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from .checker import SessionChecker
from .errors import AuthError
from .installation import install
from .log import logger, one_line
from .registry import register
from .service_lookup import STATE_NAME
from .startup_check import StartupError, run_startup_check


@dataclass(eq=False)
class AuthService(SessionChecker):
    """The connection between a FastAPI application and the auth service.

    `auth = AuthService("https://auth.example.com")`, then
    `FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)` or `auth.install(app)`.
    """

    def __post_init__(self) -> None:
        """Validates the settings and registers the service for the OpenAPI document."""
        super().__post_init__()
        register(self)

    @property
    def exception_handlers(self) -> dict[Any, Any]:
        """For `FastAPI(exception_handlers=…)`: errors in the auth service's format."""
        return {AuthError: self.handle_error}

    def install(self, app: FastAPI) -> None:
        """Adds the lifespan and the exception handler to an existing application and those mounted below it."""
        install(self, self.lifespan, app)

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[dict[str, "AuthService"]]:
        """For `FastAPI(lifespan=…)`, or inside your own lifespan, which yields the state that this one yields."""
        if AuthError in app.exception_handlers:
            self.formats_errors = True
        else:
            logger.warning(
                "errors are wrapped in `detail`: add exception_handlers=auth.exception_handlers to FastAPI(…)"
            )
        async with self._resources.hold() as running:
            if self.startup_check != "off":
                findings = await run_startup_check(self, running.client)
                for finding in findings:
                    logger.error("startup check: %s: %s", finding.code, one_line(finding.message))
                if findings and self.startup_check == "refuse":
                    raise StartupError(findings)
            yield {STATE_NAME: self}

"""`AuthService`: the settings, the check of one request, and what runs between start and stop of the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from .checker import SessionChecker
from .errors import AuthError
from .installing import install
from .locating import STATE_NAME
from .log import logger, one_line
from .registry import register
from .startup_check import StartupError, find_faults


@dataclass(eq=False)
class AuthService(SessionChecker):
    """Asks the auth service who is calling.

    `auth = AuthService("https://auth.example.com")`, then
    `FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)` or `auth.install(app)`.
    """

    def __post_init__(self) -> None:
        """Validates the settings, and becomes the service that the API's documentation describes."""
        super().__post_init__()
        register(self)

    @property
    def exception_handlers(self) -> dict[Any, Any]:
        """For `FastAPI(exception_handlers=…)`: errors in the auth service's shape."""
        return {AuthError: self.answer_error}

    def install(self, app: FastAPI) -> None:
        """Lifespan, error shape and all that is mounted below, in one line for an application that exists already."""
        install(self, self.lifespan, app)

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[dict[str, "AuthService"]]:
        """For `FastAPI(lifespan=…)`, or inside a lifespan of your own; what it gives is the state to yield."""
        if AuthError in app.exception_handlers:
            self.answers_errors = True
        else:
            logger.warning(
                "errors are wrapped in `detail`: add exception_handlers=auth.exception_handlers to FastAPI(…)"
            )
        async with self._running.hold() as running:
            if self.startup_check != "off":
                findings = await find_faults(self, running.client)
                for finding in findings:
                    logger.error("start-up check: %s: %s", finding.code, one_line(finding.message))
                if findings and self.startup_check == "refuse":
                    raise StartupError(findings)
            yield {STATE_NAME: self}

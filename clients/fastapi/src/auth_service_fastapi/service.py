"""`AuthService`: the settings, what runs between start and stop of the API, and the check of one request."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from .credential import Credential, read_credential, read_request_id
from .credential_bounds import find_flaw
from .errors import AuthError, answer_auth_error
from .hosts import why_cookie_stays_away
from .installing import install
from .locating import STATE_NAME
from .log import log_verdict, logger, one_line
from .registry import register
from .running import Running, RunningByLoop
from .settings import Settings
from .startup_check import StartupError, find_faults
from .verdict import NotSignedIn, Verdict
from .websocket_origin import find_foreign_origin


@dataclass(eq=False)
class AuthService(Settings):
    """Asks the auth service who is calling.

    `auth = AuthService("https://auth.example.com")`, then
    `FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)` or `auth.install(app)`.
    """

    #: Whether an application that it serves answers errors in the auth service's shape: mounted ones follow.
    answers_errors: bool = field(default=False, init=False, repr=False)
    _running: RunningByLoop = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuses what cannot work."""
        super().__post_init__()
        self._running = RunningByLoop(self)
        register(self)

    @property
    def exception_handlers(self) -> dict[Any, Any]:
        """For `FastAPI(exception_handlers=…)`: errors in the auth service's shape."""
        return {AuthError: self.answer_error}

    async def answer_error(self, request: Request, error: Exception) -> JSONResponse:
        """The exception handler. By it a request finds this service where no lifespan ran."""
        return await answer_auth_error(request, error)

    def install(self, app: FastAPI) -> None:
        """Lifespan, error shape and all that is mounted below, in one line for an application that exists already."""
        install(self, app)

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

    async def check(self, connection: HTTPConnection) -> tuple[Verdict, str]:
        """The verdict about one request or websocket, and the id under which both logs know it."""
        running = await self._running.get()
        started_at = time.monotonic()
        headers: list[tuple[bytes, bytes]] = connection.scope["headers"]
        request_id = read_request_id(headers)
        credential = read_credential(
            headers,
            bearer=self.takes_bearer,
            subprotocol=connection.scope["type"] == "websocket",
        )
        verdict: Verdict | None = find_foreign_origin(connection, credential, self)
        is_remembered = False
        if verdict is None:
            verdict, is_remembered = await self._decide(running, credential, request_id)
        log_verdict(
            verdict,
            credential,
            request_id=request_id,
            secure=self.cookie_is_secure,
            duration_ms=(time.monotonic() - started_at) * 1000,
            is_remembered=is_remembered,
            hint=self._hint(connection, credential),
        )
        return verdict, request_id

    async def _decide(
        self, running: Running, credential: Credential, request_id: str
    ) -> tuple[Verdict, bool]:
        if running.verifier is not None:
            return await running.verifier.verify(credential.bearer), False
        if credential.is_missing:
            # True whatever the auth server would say, and even while it is down.
            lacks = "no cookie and no bearer token" if self.bearer else "no cookie"
            message = f"Nobody is signed in: the request has {lacks}."
            return NotSignedIn("no_credential", message), False
        if running.cache is None:
            return await running.asker.ask(credential, request_id), False
        flaw = find_flaw(credential)  # not worth a place in the table
        if flaw is not None:
            return flaw, False
        return await running.cache.get(
            credential.digest, lambda: running.asker.ask(credential, request_id)
        )

    def _hint(self, connection: HTTPConnection, credential: Credential) -> str | None:
        """Why a browser's request may have come without any cookie, by the host it was sent to."""
        if not credential.is_missing or self.takes_bearer:
            return None
        try:
            url = connection.url
            scheme = {"ws": "http", "wss": "https"}.get(url.scheme, url.scheme)
            api_url = self.api_url or f"{scheme}://{url.netloc}"
            return why_cookie_stays_away(self.browser_url, api_url, self.cookie_domain)
        except ValueError:  # a Host header that is no host
            return None

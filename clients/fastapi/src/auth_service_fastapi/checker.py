"""The check of one request: from its headers to a verdict and one log line."""

import time
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from .cookie_scope import explain_unreachable_cookie
from .credential import Credential, read_credential, read_request_id
from .credential_bounds import find_flaw
from .errors import answer_auth_error
from .log import log_verdict
from .running import Running, RunningByLoop
from .settings import Settings
from .verdict import NotSignedIn, Verdict
from .websocket_origin import find_foreign_origin


@dataclass(eq=False)
class SessionChecker(Settings):
    """Decides who sent a request. `AuthService` adds what an application needs to start and stop it."""

    #: Whether an application that it serves formats errors as the auth service does: mounted ones follow.
    answers_errors: bool = field(default=False, init=False, repr=False)
    _running: RunningByLoop = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Validates the settings."""
        super().__post_init__()
        self._running = RunningByLoop(self)

    async def answer_error(self, request: Request, error: Exception) -> JSONResponse:
        """The exception handler. By it a request finds this service where no lifespan ran."""
        return await answer_auth_error(request, error)

    async def check(self, connection: HTTPConnection) -> tuple[Verdict, str]:
        """The verdict about one request or websocket, and the request id that both logs carry."""
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
            return explain_unreachable_cookie(self.browser_url, api_url, self.cookie_domain)
        except ValueError:  # a Host header that is no host
            return None

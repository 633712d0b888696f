"""The check of one request: from its headers to a verdict and one log line."""

import time
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.requests import HTTPConnection

from .cookie_scope import explain_unreachable_cookie
from .credential import Credential, read_credential, read_request_id
from .credential_bounds import reject_unsendable
from .errors import handle_auth_error
from .log import log_verdict
from .resources import Resources, ResourcesByLoop
from .settings import Settings
from .trace_context import read_traceparent
from .verdict import NotSignedIn, Verdict
from .websocket_origin import check_origin


@dataclass(eq=False)
class SessionChecker(Settings):
    """Checks the session of a request. `AuthService` adds the lifespan and the installation into an application."""

    #: Whether the application has the exception handler, so that mounted ones get it as well.
    formats_errors: bool = field(default=False, init=False, repr=False)
    _resources: ResourcesByLoop = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Validates the settings."""
        super().__post_init__()
        self._resources = ResourcesByLoop(self)

    async def handle_error(self, request: Request, error: Exception) -> JSONResponse:
        """The exception handler. A bound method, so that a request finds this service if no lifespan ran."""
        return await handle_auth_error(request, error)

    async def check(self, connection: HTTPConnection) -> tuple[Verdict, str]:
        """The verdict about one request or websocket, and the request id that is in both logs."""
        running = await self._resources.get()
        started_at = time.monotonic()
        headers: list[tuple[bytes, bytes]] = connection.scope["headers"]
        request_id = read_request_id(headers)
        credential = read_credential(
            headers,
            bearer=self.accepts_bearer,
            subprotocol=connection.scope["type"] == "websocket",
        )
        verdict: Verdict | None = check_origin(connection, credential, self)
        is_cached = False
        if verdict is None:
            verdict, is_cached = await self._decide(
                running, credential, request_id, read_traceparent(headers)
            )
        log_verdict(
            verdict,
            credential,
            request_id=request_id,
            secure=self.cookie_is_secure,
            duration_ms=(time.monotonic() - started_at) * 1000,
            is_cached=is_cached,
            hint=self._hint(connection, credential),
        )
        return verdict, request_id

    async def _decide(
        self,
        running: Resources,
        credential: Credential,
        request_id: str,
        traceparent: str | None,
    ) -> tuple[Verdict, bool]:
        if running.verifier is not None:
            return await running.verifier.verify(credential.bearer), False
        if credential.is_missing:
            # Known without the auth server, and so even while it is down.
            lacks = "no cookie and no bearer token" if self.bearer else "no cookie"
            message = f"Not signed in: the request has {lacks}."
            return NotSignedIn("no_credential", message), False
        if running.cache is None:
            return await running.auth_client.check(credential, request_id, traceparent), False
        flaw = reject_unsendable(credential)  # must not displace a valid cache entry
        if flaw is not None:
            return flaw, False
        return await running.cache.get(
            credential.digest,
            lambda: running.auth_client.check(credential, request_id, traceparent),
        )

    def _hint(self, connection: HTTPConnection, credential: Credential) -> str | None:
        """Why a browser may have sent no cookie, judged by the Host of the request."""
        if not credential.is_missing or self.accepts_bearer:
            return None
        try:
            url = connection.url
            scheme = {"ws": "http", "wss": "https"}.get(url.scheme, url.scheme)
            api_url = self.api_url or f"{scheme}://{url.netloc}"
            return explain_unreachable_cookie(self.browser_url, api_url, self.cookie_domain)
        except ValueError:  # an invalid Host header
            return None

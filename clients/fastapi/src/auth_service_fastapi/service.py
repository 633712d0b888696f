"""`AuthService`: the settings, what runs between start and stop of the API, and the check of one request."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Optional

import httpx
from fastapi import FastAPI, Request

from .asking import PACKAGE, Asker, open_client
from .cache import VerdictCache
from .credential import Credential, read_credential, read_request_id
from .dependencies import STATE_NAME
from .errors import AuthError, answer_auth_error
from .hosts import why_cookie_stays_away
from .log import log_verdict, logger
from .settings import Settings
from .startup_check import StartupError, find_faults
from .verdict import NotSignedIn, Verdict

if TYPE_CHECKING:
    from .tokens import TokenVerifier


@dataclass
class _Running:
    """What one lifespan owns."""

    asker: Asker
    verifier: Optional["TokenVerifier"]
    cache: VerdictCache | None


@dataclass(eq=False)
class AuthService(Settings):
    """Asks the auth service who is calling.

    `auth = AuthService("https://auth.example.com")`, then
    `FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)`.
    """

    _running: _Running | None = field(default=None, init=False, repr=False)

    @property
    def exception_handlers(self) -> dict[Any, Any]:
        """For `FastAPI(exception_handlers=…)`: errors in the auth service's shape."""
        return {AuthError: answer_auth_error}

    @property
    def takes_bearer(self) -> bool:
        """Whether a visitor may sign in with Authorization."""
        return self.bearer or self.mode == "jwt"

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[dict[str, "AuthService"]]:
        """For `FastAPI(lifespan=…)`, or inside a lifespan of your own; what it gives is the state to yield."""
        if AuthError not in app.exception_handlers:
            logger.warning(
                "errors are wrapped in `detail`: add exception_handlers=auth.exception_handlers to FastAPI(…)"
            )
        async with open_client(self) as client:
            if self.startup_check != "off":
                findings = await find_faults(self, client)
                for finding in findings:
                    logger.error("start-up check: %s: %s", finding.code, finding.message)
                if findings and self.startup_check == "refuse":
                    raise StartupError(findings)
            cache = None
            if self.cache_seconds > 0:
                cache = VerdictCache(
                    seconds=self.cache_seconds,
                    max_entries=self.cache_entries,
                    now=time.monotonic,
                )
            self._running = _Running(Asker(self, client), self._verifier(client), cache)
            try:
                yield {STATE_NAME: self}
            finally:
                self._running = None
                if cache is not None:
                    cache.close()

    async def check(self, request: Request) -> tuple[Verdict, str]:
        """The verdict about one request, and the id under which both logs know it."""
        if self._running is None:
            raise RuntimeError("AuthService does not run: its lifespan has not begun, or is over")
        started_at = time.monotonic()
        headers: list[tuple[bytes, bytes]] = request.scope["headers"]
        request_id = read_request_id(headers)
        credential = read_credential(headers, bearer=self.takes_bearer)
        verdict, is_remembered = await self._decide(self._running, credential, request_id)
        log_verdict(
            verdict,
            credential,
            request_id=request_id,
            secure=self.cookie_is_secure,
            duration_ms=(time.monotonic() - started_at) * 1000,
            is_remembered=is_remembered,
            hint=self._hint(request, credential),
        )
        return verdict, request_id

    async def _decide(
        self, running: _Running, credential: Credential, request_id: str
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
        return await running.cache.get(
            credential.digest, lambda: running.asker.ask(credential, request_id)
        )

    def _verifier(self, client: httpx.AsyncClient) -> Optional["TokenVerifier"]:
        if self.mode != "jwt":
            return None
        try:
            from .tokens import TokenVerifier  # only this mode needs PyJWT
        except ImportError as error:
            raise RuntimeError(f"mode=\"jwt\" needs more: pip install '{PACKAGE}[jwt]'") from error
        return TokenVerifier(self, client)

    def _hint(self, request: Request, credential: Credential) -> str | None:
        """Why a browser's request may have come without any cookie, by the host it was sent to."""
        if not credential.is_missing or self.mode == "jwt" or self.bearer:
            return None
        try:
            api_url = self.api_url or f"{request.url.scheme}://{request.url.netloc}"
            return why_cookie_stays_away(self.browser_url, api_url, self.cookie_domain)
        except ValueError:  # a Host header that is no host
            return None

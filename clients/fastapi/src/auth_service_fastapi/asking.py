"""Asks the auth server one question over one pool of connections, in bounded time, and never follows a redirect."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from typing import Any

import httpx

from .answers import read_answer
from .breaker import Breaker
from .credential import Credential
from .log import logger
from .settings import Settings
from .verdict import CannotTell, NotSignedIn, Verdict

PACKAGE = "auth-service-fastapi"

#: Shorter than the 65 s of the auth service and of common proxies, so that mostly we are the side that closes.
_KEEP_IDLE_SECONDS = 30

#: What a connection does that was closed while it lay in the pool.
_CLOSED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


@asynccontextmanager
async def open_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The one client of this process: pooled, without a memory, and deaf to the environment."""
    wait = min(settings.connect_timeout_seconds, settings.timeout_seconds)
    async with httpx.AsyncClient(
        base_url=settings.url,
        # A jar would answer for user B with the cookie that was renewed for user A.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        # No proxy and no ~/.netrc: the latter would add an Authorization header, which overrides the cookie.
        trust_env=False,
        verify=settings.ssl_context or True,
        timeout=httpx.Timeout(settings.timeout_seconds, connect=wait),
        # `Asker` bounds the connections: httpx's own queue takes the longer for each, the more there are.
        limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEP_IDLE_SECONDS),
        headers={"accept": "application/json", "user-agent": f"{PACKAGE}/{version(PACKAGE)}"},
    ) as client:
        yield client


class Asker:
    """Asks who a credential belongs to. Gives a verdict for every outcome and raises nothing."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        """Asks through `client` as `settings` say."""
        self._settings = settings
        self._client = client
        # A server must not renew a session: it would drop the Set-Cookie, and the browser's cookie would die.
        self._params = {"disableRefresh": "true"} if settings.asks_better_auth else {}
        self._places = asyncio.Semaphore(settings.max_concurrency)
        self._breaker = Breaker(
            failures=settings.breaker_failures,
            open_seconds=settings.breaker_open_seconds,
            now=time.monotonic,
        )

    async def ask(self, credential: Credential, request_id: str) -> Verdict:
        """Who is it? Takes the time to get a place and `timeout_seconds` at most."""
        seconds = self._breaker.refusal_seconds()
        if seconds is not None:
            return CannotTell("auth_not_asked", "left alone after failures in a row", seconds)
        try:
            # Apart from the answer's own time: a full API is no failure of the auth server.
            await asyncio.wait_for(self._places.acquire(), self._settings.connect_timeout_seconds)
        except asyncio.TimeoutError:
            return CannotTell("auth_busy", "max_concurrency questions were under way all the time")
        try:
            # httpx bounds each read; a server that sends a byte now and then would hold us for ever.
            answer = await asyncio.wait_for(
                self._send(credential, request_id), self._settings.timeout_seconds
            )
        except httpx.LocalProtocolError:
            # No server could have been sent these bytes: the visitor's own fault, and nobody else's.
            return NotSignedIn(
                "malformed_cookie", "Nobody is signed in: the cookie cannot be sent."
            )
        except (httpx.TimeoutException, asyncio.TimeoutError):
            return self._failed(
                CannotTell("auth_timeout", f"{self._settings.url} did not answer in time")
            )
        except httpx.HTTPError as error:
            detail = f"{self._settings.url} cannot be reached: {type(error).__name__} {error}"
            return self._failed(CannotTell("auth_unreachable", detail))
        finally:
            self._places.release()
        return self._judge(answer)

    async def _send(self, credential: Credential, request_id: str) -> httpx.Response:
        headers = [(b"x-request-id", request_id.encode("ascii"))]
        if credential.cookie is not None:
            headers.append((b"cookie", credential.cookie))
        if credential.bearer is not None:
            headers.append((b"authorization", b"Bearer " + credential.bearer))
        was_connected = False

        async def trace(event: str, _info: dict[str, Any]) -> None:
            nonlocal was_connected
            was_connected = was_connected or event == "connection.connect_tcp.started"

        async def get() -> httpx.Response:
            return await self._client.get(
                self._settings.endpoint,
                params=self._params,
                headers=headers,
                extensions={"trace": trace},
            )

        try:
            return await get()
        except _CLOSED:
            # The server closed an idle connection just as we used it. A new one that broke is a real failure.
            if was_connected:
                raise
            return await get()

    def _judge(self, answer: httpx.Response) -> Verdict:
        verdict = read_answer(answer, self._settings)
        if answer.status_code == 429 and isinstance(verdict, CannotTell):
            # Asking on would only prolong it.
            if self._breaker.open_for(verdict.retry_after_seconds):
                logger.warning("%s", verdict.detail)
        elif answer.status_code in (502, 503, 504) and isinstance(verdict, CannotTell):
            return self._failed(verdict)
        elif self._breaker.succeeded():
            # Any other answer came from a living server, a 500 for one odd cookie included.
            logger.warning("%s answers again", self._settings.url)
        return verdict

    def _failed(self, verdict: CannotTell) -> CannotTell:
        if self._breaker.failed():
            logger.error(
                "%s is left alone but for a trial every %g s, after %d failures in a row, the last: %s",
                self._settings.url,
                self._settings.breaker_open_seconds,
                self._settings.breaker_failures,
                verdict.detail,
            )
        return verdict

"""Checks a credential with the auth server: with limited concurrency, and not while the circuit is open."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from .availability import AvailabilityMonitor
from .credential import Credential
from .credential_bounds import COMMON_HEADER_BYTES, is_header_too_large, reject_unsendable
from .http_client import create_client
from .http_fetch import NoResponseError, fetch, header_text
from .responses import read_response
from .settings import Settings
from .verdict import Unavailable, Verdict


@asynccontextmanager
async def open_auth_http_client(settings: Settings) -> AsyncIterator[aiohttp.ClientSession]:
    """An HTTP client for `AuthClient`, closed when the block ends."""
    async with create_client(settings) as client:
        yield client


class AuthClient:
    """Returns a verdict for every outcome; never raises."""

    def __init__(self, settings: Settings, client: aiohttp.ClientSession) -> None:
        """Uses `client` with the limits of `settings`."""
        self._settings = settings
        self._client = client
        self._slots = asyncio.Semaphore(settings.max_concurrency)
        self._monitor = AvailabilityMonitor(settings, client)

    async def check(
        self, credential: Credential, request_id: str, traceparent: str | None = None
    ) -> Verdict:
        """The verdict on a credential; takes at most the wait for a slot, `timeout_seconds`, plus that for a probe."""
        flaw = reject_unsendable(credential)
        if flaw is not None:
            return flaw
        refusal = await self._monitor.find_refusal()
        if refusal is not None:
            return refusal
        if not await self._acquire_slot():
            return Unavailable("auth_busy", "all max_concurrency calls were in use")
        try:
            return await self._request_verdict(credential, request_id, traceparent)
        finally:
            self._slots.release()

    async def _acquire_slot(self) -> bool:
        if not self._slots.locked():
            await self._slots.acquire()  # returns at once
            return True
        try:
            # Not part of the response timeout: a busy API is not a failure of the auth server.
            await asyncio.wait_for(self._slots.acquire(), self._settings.connect_timeout_seconds)
        except asyncio.TimeoutError:
            return False
        return True

    async def _request_verdict(
        self, credential: Credential, request_id: str, traceparent: str | None
    ) -> Verdict:
        headers = {"x-request-id": request_id}
        if traceparent is not None:
            headers["traceparent"] = traceparent
        if credential.cookie is not None:
            headers["cookie"] = header_text(credential.cookie)
        if credential.bearer is not None:
            headers["authorization"] = f"Bearer {header_text(credential.bearer)}"
        try:
            response = await fetch(
                self._client, self._settings, self._settings.endpoint, headers=headers
            )
        except NoResponseError as error:
            if error.verdict.reason in ("auth_timeout", "auth_unreachable"):
                self._monitor.record_no_response()
            return error.verdict
        if credential.size > COMMON_HEADER_BYTES and is_header_too_large(
            response.status, response.body
        ):
            return reject_unsendable(credential, limit_bytes=COMMON_HEADER_BYTES) or read_response(
                response, self._settings
            )
        verdict = read_response(response, self._settings)
        self._monitor.record_response(response.status, verdict)
        return verdict

    def close(self) -> None:
        """Cancels background probes."""
        self._monitor.close()

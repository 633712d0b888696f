"""Asks the auth server who a credential belongs to: so many questions at once, and none while it is left alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from .answers import read_answer
from .credential import Credential
from .credential_bounds import COMMON_HEADER_BYTES, find_flaw, too_large_there
from .fetching import NoAnswerError, fetch
from .http_client import create_client
from .settings import Settings
from .verdict import CannotTell, Verdict
from .watch import Watch


@asynccontextmanager
async def open_client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A client for `Asker`, closed at the block's end."""
    async with create_client(settings) as client:
        yield client


class Asker:
    """Gives a verdict for every outcome and raises nothing."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        """Asks through `client` as `settings` say."""
        self._settings = settings
        self._client = client
        self._places = asyncio.Semaphore(settings.max_concurrency)
        self._watch = Watch(settings, client)

    async def ask(self, credential: Credential, request_id: str) -> Verdict:
        """Who is it? Takes the time to get a place and `timeout_seconds` at most; after failures twice that."""
        flaw = find_flaw(credential)
        if flaw is not None:
            return flaw
        refusal = await self._watch.refusal()
        if refusal is not None:
            return refusal
        try:
            # Apart from the answer's own time: a full API is no failure of the auth server.
            await asyncio.wait_for(self._places.acquire(), self._settings.connect_timeout_seconds)
        except asyncio.TimeoutError:
            return CannotTell("auth_busy", "max_concurrency questions were under way all the time")
        try:
            return await self._ask_now(credential, request_id)
        finally:
            self._places.release()

    async def _ask_now(self, credential: Credential, request_id: str) -> Verdict:
        headers = [(b"x-request-id", request_id.encode("ascii"))]
        if credential.cookie is not None:
            headers.append((b"cookie", credential.cookie))
        if credential.bearer is not None:
            headers.append((b"authorization", b"Bearer " + credential.bearer))
        try:
            answer = await fetch(
                self._client, self._settings, self._settings.endpoint, headers=headers
            )
        except NoAnswerError as error:
            if error.verdict.reason in ("auth_timeout", "auth_unreachable"):
                self._watch.missed()
            return error.verdict
        if credential.size > COMMON_HEADER_BYTES and too_large_there(answer.status, answer.body):
            return find_flaw(credential, limit_bytes=COMMON_HEADER_BYTES) or read_answer(
                answer, self._settings
            )
        verdict = read_answer(answer, self._settings)
        self._watch.heard(answer.status, verdict)
        return verdict

    def close(self) -> None:
        """Ends what runs without a visitor."""
        self._watch.close()

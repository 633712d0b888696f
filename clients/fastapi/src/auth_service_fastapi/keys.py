"""The auth server's published keys (RFC 7517): fetched when needed, kept, and never fetched more often than allowed."""

import asyncio
import math
import time
from typing import Any

import httpx
import jwt

from .log import logger
from .settings import Settings

#: A stranger can invent key ids; without a pause each would cost the auth server a request.
PAUSE_SECONDS = 10.0

#: After so long the keys are fetched again, so that a withdrawn key stops counting.
MAX_AGE_SECONDS = 3600.0

#: Invented key ids kept in mind between two fetches.
_MAX_ABSENT = 1000


class KeysUnavailableError(Exception):
    """The key that is needed may exist, and cannot be fetched now."""

    def __init__(self, detail: str, retry_after_seconds: int) -> None:
        """Says why, for the log, and when to ask again."""
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class PublishedKeys:
    """Key id → public key, of the algorithms allowed alone."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        """Holds no key until the first is asked for."""
        self._settings = settings
        self._client = client
        self._lock = asyncio.Lock()
        self._keys: dict[str, jwt.PyJWK] = {}
        self._absent: set[str] = set()
        self._fetched_at = -math.inf
        self._tried_at = -math.inf

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key, or None where the auth server publishes none of this id."""
        if kid in self._keys and (self._is_fresh or self._lock.locked()):
            return self._keys[kid]
        async with self._lock:
            if kid in self._keys and self._is_fresh:
                return self._keys[kid]
            if kid in self._absent and self._is_fresh:
                return None
            return await self._fetch_for(kid)

    @property
    def _is_fresh(self) -> bool:
        return time.monotonic() - self._fetched_at < MAX_AGE_SECONDS

    async def _fetch_for(self, kid: str) -> jwt.PyJWK | None:
        known = self._keys.get(kid)
        pause = self._tried_at + PAUSE_SECONDS - time.monotonic()
        complaint: str | None = "the keys were fetched just now"
        if pause <= 0:
            complaint = await self._fetch()
            pause = PAUSE_SECONDS
        if complaint is None:
            known = self._keys.get(kid)
            if known is None and len(self._absent) < _MAX_ABSENT:
                self._absent.add(kid)
            return known
        if known is None:
            raise KeysUnavailableError(complaint, math.ceil(pause))
        # Keys change once in months: an auth server that is down must not sign anybody out.
        return known

    async def _fetch(self) -> str | None:
        """None, or what went wrong."""
        place = f"{self._settings.url}{self._settings.jwks_endpoint}"
        try:
            answer = await asyncio.wait_for(
                self._client.get(self._settings.jwks_endpoint), self._settings.timeout_seconds
            )
            told = answer.json() if answer.status_code == 200 else None
        except (httpx.HTTPError, asyncio.TimeoutError, ValueError) as error:
            complaint = f"{place}: {type(error).__name__} {error}"
        else:
            keys = told.get("keys") if isinstance(told, dict) else None
            if isinstance(keys, list):
                self._keys = dict(filter(None, (self._read(key) for key in keys)))
                self._absent.clear()
                self._fetched_at = self._tried_at = time.monotonic()
                return None
            complaint = f"{place} answered {answer.status_code} and no keys"
        self._tried_at = time.monotonic()
        logger.error("no published keys: %s", complaint)
        return complaint

    def _read(self, told: Any) -> tuple[str, jwt.PyJWK] | None:
        if not isinstance(told, dict) or not isinstance(told.get("kid"), str):
            return None
        try:
            key = jwt.PyJWK(told)
        except jwt.PyJWTError:
            return None  # a kind of key we do not know
        is_for_us = (
            key.algorithm_name in self._settings.algorithms and told.get("use", "sig") == "sig"
        )
        return (told["kid"], key) if is_for_us else None

"""The auth server's published keys (RFC 7517): fetched on demand, cached, and refetched at a limited rate."""

import math
import time

import aiohttp
import jwt

from .http_fetch import NoResponseError, fetch
from .key_set import KeySet, UnusableKeyError, read_key_set
from .log import logger, one_line
from .settings import Settings
from .single_flight import SingleFlight

#: Anybody can send unknown key ids; without a cooldown each would cause a request to the auth server.
COOLDOWN_SECONDS = 10.0

#: The keys are refetched after this long, so that a removed key is no longer accepted.
MAX_AGE_SECONDS = 3600.0

#: Unknown key ids remembered between two fetches.
_MAX_UNKNOWN_KIDS = 1000

#: A key id of BetterAuth has 32 characters.
_MAX_KID_LENGTH = 256


class KeysUnavailableError(Exception):
    """The key may exist, but the keys cannot be fetched now."""

    def __init__(self, detail: str, retry_after_seconds: int) -> None:
        """The detail is for the log."""
        super().__init__(detail)
        self.retry_after_seconds = retry_after_seconds


class PublishedKeys:
    """Finds public keys by key id, restricted to the accepted algorithms."""

    def __init__(self, settings: Settings, client: aiohttp.ClientSession) -> None:
        """Fetches nothing before the first `find`."""
        self._settings = settings
        self._client = client
        self._fetching: SingleFlight[str | None] = SingleFlight(self._fetch)
        self._keys = KeySet([])
        self._unknown_kids: set[str] = set()
        self._fetched_at = -math.inf
        self._last_attempt_at = -math.inf

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key, or None if the auth server publishes no such key."""
        if len(kid) > _MAX_KID_LENGTH:
            return None
        known = self._known(kid)
        if self._is_fresh and (known is not None or kid in self._unknown_kids):
            return known
        if self._fetching.is_running and known is not None:
            return known
        cooldown = self._last_attempt_at + COOLDOWN_SECONDS - time.monotonic()
        problem: str | None = "the keys were fetched moments ago"
        if cooldown <= 0 or self._fetching.is_running:
            problem = await self._fetching.join()
            cooldown = COOLDOWN_SECONDS
        if problem is None:
            known = self._known(kid)
            if known is None and len(self._unknown_kids) < _MAX_UNKNOWN_KIDS:
                self._unknown_kids.add(kid)
            return known
        if known is None:
            raise KeysUnavailableError(problem, math.ceil(cooldown))
        # Keys rotate rarely: an outage of the auth server must not sign users out.
        return known

    def close(self) -> None:
        """Cancels a running fetch."""
        self._fetching.close()

    @property
    def _is_fresh(self) -> bool:
        return time.monotonic() - self._fetched_at < MAX_AGE_SECONDS

    def _known(self, kid: str) -> jwt.PyJWK | None:
        try:
            return self._keys.find(kid, tuple(self._settings.algorithms))
        except UnusableKeyError as error:
            url = f"{self._settings.url}{self._settings.jwks_endpoint}"
            problem = f"{url} publishes {error}"
            raise KeysUnavailableError(problem, math.ceil(COOLDOWN_SECONDS)) from None

    async def _fetch(self) -> str | None:
        """None, or the problem."""
        self._last_attempt_at = time.monotonic()
        try:
            problem, keys = read_key_set(
                await fetch(self._client, self._settings, self._settings.jwks_endpoint)
            )
        except NoResponseError as error:
            problem, keys = error.verdict.detail, None
        self._last_attempt_at = time.monotonic()
        if keys is not None:
            self._keys = keys
            self._unknown_kids.clear()
            self._fetched_at = self._last_attempt_at
            return None
        logger.error("cannot fetch the published keys: %s", one_line(problem))
        return problem

"""The auth server's published keys (RFC 7517): fetched when needed, kept, and never fetched more often than allowed."""

import math
import time

import httpx
import jwt

from .fetching import NoAnswerError, fetch
from .key_set import KeySet, UnusableKeyError, read_key_set
from .log import logger, one_line
from .settings import Settings
from .single_flight import SingleFlight

#: A stranger can invent key ids; without a pause each would cost the auth server a request.
PAUSE_SECONDS = 10.0

#: After so long the keys are fetched again, so that a withdrawn key stops counting.
MAX_AGE_SECONDS = 3600.0

#: Invented key ids kept in mind between two fetches.
_MAX_ABSENT = 1000

#: A key id of BetterAuth's has 32 letters.
_MAX_KID = 256


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
        self._fetching: SingleFlight[str | None] = SingleFlight(self._fetch)
        self._keys = KeySet([])
        self._absent: set[str] = set()
        self._fetched_at = -math.inf
        self._tried_at = -math.inf

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key, or None where the auth server publishes none of this id."""
        if len(kid) > _MAX_KID:
            return None
        known = self._known(kid)
        if self._is_fresh and (known is not None or kid in self._absent):
            return known
        if self._fetching.is_under_way and known is not None:
            return known
        pause = self._tried_at + PAUSE_SECONDS - time.monotonic()
        complaint: str | None = "the keys were fetched just now"
        if pause <= 0 or self._fetching.is_under_way:
            complaint = await self._fetching.join()
            pause = PAUSE_SECONDS
        if complaint is None:
            known = self._known(kid)
            if known is None and len(self._absent) < _MAX_ABSENT:
                self._absent.add(kid)
            return known
        if known is None:
            raise KeysUnavailableError(complaint, math.ceil(pause))
        # Keys change once in months: an auth server that is down must not sign anybody out.
        return known

    def close(self) -> None:
        """Ends a fetch for which nobody waits any more."""
        self._fetching.close()

    @property
    def _is_fresh(self) -> bool:
        return time.monotonic() - self._fetched_at < MAX_AGE_SECONDS

    def _known(self, kid: str) -> jwt.PyJWK | None:
        try:
            return self._keys.find(kid, tuple(self._settings.algorithms))
        except UnusableKeyError as error:
            place = f"{self._settings.url}{self._settings.jwks_endpoint}"
            complaint = f"{place} publishes {error}"
            raise KeysUnavailableError(complaint, math.ceil(PAUSE_SECONDS)) from None

    async def _fetch(self) -> str | None:
        """None, or what went wrong."""
        self._tried_at = time.monotonic()
        try:
            complaint, keys = read_key_set(
                await fetch(self._client, self._settings, self._settings.jwks_endpoint)
            )
        except NoAnswerError as error:
            complaint, keys = error.verdict.detail, None
        self._tried_at = time.monotonic()
        if keys is not None:
            self._keys = keys
            self._absent.clear()
            self._fetched_at = self._tried_at
            return None
        logger.error("no published keys: %s", one_line(complaint))
        return complaint

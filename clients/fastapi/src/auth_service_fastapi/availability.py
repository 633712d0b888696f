"""Decides whether to call the auth server. Only a failed probe opens the circuit breaker, never a user's request.

A user can make their own requests fail, for example with a cookie for which a firewall closes the connection. Such a
failure is only a suspicion: it leads to a probe, a request without any user's data, and the probe decides.
"""

import time

import aiohttp

from .circuit_breaker import CircuitBreaker
from .http_fetch import NoResponseError, fetch
from .log import logger, one_line
from .responses import read_response
from .settings import SESSION_ENDPOINT, Settings
from .single_flight import SingleFlight
from .verdict import Cause, Unavailable, Verdict

#: Reports whether the auth service's database is available. Other servers have no such path.
_READY_ENDPOINT = "/ready"

#: Statuses by which a proxy or the service reports that it has no backend.
_DOWN = (502, 503, 504)

#: The causes of a request without any response.
_NO_RESPONSE: tuple[Cause, ...] = ("auth_timeout", "auth_unreachable")


class AvailabilityMonitor:
    """Is asked before each request to the auth server, and informed about its outcome."""

    def __init__(self, settings: Settings, client: aiohttp.ClientSession) -> None:
        """Starts with the circuit closed."""
        self._settings = settings
        self._client = client
        self._probing: SingleFlight[Unavailable | None] = SingleFlight(self._probe)
        self._probing_limit: SingleFlight[Unavailable | None] = SingleFlight(self._probe_limit)
        #: A user's request got 429. A limit on this API's address affects all users, a rule on one cookie does not.
        self._may_be_limited = False
        self._breaker = CircuitBreaker(
            failures=settings.breaker_failures,
            open_seconds=settings.breaker_open_seconds,
            now=time.monotonic,
        )

    async def find_refusal(self) -> Unavailable | None:
        """None if the auth server may be called. Takes at most `timeout_seconds`, for a probe."""
        seconds = self._breaker.seconds_until_trial()
        if seconds is not None:
            return Unavailable(
                "auth_not_asked", "the circuit breaker is open after consecutive failures", seconds
            )
        is_trial = self._breaker.is_open
        if self._may_be_limited and not is_trial:
            limit = await self._probing_limit.join()
            if limit is not None:
                return limit
        if not (is_trial or self._breaker.is_suspicious):
            return None
        failure = await self._probing.join()
        if is_trial and failure is not None and failure.reason not in _NO_RESPONSE:
            # Not ready, but reachable: it may still answer this request.
            return None
        return failure

    def record_response(self, status: int, verdict: Verdict) -> None:
        """A user's request got a response."""
        if status == 429:
            self._may_be_limited = True
        elif status in _DOWN:
            self._breaker.record_suspicion()
        elif not isinstance(verdict, Unavailable):
            # Any other status (400, 500) may be caused by this user's cookie, so it proves nothing.
            self._record_success()

    def record_no_response(self) -> None:
        """A user's request got no response."""
        self._breaker.record_suspicion()

    def close(self) -> None:
        """Cancels running probes."""
        self._probing.close()
        self._probing_limit.close()

    async def _probe(self) -> Unavailable | None:
        is_own_service = self._settings.endpoint == SESSION_ENDPOINT
        path = _READY_ENDPOINT if is_own_service else self._settings.endpoint
        try:
            response = await fetch(self._client, self._settings, path)
        except NoResponseError as error:
            return self._record_failure(error.verdict)
        verdict = read_response(response, self._settings)
        if response.status in (*_DOWN, 429) and isinstance(verdict, Unavailable):
            return self._record_failure(verdict)
        self._record_success()
        return None

    async def _probe_limit(self) -> Unavailable | None:
        """Requests the users' endpoint without a credential, because a rate limit may apply per path."""
        self._may_be_limited = False
        try:
            response = await fetch(self._client, self._settings, self._settings.endpoint)
        except NoResponseError:
            self._breaker.record_suspicion()
            return None
        verdict = read_response(response, self._settings)
        if response.status != 429 or not isinstance(verdict, Unavailable):
            return None
        # More requests would prolong the limit.
        if self._breaker.open_for(verdict.retry_after_seconds):
            logger.warning("%s", one_line(verdict.detail))
        return verdict

    def _record_success(self) -> None:
        if self._breaker.record_success():
            logger.warning("%s is available again: the circuit breaker closed", self._settings.url)

    def _record_failure(self, verdict: Unavailable) -> Unavailable:
        if self._breaker.record_failure():
            logger.error(
                "the circuit breaker for %s opened for %g s after %d consecutive failures, the last: %s",
                self._settings.url,
                self._settings.breaker_open_seconds,
                self._settings.breaker_failures,
                one_line(verdict.detail),
            )
        return verdict

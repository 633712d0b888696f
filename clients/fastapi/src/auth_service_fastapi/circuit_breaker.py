"""Stops calling an auth server that is down or hangs, so that its timeouts do not become the API's."""

import math
from collections.abc import Callable


class CircuitBreaker:
    """Opens after consecutive failures; while open, one request per period passes as a trial."""

    def __init__(self, *, failures: int, open_seconds: float, now: Callable[[], float]) -> None:
        """Starts closed.

        :param now: monotonic seconds
        """
        self._allowed_failures = failures
        self._max_suspicions = max(1, failures - 1)
        self._open_seconds = open_seconds
        self._now = now
        self._failures = 0
        self._open_until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether requests are rejected, except for trials."""
        return self._open_until is not None

    def seconds_until_trial(self) -> int | None:
        """None: the request may pass. Otherwise the whole seconds until the next trial, at least 1.

        A trial starts the next period before its outcome is known. So a trial that is cancelled blocks nothing, and
        while one hangs the next follows a period later.
        """
        if self._open_until is None:
            return None
        remaining = self._open_until - self._now()
        if remaining <= 0:
            self._open_until = self._now() + self._open_seconds
            return None
        return max(1, math.ceil(remaining))

    def record_success(self) -> bool:
        """The auth server answered, with any result. True if this closed the circuit."""
        was_open = self.is_open
        self._failures = 0
        self._open_until = None
        return was_open

    @property
    def is_suspicious(self) -> bool:
        """Whether one more failure would open the circuit."""
        return self._failures >= self._max_suspicions

    def record_suspicion(self) -> None:
        """A user's request failed. The user can provoke that, so suspicions never open the circuit."""
        self._failures = min(self._failures + 1, self._max_suspicions)

    def record_failure(self) -> bool:
        """The auth server could not be reached or timed out. True if this opened the circuit."""
        self._failures += 1
        if self.is_open or self._failures < self._allowed_failures:
            return False
        return self.open_for(self._open_seconds)

    def open_for(self, seconds: float) -> bool:
        """The auth server asked for a pause (Retry-After). True if this opened the circuit."""
        was_open = self.is_open
        self._open_until = self._now() + seconds
        return not was_open

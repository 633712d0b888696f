"""Stops asking an auth server that is down or hangs, so that it does not take the API's own time with it."""

import math
from collections.abc import Callable


class Breaker:
    """Opens after so many failures in a row; while open, one question in each period goes through as a trial."""

    def __init__(self, *, failures: int, open_seconds: float, now: Callable[[], float]) -> None:
        """Starts closed.

        :param now: seconds on a clock that never goes back
        """
        self._allowed_failures = failures
        self._most_suspicions = max(1, failures - 1)
        self._open_seconds = open_seconds
        self._now = now
        self._failures = 0
        self._open_until: float | None = None

    @property
    def is_open(self) -> bool:
        """Whether questions are refused, trials apart."""
        return self._open_until is not None

    def refusal_seconds(self) -> int | None:
        """None: ask. Otherwise the whole seconds until the next trial, 1 at least.

        A trial renews the period before its outcome is known. So it needs no end: one whose visitor hangs up
        blocks nothing, and while one hangs the next follows a period later.
        """
        if self._open_until is None:
            return None
        remaining = self._open_until - self._now()
        if remaining <= 0:
            self._open_until = self._now() + self._open_seconds
            return None
        return max(1, math.ceil(remaining))

    def succeeded(self) -> bool:
        """The auth server answered, whatever it said. Gives True where this closed the breaker."""
        was_open = self.is_open
        self._failures = 0
        self._open_until = None
        return was_open

    @property
    def is_suspicious(self) -> bool:
        """Whether one more failure would open it."""
        return self._failures >= self._most_suspicions

    def suspected(self) -> None:
        """Somebody's question failed. He may have made it fail himself, so this alone never opens the breaker."""
        self._failures = min(self._failures + 1, self._most_suspicions)

    def failed(self) -> bool:
        """The auth server could not be reached or hung. Gives True where this opened the breaker."""
        self._failures += 1
        if self.is_open or self._failures < self._allowed_failures:
            return False
        return self.open_for(self._open_seconds)

    def open_for(self, seconds: float) -> bool:
        """The auth server said when to come back. Gives True where this opened the breaker."""
        was_open = self.is_open
        self._open_until = self._now() + seconds
        return not was_open

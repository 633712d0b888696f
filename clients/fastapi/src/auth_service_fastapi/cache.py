"""Remembers valid sessions for seconds. Off unless asked for: while it remembers, a sign-out goes unnoticed."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from .verdict import SignedIn, Verdict


class VerdictCache:
    """A bounded table from a credential's hash to its identity. Equal questions at once are asked once."""

    def __init__(self, *, seconds: float, max_entries: int, now: Callable[[], float]) -> None:
        """Starts empty.

        :param now: seconds on a clock that never goes back
        """
        self._seconds = seconds
        self._max_entries = max_entries
        self._now = now
        self._remembered: OrderedDict[bytes, tuple[float, SignedIn]] = OrderedDict()
        self._under_way: dict[bytes, asyncio.Task[Verdict]] = {}

    async def get(
        self, digest: bytes, ask: Callable[[], Awaitable[Verdict]]
    ) -> tuple[Verdict, bool]:
        """The verdict for this credential, and whether it was shared or remembered instead of asked for."""
        remembered = self._remembered.get(digest)
        if remembered is not None and self._now() < remembered[0]:
            self._remembered.move_to_end(digest)
            return remembered[1], True
        task = self._under_way.get(digest)
        is_shared = task is not None
        if task is None:
            task = asyncio.create_task(self._ask(digest, ask))
            self._under_way[digest] = task
        # A visitor who hangs up must not end the question for the others who wait for it.
        return await asyncio.shield(task), is_shared

    async def _ask(self, digest: bytes, ask: Callable[[], Awaitable[Verdict]]) -> Verdict:
        asked_at = self._now()
        try:
            verdict = await ask()
            if isinstance(verdict, SignedIn):
                self._remember(digest, verdict, asked_at)
            return verdict
        finally:
            del self._under_way[digest]

    def _remember(self, digest: bytes, verdict: SignedIn, asked_at: float) -> None:
        seconds = self._seconds
        if verdict.session is not None:
            seconds = min(seconds, verdict.session.expires_at.timestamp() - time.time())
        self._remembered[digest] = (asked_at + seconds, verdict)
        self._remembered.move_to_end(digest)
        while len(self._remembered) > self._max_entries:
            self._remembered.popitem(last=False)

    def close(self) -> None:
        """Ends the questions for which nobody waits any more."""
        for task in list(self._under_way.values()):
            task.cancel()

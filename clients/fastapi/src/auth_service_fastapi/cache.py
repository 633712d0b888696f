"""Caches valid sessions for seconds. Off by default: a cached session outlives its sign-out."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from .verdict import SignedIn, Verdict


class VerdictCache:
    """An LRU map from a credential's hash to its identity. Concurrent requests for one credential share one call."""

    def __init__(self, *, seconds: float, max_entries: int, now: Callable[[], float]) -> None:
        """Starts empty.

        :param now: monotonic seconds
        """
        self._seconds = seconds
        self._max_entries = max_entries
        self._now = now
        self._entries: OrderedDict[bytes, tuple[float, SignedIn]] = OrderedDict()
        self._pending: dict[bytes, asyncio.Task[Verdict]] = {}

    async def get(
        self, digest: bytes, fetch: Callable[[], Awaitable[Verdict]]
    ) -> tuple[Verdict, bool]:
        """The verdict for this credential, and whether it was shared or cached."""
        entry = self._entries.get(digest)
        if entry is not None and self._now() < entry[0]:
            self._entries.move_to_end(digest)
            return entry[1], True
        task = self._pending.get(digest)
        is_shared = task is not None
        if task is None:
            task = asyncio.create_task(self._fetch(digest, fetch))
            self._pending[digest] = task
        # shield: a client that disconnects must not cancel the call for the others that wait for it.
        return await asyncio.shield(task), is_shared

    async def _fetch(self, digest: bytes, fetch: Callable[[], Awaitable[Verdict]]) -> Verdict:
        started_at = self._now()
        try:
            verdict = await fetch()
            if isinstance(verdict, SignedIn):
                self._store(digest, verdict, started_at)
            return verdict
        finally:
            del self._pending[digest]

    def _store(self, digest: bytes, verdict: SignedIn, started_at: float) -> None:
        seconds = self._seconds
        if verdict.session is not None:
            seconds = min(seconds, verdict.session.expires_at.timestamp() - time.time())
        self._entries[digest] = (started_at + seconds, verdict)
        self._entries.move_to_end(digest)
        while len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)

    def close(self) -> None:
        """Cancels pending calls."""
        for task in list(self._pending.values()):
            task.cancel()

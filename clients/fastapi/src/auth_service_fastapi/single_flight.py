"""Concurrent callers share one run of an async function; a caller that is cancelled does not cancel it for others."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """At most one run of `work` at a time."""

    def __init__(self, work: Callable[[], Awaitable[Result]]) -> None:
        """Starts nothing yet."""
        self._work = work
        self._task: asyncio.Task[Result] | None = None

    async def join(self) -> Result:
        """The result of the current run, or of a new one."""
        if self._task is None or not self.is_running:
            self._task = asyncio.create_task(self._run())
        return await asyncio.shield(self._task)

    @property
    def is_running(self) -> bool:
        """Whether a run has not finished."""
        return self._task is not None and not self._task.done()

    async def _run(self) -> Result:
        return await self._work()

    def close(self) -> None:
        """Cancels the current run."""
        if self._task is not None:
            self._task.cancel()

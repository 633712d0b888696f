"""One piece of work for everybody who waits for it; a visitor who hangs up ends it for nobody."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class SingleFlight(Generic[Result]):
    """Runs `work` once at a time, however many join."""

    def __init__(self, work: Callable[[], Awaitable[Result]]) -> None:
        """Does nothing yet."""
        self._work = work
        self._task: asyncio.Task[Result] | None = None

    async def join(self) -> Result:
        """The result of the run that is under way, or of a new one."""
        if self._task is None or not self.is_under_way:
            self._task = asyncio.create_task(self._run())
        return await asyncio.shield(self._task)

    @property
    def is_under_way(self) -> bool:
        """Whether somebody's work is not done."""
        return self._task is not None and not self._task.done()

    async def _run(self) -> Result:
        return await self._work()

    def close(self) -> None:
        """Ends the run for which nobody waits any more."""
        if self._task is not None:
            self._task.cancel()

"""What is open while the API runs: connections, places, memory. Each event loop has its own, for none can be shared."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Optional

from .asking import Asker
from .cache import VerdictCache
from .http_client import PACKAGE, create_client
from .log import logger
from .settings import Settings

if TYPE_CHECKING:
    from .tokens import TokenVerifier


class Running:
    """The parts by which a request is judged."""

    def __init__(self, settings: Settings) -> None:
        """Connects with the first question."""
        self.client = create_client(settings)
        self.asker = Asker(settings, self.client)
        self.verifier = self._create_verifier(settings)
        self.cache: VerdictCache | None = None
        if settings.cache_seconds > 0:
            self.cache = VerdictCache(
                seconds=settings.cache_seconds,
                max_entries=settings.cache_entries,
                now=time.monotonic,
            )
        #: Lifespans that use it. What no lifespan opened lives as long as its loop.
        self.holders = 0
        self.keeper: AsyncGenerator[None, None] | None = None

    def _create_verifier(self, settings: Settings) -> Optional["TokenVerifier"]:
        if settings.mode != "jwt":
            return None
        try:
            from .tokens import TokenVerifier  # only this mode needs PyJWT
        except ImportError as error:
            raise RuntimeError(f"mode=\"jwt\" needs more: pip install '{PACKAGE}[jwt]'") from error
        return TokenVerifier(settings, self.client)

    async def close(self) -> None:
        """Ends what nobody waits for any more, and the connections."""
        self.asker.close()
        if self.verifier is not None:
            self.verifier.close()
        if self.cache is not None:
            self.cache.close()
        await self.client.aclose()


class RunningByLoop:
    """Opens in a lifespan, or with the first request where no lifespan runs (Mangum, a test client without `with`)."""

    def __init__(self, settings: Settings) -> None:
        """Opens nothing yet."""
        self._settings = settings
        self._by_loop: dict[asyncio.AbstractEventLoop, Running] = {}
        self._has_told = False

    async def get(self) -> Running:
        """What is open on this loop; opened now where it must be."""
        loop = asyncio.get_running_loop()
        running = self._by_loop.get(loop)
        if running is None:
            if not self._has_told:
                self._has_told = True
                logger.info(
                    "no lifespan runs here: opened with the first request, without the start-up check"
                )
            # Nothing is awaited between the look and the entry, so two first requests share one.
            running = self._open(loop)
            # The loop closes its generators when it ends, and so ours closes the connections.
            running.keeper = self._close_with_loop(loop, running)
            await anext(running.keeper)
        return running

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Running]:
        """Open until the block ends; shared by the lifespans of one loop."""
        loop = asyncio.get_running_loop()
        running = self._by_loop.get(loop) or self._open(loop)
        running.holders += 1
        try:
            yield running
        finally:
            running.holders -= 1
            if running.holders == 0:
                self._by_loop.pop(loop, None)
                await running.close()

    def _open(self, loop: asyncio.AbstractEventLoop) -> Running:
        for ended in [each for each in self._by_loop if each.is_closed()]:
            del self._by_loop[ended]
        self._by_loop[loop] = running = Running(self._settings)
        return running

    async def _close_with_loop(
        self, loop: asyncio.AbstractEventLoop, running: Running
    ) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            if self._by_loop.get(loop) is running and running.holders == 0:
                del self._by_loop[loop]
                await running.close()

"""Connections, concurrency slots and caches while the API runs. Each event loop has its own: they cannot be shared."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from .auth_client import AuthClient
from .cache import VerdictCache
from .http_client import PACKAGE, create_client
from .log import logger
from .settings import Settings

if TYPE_CHECKING:
    from .tokens import TokenVerifier


class Resources:
    """What a session check needs at run time."""

    def __init__(self, settings: Settings) -> None:
        """Opens no connection before the first request."""
        # First what can raise: a client that is created must be closed.
        verifier_type = _import_verifier() if settings.mode == "jwt" else None
        self.client = create_client(settings)
        self.auth_client = AuthClient(settings, self.client)
        self.verifier = None if verifier_type is None else verifier_type(settings, self.client)
        self.cache: VerdictCache | None = None
        if settings.cache_seconds > 0:
            self.cache = VerdictCache(
                seconds=settings.cache_seconds,
                max_entries=settings.cache_entries,
                now=time.monotonic,
            )
        #: Lifespans that use it. Without a lifespan it lives as long as its loop.
        self.users = 0
        self.closer: AsyncGenerator[None, None] | None = None

    async def close(self) -> None:
        """Cancels background work and closes the connections."""
        self.auth_client.close()
        if self.verifier is not None:
            self.verifier.close()
        if self.cache is not None:
            self.cache.close()
        await self.client.close()


def _import_verifier() -> type["TokenVerifier"]:
    try:
        from .tokens import TokenVerifier  # PyJWT is optional
    except ImportError as error:
        raise RuntimeError(f"mode=\"jwt\" needs PyJWT: pip install '{PACKAGE}[jwt]'") from error
    return TokenVerifier


class ResourcesByLoop:
    """Opens in a lifespan, or with the first request if no lifespan runs (Mangum, a test client without `with`)."""

    def __init__(self, settings: Settings) -> None:
        """Opens nothing yet."""
        self._settings = settings
        self._by_loop: dict[asyncio.AbstractEventLoop, Resources] = {}
        self._has_logged = False

    async def get(self) -> Resources:
        """The resources of the running loop, opened on first use."""
        loop = asyncio.get_running_loop()
        running = self._by_loop.get(loop)
        if running is None:
            if not self._has_logged:
                self._has_logged = True
                logger.info(
                    "no lifespan is running: connections open with the first request, the startup check is skipped"
                )
            # No await between lookup and insert, so two concurrent first requests share one.
            running = self._open(loop)
            # The loop closes its async generators when it ends, and this one closes the connections.
            running.closer = self._close_with_loop(loop, running)
            await anext(running.closer)
        return running

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[Resources]:
        """Keeps the resources open until the block ends; the lifespans of one loop share them."""
        loop = asyncio.get_running_loop()
        running = self._by_loop.get(loop) or self._open(loop)
        running.users += 1
        try:
            yield running
        finally:
            running.users -= 1
            if running.users == 0:
                self._by_loop.pop(loop, None)
                await running.close()

    def _open(self, loop: asyncio.AbstractEventLoop) -> Resources:
        for ended in [each for each in self._by_loop if each.is_closed()]:
            del self._by_loop[ended]
        self._by_loop[loop] = running = Resources(self._settings)
        return running

    async def _close_with_loop(
        self, loop: asyncio.AbstractEventLoop, running: Resources
    ) -> AsyncGenerator[None, None]:
        try:
            yield
        finally:
            if self._by_loop.get(loop) is running and running.users == 0:
                del self._by_loop[loop]
                await running.close()

"""Retries a request once if the server closed a pooled connection while it was idle. A new connection is not retried.

aiohttp would retry on a new connection as well, and so repeat a request for which a firewall closes the connection.
"""

from types import SimpleNamespace

import aiohttp


class ConnectionLostError(Exception):
    """The connection was lost before the response. Not an aiohttp error, so that aiohttp does not retry."""


class StaleConnectionRetry:
    """An aiohttp middleware for one request, and its `trace_request_ctx`."""

    def __init__(self) -> None:
        """Assumes a pooled connection until the trace reports a new one."""
        self.opened_connection = False

    async def __call__(
        self, request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        """Sends the request, again on a lost pooled connection."""
        try:
            return await _send(request, send)
        except ConnectionLostError:
            if self.opened_connection:
                raise
        return await _send(request, send)


async def _send(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    try:
        return await send(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise ConnectionLostError(f"{type(error).__name__} {error}") from error


def trace_new_connections() -> aiohttp.TraceConfig:
    """Reports each new connection to the `StaleConnectionRetry` of its request."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_start.append(_on_connection_create_start)
    return trace


async def _on_connection_create_start(
    _client: aiohttp.ClientSession,
    context: SimpleNamespace,
    _params: aiohttp.TraceConnectionCreateStartParams,
) -> None:
    context.trace_request_ctx.opened_connection = True

"""One GET to the auth server, with limits on time and size. Every failure is a `NoResponseError`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from .settings import Settings
from .strict_json import parse_json
from .verdict import Cause, Unavailable

#: A session is 1 kB, a hundred published keys are 30 kB.
MAX_RESPONSE_BYTES = 1_000_000

#: A body sent byte by byte costs CPU time rather than memory.
_MAX_CHUNKS = 2_000

#: Raised by a pooled connection that the server closed while it was idle.
_CLOSED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)

#: The exception's text can quote the server, so it is cut in the log.
_MAX_QUOTED = 200


@dataclass(frozen=True)
class AuthResponse:
    """A complete response of at most `MAX_RESPONSE_BYTES`."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: httpx.URL

    def header(self, name: str) -> str | None:
        """The header's value, several joined with a comma (RFC 9110, 5.3); None if absent."""
        value: str | None = self.headers.get(name)
        return value

    @property
    def may_be_json(self) -> bool:
        """By its media type (RFC 8259, 11; RFC 6839, 3.1), or because it has none."""
        media_type = (self.header("content-type") or "").split(";")[0].strip().lower()
        return media_type in ("", "application/json") or media_type.endswith("+json")

    def json(self) -> Any:
        """The body as strict JSON.

        :raises ValueError: with a message that quotes nothing from the body
        """
        return parse_json(self.body)


class NoResponseError(Exception):
    """There was no response, or none that can be read."""

    def __init__(self, cause: Cause, detail: str) -> None:
        """The detail is for the log."""
        super().__init__(detail)
        self.verdict = Unavailable(cause, detail)


async def fetch(
    client: httpx.AsyncClient,
    settings: Settings,
    path: str,
    *,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> AuthResponse:
    """The response, within `timeout_seconds`. Raises `NoResponseError` for every failure."""
    try:
        # httpx limits each read; a server that sends single bytes would never time out.
        return await asyncio.wait_for(
            _get_unless_closed(client, settings, path, headers), settings.timeout_seconds
        )
    except NoResponseError:
        raise
    except (httpx.TimeoutException, asyncio.TimeoutError):
        raise NoResponseError("auth_timeout", f"{settings.url} did not answer in time") from None
    except httpx.HTTPError as error:
        said = f"{type(error).__name__} {error}"[:_MAX_QUOTED]
        raise NoResponseError(
            "auth_unreachable", f"{settings.url} cannot be reached: {said}"
        ) from None
    except Exception as error:  # a server can trigger exceptions that httpx does not document
        said = f"{settings.url}{path} sent an unreadable response: {type(error).__name__}"
        raise NoResponseError("auth_unexpected_answer", said) from error


async def _get_unless_closed(
    client: httpx.AsyncClient,
    settings: Settings,
    path: str,
    headers: Sequence[tuple[bytes, bytes]],
) -> AuthResponse:
    was_connected = False

    async def trace(event: str, _info: dict[str, Any]) -> None:
        nonlocal was_connected
        was_connected = was_connected or event == "connection.connect_tcp.started"

    async def get() -> AuthResponse:
        # No renewal: the new cookie would reach this API instead of the browser, whose cookie would expire.
        is_get_session = path == settings.endpoint and settings.uses_get_session
        request = client.build_request(
            "GET",
            path,
            params={"disableRefresh": "true"} if is_get_session else {},
            headers=headers,
            extensions={"trace": trace},
        )
        response = await client.send(request, stream=True)
        try:
            body = await _read_body(response)
        finally:
            await response.aclose()
        return AuthResponse(response.status_code, response.headers, body, request.url)

    try:
        return await get()
    except _CLOSED:
        # The server closed an idle connection while we used it. The loss of a new one is a real failure.
        if was_connected:
            raise
        return await get()


async def _read_body(response: httpx.Response) -> bytes:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise httpx.DecodingError("the response is compressed, although identity was requested")
    length = response.headers.get("content-length", "0")
    size = int(length[:20]) if length.isdigit() else 0
    body = bytearray()
    pieces = 0
    if size <= MAX_RESPONSE_BYTES:
        async for piece in response.aiter_raw():
            body += piece
            pieces += 1
            size = max(size, len(body))
            if size > MAX_RESPONSE_BYTES or pieces > _MAX_CHUNKS:
                break
    if size > MAX_RESPONSE_BYTES or pieces > _MAX_CHUNKS:
        seen = f"more than {MAX_RESPONSE_BYTES} bytes, or {_MAX_CHUNKS} pieces"
        said = f"{response.request.url.copy_with(query=None)} answered with {seen}"
        raise NoResponseError("auth_unexpected_answer", said)
    return bytes(body)

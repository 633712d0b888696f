"""One GET to the auth server, with limits on time and size. Every failure is a `NoResponseError`."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from multidict import CIMultiDictProxy
from yarl import URL

from .http_retry import ConnectionLostError, StaleConnectionRetry
from .settings import Settings
from .strict_json import parse_json
from .verdict import Cause, Unavailable

#: A session is 1 kB, a hundred published keys are 30 kB.
MAX_RESPONSE_BYTES = 1_000_000

#: A body sent byte by byte costs CPU time rather than memory.
_MAX_READS = 2_000

#: The exception's text can quote the server, so it is cut in the log.
_MAX_QUOTED = 200

#: Bytes that are not UTF-8, as `surrogateescape` decodes them, to the characters of Latin-1.
_ESCAPED_BYTES = {0xDC00 + byte: byte for byte in range(0x80, 0x100)}


@dataclass(frozen=True)
class AuthResponse:
    """A complete response of at most `MAX_RESPONSE_BYTES`."""

    status: int
    headers: CIMultiDictProxy[str]
    body: bytes
    url: URL

    def header(self, name: str) -> str | None:
        """The header's value, several joined with a comma (RFC 9110, 5.3); None if absent."""
        values = self.headers.getall(name, None)
        return None if values is None else ", ".join(values)

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
    client: aiohttp.ClientSession,
    settings: Settings,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
) -> AuthResponse:
    """The response, within `timeout_seconds`. Raises `NoResponseError` for every failure."""
    # No renewal: the new cookie would reach this API instead of the browser, whose cookie would expire.
    is_get_session = path == settings.endpoint and settings.uses_get_session
    retry = StaleConnectionRetry()
    try:
        async with client.get(
            f"{settings.url}{path}{'?disableRefresh=true' if is_get_session else ''}",
            headers=headers,
            allow_redirects=False,
            middlewares=(retry,),
            trace_request_ctx=retry,
        ) as response:
            body = await _read_body(response)
            return AuthResponse(response.status, response.headers, body, response.url)
    except NoResponseError:
        raise
    except asyncio.TimeoutError:
        raise NoResponseError("auth_timeout", f"{settings.url} did not answer in time") from None
    except (aiohttp.ClientError, ConnectionLostError) as error:
        name = "" if isinstance(error, ConnectionLostError) else f"{type(error).__name__} "
        detail = f"{name}{error}"[:_MAX_QUOTED]
        raise NoResponseError(
            "auth_unreachable", f"{settings.url} cannot be reached: {detail}"
        ) from None
    except Exception as error:  # a server can trigger exceptions that aiohttp does not document
        detail = f"{settings.url}{path} sent an unreadable response: {type(error).__name__}"
        raise NoResponseError("auth_unexpected_answer", detail) from error


def header_text(value: bytes) -> str:
    """The text that aiohttp sends as these bytes. It sends UTF-8 only: other bytes become Latin-1 characters."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode(errors="surrogateescape").translate(_ESCAPED_BYTES)


async def _read_body(response: aiohttp.ClientResponse) -> bytes:
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise aiohttp.ClientPayloadError("compressed, although identity was requested")
    body = bytearray()
    reads = 0
    is_too_large = (response.content_length or 0) > MAX_RESPONSE_BYTES
    while not is_too_large:
        part = await response.content.readany()
        if not part:
            return bytes(body)
        body += part
        reads += 1
        is_too_large = len(body) > MAX_RESPONSE_BYTES or reads > _MAX_READS
    limits = f"more than {MAX_RESPONSE_BYTES} bytes, or {_MAX_READS} pieces"
    raise NoResponseError(
        "auth_unexpected_answer", f"{response.url.with_query(None)} answered with {limits}"
    )

"""One GET to the auth server, bounded in time and bytes. Whatever it does: an answer, or `NoAnswerError`."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from .json_text import parse_json
from .settings import Settings
from .verdict import CannotTell, Cause

#: An identity is 1 kB, a hundred published keys are 30 kB.
MAX_ANSWER_BYTES = 1_000_000

#: A peer that sends its answer byte by byte costs more time than memory.
_MAX_PIECES = 2_000

#: What a connection does that was closed while it lay in the pool.
_CLOSED = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)

#: What an exception's text may add to a log line: it can quote the peer.
_MAX_QUOTED = 200


@dataclass(frozen=True)
class Answer:
    """A whole answer of `MAX_ANSWER_BYTES` at most."""

    status: int
    headers: httpx.Headers
    body: bytes
    url: httpx.URL

    @property
    def may_be_json(self) -> bool:
        """By its media type (RFC 8259, 11; RFC 6839, 3.1), or where none is told: a page's text is no answer."""
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        return kind in ("", "application/json") or kind.endswith("+json")

    def json(self) -> Any:
        """The body as strict JSON; ValueError where it is none, with a sentence that holds nothing of it."""
        return parse_json(self.body)


class NoAnswerError(Exception):
    """There was none, or none that can be read."""

    def __init__(self, cause: Cause, detail: str) -> None:
        """Says why, for the log."""
        super().__init__(detail)
        self.verdict = CannotTell(cause, detail)


async def fetch(
    client: httpx.AsyncClient,
    settings: Settings,
    path: str,
    *,
    headers: Sequence[tuple[bytes, bytes]] = (),
) -> Answer:
    """The answer, within `timeout_seconds` as a whole. Raises `NoAnswerError`, whatever went wrong."""
    try:
        # httpx bounds each read; a server that sends a byte now and then would hold us for ever.
        return await asyncio.wait_for(
            _get_unless_closed(client, settings, path, headers), settings.timeout_seconds
        )
    except NoAnswerError:
        raise
    except (httpx.TimeoutException, asyncio.TimeoutError):
        raise NoAnswerError("auth_timeout", f"{settings.url} did not answer in time") from None
    except httpx.HTTPError as error:
        said = f"{type(error).__name__} {error}"[:_MAX_QUOTED]
        raise NoAnswerError(
            "auth_unreachable", f"{settings.url} cannot be reached: {said}"
        ) from None
    except Exception as error:  # a peer can make a library raise what it never promised
        said = f"{settings.url}{path} gave an answer that cannot be read: {type(error).__name__}"
        raise NoAnswerError("auth_unexpected_answer", said) from error


async def _get_unless_closed(
    client: httpx.AsyncClient,
    settings: Settings,
    path: str,
    headers: Sequence[tuple[bytes, bytes]],
) -> Answer:
    was_connected = False

    async def trace(event: str, _info: dict[str, Any]) -> None:
        nonlocal was_connected
        was_connected = was_connected or event == "connection.connect_tcp.started"

    async def get() -> Answer:
        # A server must not renew a session: it would drop the Set-Cookie, and the browser's cookie would die.
        is_get_session = path == settings.endpoint and settings.asks_better_auth
        request = client.build_request(
            "GET",
            path,
            params={"disableRefresh": "true"} if is_get_session else {},
            headers=headers,
            extensions={"trace": trace},
        )
        answer = await client.send(request, stream=True)
        try:
            body = await _read_body(answer)
        finally:
            await answer.aclose()
        return Answer(answer.status_code, answer.headers, body, request.url)

    try:
        return await get()
    except _CLOSED:
        # The server closed an idle connection just as we used it. A new one that broke is a real failure.
        if was_connected:
            raise
        return await get()


async def _read_body(answer: httpx.Response) -> bytes:
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise httpx.DecodingError("the answer is compressed, though asked for as it is")
    length = answer.headers.get("content-length", "0")
    size = int(length[:20]) if length.isdigit() else 0
    body = bytearray()
    pieces = 0
    if size <= MAX_ANSWER_BYTES:
        async for piece in answer.aiter_raw():
            body += piece
            pieces += 1
            size = max(size, len(body))
            if size > MAX_ANSWER_BYTES or pieces > _MAX_PIECES:
                break
    if size > MAX_ANSWER_BYTES or pieces > _MAX_PIECES:
        seen = f"more than {MAX_ANSWER_BYTES} bytes, or {_MAX_PIECES} pieces"
        said = f"{answer.request.url.copy_with(query=None)} answered with {seen}"
        raise NoAnswerError("auth_unexpected_answer", said)
    return bytes(body)

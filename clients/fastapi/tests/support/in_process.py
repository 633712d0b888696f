"""Calls an application over ASGI without a server: any header bytes, any scheme, with or without a lifespan."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from fastapi import FastAPI

Pairs = Iterable[tuple[bytes, bytes]]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Said:
    """What the application answered."""

    status: int
    headers: dict[str, str]
    body: bytes
    #: Of a websocket: how it ended before it opened; None where it opened.
    close_code: int | None = None
    #: Of a websocket that opened: the texts it sent.
    texts: tuple[str, ...] = ()

    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


async def request(
    app: Any,
    path: str = "/me",
    headers: Pairs = ((b"cookie", b"a=1"),),
    *,
    websocket: bool = False,
    extensions: dict[str, Any] | None = None,
    scheme: str | None = None,
    state: dict[str, Any] | None = None,
) -> Said:
    """One request. `state` is what a lifespan yielded."""
    sent: list[dict[str, Any]] = []
    kind = "websocket" if websocket else "http"
    incoming = [
        {"type": "websocket.connect"}
        if websocket
        else {"type": "http.request", "body": b"", "more_body": False}
    ]

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop()
        return {"type": f"{kind}.disconnect", "code": 1000}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": scheme or ("ws" if websocket else "http"),
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"api.example.com"), *headers],
        "server": ("api.example.com", 80),
        "client": ("203.0.113.7", 5000),
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}} if extensions is None else extensions,
        **({} if state is None else {"state": dict(state)}),
    }
    await app(scope, receive, send)
    return _said(sent)


def _said(sent: list[dict[str, Any]]) -> Said:
    first = sent[0]
    if first["type"] == "websocket.accept":
        texts = tuple(each["text"] for each in sent if each["type"] == "websocket.send")
        return Said(101, {"subprotocol": first.get("subprotocol") or ""}, b"", None, texts)
    if first["type"] == "websocket.close":
        return Said(403, {"reason": first.get("reason", "")}, b"", first["code"])
    headers = {name.decode().lower(): value.decode() for name, value in first["headers"]}
    return Said(first["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """The application's lifespan; gives its state."""
    async with app.router.lifespan_context(app) as state:
        yield dict(state or {})


def run(steps: Callable[[], Awaitable[Result]]) -> Result:
    """In an event loop of its own."""

    async def go() -> Result:
        return await steps()

    return asyncio.run(go())

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
class Reply:
    """The response of the application."""

    status: int
    headers: dict[str, str]
    body: bytes
    #: Of a websocket: the close code if it was rejected; None if it opened.
    close_code: int | None = None
    #: Of a websocket that opened: the texts that it sent.
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
) -> Reply:
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
    return _reply(sent)


def _reply(sent: list[dict[str, Any]]) -> Reply:
    first = sent[0]
    if first["type"] == "websocket.accept":
        texts = tuple(each["text"] for each in sent if each["type"] == "websocket.send")
        return Reply(101, {"subprotocol": first.get("subprotocol") or ""}, b"", None, texts)
    if first["type"] == "websocket.close":
        return Reply(403, {"reason": first.get("reason", "")}, b"", first["code"])
    headers = {name.decode().lower(): value.decode() for name, value in first["headers"]}
    return Reply(first["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """Runs the application's lifespan; yields its state."""
    async with app.router.lifespan_context(app) as state:
        yield dict(state or {})


def run(steps: Callable[[], Awaitable[Result]]) -> Result:
    """Runs the steps in a new event loop."""

    async def go() -> Result:
        return await steps()

    return asyncio.run(go())

"""Responses of a broken or hostile auth server. None of them is readable."""

import gzip
import json
import socket
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from typing import Any

from .fake_auth import FakeAuth, Script, answer, signed_in

#: Makes a script for a server, to whose connection it can write directly.
Hostile = Callable[[FakeAuth], Script]

MEGABYTE = 1_000_000


def identity(**changes: Any) -> dict[str, Any]:
    """A valid body, changed by `user__name=…` and `session__id=…`."""
    data: dict[str, Any] = json.loads(signed_in().split(b"\r\n\r\n", 1)[1])
    for name, value in changes.items():
        part, _, field = name.partition("__")
        data[part][field] = value
    return data


def raw(
    body: bytes,
    status: int = 200,
    *,
    length: bool = True,
    version: str = "1.1",
    headers: bytes = b"",
) -> bytes:
    """A response with exactly this body."""
    data = b"content-type: application/json\r\n" + headers
    if length:
        data += b"content-length: %d\r\n" % len(body)
    return f"HTTP/{version} {status} Reply\r\n".encode() + data + b"\r\n" + body


def chunked(pieces: Callable[[], Iterator[bytes]], headers: bytes = b"") -> Hostile:
    """Sends chunks until the client closes the connection."""

    def make(fake: FakeAuth) -> Script:
        def script(_head: bytes) -> None:
            connection = fake.idle[-1]
            connection.settimeout(10)
            sent = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n"
            try:
                connection.sendall(sent + headers + b"\r\n")
                for piece in pieces():
                    connection.sendall(b"%x\r\n%b\r\n" % (len(piece), piece))
                    fake.sent_bytes += len(piece)
            except OSError:
                return
            return

        return script

    return make


def endless(line: bytes) -> Hostile:
    """Repeats a line until the client closes the connection, instead of a response."""

    def make(fake: FakeAuth) -> Script:
        def script(_head: bytes) -> None:
            connection = fake.idle[-1]
            connection.settimeout(10)
            ends_at = time.monotonic() + 10
            try:
                while time.monotonic() < ends_at:
                    connection.sendall(line * 100)
            except OSError:
                return

        return script

    return make


def dripping(reply: bytes) -> Hostile:
    """Sends single bytes at intervals and never completes the response."""

    def make(fake: FakeAuth) -> Script:
        def script(_head: bytes) -> None:
            connection = fake.idle[-1]
            for byte in reply * 5:
                time.sleep(0.02)
                try:
                    connection.sendall(bytes([byte]))
                except OSError:
                    return

        return script

    return make


def reset(fake: FakeAuth) -> Script:
    """Half a response, then RST."""

    def script(_head: bytes) -> None:
        connection = fake.idle[-1]
        connection.sendall(signed_in()[:100])
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return script


def always(reply: bytes | None) -> Hostile:
    """The same response to every request."""
    return lambda _fake: lambda _head: reply


def json_text(text: str) -> Hostile:
    """A response with this JSON text."""
    return always(raw(text.encode()))


def packed(encoding: bytes, body: bytes) -> Hostile:
    """A compressed response."""
    return always(raw(body, headers=b"content-encoding: " + encoding + b"\r\n"))


GOOD = json.dumps(identity())
BOMB = gzip.compress(b"[" + b" " * 50 * MEGABYTE + b"]", 9)

#: Responses that prove nothing about users, keys or the health of the server.
UNREADABLE: dict[str, Hostile] = {
    "300 MB": chunked(lambda: iter([b" " * 65536] * 4600)),
    "a length of 300 MB": always(raw(b"", headers=b"content-length: 300000000\r\n", length=False)),
    "one byte over 1 MB": always(raw(b" " * MEGABYTE + b"{")),
    "a million pieces": chunked(lambda: iter([b" "] * 100_000)),
    "a gzip bomb": packed(b"gzip", BOMB),
    "a gzip bomb in a gzip bomb": packed(b"gzip, gzip", gzip.compress(BOMB, 9)),
    "a deflate bomb": packed(b"deflate", zlib.compress(b" " * 50 * MEGABYTE, 9)),
    "br": packed(b"br", b"\x0b\x02\x80{}\x03"),
    "dripping": dripping(signed_in()),
    "endless 100 Continue": endless(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless 103 Early Hints": endless(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
    "endless headers": endless(b"x-a: 1\r\n"),
    "a header of 1 MB": always(raw(b"{}", headers=b"x-a: " + b"x" * MEGABYTE + b"\r\n")),
    "a status line of 1 MB": always(b"HTTP/1.1 200 " + b"x" * MEGABYTE + b"\r\n\r\n"),
    "101 Switching Protocols": always(
        raw(b"", 101, headers=b"upgrade: x\r\nconnection: upgrade\r\n")
    ),
    "204": always(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "206": always(raw(GOOD.encode(), 206)),
    "304": always(b"HTTP/1.1 304 Not Modified\r\n\r\n"),
    "a redirect to a broken URL": always(answer(302, "", location="http://[::1")),
    "a redirect to a broken port": always(answer(302, "", location="http://a:99999999/")),
    "a redirect to a broken host": always(
        answer(302, "", location="http://\u00df\u00ad.example./")
    ),
    "a redirect with an escape": always(answer(302, "", location="https://x/\x1b[2Jy")),
    "a redirect of 50 kB": always(answer(302, "", location="https://x/" + "y" * 50_000)),
    "a redirect to nowhere": always(answer(302, "")),
    "two media types": always(raw(GOOD.encode(), headers=b"content-type: text/html\r\n")),
    "an unknown status": always(raw(GOOD.encode(), 299)),
    "status 999": always(raw(GOOD.encode(), 999)),
    "status 000": always(b"HTTP/1.1 000 Reply\r\n\r\n"),
    "two lengths": always(raw(GOOD.encode(), headers=b"content-length: 1\r\n")),
    "a negative length": always(raw(b"", headers=b"content-length: -1\r\n", length=False)),
    "a false chunk": always(
        raw(b"zz\r\n{}\r\n0\r\n\r\n", headers=b"transfer-encoding: chunked\r\n", length=False)
    ),
    "cut short": always(
        raw(b"{", headers=b"content-length: 500\r\nconnection: close\r\n", length=False)
    ),
    "HTTP/1.0, cut short": always(None),
    "reset": reset,
    "HTTP/0.9": always(GOOD.encode()),
    "HTTP/2": always(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "TLS": always(b"\x15\x03\x01\x00\x02\x02\x46"),
    "nothing at all": always(raw(b"")),
    "a header that is no ASCII": always(raw(b"{}", headers=b"x-\xff: 1\r\n")),
    "brackets": json_text("[" * 200_000),
    "braces": json_text('{"a":' * 100_000),
    "deep, and closed": json_text("[" * 900 + "]" * 900),
    "half a character": json_text('{"user": "\\ud800"}'),
    "half a character as a name": json_text('{"\\udfff": 1}'),
    "no UTF-8": always(raw(b'{"user": "\xff\xfe"}')),
    "UTF-16": always(raw(GOOD.encode("utf-16"))),
    "NaN": json_text('{"user": NaN}'),
    "Infinity": json_text('{"user": -Infinity}'),
    "1e999": json_text('{"user": 1e999}'),
    "a number of 900,000 digits": json_text('{"user": ' + "9" * 900_000 + "}"),
    "a name twice": json_text('{"user": 1, "user": 2}'),
    "300,000 values": json_text("[" + "0," * 300_000 + "0]"),
    "two values": json_text("{} {}"),
    "a single quote": json_text("{'user': 1}"),
    "a comment": json_text("{/**/}"),
    "an unclosed text": json_text('{"user": "'),
    "true": json_text("true"),
    "a number": json_text("1"),
    "a text": json_text('"signed in"'),
    "a list": json_text("[[]]"),
    "an empty object": json_text("{}"),
    "HTML": always(answer(200, "<!doctype html><title>x</title>")),
    **{
        f"{status}": always(answer(status, "{}"))
        for status in (400, 403, 404, 405, 418, 500, 502, 503)
    },
    "429": always(answer(429, "{}", retry_after="-1")),
    "503 of a busy service": always(
        answer(503, {"code": "SERVICE_BUSY", "message": "m", "requestId": "r"}, retry_after="1")
    ),
    "503 that calls itself valid": always(answer(503, "{}", x_session_reason="valid")),
}


#: Responses that end only by the timeout.
ENDLESS = ("dripping", "endless 100 Continue", "endless 103 Early Hints", "cut short", "HTTP/0.9")


def of_wrong_type() -> Iterator[tuple[str, dict[str, Any]]]:
    """A valid identity with one invalid field."""
    wrong: list[Any] = [None, 1.5, [], {}, [1], {"a": 1}, "", "\u0000"]
    required = {
        "user": ("id", "name", "email", "emailVerified"),
        "session": ("id", "userId", "expiresAt"),
    }
    for part, names in required.items():
        for name in names:
            for value in wrong:
                yield f"{part}.{name} = {value!r}", identity(**{f"{part}__{name}": value})
    for part in ("user", "session"):
        for value in (None, True, 1, "", "x", [], {}, [identity()["user"]]):
            yield f"{part} = {value!r}", {**identity(), part: value}

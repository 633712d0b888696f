"""A scripted auth server on raw sockets: it can be slow, silent, redirecting or gone."""

import json
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate

#: Maps the head of a request to the bytes of the response; None closes the connection.
Script = Callable[[bytes], bytes | None]

#: Nothing listens here: only root may, and the port is reserved for a service that nobody runs.
UNUSED_URL = "http://127.0.0.1:1"


def answer(
    status: int,
    body: str | dict[str, object] | None = "",
    *,
    date: float | None = None,
    **headers: str,
) -> bytes:
    """One HTTP response; a dict is sent as JSON. Underscores in header names become hyphens.

    :param date: the server's clock, in seconds since 1970
    """
    is_json = not isinstance(body, str)
    content = (json.dumps(body) if is_json else str(body)).encode()
    data = {
        "content-type": "application/json" if is_json else "text/html; charset=utf-8",
        "content-length": str(len(content)),
        "date": formatdate(date if date is not None else time.time(), usegmt=True),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = "".join(f"{name}: {value}\r\n" for name, value in data.items())
    return f"HTTP/1.1 {status} Reply\r\n{lines}\r\n".encode("latin-1") + content


def signed_in(name: str = "ada", **user: object) -> bytes:
    """200 with an identity, as the service sends it."""
    times = {"createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"}
    session = {"id": f"s-{name}", "userId": name, "expiresAt": "2099-01-01T00:00:00.000Z", **times}
    data = {"id": name, "name": name, "email": f"{name}@example.com", "emailVerified": False}
    return answer(
        200, {"session": session, "user": {**data, **times, **user}}, x_session_reason="valid"
    )


def not_signed_in(reason: str = "session_not_found") -> bytes:
    """401, as the service sends it."""
    data = {"code": "NOT_SIGNED_IN", "message": "Not signed in: a test.", "reason": reason}
    return answer(401, {**data, "requestId": "r"}, x_session_reason=reason)


@dataclass
class FakeAuth:
    """The running server. `script` can be replaced while it runs."""

    url: str
    script: Script
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    #: Maintained by scripts that count.
    sent_bytes: int = 0
    idle: list[socket.socket] = field(default_factory=list)

    @property
    def asked(self) -> list[bytes]:
        """The requests with a cookie, which excludes the startup check."""
        return [each for each in self.requests if b"\r\ncookie:" in each.lower()]


@contextmanager
def fake_auth(script: Script, tls: ssl.SSLContext | None = None) -> Iterator[FakeAuth]:
    """Serves until the block ends, over https with `tls`."""
    stopping = threading.Event()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            fake.connections += 1
            fake.idle.append(self.request)
            self.request.settimeout(0.05)
            received = b""
            while not stopping.is_set():
                try:
                    chunk = self.request.recv(65536)
                except TimeoutError:
                    continue
                except OSError:
                    return
                if chunk == b"":
                    return
                received += chunk
                while b"\r\n\r\n" in received:
                    head, _, received = received.partition(b"\r\n\r\n")
                    fake.requests.append(head)
                    reply = fake.script(head)
                    if reply is None:
                        return
                    try:
                        self.request.sendall(reply)
                    except OSError:
                        return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 128

    with Server(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        fake = FakeAuth(f"{scheme}://127.0.0.1:{server.server_address[1]}", script)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield fake
        finally:
            stopping.set()
            server.shutdown()
            thread.join()


def trickle(fake: FakeAuth, reply: bytes, seconds_a_byte: float = 0.05) -> bytes:
    """Sends `reply` byte by byte over the latest connection, until the client closes it."""
    connection = fake.idle[-1]
    for byte in reply:
        time.sleep(seconds_a_byte)
        try:
            connection.send(bytes([byte]))
        except OSError:
            break
    return b""

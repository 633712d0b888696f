"""APIs that read responses of a fake auth server, one for each part of the client that reads any."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from auth_service_fastapi import AuthService

from .fake_auth import FakeAuth, fake_auth
from .hostile import ENDLESS, UNREADABLE
from .in_process import Reply, request, run
from .served import create_api
from .signer import ISSUER, Signer

SIGNER = Signer("key-1")

Headers = list[tuple[bytes, bytes]]
COOKIE: Headers = [(b"cookie", b"a=1")]


def bearer(token: str | bytes) -> Headers:
    """The Authorization header of a token."""
    return [
        (b"authorization", b"Bearer " + (token if isinstance(token, bytes) else token.encode()))
    ]


#: title → options, and the headers of a signed-in request.
CONSUMERS: dict[str, tuple[dict[str, Any], Headers]] = {
    "the session check": ({}, COOKIE),
    "get-session, remembered": (
        {"endpoint": "/api/auth/get-session", "cache_seconds": 5},
        COOKIE,
    ),
    "the published keys": ({"mode": "jwt", "public_url": ISSUER}, bearer(SIGNER.token())),
}


@dataclass
class Consumer:
    """Runs without a lifespan, so that each request opens new connections."""

    fake: FakeAuth
    auth: AuthService
    app: FastAPI
    headers: Headers

    def ask(self, path: str = "/me", headers: Headers | None = None) -> Reply:
        """Sends one request."""
        return run(lambda: request(self.app, path, headers or self.headers))

    def say(self, reply: bytes) -> None:
        """Sets the response of the auth server."""
        self.fake.script = lambda _: reply

    def misbehave(self, kind: str) -> None:
        """Sets one of `UNREADABLE`, and a timeout that suits it."""
        self.fake.script = UNREADABLE[kind](self.fake)
        self.fake.sent_bytes = 0
        self.auth.timeout_seconds = 0.4 if kind in ENDLESS else 3


@contextmanager
def serve_consumers() -> Iterator[dict[str, Consumer]]:
    """All of them, until the block ends."""
    with ExitStack() as stack:
        made = {}
        for name, (options, headers) in CONSUMERS.items():
            fake = stack.enter_context(fake_auth(lambda _: None))
            auth = AuthService(fake.url, breaker_failures=1000, timeout_seconds=10, **options)
            made[name] = Consumer(fake, auth, create_api(auth), headers)
        yield made

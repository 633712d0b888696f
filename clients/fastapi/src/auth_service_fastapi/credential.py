"""The part of a request that is forwarded to the auth server: its cookies, unchanged, and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from .fingerprint import cookie_fingerprint, token_fingerprint

Headers = Iterable[tuple[bytes, bytes]]

#: As in the auth service: no spaces or control characters, so that a client cannot inject log lines.
_WELL_FORMED_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True)
class Credential:
    """Raw bytes of the request: a cookie that was decoded and encoded again may no longer verify."""

    cookie: bytes | None = None
    #: What follows `Bearer `.
    bearer: bytes | None = None

    @property
    def is_missing(self) -> bool:
        """Whether the request has neither a cookie nor a bearer token."""
        return self.cookie is None and self.bearer is None

    @property
    def size(self) -> int:
        """Bytes that would be forwarded."""
        return len(self.cookie or b"") + len(self.bearer or b"")

    @property
    def digest(self) -> bytes:
        """A cache key that reveals no credential. It covers the whole header, other cookies included."""
        return sha256(repr((self.cookie, self.bearer)).encode("ascii")).digest()

    def fingerprint(self, *, secure: bool) -> str | None:
        """Correlates this log with the auth service's. A bearer token overrides the cookie, as it does there."""
        if self.bearer is not None:
            return token_fingerprint(self.bearer.decode("latin-1"))
        if self.cookie is not None:
            return cookie_fingerprint(self.cookie, secure=secure)
        return None


def read_credential(headers: Headers, *, bearer: bool, subprotocol: bool = False) -> Credential:
    """Reads the Cookie headers and, if enabled, the bearer token.

    :param headers: the raw list, because `request.headers["cookie"]` returns only the first of several
    :param bearer: False ignores Authorization, because a bearer token would override the cookie
    :param subprotocol: also read the token from the subprotocol after `bearer`: a page cannot set
        Authorization for a websocket
    """
    cookies: list[bytes] = []
    token: bytes | None = None
    protocols: list[bytes] = []
    for name, value in headers:
        if name == b"cookie":
            # Whitespace around a field value is not part of it (RFC 9110, 5.5).
            stripped = value.strip(b" \t")
            if stripped:
                cookies.append(stripped)
        elif (
            bearer
            and token is None
            and name == b"authorization"
            and value[:7].lower() == b"bearer "
        ):
            token = value[7:].strip()
        elif name == b"sec-websocket-protocol":
            protocols.extend(each.strip() for each in value.split(b","))
    if bearer and subprotocol and token is None and protocols[:1] == [b"bearer"]:
        # Percent-encoded: "/" and "=" are not allowed in a subprotocol name (RFC 6455, 4.1).
        token = unquote_to_bytes(protocols[1]) if len(protocols) > 1 else b""
    # HTTP/2 and some proxies split the header; it is joined with "; " (RFC 9113, 8.2.3).
    return Credential(b"; ".join(cookies) if cookies else None, token)


def read_request_id(headers: Headers) -> str:
    """The client's `x-request-id` if it is well-formed, a new one otherwise."""
    for name, value in headers:
        if name == b"x-request-id" and _WELL_FORMED_ID.fullmatch(value):
            return value.decode("ascii")
    return str(uuid4())

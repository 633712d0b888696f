"""What of the visitor's request travels to the auth server: the cookies as they came, and nothing else."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import unquote_to_bytes
from uuid import uuid4

from .fingerprint import cookie_fingerprint, token_fingerprint

Headers = Iterable[tuple[bytes, bytes]]

#: As in the auth service: no blanks or control characters, so that a visitor cannot write into our log.
_WELL_FORMED_ID = re.compile(rb"[A-Za-z0-9._:-]{1,128}")


@dataclass(frozen=True)
class Credential:
    """Bytes of the request, unchanged and undecoded: a cookie that was decoded and encoded may no longer verify."""

    cookie: bytes | None = None
    #: What follows the word Bearer.
    bearer: bytes | None = None

    @property
    def is_missing(self) -> bool:
        """Whether there is nothing that could sign anybody in."""
        return self.cookie is None and self.bearer is None

    @property
    def size(self) -> int:
        """Bytes that would travel."""
        return len(self.cookie or b"") + len(self.bearer or b"")

    @property
    def digest(self) -> bytes:
        """Tells credentials apart without keeping them. The whole header counts, other cookies included."""
        return sha256(repr((self.cookie, self.bearer)).encode("ascii")).digest()

    def fingerprint(self, *, secure: bool) -> str | None:
        """Joins this log with the auth service's; a bearer token overrides the cookie there, so here too."""
        if self.bearer is not None:
            return token_fingerprint(self.bearer.decode("latin-1"))
        if self.cookie is not None:
            return cookie_fingerprint(self.cookie, secure=secure)
        return None


def read_credential(headers: Headers, *, bearer: bool, subprotocol: bool = False) -> Credential:
    """Collects the Cookie headers and, where the developer wants it, the bearer token.

    :param headers: the raw list: `request.headers["cookie"]` gives only the first of several
    :param bearer: False drops Authorization, because a bearer token would override the cookie
    :param subprotocol: a page cannot set Authorization for a websocket, so the token may be the protocol after `bearer`
    """
    cookies: list[bytes] = []
    token: bytes | None = None
    protocols: list[bytes] = []
    for name, value in headers:
        if name == b"cookie":
            # Blanks around a field's value are none of it (RFC 9110, 5.5), and cannot be sent on.
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
        # Percent-encoded, for "+", "/" and "=" are no letters of a protocol's name (RFC 6455, 4.1).
        token = unquote_to_bytes(protocols[1]) if len(protocols) > 1 else b""
    # HTTP/2 and some proxies split the header; "; " is how it is put together again (RFC 9113, 8.2.3).
    return Credential(b"; ".join(cookies) if cookies else None, token)


def read_request_id(headers: Headers) -> str:
    """The caller's `x-request-id` where it is well-formed, a new one otherwise."""
    for name, value in headers:
        if name == b"x-request-id" and _WELL_FORMED_ID.fullmatch(value):
            return value.decode("ascii")
    return str(uuid4())

"""Rejects credentials that no server would accept, so that they are never mistaken for an outage."""

import re

from .credential import Credential
from .verdict import NotSignedIn, Refused

#: Node.js, which runs the auth service and BetterAuth, accepts 16 kB of headers: this leaves room for the others.
MAX_CREDENTIAL_BYTES = 16_000

#: Far more than any signed token of BetterAuth.
MAX_BEARER_BYTES = 8_192

#: Every common server accepts this much (nginx and Apache: 8 kB), so a smaller header is not the client's fault.
COMMON_HEADER_BYTES = 4_096

#: RFC 9110, 5.5: a field value contains no control characters except tab.
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def reject_unsendable(
    credential: Credential, *, limit_bytes: int = MAX_CREDENTIAL_BYTES
) -> NotSignedIn | Refused | None:
    """Why this credential cannot be sent to the auth server, or None."""
    cookie, bearer = credential.cookie or b"", credential.bearer
    if bearer is not None:
        if len(bearer) > min(MAX_BEARER_BYTES, limit_bytes):
            return _too_large("bearer_too_large", "The bearer token has", len(bearer))
        if bearer == b"" or _CONTROL.search(bearer) is not None:
            return NotSignedIn(
                "bearer_malformed", "Not signed in: the bearer token is not a valid header value."
            )
    if credential.size > limit_bytes:
        return _too_large("cookie_too_large", "The request's cookies have", credential.size)
    if _CONTROL.search(cookie) is not None:
        return NotSignedIn(
            "malformed_cookie", "Not signed in: the cookie is not a valid header value."
        )
    return None


def is_header_too_large(status: int, body: bytes) -> bool:
    """Whether the auth server, or a proxy in front of it, rejected the headers as too large. nginx does so with 400."""
    return status in (413, 431) or (status == 400 and b"too large" in body[:1000].lower())


def _too_large(reason: str, subject: str, size: int) -> Refused:
    return Refused(
        431,
        "CREDENTIAL_TOO_LARGE",
        reason,
        f"{subject} {size} bytes, more than the auth server accepts, so the session was not checked. "
        "Delete this site's cookies and sign in again.",
    )

"""What is not sent to the auth server, for no server would read it: its visitor's fault, never an outage."""

import re

from .credential import Credential
from .verdict import NotSignedIn, Refused

#: Node.js, which the auth service and BetterAuth run on, reads 16 kB of headers: this leaves room for the others.
MAX_CREDENTIAL_BYTES = 16_000

#: No signed token of BetterAuth's comes near.
MAX_BEARER_BYTES = 8_192

#: Below this no server in use calls a header too large (nginx and Apache: 8 kB), so the fault is its own.
COMMON_HEADER_BYTES = 4_096

#: RFC 9110, 5.5: a field's value holds no control character but the tab.
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


def find_flaw(
    credential: Credential, *, limit_bytes: int = MAX_CREDENTIAL_BYTES
) -> NotSignedIn | Refused | None:
    """Why this credential is not asked about, or None."""
    cookie, bearer = credential.cookie or b"", credential.bearer
    if bearer is not None:
        if len(bearer) > min(MAX_BEARER_BYTES, limit_bytes):
            return _too_large("bearer_too_large", "The bearer token has", len(bearer))
        if bearer == b"" or _CONTROL.search(bearer) is not None:
            return NotSignedIn(
                "bearer_malformed", "Nobody is signed in: the bearer token cannot be sent."
            )
    if credential.size > limit_bytes:
        return _too_large("cookie_too_large", "The request's cookies have", credential.size)
    if _CONTROL.search(cookie) is not None:
        # No server could have been sent these bytes.
        return NotSignedIn("malformed_cookie", "Nobody is signed in: the cookie cannot be sent.")
    return None


def too_large_there(status: int, body: bytes) -> bool:
    """Whether the auth server, or a proxy before it, reads less than we send. nginx says so with 400."""
    return status in (413, 431) or (status == 400 and b"too large" in body[:1000].lower())


def _too_large(reason: str, seen: str, size: int) -> Refused:
    return Refused(
        431,
        "CREDENTIAL_TOO_LARGE",
        reason,
        f"{seen} {size} bytes, more than the auth server reads, so nobody looked who is signed in. "
        "Delete this site's cookies and sign in again.",
    )

"""How and when a user has proven who they are: the proofs of a session, and those that a JSON Web Token states."""

import re
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from pydantic import AwareDatetime, StrictInt

from .wire_model import WireModel

#: OpenID Connect's claims about a sign-in, as auth-service issues them (RFC 9470, 6.2; RFC 8176).
PROOF_CLAIMS = ("acr", "amr", "auth_time")

_ACR = re.compile(r"aal([1-9])")


class Proofs(WireModel):
    """Of a session or a token. Both fields are None if the auth server does not say, as a plain BetterAuth server."""

    #: Authenticator assurance level (NIST SP 800-63B): 2 after two factors, or a passkey.
    aal: StrictInt | None = None
    #: The time of the latest proof.
    proven_at: AwareDatetime | None = None


class ProvenMethod(WireModel):
    """One method, such as `password`, `link`, `provider`, `totp` or `passkey`, and the time of its latest proof."""

    method: str
    proven_at: AwareDatetime


class TokenProofs(Proofs):
    """What a verified JSON Web Token states; it was true when the token was issued."""

    #: RFC 8176, such as `("pwd", "otp", "mfa")`.
    amr: tuple[str, ...] = ()


def proofs_of_claims(claims: Mapping[str, Any]) -> TokenProofs:
    """Reads the claims of a verified token. Other servers use them otherwise, so an unknown value counts as none."""
    acr, amr, auth_time = (claims.get(name) for name in PROOF_CLAIMS)
    level = _ACR.fullmatch(acr) if isinstance(acr, str) else None
    is_list = isinstance(amr, list) and all(isinstance(method, str) for method in amr)
    return TokenProofs(
        aal=None if level is None else int(level[1]),
        proven_at=_time(auth_time),
        amr=tuple(amr) if is_list and amr is not None else (),
    )


def _time(seconds: object) -> datetime | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, timezone.utc)
    except (ValueError, OverflowError, OSError):  # beyond the years of a datetime
        return None

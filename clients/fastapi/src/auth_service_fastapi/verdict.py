"""The outcome of a session check: signed in, not signed in, auth server unavailable, or request rejected."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .models import Session, User
from .proofs import Proofs

#: Why the auth server is unavailable. The auth service's own reasons never begin with `auth_`.
Cause: TypeAlias = Literal[
    "auth_unreachable",  # no connection, or it was lost
    "auth_timeout",  # no response in time
    "auth_rate_limited",  # 429
    "auth_error",  # 5xx
    "auth_redirects",  # 3xx: the URL is wrong
    "auth_unexpected_answer",  # any other response
    "auth_not_asked",  # the circuit breaker is open
    "auth_busy",  # max_concurrency calls were running
    "auth_keys_unavailable",  # the published keys could not be fetched
]

#: Retry-After if the auth server sends none.
DEFAULT_RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True)
class SignedIn:
    """A user is signed in."""

    user: User
    #: None with `mode="jwt"`: a token contains no session.
    session: Session | None
    reason: str = "valid"
    #: What the token states about them, with `mode="jwt"`.
    token_proofs: Proofs | None = None

    @property
    def proofs(self) -> Proofs:
        """How and when the user has proven who they are."""
        return self.session or self.token_proofs or Proofs()


@dataclass(frozen=True)
class NotSignedIn:
    """The auth server found no session."""

    #: None if the auth server gives no reason.
    reason: str | None
    message: str = "Not signed in."


@dataclass(frozen=True)
class Unavailable:
    """A failure of the auth server or of the network. It says nothing about the user."""

    #: A `Cause`, or the auth server's own reason such as `database_unavailable`.
    reason: str
    #: What happened and what to change; for the log only.
    detail: str
    retry_after_seconds: int = DEFAULT_RETRY_AFTER_SECONDS


@dataclass(frozen=True)
class Refused:
    """The request itself cannot be checked. It says nothing about the user."""

    #: 4xx
    status: int
    code: str
    reason: str
    #: Names the limit or the setting.
    message: str
    #: For the log only.
    detail: str | None = None


Verdict: TypeAlias = SignedIn | NotSignedIn | Unavailable | Refused

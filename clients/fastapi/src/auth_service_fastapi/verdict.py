"""The answers to "who is calling?": signed in, not signed in, cannot tell, not asked at all. Never two of them."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from .models import Session, User

#: Why nobody can tell. The auth server's own reasons (`null-sessions`) never begin with `auth_`.
Cause: TypeAlias = Literal[
    "auth_unreachable",  # no connection, or it broke
    "auth_timeout",  # no answer in time
    "auth_rate_limited",  # 429
    "auth_error",  # 5xx
    "auth_redirects",  # 3xx: the URL is not the right one
    "auth_unexpected_answer",  # anything that is no answer to the question
    "auth_not_asked",  # the circuit breaker is open
    "auth_busy",  # as many questions as allowed are under way
    "auth_keys_unavailable",  # the published keys could not be fetched
]

#: Seconds after which a caller may ask again, where the auth server names none.
DEFAULT_RETRY_AFTER_SECONDS = 5


@dataclass(frozen=True)
class SignedIn:
    """Somebody is signed in."""

    user: User
    #: None with `mode="jwt"`: a token carries no session.
    session: Session | None
    reason: str = "valid"


@dataclass(frozen=True)
class NotSignedIn:
    """The auth server looked and found nobody."""

    #: None where the auth server gives no reasons.
    reason: str | None
    message: str = "Nobody is signed in."


@dataclass(frozen=True)
class CannotTell:
    """A fault of the auth server or of the way there: says nothing about the visitor."""

    #: A `Cause`, or the auth server's own word such as `database_unavailable`.
    reason: str
    #: What happened and what to change, for the log alone.
    detail: str
    retry_after_seconds: int = DEFAULT_RETRY_AFTER_SECONDS


@dataclass(frozen=True)
class Refused:
    """The visitor's own request cannot be asked about. Says nothing about who is signed in."""

    #: 4xx
    status: int
    code: str
    reason: str
    #: Names the bound or the setting.
    message: str
    #: For the log alone.
    detail: str | None = None


Verdict: TypeAlias = SignedIn | NotSignedIn | CannotTell | Refused

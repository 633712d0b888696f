"""What the contenders need to know of the auth service; passed to their processes as JSON."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Upstream:
    """The auth service, and a database for the contender that has its own sessions."""

    url: str
    #: BETTER_AUTH_URL, the issuer and audience of tokens.
    public_url: str
    database_url: str
    #: The session token of the one user of fastapi-users.
    users_token: str

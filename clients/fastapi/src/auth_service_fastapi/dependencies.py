"""The dependencies of path operations: `CurrentUser`, `CurrentSession` and their optional forms."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Security
from starlette.requests import HTTPConnection

from .errors import AuthError, for_connection, not_signed_in, refused, unavailable
from .models import Session, User
from .openapi import bearer_scheme, cookie_scheme
from .service_lookup import find_service
from .verdict import NotSignedIn, Refused, SignedIn, Unavailable


@dataclass(frozen=True)
class SessionCheck:
    """The verdict about one request; never `Unavailable`."""

    verdict: SignedIn | NotSignedIn
    request_id: str
    accepts_bearer: bool
    connection: HTTPConnection | None = None

    @property
    def identity(self) -> SignedIn | None:
        """The signed-in identity, or None."""
        return self.verdict if isinstance(self.verdict, SignedIn) else None

    def require_identity(self) -> SignedIn:
        """The signed-in identity; raises 401 with the reason if there is none."""
        if isinstance(self.verdict, SignedIn):
            return self.verdict
        raise self.for_connection(
            not_signed_in(self.verdict, self.request_id, accepts_bearer=self.accepts_bearer)
        )

    def for_connection(self, error: AuthError) -> Exception:
        """The error in the form that this kind of connection can send."""
        return error if self.connection is None else for_connection(error, self.connection)


async def session_check(
    connection: HTTPConnection,
    _cookie: Annotated[None, Security(cookie_scheme)],
    _bearer: Annotated[None, Security(bearer_scheme)],
) -> SessionCheck:
    """Checks a request or websocket once, however many dependencies need it. 503 if the auth server is unavailable."""
    service = find_service(connection)
    verdict, request_id = await service.check(connection)
    if isinstance(verdict, Unavailable):
        # Also for optional identities: "unknown" must not be shown as "signed out".
        raise for_connection(unavailable(verdict, request_id), connection)
    if isinstance(verdict, Refused):
        raise for_connection(refused(verdict, request_id), connection)
    return SessionCheck(verdict, request_id, service.accepts_bearer, connection)


async def current_user(check: Annotated[SessionCheck, Depends(session_check)]) -> User:
    """The signed-in user. 401 if not signed in, 503 if the auth server is unavailable."""
    return check.require_identity().user


async def optional_user(
    check: Annotated[SessionCheck, Depends(session_check)],
) -> User | None:
    """The signed-in user, or None; 503 if the auth server is unavailable."""
    return None if check.identity is None else check.identity.user


async def current_session(check: Annotated[SessionCheck, Depends(session_check)]) -> Session:
    """The session of the signed-in user. Errors as `current_user`."""
    return _session_of(check.require_identity())


async def optional_session(
    check: Annotated[SessionCheck, Depends(session_check)],
) -> Session | None:
    """The session of the signed-in user, or None; 503 if the auth server is unavailable."""
    return None if check.identity is None else _session_of(check.identity)


def _session_of(identity: SignedIn) -> Session:
    if identity.session is None:
        raise RuntimeError('mode="jwt" has no sessions: use CurrentUser')
    return identity.session


CurrentUser = Annotated[User, Depends(current_user)]
OptionalUser = Annotated[User | None, Depends(optional_user)]
CurrentSession = Annotated[Session, Depends(current_session)]
OptionalSession = Annotated[Session | None, Depends(optional_session)]

"""What a path operation asks for: `CurrentUser`, `CurrentSession`, each of them optional. Never in a thread."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Security
from starlette.requests import HTTPConnection

from .documentation import bearer_in_docs, cookie_in_docs
from .errors import AuthError, cannot_tell, not_signed_in, raisable, refused
from .locating import find_service
from .models import Session, User
from .verdict import CannotTell, NotSignedIn, Refused, SignedIn


@dataclass(frozen=True)
class Check:
    """What was found about one request; never "cannot tell"."""

    verdict: SignedIn | NotSignedIn
    request_id: str
    takes_bearer: bool
    connection: HTTPConnection | None = None

    def raisable(self, error: AuthError) -> Exception:
        """The error as this connection can answer it."""
        return error if self.connection is None else raisable(error, self.connection)


async def session_check(
    connection: HTTPConnection,
    _cookie: Annotated[None, Security(cookie_in_docs)],
    _bearer: Annotated[None, Security(bearer_in_docs)],
) -> Check:
    """Asks once a request or websocket, however many dependencies want to know. 503 where nobody can tell."""
    service = find_service(connection)
    verdict, request_id = await service.check(connection)
    if isinstance(verdict, CannotTell):
        # For optional identities too: "perhaps signed in" must not be shown as "signed out".
        raise raisable(cannot_tell(verdict, request_id), connection)
    if isinstance(verdict, Refused):
        raise raisable(refused(verdict, request_id), connection)
    return Check(verdict, request_id, service.takes_bearer, connection)


async def optional_identity(check: Annotated[Check, Depends(session_check)]) -> SignedIn | None:
    """Who is signed in, or None."""
    return check.verdict if isinstance(check.verdict, SignedIn) else None


async def current_identity(check: Annotated[Check, Depends(session_check)]) -> SignedIn:
    """Who is signed in; 401 with the reason where nobody is."""
    if isinstance(check.verdict, NotSignedIn):
        raise check.raisable(
            not_signed_in(check.verdict, check.request_id, takes_bearer=check.takes_bearer)
        )
    return check.verdict


async def current_user(identity: Annotated[SignedIn, Depends(current_identity)]) -> User:
    """The visitor's account. 401 where nobody is signed in, 503 where nobody can tell."""
    return identity.user


async def optional_user(
    identity: Annotated[SignedIn | None, Depends(optional_identity)],
) -> User | None:
    """The visitor's account, or None where nobody is signed in; 503 where nobody can tell."""
    return None if identity is None else identity.user


async def current_session(identity: Annotated[SignedIn, Depends(current_identity)]) -> Session:
    """The visitor's session. Errors as `current_user`."""
    if identity.session is None:
        raise RuntimeError('mode="jwt" knows no sessions: ask for CurrentUser')
    return identity.session


async def optional_session(
    identity: Annotated[SignedIn | None, Depends(optional_identity)],
) -> Session | None:
    """The visitor's session, or None where nobody is signed in."""
    return None if identity is None else await current_session(identity)


CurrentUser = Annotated[User, Depends(current_user)]
OptionalUser = Annotated[User | None, Depends(optional_user)]
CurrentSession = Annotated[Session, Depends(current_session)]
OptionalSession = Annotated[Session | None, Depends(optional_session)]

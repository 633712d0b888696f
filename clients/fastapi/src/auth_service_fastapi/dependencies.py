"""What a path operation asks for: `CurrentUser`, `CurrentSession`, each of them optional. Never in a thread."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie

from .errors import cannot_tell, not_signed_in
from .models import Session, User
from .verdict import CannotTell, NotSignedIn, SignedIn

if TYPE_CHECKING:
    from .service import AuthService

#: Under this name `AuthService.lifespan` leaves the service in `request.state`.
STATE_NAME = "auth_service"

#: Only puts the lock into the API's documentation: the real name may have a prefix, and all cookies are forwarded.
_cookie_in_docs = APIKeyCookie(
    name="better-auth.session_token", scheme_name="Session cookie", auto_error=False
)


@dataclass(frozen=True)
class Check:
    """What was found about one request; never "cannot tell"."""

    verdict: SignedIn | NotSignedIn
    request_id: str
    takes_bearer: bool


async def session_check(
    request: Request, _documented: Annotated[str | None, Security(_cookie_in_docs)]
) -> Check:
    """Asks once a request, however many dependencies want to know. 503 where nobody can tell."""
    service: AuthService | None = getattr(request.state, STATE_NAME, None)
    if service is None:
        raise RuntimeError(
            "no AuthService runs here: FastAPI(lifespan=auth.lifespan), or in a lifespan of your own "
            "`async with auth.lifespan(app) as state: yield {**state}`; TestClient needs its `with`"
        )
    verdict, request_id = await service.check(request)
    if isinstance(verdict, CannotTell):
        # For optional identities too: "perhaps signed in" must not be shown as "signed out".
        raise cannot_tell(verdict, request_id)
    return Check(verdict, request_id, service.takes_bearer)


async def optional_identity(check: Annotated[Check, Depends(session_check)]) -> SignedIn | None:
    """Who is signed in, or None."""
    return check.verdict if isinstance(check.verdict, SignedIn) else None


async def current_identity(check: Annotated[Check, Depends(session_check)]) -> SignedIn:
    """Who is signed in; 401 with the reason where nobody is."""
    if isinstance(check.verdict, NotSignedIn):
        raise not_signed_in(check.verdict, check.request_id, takes_bearer=check.takes_bearer)
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

"""How one signs in, for the API's documentation: by the service's mode, when it is asked for. It refuses nobody."""

from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer, SecurityBase
from fastapi.security.base import SecurityBase as SecurityDependency
from starlette.requests import HTTPConnection

from .registry import latest_service

_DEFAULT_COOKIE = "better-auth.session_token"


class SignInScheme(SecurityDependency):
    """The cookie, or the bearer token; where both count there are two of these, otherwise they are the same one.

    FastAPI makes the document without saying for which application, so with several services in one process it is
    the one that was made last.
    """

    def __init__(self, *, prefers_bearer: bool) -> None:
        """Knows nothing before it is asked."""
        self._prefers_bearer = prefers_bearer

    @property
    def _is_bearer(self) -> bool:
        service = latest_service()
        if service is None or not service.takes_bearer:
            return False
        return self._prefers_bearer or not service.takes_cookie

    @property
    def scheme_name(self) -> str:  # type: ignore[override]
        """Its name in the document."""
        return "Bearer token" if self._is_bearer else "Session cookie"

    @property
    def model(self) -> SecurityBase:  # type: ignore[override]
        """Its entry under `securitySchemes`."""
        service = latest_service()
        where = "" if service is None else f" at {service.browser_url}"
        if self._is_bearer:
            is_jwt = service is not None and service.mode == "jwt"
            told = (
                "the JSON Web Token that the page gets"
                if is_jwt
                else "the set-auth-token header of a sign-in"
            )
            return HTTPBearer(
                bearerFormat="JWT" if is_jwt else None, description=f"{told}{where}".capitalize()
            )
        name = _DEFAULT_COOKIE if service is None else service.session_cookie_name
        # `in` is a word of Python's.
        return APIKey.model_validate(
            {
                "in": APIKeyIn.cookie,
                "name": name,
                "description": f"Sign in{where} with this browser, which then sends the cookie by itself: "
                "no page may set it, so nothing that is typed in here counts.",
            }
        )

    async def __call__(self, connection: HTTPConnection) -> None:
        """Nothing: `session_check` reads the credential."""


cookie_in_docs = SignInScheme(prefers_bearer=False)
bearer_in_docs = SignInScheme(prefers_bearer=True)

"""The security schemes of the API's OpenAPI document, read from the service's settings. They reject no request."""

from fastapi.openapi.models import APIKey, APIKeyIn, HTTPBearer, SecurityBase
from fastapi.security.base import SecurityBase as SecurityDependency
from starlette.requests import HTTPConnection

from .registry import latest_service

_DEFAULT_COOKIE = "better-auth.session_token"


class SignInScheme(SecurityDependency):
    """The cookie or the bearer token. If the service accepts both, there are two schemes; otherwise both are the same.

    FastAPI builds the document without naming the application, so with several services in one process the latest
    is described.
    """

    def __init__(self, *, prefers_bearer: bool) -> None:
        """Reads the settings only when the document is built."""
        self._prefers_bearer = prefers_bearer

    @property
    def _is_bearer(self) -> bool:
        service = latest_service()
        if service is None or not service.accepts_bearer:
            return False
        return self._prefers_bearer or not service.accepts_cookie

    @property
    def scheme_name(self) -> str:  # type: ignore[override]
        """The name of the scheme in the document."""
        return "Bearer token" if self._is_bearer else "Session cookie"

    @property
    def model(self) -> SecurityBase:  # type: ignore[override]
        """The entry under `securitySchemes`."""
        service = latest_service()
        where = "" if service is None else f" at {service.browser_url}"
        if self._is_bearer:
            is_jwt = service is not None and service.mode == "jwt"
            source = (
                "the JSON Web Token that the page fetches"
                if is_jwt
                else "the set-auth-token header of a sign-in"
            )
            return HTTPBearer(
                bearerFormat="JWT" if is_jwt else None, description=f"{source}{where}".capitalize()
            )
        name = _DEFAULT_COOKIE if service is None else service.session_cookie_name
        # `in` is a Python keyword.
        return APIKey.model_validate(
            {
                "in": APIKeyIn.cookie,
                "name": name,
                "description": f"Sign in{where} with this browser, which then sends the cookie automatically. "
                "A page cannot set a Cookie header, so a value typed in here has no effect.",
            }
        )

    async def __call__(self, connection: HTTPConnection) -> None:
        """Does nothing: `session_check` reads the credential."""


cookie_scheme = SignInScheme(prefers_bearer=False)
bearer_scheme = SignInScheme(prefers_bearer=True)

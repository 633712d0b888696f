"""The errors a visitor sees, in the auth service's shape: `{code, message, reason?, requestId}`."""

from typing import Any

from fastapi import HTTPException, Request, WebSocketException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection

from .verdict import CannotTell, NotSignedIn, Refused


class AuthError(HTTPException):
    """Raised by the dependencies. Without the exception handler the body is wrapped in `detail`."""

    def __init__(
        self,
        status_code: int,
        code: str,
        message: str,
        *,
        reason: str | None,
        request_id: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Makes the body and the headers that every one of these errors has."""
        self.body: dict[str, str] = {"code": code, "message": message, "requestId": request_id}
        told = {"x-request-id": request_id, "Cache-Control": "no-store", **(headers or {})}
        if reason is not None:
            self.body["reason"] = reason
            told["x-session-reason"] = reason
        super().__init__(status_code, self.body, told)


def not_signed_in(verdict: NotSignedIn, request_id: str, *, takes_bearer: bool) -> AuthError:
    """401: the visitor has to sign in."""
    return AuthError(
        401,
        "NOT_SIGNED_IN",
        verdict.message,
        reason=verdict.reason,
        request_id=request_id,
        # RFC 9110, 15.5.2 asks for a challenge; there is none for cookies.
        headers={"WWW-Authenticate": "Bearer"} if takes_bearer else None,
    )


def cannot_tell(verdict: CannotTell, request_id: str) -> AuthError:
    """503: the visitor may well be signed in, and nobody may sign him out for this."""
    return AuthError(
        503,
        "AUTH_UNAVAILABLE",
        "Nobody can tell right now who is signed in. Try again shortly.",
        reason=verdict.reason,
        request_id=request_id,
        headers={"Retry-After": str(verdict.retry_after_seconds)},
    )


def refused(verdict: Refused, request_id: str) -> AuthError:
    """4xx: the visitor's own request cannot be asked about."""
    return AuthError(
        verdict.status,
        verdict.code,
        verdict.message,
        reason=verdict.reason,
        request_id=request_id,
    )


def raisable(error: AuthError, connection: HTTPConnection) -> AuthError | WebSocketException:
    """The same for a websocket: refused before it opens, with status and body where the server can send them.

    Where it cannot (no `websocket.http.response` of ASGI) it is closed: 1008, or 1013 where nobody can tell.
    """
    extensions = connection.scope.get("extensions") or {}
    if connection.scope["type"] != "websocket" or "websocket.http.response" in extensions:
        return error
    return WebSocketException(
        1013 if error.status_code == 503 else 1008, error.body.get("reason", error.body["code"])
    )


def forbidden(code: str, message: str, request_id: str) -> AuthError:
    """403: signed in, and not allowed."""
    return AuthError(403, code, message, reason=None, request_id=request_id)


async def answer_auth_error(_request: Request, error: Exception) -> JSONResponse:
    """The exception handler: the body as it is, without `detail` around it."""
    if not isinstance(error, AuthError):
        raise error
    return JSONResponse(error.body, error.status_code, headers=dict(error.headers or {}))


class ErrorBody(BaseModel):
    """The shape of these errors, for the API's documentation."""

    code: str
    message: str
    reason: str | None = Field(default=None, description="why, in one word")
    request_id: str = Field(alias="requestId")


#: For `FastAPI(responses=…)`, `APIRouter(responses=…)` or one route.
error_responses: dict[int | str, dict[str, Any]] = {
    401: {"model": ErrorBody, "description": "Nobody is signed in, for the reason given."},
    431: {
        "model": ErrorBody,
        "description": "The request's cookies or its token are too large to be asked about.",
    },
    503: {
        "model": ErrorBody,
        "description": "Nobody can tell right now. Retry-After says when to ask again.",
    },
}

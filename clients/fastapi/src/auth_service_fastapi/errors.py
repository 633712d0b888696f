"""The error responses, in the auth service's format: `{code, message, reason?, requestId}`."""

from typing import Any

from fastapi import HTTPException, Request, WebSocketException
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.requests import HTTPConnection

from .verdict import NotSignedIn, Refused, Unavailable


class AuthError(HTTPException):
    """Raised by the dependencies. Without the exception handler, FastAPI wraps the body in `detail`."""

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
        """Builds the body and the headers that all of these errors have."""
        self.body: dict[str, str] = {"code": code, "message": message, "requestId": request_id}
        all_headers = {"x-request-id": request_id, "Cache-Control": "no-store", **(headers or {})}
        if reason is not None:
            self.body["reason"] = reason
            all_headers["x-session-reason"] = reason
        super().__init__(status_code, self.body, all_headers)


def not_signed_in(verdict: NotSignedIn, request_id: str, *, accepts_bearer: bool) -> AuthError:
    """401: the user has to sign in."""
    return AuthError(
        401,
        "NOT_SIGNED_IN",
        verdict.message,
        reason=verdict.reason,
        request_id=request_id,
        # RFC 9110, 15.5.2 asks for a challenge; there is none for cookies.
        headers={"WWW-Authenticate": "Bearer"} if accepts_bearer else None,
    )


def unavailable(verdict: Unavailable, request_id: str) -> AuthError:
    """503: the user may be signed in, so this must not be treated as signed out."""
    return AuthError(
        503,
        "AUTH_UNAVAILABLE",
        "The auth service is unavailable, so the session could not be checked. Try again shortly.",
        reason=verdict.reason,
        request_id=request_id,
        headers={"Retry-After": str(verdict.retry_after_seconds)},
    )


def refused(verdict: Refused, request_id: str) -> AuthError:
    """4xx: the request itself cannot be checked."""
    return AuthError(
        verdict.status,
        verdict.code,
        verdict.message,
        reason=verdict.reason,
        request_id=request_id,
    )


def for_connection(error: AuthError, connection: HTTPConnection) -> AuthError | WebSocketException:
    """The exception to raise: on a websocket the error is sent before it opens, with status and body if possible.

    A server without ASGI's `websocket.http.response` closes it instead: 1008, or 1013 for a 503.
    """
    extensions = connection.scope.get("extensions") or {}
    if connection.scope["type"] != "websocket" or "websocket.http.response" in extensions:
        return error
    return WebSocketException(
        1013 if error.status_code == 503 else 1008, error.body.get("reason", error.body["code"])
    )


def insufficient_authentication(
    code: str, reason: str, message: str, demand: str, request_id: str
) -> AuthError:
    """401: signed in, but the proof of who the user is does not suffice (RFC 9470).

    :param message: ASCII without quotes or backslashes; it is in the challenge too
    :param demand: `acr_values="…"` or `max_age="…"`
    """
    challenge = f'error="insufficient_user_authentication", error_description="{message}", {demand}'
    error = AuthError(
        401,
        code,
        message,
        reason=None,
        request_id=request_id,
        headers={"WWW-Authenticate": f"Bearer {challenge}"},
    )
    # Not in `x-session-reason`: the session itself is valid.
    error.body["reason"] = reason
    return error


def forbidden(code: str, message: str, request_id: str) -> AuthError:
    """403: signed in, but not allowed. The reason is the code in lower case."""
    error = AuthError(403, code, message, reason=None, request_id=request_id)
    # Not in `x-session-reason`: the session itself is valid.
    error.body["reason"] = code.lower()
    return error


async def handle_auth_error(_request: Request, error: Exception) -> JSONResponse:
    """The exception handler: sends the body without FastAPI's `detail` wrapper."""
    if not isinstance(error, AuthError):
        raise error
    return JSONResponse(error.body, error.status_code, headers=dict(error.headers or {}))


class ErrorBody(BaseModel):
    """The format of these errors, for the OpenAPI document."""

    code: str
    message: str
    reason: str | None = Field(default=None, description="the machine-readable reason")
    request_id: str = Field(alias="requestId")


#: For `FastAPI(responses=…)`, `APIRouter(responses=…)` or one route.
error_responses: dict[int | str, dict[str, Any]] = {
    401: {
        "model": ErrorBody,
        "description": "Not signed in, or the proof of who the user is does not suffice; `reason` says why.",
    },
    431: {
        "model": ErrorBody,
        "description": "The cookies or the bearer token of the request are too large.",
    },
    503: {
        "model": ErrorBody,
        "description": "The auth service is unavailable. Retry-After says when to try again.",
    },
}

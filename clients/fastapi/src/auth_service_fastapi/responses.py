"""Turns the auth server's HTTP response into a verdict. Everything that is not clearly an answer is `Unavailable`."""

import re
from typing import Any

from pydantic import ValidationError
from yarl import URL

from .http_fetch import AuthResponse
from .models import Session
from .settings import Settings
from .user_reader import describe_faults
from .verdict import DEFAULT_RETRY_AFTER_SECONDS, Cause, NotSignedIn, SignedIn, Unavailable, Verdict

#: A reason is one lower-case word: nothing else from a header reaches the log or the client.
_REASON = re.compile(r"[a-z0-9_]{1,64}")

#: Longer messages are cut before they reach the client.
_MAX_MESSAGE_LENGTH = 500

#: The longest Retry-After that is passed on.
_MAX_RETRY_AFTER_SECONDS = 60


def read_response(response: AuthResponse, settings: Settings) -> Verdict:
    """The verdict of one response from `/session` or BetterAuth's get-session."""
    if 300 <= response.status < 400:
        return Unavailable("auth_redirects", _redirect_hint(response, settings))
    if response.status == 429:
        return _unavailable(response, "auth_rate_limited", _rate_limit_fix(settings))
    if response.status >= 500:
        return _unavailable(response, "auth_error", "see the log of the auth server")
    if not response.may_be_json:
        return _unexpected(response, settings)
    try:
        body = response.json()
    except ValueError as error:
        return _unexpected(response, settings, f"{error}; {_fix(response, settings)}")
    if response.status == 200 and isinstance(body, dict):
        return _signed_in(body, response, settings)
    if settings.uses_get_session:
        if response.status == 200 and body is None:
            return _get_session_null(response)
    elif response.status == 401 and isinstance(body, dict):
        code, reason, message = (body.get(name) for name in ("code", "reason", "message"))
        if code == "NOT_SIGNED_IN" and _is_reason(reason) and isinstance(message, str):
            return NotSignedIn(reason, message[:_MAX_MESSAGE_LENGTH])
    return _unexpected(response, settings)


def _signed_in(body: dict[str, Any], response: AuthResponse, settings: Settings) -> Verdict:
    try:
        user = settings.user_reader.read(body.get("user"))
        session = Session.model_validate(body.get("session"))
    except ValidationError as error:
        return _unexpected(
            response, settings, f"invalid session or user ({describe_faults(error)})"
        )
    if session.user_id != user.id:
        return _unexpected(response, settings, "the session belongs to another user")
    return SignedIn(user, session, _reason_header(response) or "valid")


def _get_session_null(response: AuthResponse) -> NotSignedIn:
    reason = _reason_header(response)
    # "valid" contradicts the body, so it explains nothing.
    if reason is None or reason.startswith("valid"):
        return NotSignedIn(None, "Not signed in: the auth server gave no reason.")
    return NotSignedIn(reason, f"Not signed in: {reason}.")


def _unavailable(response: AuthResponse, cause: Cause, fix: str) -> Unavailable:
    detail = f"{_url_without_query(response)} answered {response.status}: {fix}"
    reason = _reason_header(response)
    if reason is None or reason.startswith("valid"):  # "valid" contradicts the status
        reason = cause
    return Unavailable(reason, detail, retry_after_seconds(response))


def _unexpected(response: AuthResponse, settings: Settings, detail: str = "") -> Unavailable:
    media_type = response.header("content-type") or "no content type"
    answered = f"{_url_without_query(response)} answered {response.status}"
    return Unavailable(
        "auth_unexpected_answer",
        f"{answered} with {media_type.split(';')[0][:60]}: {detail or _fix(response, settings)}",
    )


def _fix(response: AuthResponse, settings: Settings) -> str:
    if settings.uses_get_session:
        return "is this the path of BetterAuth's get-session on this server?"
    if response.status == 200 and response.body.strip() == b"null":
        return 'for a BetterAuth server set endpoint="/api/auth/get-session"'
    return (
        "is this the auth service's URL, and does a proxy answer in its place "
        "(deployment protection)?"
    )


def _redirect_hint(response: AuthResponse, settings: Settings) -> str:
    """Names the URL to set. Following the redirect would drop the Cookie header and report "not signed in"."""
    redirects = f"{_url_without_query(response)} redirects"
    try:
        target = response.url.join(URL(response.headers["location"]))
        origin = str(target.origin())
    except (KeyError, ValueError):
        return f"{redirects} to nowhere: a proxy in front of the auth server answers"
    if target.raw_path != settings.endpoint:
        shortened = f"{origin}{target.raw_path}"[:100]  # the server chooses its length
        return f"{redirects} to {shortened}: not an auth server; set the right url and endpoint"
    if origin == settings.url:
        return f"{redirects} to itself: a proxy in front of the auth server answers (deployment protection?)"
    return f'{redirects}: set AuthService("{origin}")'


def _rate_limit_fix(settings: Settings) -> str:
    if not settings.uses_get_session:
        return "a rate limit in front of the auth service counts this API as one client"
    return (
        "BetterAuth counts this API as one client; "
        "set rateLimit.customRules = { '/get-session': false } there"
    )


def retry_after_seconds(response: AuthResponse) -> int:
    """Retry-After or BetterAuth's X-Retry-After in whole seconds, within bounds; the default if neither is valid."""
    value = response.header("retry-after") or response.header("x-retry-after") or ""
    if not (value.isascii() and value.isdigit()):
        return DEFAULT_RETRY_AFTER_SECONDS
    return min(max(int(value[:9]), 1), _MAX_RETRY_AFTER_SECONDS)


def _reason_header(response: AuthResponse) -> str | None:
    reason = response.header("x-session-reason")
    return reason if _is_reason(reason) else None


def _is_reason(value: object) -> bool:
    return isinstance(value, str) and _REASON.fullmatch(value) is not None


def _url_without_query(response: AuthResponse) -> str:
    return str(response.url.with_query(None))

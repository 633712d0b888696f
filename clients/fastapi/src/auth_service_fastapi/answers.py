"""From the auth server's HTTP answer to a verdict. Whatever is not clearly an answer means: cannot tell."""

import re
from typing import Any
from urllib.parse import urlsplit

from httpx import InvalidURL
from pydantic import ValidationError

from .fetching import Answer
from .models import Session, User
from .settings import Settings
from .verdict import DEFAULT_RETRY_AFTER_SECONDS, CannotTell, Cause, NotSignedIn, SignedIn, Verdict

#: A reason is one word of ours: nothing else of a header reaches the log or the visitor.
_REASON = re.compile(r"[a-z0-9_]{1,64}")

#: What of a message reaches the visitor.
_LONGEST_MESSAGE = 500

#: Beyond this a caller had better ask again by itself.
_LONGEST_RETRY_AFTER_SECONDS = 60


def read_answer(answer: Answer, settings: Settings) -> Verdict:
    """Reads one answer of `/session` or of BetterAuth's get-session."""
    if 300 <= answer.status < 400:
        return CannotTell("auth_redirects", _where_to(answer, settings))
    if answer.status == 429:
        return _cannot_tell(answer, "auth_rate_limited", _rate_limit_fix(settings))
    if answer.status >= 500:
        return _cannot_tell(answer, "auth_error", "its own log names the fault")
    if not answer.may_be_json:
        return _unexpected(answer, settings)
    try:
        body = answer.json()
    except ValueError as error:
        return _unexpected(answer, settings, f"{error}; {_fix(answer, settings)}")
    if answer.status == 200 and isinstance(body, dict):
        return _signed_in(body, answer, settings)
    if settings.asks_better_auth:
        if answer.status == 200 and body is None:
            return _not_signed_in_at_better_auth(answer)
    elif answer.status == 401 and isinstance(body, dict):
        code, reason, message = (body.get(name) for name in ("code", "reason", "message"))
        if code == "NOT_SIGNED_IN" and _is_reason(reason) and isinstance(message, str):
            return NotSignedIn(reason, message[:_LONGEST_MESSAGE])
    return _unexpected(answer, settings)


def _signed_in(body: dict[str, Any], answer: Answer, settings: Settings) -> Verdict:
    try:
        user = User.model_validate(body.get("user"))
        session = Session.model_validate(body.get("session"))
    except ValidationError as error:
        # The fields' names and the complaint; their values are personal data.
        faults = "; ".join(
            f"{'.'.join(str(step) for step in fault['loc']) or 'all of it'}: {fault['type']}"
            for fault in error.errors(include_input=False, include_url=False)
        )
        return _unexpected(answer, settings, f"session or user is not as expected ({faults})")
    if session.user_id != user.id:
        return _unexpected(
            answer, settings, "the session belongs to another user than it came with"
        )
    return SignedIn(user, session, _reason_header(answer) or "valid")


def _not_signed_in_at_better_auth(answer: Answer) -> NotSignedIn:
    reason = _reason_header(answer)
    # A header that contradicts the body explains nothing.
    if reason is None or reason.startswith("valid"):
        return NotSignedIn(None, "Nobody is signed in: the auth server gave no reason.")
    return NotSignedIn(reason, f"Nobody is signed in: {reason}.")


def _cannot_tell(answer: Answer, cause: Cause, fix: str) -> CannotTell:
    said = f"{_place(answer)} answered {answer.status}: {fix}"
    reason = _reason_header(answer)
    if reason is None or reason.startswith(
        "valid"
    ):  # it could not tell, and this says that it could
        reason = cause
    return CannotTell(reason, said, retry_after_seconds(answer))


def _unexpected(answer: Answer, settings: Settings, seen: str = "") -> CannotTell:
    kind = answer.headers.get("content-type", "no content type").split(";")[0][:60]
    said = f"{_place(answer)} answered {answer.status} with {kind}"
    return CannotTell("auth_unexpected_answer", f"{said}: {seen or _fix(answer, settings)}")


def _fix(answer: Answer, settings: Settings) -> str:
    if settings.asks_better_auth:
        return "is this the path of BetterAuth's get-session on this server?"
    if answer.status == 200 and answer.body.strip() == b"null":
        return 'for a BetterAuth server set endpoint="/api/auth/get-session"'
    return "is this the auth service's URL, and does nothing in front of it answer (deployment protection)?"


def _where_to(answer: Answer, settings: Settings) -> str:
    """Names the URL to set. Following would drop the Cookie header and call the visitor signed out."""
    said = f"{_place(answer)} redirects"
    try:
        target = answer.url.join(answer.headers["location"])
        origin = f"{target.scheme}://{target.netloc.decode('ascii')}"
    except (KeyError, InvalidURL, ValueError):
        return f"{said} to nowhere: something in front of the auth server answers"
    if target.path != settings.endpoint:
        there = f"{origin}{target.path}"[:100]  # the peer may make it as long as it likes
        return f"{said} to {there}: that is no auth server; set its own URL and endpoint"
    if origin == settings.url:
        return f"{said} to itself: something in front of the auth server answers (deployment protection?)"
    return f'{said}: set AuthService("{origin}")'


def _rate_limit_fix(settings: Settings) -> str:
    if not settings.asks_better_auth:
        return "a limit in front of the auth service counts this API as one visitor"
    return (
        "BetterAuth counts this API as one visitor; "
        "set rateLimit.customRules = { '/get-session': false } there"
    )


def retry_after_seconds(answer: Answer) -> int:
    """Retry-After, or BetterAuth's X-Retry-After, as whole seconds within bounds; the default where it is neither."""
    said = answer.headers.get("retry-after", answer.headers.get("x-retry-after", ""))
    if not (said.isascii() and said.isdigit()):
        return DEFAULT_RETRY_AFTER_SECONDS
    return min(max(int(said[:9]), 1), _LONGEST_RETRY_AFTER_SECONDS)


def _reason_header(answer: Answer) -> str | None:
    reason = answer.headers.get("x-session-reason")
    return reason if _is_reason(reason) else None


def _is_reason(value: object) -> bool:
    return isinstance(value, str) and _REASON.fullmatch(value) is not None


def _place(answer: Answer) -> str:
    """The URL that was asked, without its query."""
    parts = urlsplit(str(answer.url))
    return f"{parts.scheme}://{parts.netloc}{parts.path}"

"""The logger `auth_service_fastapi` and its one line per request: the verdict, the reason and the token fingerprint."""

import logging

from .credential import Credential
from .verdict import Refused, SignedIn, Unavailable, Verdict

logger = logging.getLogger("auth_service_fastapi")

#: Longer untrusted text is cut.
_MAX_TEXT = 400


def log_verdict(
    verdict: Verdict,
    credential: Credential,
    *,
    request_id: str,
    secure: bool,
    duration_ms: float,
    is_cached: bool,
    hint: str | None,
) -> None:
    """Writes the line. The fingerprint and the request id are the same in the auth service's log.

    :param hint: why the request may have no credential
    """
    level = logging.WARNING if isinstance(verdict, Unavailable) else logging.INFO
    if not logger.isEnabledFor(level):
        return
    detail = verdict.detail if isinstance(verdict, Unavailable | Refused) else hint
    fields = {
        "session_reason": verdict.reason or "unexplained",
        "token_fingerprint": credential.fingerprint(secure=secure),
        "request_id": request_id,
        "user_id": one_line(verdict.user.id) if isinstance(verdict, SignedIn) else None,
        "duration_ms": round(duration_ms, 1),
        "remembered": is_cached or None,
        "detail": None if detail is None else one_line(detail),
    }
    present = {name: value for name, value in fields.items() if value is not None}
    line = " ".join(f"{name}={value}" for name, value in present.items() if name != "detail")
    suffix = f": {present['detail']}" if detail else ""
    logger.log(level, "session check: %s%s", line, suffix, extra=present)


def one_line(text: str) -> str:
    """Untrusted text, shortened and without line breaks or control characters."""
    cut = text[:_MAX_TEXT]
    if not cut.isprintable():
        cut = "".join(each if each.isprintable() else "?" for each in cut)
    return cut if len(text) <= _MAX_TEXT else f"{cut}…"

"""The one logger, `auth_service_fastapi`, and the one line a request: what was decided, why, and for which token."""

import logging

from .credential import Credential
from .verdict import CannotTell, Refused, SignedIn, Verdict

logger = logging.getLogger("auth_service_fastapi")

#: What visitors and the auth server can put into a line is cut to this.
_MAX_TEXT = 400


def log_verdict(
    verdict: Verdict,
    credential: Credential,
    *,
    request_id: str,
    secure: bool,
    duration_ms: float,
    is_remembered: bool,
    hint: str | None,
) -> None:
    """Writes the line. Fingerprint and request id are those of the auth service's own line.

    :param hint: why there may be no credential
    """
    level = logging.WARNING if isinstance(verdict, CannotTell) else logging.INFO
    if not logger.isEnabledFor(level):
        return
    detail = verdict.detail if isinstance(verdict, CannotTell | Refused) else hint
    fields = {
        "session_reason": verdict.reason or "unexplained",
        "token_fingerprint": credential.fingerprint(secure=secure),
        "request_id": request_id,
        "user_id": one_line(verdict.user.id) if isinstance(verdict, SignedIn) else None,
        "duration_ms": round(duration_ms, 1),
        "remembered": is_remembered or None,
        "detail": None if detail is None else one_line(detail),
    }
    told = {name: value for name, value in fields.items() if value is not None}
    line = " ".join(f"{name}={value}" for name, value in told.items() if name != "detail")
    said = f": {told['detail']}" if detail else ""
    logger.log(level, "session check: %s%s", line, said, extra=told)


def one_line(text: str) -> str:
    """Foreign text, short and without what could begin a line of its own or move a terminal's cursor."""
    cut = text[:_MAX_TEXT]
    if not cut.isprintable():
        cut = "".join(each if each.isprintable() else "?" for each in cut)
    return cut if len(text) <= _MAX_TEXT else f"{cut}…"

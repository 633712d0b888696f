"""The one logger, `auth_service_fastapi`, and the one line a request: what was decided, why, and for which token."""

import logging

from .credential import Credential
from .verdict import CannotTell, SignedIn, Verdict

logger = logging.getLogger("auth_service_fastapi")


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
    detail = verdict.detail if isinstance(verdict, CannotTell) else hint
    fields = {
        "session_reason": verdict.reason or "unexplained",
        "token_fingerprint": credential.fingerprint(secure=secure),
        "request_id": request_id,
        "user_id": verdict.user.id if isinstance(verdict, SignedIn) else None,
        "duration_ms": round(duration_ms, 1),
        "remembered": is_remembered or None,
        "detail": detail,
    }
    told = {name: value for name, value in fields.items() if value is not None}
    line = " ".join(f"{name}={value}" for name, value in told.items() if name != "detail")
    logger.log(level, "session check: %s%s", line, f": {detail}" if detail else "", extra=told)

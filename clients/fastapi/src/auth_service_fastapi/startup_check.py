"""What can be known before the first visitor comes: the auth server answers, the clocks agree, the cookie arrives."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from .answers import read_answer
from .cookie_scope import explain_unreachable_cookie
from .fetching import Answer, NoAnswerError, fetch
from .settings import Settings
from .verdict import CannotTell

#: Beyond this, ends of sessions and tokens are judged visibly wrong.
_ALLOWED_SKEW_SECONDS = 5.0


@dataclass(frozen=True)
class Finding:
    """One fault, in one line that says what to change."""

    code: str
    message: str


class StartupError(Exception):
    """With `startup_check="refuse"`: the API does not start."""

    def __init__(self, findings: list[Finding]) -> None:
        """Tells all findings at once."""
        self.findings = findings
        super().__init__("; ".join(f"{each.code}: {each.message}" for each in findings))


async def find_faults(
    settings: Settings, client: httpx.AsyncClient, wall_clock: Callable[[], float] = time.time
) -> list[Finding]:
    """Asks the auth server as an anonymous visitor would, and compares hosts and clocks.

    :param wall_clock: the time of day, in seconds since 1970
    """
    findings: list[Finding] = []
    if settings.mode == "session":
        if settings.api_url is not None and not settings.bearer:
            complaint = explain_unreachable_cookie(
                settings.browser_url, settings.api_url, settings.cookie_domain
            )
            if complaint is not None:
                findings.append(Finding("COOKIE_CANNOT_ARRIVE", complaint))
        path = settings.endpoint
    else:
        path = settings.jwks_endpoint
    asked_at = wall_clock()
    try:
        answer = await fetch(client, settings, path)
    except NoAnswerError as error:
        if error.verdict.reason == "auth_unexpected_answer":
            return [*findings, Finding("AUTH_UNEXPECTED_ANSWER", error.verdict.detail)]
        fix = "is the service up, and is this its URL as seen from here?"
        return [*findings, Finding("AUTH_UNREACHABLE", f"{error.verdict.detail}: {fix}")]
    if settings.mode == "session":
        verdict = read_answer(answer, settings)
        if isinstance(verdict, CannotTell):
            findings.append(Finding(verdict.reason.upper(), verdict.detail))
    else:
        from .key_set import read_key_set  # only this mode needs PyJWT

        seen, key_set = read_key_set(answer)
        if key_set is None:
            fix = (
                "set JWT_TOKENS=on at auth-service; any other server needs BetterAuth's jwt plugin"
            )
            findings.append(Finding("AUTH_KEYS_UNAVAILABLE", f"{seen}: {fix}"))
    skew = _clock_skew_seconds(answer, asked_at, wall_clock())
    if abs(skew) > _ALLOWED_SKEW_SECONDS:
        direction = "ahead of" if skew > 0 else "behind"
        findings.append(
            Finding(
                "CLOCKS_DISAGREE",
                f"this machine's clock is {abs(skew):.0f} s {direction} the auth server's: synchronise both (NTP)",
            )
        )
    return findings


def _clock_skew_seconds(answer: Answer, asked_at: float, answered_at: float) -> float:
    """How far this clock is ahead of the Date header; 0 while it may be right, for Date has whole seconds."""
    try:
        told = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError, OSError):  # a date that is none
        return 0.0
    if told + 1 < asked_at:
        return asked_at - told - 1
    if told > answered_at:
        return answered_at - told
    return 0.0

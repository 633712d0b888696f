"""What can be known before the first visitor comes: the auth server answers, the clocks agree, the cookie arrives."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx

from .answers import read_answer
from .hosts import why_cookie_stays_away
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
            complaint = why_cookie_stays_away(
                settings.browser_url, settings.api_url, settings.cookie_domain
            )
            if complaint is not None:
                findings.append(Finding("COOKIE_CANNOT_ARRIVE", complaint))
        path = settings.endpoint
    else:
        path = settings.jwks_endpoint
    asked_at = wall_clock()
    try:
        is_get_session = settings.mode == "session" and settings.asks_better_auth
        params = {"disableRefresh": "true"} if is_get_session else {}
        # A start must not wait for an answer that trickles in.
        answer = await asyncio.wait_for(client.get(path, params=params), settings.timeout_seconds)
    except (httpx.HTTPError, asyncio.TimeoutError) as error:
        seen = f"{settings.url} cannot be reached ({type(error).__name__} {error})"
        fix = "is the service up, and is this its URL as seen from here?"
        return [*findings, Finding("AUTH_UNREACHABLE", f"{seen}: {fix}")]
    if settings.mode == "session":
        verdict = read_answer(answer, settings)
        if isinstance(verdict, CannotTell):
            findings.append(Finding(verdict.reason.upper(), verdict.detail))
    elif answer.status_code != 200:
        seen = f"{settings.url}{path} answered {answer.status_code}"
        fix = "set JWT_TOKENS=on at auth-service; any other server needs BetterAuth's jwt plugin"
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


def _clock_skew_seconds(answer: httpx.Response, asked_at: float, answered_at: float) -> float:
    """How far this clock is ahead of the Date header; 0 while it may be right, for Date has whole seconds."""
    try:
        told = parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return 0.0
    if told + 1 < asked_at:
        return asked_at - told - 1
    if told > answered_at:
        return answered_at - told
    return 0.0

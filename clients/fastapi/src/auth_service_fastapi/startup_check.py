"""Checks at start: the auth server answers, the clocks agree, and the cookie can reach this API."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp

from .cookie_scope import explain_unreachable_cookie
from .http_fetch import AuthResponse, NoResponseError, fetch
from .responses import read_response
from .settings import Settings
from .verdict import Unavailable

#: Beyond this, expiry times of sessions and tokens are visibly wrong.
_ALLOWED_SKEW_SECONDS = 5.0


@dataclass(frozen=True)
class Finding:
    """One problem, in one line that says what to change."""

    code: str
    message: str


class StartupError(Exception):
    """Raised with `startup_check="refuse"`: the API does not start."""

    def __init__(self, findings: list[Finding]) -> None:
        """The message contains all findings."""
        self.findings = findings
        super().__init__("; ".join(f"{each.code}: {each.message}" for each in findings))


async def run_startup_check(
    settings: Settings, client: aiohttp.ClientSession, wall_clock: Callable[[], float] = time.time
) -> list[Finding]:
    """Calls the auth server without a credential, and compares hosts and clocks.

    :param wall_clock: the time of day, in seconds since 1970
    """
    findings: list[Finding] = []
    if settings.mode == "session":
        if settings.api_url is not None and not settings.bearer:
            problem = explain_unreachable_cookie(
                settings.browser_url, settings.api_url, settings.cookie_domain
            )
            if problem is not None:
                findings.append(Finding("COOKIE_CANNOT_ARRIVE", problem))
        path = settings.endpoint
    else:
        path = settings.jwks_endpoint
    asked_at = wall_clock()
    try:
        response = await fetch(client, settings, path)
    except NoResponseError as error:
        if error.verdict.reason == "auth_unexpected_answer":
            return [*findings, Finding("AUTH_UNEXPECTED_ANSWER", error.verdict.detail)]
        fix = "is the service up, and is this its URL as seen from here?"
        return [*findings, Finding("AUTH_UNREACHABLE", f"{error.verdict.detail}: {fix}")]
    if settings.mode == "session":
        verdict = read_response(response, settings)
        if isinstance(verdict, Unavailable):
            findings.append(Finding(verdict.reason.upper(), verdict.detail))
    else:
        from .key_set import read_key_set  # PyJWT is optional

        seen, key_set = read_key_set(response)
        if key_set is None:
            fix = (
                "set JWT_TOKENS=on at auth-service; any other server needs BetterAuth's jwt plugin"
            )
            findings.append(Finding("AUTH_KEYS_UNAVAILABLE", f"{seen}: {fix}"))
    skew = _clock_skew_seconds(response, asked_at, wall_clock())
    if abs(skew) > _ALLOWED_SKEW_SECONDS:
        direction = "ahead of" if skew > 0 else "behind"
        findings.append(
            Finding(
                "CLOCKS_DISAGREE",
                f"this machine's clock is {abs(skew):.0f} s {direction} the auth server's: synchronize both (NTP)",
            )
        )
    return findings


def _clock_skew_seconds(response: AuthResponse, asked_at: float, answered_at: float) -> float:
    """How far this clock is ahead of the Date header; 0 within its precision of one second."""
    try:
        date = parsedate_to_datetime(response.headers["date"]).timestamp()
    except (KeyError, ValueError, TypeError, OverflowError, OSError):  # absent or not a date
        return 0.0
    if date + 1 < asked_at:
        return asked_at - date - 1
    if date > answered_at:
        return answered_at - date
    return 0.0

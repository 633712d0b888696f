"""Whether the auth server is worth asking: the breaker, opened by a question of our own and by no visitor's.

A visitor can make his own question fail: by a cookie that a proxy's rules close the connection for, or that makes it
slow. Such failures raise a suspicion only; what opens the breaker is that the auth server fails a question which
holds nothing of any visitor's.
"""

import time

import httpx

from .answers import read_answer
from .breaker import Breaker
from .fetching import NoAnswerError, fetch
from .log import logger, one_line
from .settings import SESSION_ENDPOINT, Settings
from .single_flight import SingleFlight
from .verdict import CannotTell, Cause, Verdict

#: The auth service says here whether its database answers. Other servers have no such path.
_READY_ENDPOINT = "/ready"

#: A proxy's or the service's word that nothing behind it answers.
_DOWN = (502, 503, 504)

#: Of a question that got no answer at all.
_UNANSWERED: tuple[Cause, ...] = ("auth_timeout", "auth_unreachable")


class Watch:
    """Decides before each question, and is told how each one ended."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        """Trusts the auth server until it fails."""
        self._settings = settings
        self._client = client
        self._probing: SingleFlight[CannotTell | None] = SingleFlight(self._probe)
        self._probing_limit: SingleFlight[CannotTell | None] = SingleFlight(self._probe_limit)
        #: One visitor's question got 429: a limit by this API's address counts for all, a rule on his cookie does not.
        self._may_be_limited = False
        self._breaker = Breaker(
            failures=settings.breaker_failures,
            open_seconds=settings.breaker_open_seconds,
            now=time.monotonic,
        )

    async def refusal(self) -> CannotTell | None:
        """None: ask. Otherwise what to say instead; takes `timeout_seconds` at most."""
        seconds = self._breaker.refusal_seconds()
        if seconds is not None:
            return CannotTell("auth_not_asked", "left alone after failures in a row", seconds)
        is_trial = self._breaker.is_open
        if self._may_be_limited and not is_trial:
            limit = await self._probing_limit.join()
            if limit is not None:
                return limit
        if not (is_trial or self._breaker.is_suspicious):
            return None
        failure = await self._probing.join()
        if is_trial and failure is not None and failure.reason not in _UNANSWERED:
            # Not ready as a whole, it may still know this visitor: the trial is worth his question.
            return None
        return failure

    def heard(self, status: int, verdict: Verdict) -> None:
        """A visitor's question was answered."""
        if status == 429:
            self._may_be_limited = True
        elif status in _DOWN:
            self._breaker.suspected()
        elif not isinstance(verdict, CannotTell):
            # Anything else (a 400, a 500) may be about one odd cookie: it is evidence for nothing.
            self._succeeded()

    def missed(self) -> None:
        """A visitor's question got no answer."""
        self._breaker.suspected()

    def close(self) -> None:
        """Ends a question of our own that may be under way."""
        self._probing.close()
        self._probing_limit.close()

    async def _probe(self) -> CannotTell | None:
        is_own_service = self._settings.endpoint == SESSION_ENDPOINT
        path = _READY_ENDPOINT if is_own_service else self._settings.endpoint
        try:
            answer = await fetch(self._client, self._settings, path)
        except NoAnswerError as error:
            return self._failed(error.verdict)
        verdict = read_answer(answer, self._settings)
        if answer.status in (*_DOWN, 429) and isinstance(verdict, CannotTell):
            return self._failed(verdict)
        self._succeeded()
        return None

    async def _probe_limit(self) -> CannotTell | None:
        """The visitors' own question without any visitor: a limit may count each path by itself."""
        self._may_be_limited = False
        try:
            answer = await fetch(self._client, self._settings, self._settings.endpoint)
        except NoAnswerError:
            self._breaker.suspected()
            return None
        verdict = read_answer(answer, self._settings)
        if answer.status != 429 or not isinstance(verdict, CannotTell):
            return None
        # Asking on would only prolong it.
        if self._breaker.open_for(verdict.retry_after_seconds):
            logger.warning("%s", one_line(verdict.detail))
        return verdict

    def _succeeded(self) -> None:
        if self._breaker.succeeded():
            logger.warning("%s answers again", self._settings.url)

    def _failed(self, verdict: CannotTell) -> CannotTell:
        if self._breaker.failed():
            logger.error(
                "%s is left alone but for a trial every %g s, after %d failures in a row, the last: %s",
                self._settings.url,
                self._settings.breaker_open_seconds,
                self._settings.breaker_failures,
                one_line(verdict.detail),
            )
        return verdict

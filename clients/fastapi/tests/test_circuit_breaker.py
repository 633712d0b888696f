"""An auth server that is down costs the API no time, and its recovery is noticed."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest

from auth_service_fastapi import AuthService
from auth_service_fastapi.circuit_breaker import CircuitBreaker

from .support.fake_auth import FakeAuth, answer, fake_auth, signed_in
from .support.served import serve_api

COOKIE = {"cookie": "a=1"}


class Clock:
    """A clock that the test turns."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_opens_after_consecutive_failures_allows_one_trial_and_closes_after_a_success() -> None:
    clock = Clock()
    breaker = CircuitBreaker(failures=3, open_seconds=5, now=clock)
    assert [breaker.record_failure(), breaker.record_failure(), breaker.record_success()] == [
        False,
        False,
        False,
    ]
    assert [breaker.record_failure(), breaker.record_failure(), breaker.record_failure()] == [
        False,
        False,
        True,
    ]
    assert breaker.seconds_until_trial() == 5
    clock.seconds += 4.5
    assert (
        breaker.record_failure() is False
    )  # a question from before: neither news nor a longer pause
    assert breaker.seconds_until_trial() == 1
    clock.seconds += 0.6
    assert breaker.seconds_until_trial() is None  # the trial
    assert breaker.seconds_until_trial() == 5  # everybody else
    clock.seconds += 5
    assert breaker.seconds_until_trial() is None  # the trial never came back: the next
    assert breaker.record_success() is True
    assert breaker.seconds_until_trial() is None
    assert breaker.record_failure() is False  # and counts from the beginning


def requests_after(auth: FakeAuth, failures: int, seconds: float = 30) -> tuple[int, list[str]]:
    """How many of 8 questions reach the auth server, and the reasons that the visitors get."""
    service = AuthService(
        auth.url, breaker_failures=failures, timeout_seconds=seconds, startup_check="off"
    )
    with serve_api(service) as api:
        answers = [api.get("/me", headers=COOKIE) for _ in range(8)]
    assert {each.status_code for each in answers} == {503}
    assert all(1 <= int(each.headers["retry-after"]) <= 9 for each in answers)
    return len(auth.requests), [each.json()["reason"] for each in answers]


def test_an_auth_server_that_hangs_opens_the_circuit(caplog: pytest.LogCaptureFixture) -> None:
    with fake_auth(lambda _: b"") as auth:
        asked, reasons = requests_after(auth, 3, seconds=0.2)
    assert asked == 3
    assert reasons == ["auth_timeout"] * 3 + ["auth_not_asked"] * 5
    assert caplog.text.count("opened for 5 s after 3 consecutive failures") == 1


def test_a_rate_limit_opens_the_circuit_once_a_probe_confirms_it() -> None:
    with fake_auth(lambda _: answer(429, "", x_retry_after="9")) as auth:
        asked, reasons = requests_after(auth, 3)
        assert [b"cookie:" in head.lower() for head in auth.requests] == [True, False]
    assert asked == 2
    assert reasons == ["auth_rate_limited"] * 2 + ["auth_not_asked"] * 6


@pytest.mark.parametrize("status", [400, 404, 431, 500])
def test_statuses_that_one_cookie_can_provoke_never_open_the_circuit(status: int) -> None:
    with fake_auth(lambda _: answer(status, "")) as auth:
        asked, _ = requests_after(auth, 3)
    assert asked == 8


def test_the_circuit_closes_when_the_auth_server_recovers(caplog: pytest.LogCaptureFixture) -> None:
    with fake_auth(lambda _: answer(503, "")) as auth:
        service = AuthService(
            auth.url, breaker_failures=2, breaker_open_seconds=1, startup_check="off"
        )
        with serve_api(service) as api:
            reasons = [api.get("/me", headers=COOKIE).json()["reason"] for _ in range(3)]
            assert reasons == ["auth_error", "auth_error", "auth_not_asked"]
            auth.script = lambda _: signed_in()
            time.sleep(1.05)  # the pause that was set above
            assert [api.get("/me", headers=COOKIE).status_code for _ in range(3)] == [200] * 3
    assert caplog.text.count("is available again") == 1


def test_concurrency_is_limited_and_waiting_for_a_slot_times_out() -> None:
    enough = threading.Event()

    def slow(_: bytes) -> bytes:
        enough.wait(20)
        return signed_in()

    with fake_auth(slow) as auth:
        service = AuthService(
            auth.url,
            max_concurrency=2,
            connect_timeout_seconds=0.5,
            timeout_seconds=20,
            breaker_failures=1,
            startup_check="off",
        )
        with serve_api(service) as api, ThreadPoolExecutor(6) as pool:
            waiting = [pool.submit(api.get, "/me", headers=COOKIE) for _ in range(6)]
            answers = [each.result() for each in itertools.islice(as_completed(waiting), 4)]
            enough.set()
            served = [each.result() for each in waiting if each.result() not in answers]
            assert (
                api.get("/me", headers=COOKIE).status_code == 200
            )  # waiting counted for no failure
    assert auth.connections == 2
    assert [each.json()["reason"] for each in answers] == ["auth_busy"] * 4
    assert [each.status_code for each in served] == [200, 200]


def test_suspicions_never_open_the_circuit() -> None:
    for failures in range(1, 6):
        breaker = CircuitBreaker(failures=failures, open_seconds=5, now=time.monotonic)
        for _ in range(20):
            breaker.record_suspicion()
        assert breaker.is_suspicious
        assert not breaker.is_open
        assert breaker.record_failure() is True

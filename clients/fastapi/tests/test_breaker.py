"""A dead auth server costs the API nothing, and one that comes back is noticed."""

import itertools
import threading
import time
from concurrent.futures import ThreadPoolExecutor, as_completed

import pytest

from auth_service_fastapi import AuthService
from auth_service_fastapi.breaker import Breaker

from .support.fake_auth import FakeAuth, answer, fake_auth, signed_in
from .support.served import serve_api

COOKIE = {"cookie": "a=1"}


class Clock:
    """A clock that the test turns."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_it_opens_after_failures_in_a_row_lets_one_trial_through_and_closes_with_an_answer() -> (
    None
):
    clock = Clock()
    breaker = Breaker(failures=3, open_seconds=5, now=clock)
    assert [breaker.failed(), breaker.failed(), breaker.succeeded()] == [False, False, False]
    assert [breaker.failed(), breaker.failed(), breaker.failed()] == [False, False, True]
    assert breaker.refusal_seconds() == 5
    clock.seconds += 4.5
    assert breaker.failed() is False  # a question from before: neither news nor a longer pause
    assert breaker.refusal_seconds() == 1
    clock.seconds += 0.6
    assert breaker.refusal_seconds() is None  # the trial
    assert breaker.refusal_seconds() == 5  # everybody else
    clock.seconds += 5
    assert breaker.refusal_seconds() is None  # the trial never came back: the next
    assert breaker.succeeded() is True
    assert breaker.refusal_seconds() is None
    assert breaker.failed() is False  # and counts from the beginning


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


def test_an_auth_server_that_hangs_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    with fake_auth(lambda _: b"") as auth:
        asked, reasons = requests_after(auth, 3, seconds=0.2)
    assert asked == 3
    assert reasons == ["auth_timeout"] * 3 + ["auth_not_asked"] * 5
    assert caplog.text.count("is left alone but for a trial every 5 s, after 3 failures") == 1


def test_a_rate_limit_is_obeyed_once_a_question_without_a_visitor_meets_it_too() -> None:
    with fake_auth(lambda _: answer(429, "", x_retry_after="9")) as auth:
        asked, reasons = requests_after(auth, 3)
        assert [b"cookie:" in head.lower() for head in auth.requests] == [True, False]
    assert asked == 2
    assert reasons == ["auth_rate_limited"] * 2 + ["auth_not_asked"] * 6


@pytest.mark.parametrize("status", [400, 404, 431, 500])
def test_what_one_odd_cookie_can_provoke_closes_nobody_else_out(status: int) -> None:
    with fake_auth(lambda _: answer(status, "")) as auth:
        asked, _ = requests_after(auth, 3)
    assert asked == 8


def test_an_auth_server_that_comes_back_is_noticed(caplog: pytest.LogCaptureFixture) -> None:
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
    assert caplog.text.count("answers again") == 1


def test_no_more_questions_are_under_way_than_allowed_and_waiting_for_a_place_ends() -> None:
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


def test_many_suspicions_alone_never_open_a_breaker() -> None:
    for failures in range(1, 6):
        breaker = Breaker(failures=failures, open_seconds=5, now=time.monotonic)
        for _ in range(20):
            breaker.suspected()
        assert breaker.is_suspicious
        assert not breaker.is_open
        assert breaker.failed() is True

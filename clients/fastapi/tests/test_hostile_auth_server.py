"""Any unreadable response, in any part of the client: 503, one log line, no traceback."""

import resource
import time

import pytest

from auth_service_fastapi import AuthService, StartupError

from .support.consumers import CONSUMERS, Consumer
from .support.hostile import UNREADABLE
from .support.in_process import run, started
from .support.served import start


@pytest.mark.parametrize("consumer", CONSUMERS)
@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_unreadable_response_is_503(
    kind: str, consumer: str, consumers: dict[str, Consumer], caplog: pytest.LogCaptureFixture
) -> None:
    consumers[consumer].misbehave(kind)
    started_at = time.monotonic()
    reply = consumers[consumer].ask()
    assert time.monotonic() - started_at < 20
    assert consumers[consumer].fake.sent_bytes < 20_000_000
    assert reply.status == 503, reply.body
    assert reply.json()["code"] == "AUTH_UNAVAILABLE"
    assert not reply.json()["reason"].startswith("valid")
    assert 1 <= int(reply.headers["retry-after"]) <= 60
    lines = [each.getMessage() for each in caplog.records]
    assert any("session check: session_reason=" in line for line in lines)
    assert all(line.isprintable() and len(line) < 1000 for line in lines)
    assert all(each.exc_info is None for each in caplog.records)


@pytest.mark.parametrize("consumer", ["the session check", "the published keys"])
@pytest.mark.parametrize("kind", UNREADABLE)
def test_the_api_starts_and_logs_a_finding_after(
    kind: str, consumer: str, consumers: dict[str, Consumer], caplog: pytest.LogCaptureFixture
) -> None:
    own = consumers[consumer]
    own.misbehave(kind)

    async def steps() -> None:
        async with started(own.app):
            pass

    run(steps)
    assert caplog.records[0].levelname == "ERROR"
    for record in caplog.records:
        assert record.getMessage().startswith("startup check: ")
        assert record.getMessage().isprintable()
        assert len(record.getMessage()) < 1000
        assert record.exc_info is None


def test_startup_check_refuse_aborts_the_start(check: Consumer) -> None:
    for kind in ("brackets", "a gzip bomb", "half a character"):
        check.misbehave(kind)
        with pytest.raises(StartupError):
            start(AuthService(check.fake.url, startup_check="refuse"))


def test_a_response_of_300_mb_is_not_buffered(check: Consumer) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind in ("300 MB", "a gzip bomb", "brackets", "a million pieces"):
        check.misbehave(kind)
        assert check.ask().status == 503
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 60_000

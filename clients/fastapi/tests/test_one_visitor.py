"""No request of one user affects others, whatever it contains."""

import asyncio
import logging

import pytest

from auth_service_fastapi import AuthService
from auth_service_fastapi.credential_bounds import MAX_CREDENTIAL_BYTES

from .support.fake_auth import FakeAuth, answer, fake_auth, signed_in
from .support.in_process import Reply, request, run, started
from .support.served import create_api

INNOCENT = (b"cookie", b"theme=dark; innocent=1")
Headers = list[tuple[bytes, bytes]]


def touchy(head: bytes) -> bytes | None:
    """Answers everybody but those whose cookie names what goes wrong: proxies and firewalls do such things."""
    for word, reply in {
        b"closes": None,
        b"hangs": b"",
        b"bad-gateway": answer(502, ""),
        b"unavailable": answer(503, ""),
        b"timed-out": answer(504, ""),
        b"error": answer(500, ""),
        b"rate-limited": answer(429, "", retry_after="60"),
        b"bad-request": answer(400, ""),
        b"not-http": b"SSH-2.0-OpenSSH\r\n\r\n",
        b"half": signed_in()[:-20].replace(b"keep-alive", b"close"),
    }.items():
        if b"make-it-" + word in head:
            return reply
    return answer(431, "") if len(head) > 16_300 else signed_in()


def cookie(value: bytes) -> Headers:
    return [(b"cookie", value)]


#: title → headers, and the statuses that may answer them.
CRAFTED: dict[str, tuple[Headers, set[int]]] = {
    "120 kB of cookie": (cookie(b"a=" + b"x" * 120_000), {431}),
    "5 MB of cookie": (cookie(b"a=" + b"x" * 5_000_000), {431}),
    "120 kB in a hundred headers": (cookie(b"a=" + b"x" * 1200) * 100, {431}),
    "thousands of cookies": (cookie(b"; ".join(b"c%d=1" % n for n in range(9000))), {431}),
    "thousands of cookies that fit": (cookie(b"a;" * 7000), {200}),
    "just what fits": (cookie(b"a=" + b"x" * (MAX_CREDENTIAL_BYTES - 2)), {200}),
    "one byte too many": (cookie(b"a=" + b"x" * (MAX_CREDENTIAL_BYTES - 1)), {431}),
    "an endless token": ([(b"authorization", b"Bearer " + b"x" * 120_000)], {431}),
    "both within, together beyond": (
        [*cookie(b"a=" + b"x" * 12_000), (b"authorization", b"Bearer " + b"x" * 8_000)],
        {431},
    ),
    "an empty token": ([(b"authorization", b"Bearer ")], {401}),
    "a token with a line break": ([(b"authorization", b"Bearer a\r\nx: y")], {401}),
    "a token beyond ASCII": ([(b"authorization", b"Bearer \xff\xfe")], {200}),
    "many tokens": ([(b"authorization", b"Bearer a")] * 500, {200}),
    "a NUL": (cookie(b"a=\x00"), {401}),
    "a line break": (cookie(b"a=1\r\nx-evil: 1"), {401}),
    "a bare line feed": (cookie(b"a=1\nx-evil: 1"), {401}),
    "an escape": (cookie(b"a=\x1b[2J"), {401}),
    "DEL": (cookie(b"a=\x7f"), {401}),
    "no UTF-8": (cookie(b"a=\xff\xfe\xfd"), {200}),
    "blanks": (cookie(b"   "), {200, 401}),
    "nothing": (cookie(b""), {200, 401}),
    "a long request id": ([INNOCENT, (b"x-request-id", b"x" * 100_000)], {200}),
    "a request id with a line break": ([INNOCENT, (b"x-request-id", b"a\r\nb")], {200}),
    "a long user agent": ([INNOCENT, (b"user-agent", b"x" * 100_000)], {200}),
    "a long host": ([(b"host", b"x" * 100_000)], {401}),
    "a host with an escape": ([(b"host", b"\x1b[2J.example.com")], {401}),
    **{
        f"what makes it {how}": (cookie(b"a=make-it-" + how.encode()), {503})
        for how in (
            [
                "closes",
                "hangs",
                "bad-gateway",
                "unavailable",
                "timed-out",
                "error",
                "rate-limited",
                "bad-request",
                "not-http",
                "half",
            ]
        )
    },
}


def ask_in_turn(
    fake: FakeAuth, crafted: Headers, *, cache_seconds: float = 0
) -> tuple[list[Reply], list[Reply]]:
    """Four crafted requests in a row, then an innocent one, and that three times."""

    async def steps() -> tuple[list[Reply], list[Reply]]:
        auth = AuthService(
            fake.url,
            bearer=True,
            breaker_failures=2,
            timeout_seconds=0.2 if b"make-it-ha" in crafted[0][1] else 20,
            breaker_open_seconds=60,
            startup_check="off",
            cache_seconds=cache_seconds,
        )
        app = create_api(auth)
        crafted_replies, innocent_replies = [], []
        async with started(app) as state:
            for _ in range(3):
                crafted_replies += [
                    await request(app, "/me", crafted, state=state) for _ in range(4)
                ]
                innocent_replies.append(await request(app, "/me", [INNOCENT], state=state))
        return crafted_replies, innocent_replies

    return run(steps)


@pytest.mark.parametrize("title", CRAFTED)
def test_no_request_of_one_user_affects_others(
    title: str, caplog: pytest.LogCaptureFixture
) -> None:
    headers, statuses = CRAFTED[title]
    with fake_auth(touchy) as fake:
        crafted, innocent = ask_in_turn(fake, headers)
    assert [each.status for each in innocent] == [200] * 3
    assert {each.status for each in crafted} <= statuses
    for each in crafted:
        if each.status != 200:
            assert each.json()["reason"] != "auth_not_asked"
            assert each.json()["message"]
    assert "circuit breaker" not in caplog.text
    for record in caplog.records:
        line = record.getMessage()
        assert line.isprintable()
        assert len(line) < 1000


def test_an_oversized_cookie_is_431_with_its_size_and_not_sent() -> None:
    for cache_seconds in (0, 5):
        with fake_auth(touchy) as fake:
            crafted, _ = ask_in_turn(fake, cookie(b"x" * 120_000), cache_seconds=cache_seconds)
            assert not [head for head in fake.requests if b"xxxx" in head]
        reply = crafted[0]
        assert reply.json()["code"] == "CREDENTIAL_TOO_LARGE"
        assert reply.json()["reason"] == reply.headers["x-session-reason"] == "cookie_too_large"
        assert "120000 bytes" in reply.json()["message"]
        assert reply.headers["cache-control"] == "no-store"


def test_optional_identities_get_431_too() -> None:
    with fake_auth(touchy) as fake:

        async def steps() -> Reply:
            app = create_api(AuthService(fake.url, startup_check="off"))
            async with started(app) as state:
                return await request(app, "/optional", cookie(b"x" * 20_000), state=state)

        assert run(steps).status == 431


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (431, ""),
        (413, ""),
        (400, "<title>400 Request Header Or Cookie Too Large</title>"),
    ],
)
def test_a_server_with_a_smaller_header_limit_is_reported_as_431(status: int, body: str) -> None:
    def strict(head: bytes) -> bytes:
        return answer(status, body) if len(head) > 8000 else signed_in()

    with fake_auth(strict) as fake:
        crafted, innocent = ask_in_turn(fake, cookie(b"x" * 9_000))
    assert {(each.status, each.json()["reason"]) for each in crafted} == {(431, "cookie_too_large")}
    assert {each.status for each in innocent} == {200}


def test_a_client_that_disconnects_releases_its_slot_and_the_trial() -> None:
    async def steps(fake: FakeAuth) -> int:
        auth = AuthService(
            fake.url,
            breaker_failures=1,
            max_concurrency=1,
            timeout_seconds=1,
            startup_check="off",
        )
        app = create_api(auth)
        async with started(app) as state:
            for _ in range(5):
                hanging = asyncio.create_task(
                    request(app, "/me", cookie(b"a=make-it-hangs"), state=state)
                )
                await asyncio.sleep(0.02)
                hanging.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await hanging
            return (await request(app, "/me", [INNOCENT], state=state)).status

    with fake_auth(touchy) as fake:
        assert run(lambda: steps(fake)) == 200


def test_an_outage_opens_the_circuit_and_no_user_can_close_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """431 and 400 may come from a proxy whose backend is down, so they do not close the circuit."""

    def down(head: bytes) -> bytes | None:
        return answer(400, "") if b"make-it-bad-request" in head else None

    async def steps(fake: FakeAuth) -> list[str]:
        auth = AuthService(fake.url, breaker_failures=3, startup_check="off")
        app = create_api(auth)
        reasons = []
        async with started(app) as state:
            for value in (b"a", b"make-it-bad-request", b"a", b"make-it-bad-request", b"a", b"a"):
                reply = await request(app, "/me", cookie(value), state=state)
                assert reply.status == 503
                reasons.append(reply.json()["reason"])
        return reasons

    with fake_auth(down) as fake:
        reasons = run(lambda: steps(fake))
    assert reasons[-1] == "auth_not_asked"
    assert caplog.text.count("the circuit breaker for") == 1


def test_the_log_line_of_a_rejected_request_has_its_reason(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, logger="auth_service_fastapi")
    with fake_auth(touchy) as fake:
        ask_in_turn(fake, cookie(b"x" * 120_000))
    assert "session_reason=cookie_too_large" in caplog.text
    assert "xxxx" not in caplog.text

"""What is cached, for how long, and what never is."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from auth_service_fastapi import AuthService, Session, User
from auth_service_fastapi.cache import VerdictCache
from auth_service_fastapi.credential import Credential
from auth_service_fastapi.verdict import NotSignedIn, SignedIn, Unavailable, Verdict

from .support.fake_auth import answer, fake_auth, not_signed_in, signed_in
from .support.served import serve_api


class Clock:
    """A clock that the test turns."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def identity(seconds_left: float = 3600) -> SignedIn:
    ends = datetime.now(timezone.utc) + timedelta(seconds=seconds_left)
    user = User(id="u", name="u", email="u@example.com", email_verified=True)
    return SignedIn(user, Session(id="s", user_id="u", expires_at=ends))


class Auth:
    """Answers with `verdict`, and counts."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.asked = 0

    async def __call__(self) -> Verdict:
        self.asked += 1
        return self.verdict


def times_asked(
    auth: Auth, steps: Callable[[VerdictCache, Clock], Awaitable[None]], size: int = 10
) -> int:
    async def run() -> None:
        clock = Clock()
        await steps(VerdictCache(seconds=5, max_entries=size, now=clock), clock)

    asyncio.run(run())
    return auth.asked


def test_a_valid_session_is_cached_for_the_configured_time() -> None:
    auth = Auth(identity())

    async def steps(cache: VerdictCache, clock: Clock) -> None:
        assert await cache.get(b"a", auth) == (auth.verdict, False)
        clock.seconds += 4.9
        assert await cache.get(b"a", auth) == (auth.verdict, True)
        clock.seconds += 0.2  # being asked for does not prolong it
        assert await cache.get(b"a", auth) == (auth.verdict, False)

    assert times_asked(auth, steps) == 2


def test_a_session_is_never_cached_beyond_its_expiry() -> None:
    auth = Auth(identity(seconds_left=2))

    async def steps(cache: VerdictCache, clock: Clock) -> None:
        await cache.get(b"a", auth)
        clock.seconds += 2.1
        await cache.get(b"a", auth)

    assert times_asked(auth, steps) == 2


@pytest.mark.parametrize(
    "verdict", [NotSignedIn("session_not_found"), Unavailable("auth_timeout", "")]
)
def test_no_other_verdict_is_cached(verdict: Verdict) -> None:
    auth = Auth(verdict)

    async def steps(cache: VerdictCache, _: Clock) -> None:
        for _time in range(3):
            assert await cache.get(b"a", auth) == (verdict, False)

    assert times_asked(auth, steps) == 3


def test_the_cache_is_bounded_and_evicts_the_least_recently_used() -> None:
    auth = Auth(identity())

    async def steps(cache: VerdictCache, _: Clock) -> None:
        for digest in (b"a", b"b", b"a", b"c"):
            await cache.get(digest, auth)
        assert (await cache.get(b"a", auth))[1] is True
        assert (await cache.get(b"b", auth))[1] is False

    assert times_asked(auth, steps, size=2) == 4


def test_a_client_that_disconnects_does_not_cancel_a_shared_call() -> None:
    async def run() -> None:
        cache = VerdictCache(seconds=5, max_entries=10, now=time.monotonic)
        answered: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()

        async def ask() -> Verdict:
            return await answered

        first = asyncio.create_task(cache.get(b"a", ask))
        second = asyncio.create_task(cache.get(b"a", ask))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        answered.set_result(identity())
        assert (await second)[1] is True

    asyncio.run(run())


def test_different_credentials_have_different_digests() -> None:
    credentials = [
        Credential(b"a=1"),
        Credential(b"a=2"),
        Credential(bearer=b"a=1"),
        Credential(b"a=1", b""),
        Credential(b"", b"a=1"),
        Credential(b""),
    ]
    assert len({each.digest for each in credentials}) == len(credentials)


@pytest.mark.parametrize(("cache_seconds", "expected"), [(0, 6), (30, 1)])
def test_concurrent_equal_requests_share_one_call_with_the_cache(
    cache_seconds: float, expected: int
) -> None:
    def slow(_: bytes) -> bytes:
        time.sleep(0.3)
        return signed_in()

    with fake_auth(slow) as auth:
        service = AuthService(auth.url, cache_seconds=cache_seconds, timeout_seconds=30)
        with serve_api(service) as api, ThreadPoolExecutor(6) as pool:
            answers = list(pool.map(lambda _: api.get("/me", headers={"cookie": "a=1"}), range(6)))
        assert [each.status_code for each in answers] == [200] * 6
        assert len(auth.asked) == expected


def test_the_cache_separates_users_and_stores_only_signed_in_verdicts() -> None:
    def by_cookie(head: bytes) -> bytes:
        if b"cookie: ada" in head:
            return signed_in("ada")
        return signed_in("bob") if b"cookie: bob" in head else not_signed_in()

    with fake_auth(by_cookie) as auth, serve_api(AuthService(auth.url, cache_seconds=30)) as api:
        for _ in range(2):
            for name in ("ada", "bob"):
                assert api.get("/me", headers={"cookie": name}).json()["id"] == name
            assert api.get("/me", headers={"cookie": "eve"}).status_code == 401
        assert len(auth.asked) == 4
        auth.script = lambda _: answer(503)
        assert api.get("/me", headers={"cookie": "ada"}).status_code == 200
        assert api.get("/me", headers={"cookie": "eve"}).status_code == 503

"""Without a lifespan, resources open with the first request of each event loop and close with it."""

import asyncio
import gc
import threading
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI

from auth_service_fastapi import AuthService, CurrentUser, OptionalUser

from .support.fake_auth import fake_auth, not_signed_in, signed_in
from .support.in_process import request, run, started
from .support.served import NO_CERTIFICATES, create_api
from .support.signer import ISSUER, Signer, published


def add_me(app: FastAPI) -> FastAPI:
    @app.get("/me")
    async def me(user: CurrentUser) -> str:
        return user.id

    @app.get("/optional")
    async def optional(user: OptionalUser) -> str | None:
        return None if user is None else user.id

    return app


def in_the_constructor(auth: AuthService) -> FastAPI:
    return add_me(FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers))


def in_a_lifespan_of_ones_own(auth: AuthService) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
        async with auth.lifespan(app) as state:
            yield {**state}

    return add_me(FastAPI(lifespan=lifespan, exception_handlers=auth.exception_handlers))


def installed(auth: AuthService) -> FastAPI:
    app = add_me(FastAPI())
    auth.install(app)
    return app


def installed_before_a_mount(auth: AuthService) -> FastAPI:
    app = FastAPI()
    auth.install(app)
    app.mount("/", add_me(FastAPI()))
    return app


def mounted(auth: AuthService) -> FastAPI:
    app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)
    app.mount("/", add_me(FastAPI()))
    return app


def mounted_twice(auth: AuthService) -> FastAPI:
    app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)
    middle = FastAPI()
    middle.mount("/", add_me(FastAPI()))
    app.mount("/", middle)
    return app


MAKERS = [
    in_the_constructor,
    in_a_lifespan_of_ones_own,
    installed,
    installed_before_a_mount,
    mounted,
    mounted_twice,
]


@pytest.mark.parametrize("make", MAKERS)
def test_requests_work_on_any_event_loop(make: Any) -> None:
    with fake_auth(lambda _: signed_in()) as fake, warnings.catch_warnings():
        warnings.simplefilter("error")
        app = make(AuthService(fake.url, ssl_context=NO_CERTIFICATES))
        for _ in range(3):  # a test client without its `with` has a loop for each request
            assert run(lambda: request(app)).json() == "ada"
        fake.script = lambda _: not_signed_in()
        reply = run(lambda: request(app))
        # The auth service's own shape, below mounted applications too.
        assert (reply.status, reply.json().get("reason")) == (401, "session_not_found")
        assert run(lambda: request(app, "/optional")).json() is None
        gc.collect()
    assert fake.connections == 5
    assert len(fake.requests) == 5  # no startup check


@pytest.mark.parametrize("make", MAKERS)
def test_the_same_applications_work_with_a_lifespan(make: Any) -> None:
    async def steps(app: FastAPI) -> Any:
        async with started(app) as state:
            assert (await request(app, state=state)).json() == "ada"
            fake.script = lambda _: not_signed_in()
            return (await request(app, state=state)).json()

    with fake_auth(lambda _: signed_in()) as fake:
        app = make(AuthService(fake.url, ssl_context=NO_CERTIFICATES))
        assert run(lambda: steps(app))["reason"] == "session_not_found"
    assert fake.connections == 1


def test_concurrent_first_requests_share_one_pool() -> None:
    async def steps(app: FastAPI) -> list[int]:
        answers = await asyncio.gather(*(request(app) for _ in range(10)))
        answers += [await request(app) for _ in range(10)]
        return [each.status for each in answers]

    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES)
        assert run(lambda: steps(in_the_constructor(auth))) == [200] * 20
        assert fake.connections <= 10


def test_loops_in_several_threads_are_independent() -> None:
    def ask(app: FastAPI, into: list[int]) -> None:
        into.extend(run(lambda: request(app)).status for _ in range(5))

    with fake_auth(lambda _: signed_in()) as fake:
        app = in_the_constructor(AuthService(fake.url, ssl_context=NO_CERTIFICATES))
        statuses: list[int] = []
        threads = [threading.Thread(target=ask, args=(app, statuses)) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert statuses == [200] * 20


def test_resources_close_with_their_loop() -> None:
    auth = AuthService("https://auth.example.com", ssl_context=NO_CERTIFICATES)

    async def open_it() -> Any:
        return await auth._resources.get()

    running = run(open_it)
    assert running.client.closed
    assert auth._resources._by_loop == {}


def test_a_later_lifespan_takes_over_and_nested_lifespans_share() -> None:
    async def steps(app: FastAPI) -> None:
        assert (await request(app)).status == 200
        async with started(app) as state:
            async with started(app) as again:
                assert (await request(app, state=again)).status == 200
            assert (await request(app, state=state)).status == 200
        # And opens once more where a request comes after the end.
        assert (await request(app)).status == 200

    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES, startup_check="off")
        run(lambda: steps(in_the_constructor(auth)))
        assert fake.connections == 2


def test_tokens_are_verified_without_a_lifespan_too() -> None:
    signer = Signer("key-1")
    with fake_auth(lambda _: published(signer)) as fake:
        auth = AuthService(fake.url, mode="jwt", public_url=ISSUER, ssl_context=NO_CERTIFICATES)
        app = create_api(auth)
        headers = [(b"authorization", b"Bearer " + signer.token().encode())]
        assert [run(lambda: request(app, "/me", headers)).status for _ in range(2)] == [200, 200]


def test_a_missing_lifespan_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        app = in_the_constructor(AuthService(fake.url, ssl_context=NO_CERTIFICATES))
        for _ in range(2):
            run(lambda: request(app))
    assert caplog.text.count("no lifespan is running") == 1

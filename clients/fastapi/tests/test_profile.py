"""`profile_model`: the profile fields in the API's own model, from `/session`, get-session and a JSON Web Token."""

from collections.abc import Iterator
from typing import Annotated, Literal

import httpx
import pytest
from fastapi import Depends, FastAPI
from pydantic import BaseModel, field_validator

from auth_service_fastapi import (
    AuthService,
    UserWithProfile,
    current_user,
    make_user,
    sign_in_as,
)

from .support.fake_auth import FakeAuth, fake_auth, signed_in
from .support.real_service import PUBLIC_URL, RealService
from .support.served import NO_CERTIFICATES, serve
from .support.visitor import NO_TLS, sign_up


class Reader(BaseModel):
    background: Literal["student", "engineer"]
    age: int | None = None


CurrentReader = Annotated[UserWithProfile[Reader], Depends(current_user)]


def create_api(auth: AuthService) -> FastAPI:
    auth.ssl_context = NO_CERTIFICATES
    app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)

    @app.get("/background")
    async def background(user: CurrentReader) -> str | None:
        return None if user.profile is None else user.profile.background

    @app.get("/reader")
    async def reader(user: CurrentReader) -> UserWithProfile[Reader]:
        return user

    return app


COOKIE = {"cookie": "better-auth.session_token=x"}


def ask(app: FastAPI, path: str, headers: dict[str, str]) -> httpx.Response:
    with serve(app) as url:
        return httpx.get(url + path, headers=headers, verify=NO_TLS)


@pytest.mark.parametrize("endpoint", ["/session", "/api/auth/get-session"])
def test_the_profile_of_a_session_is_in_the_model(real: RealService, endpoint: str) -> None:
    visitor = sign_up(real.profiles, profile={"background": "student", "age": 21})
    auth = AuthService(real.profiles, endpoint=endpoint, profile_model=Reader)
    user = ask(create_api(auth), "/reader", {"cookie": visitor.cookie}).json()
    assert (user["id"], user["profile"]) == (
        visitor.user_id,
        {"background": "student", "age": 21},
    )


def test_the_profile_of_a_token_has_the_fields_marked_for_it(real: RealService) -> None:
    visitor = sign_up(real.profiles, profile={"background": "engineer", "age": 40})
    token = visitor.ask("GET", "/api/auth/token").json()["token"]
    auth = AuthService(real.profiles, mode="jwt", public_url=PUBLIC_URL, profile_model=Reader)
    with serve(create_api(auth)) as url:
        for _ in range(2):  # verified, then remembered
            bearer = {"authorization": f"Bearer {token}"}
            answered = httpx.get(f"{url}/reader", headers=bearer, verify=NO_TLS)
            assert answered.json()["profile"] == {"background": "engineer", "age": None}


@pytest.fixture
def fake() -> Iterator[FakeAuth]:
    with fake_auth(lambda _head: signed_in()) as server:
        yield server


@pytest.mark.parametrize(
    "profile",
    [{}, {"background": "pilot"}, {"background": "student", "age": "young"}, "student", [1]],
)
def test_a_profile_that_does_not_fit_is_none_and_logged_without_its_values(
    fake: FakeAuth, caplog: pytest.LogCaptureFixture, profile: object
) -> None:
    fake.script = lambda _head: signed_in(profile=profile)
    auth = AuthService(fake.url, startup_check="off", profile_model=Reader)
    assert ask(create_api(auth), "/background", COOKIE).json() is None
    (logged,) = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert logged.startswith("the profile does not fit profile_model: profile")
    assert not any(value in logged for value in ("pilot", "young"))


class Strict(BaseModel):
    level: str

    @field_validator("level")
    @classmethod
    def check(cls, level: str) -> str:
        return {"a": "A"}[level]


def test_a_validator_that_raises_another_error_signs_no_user_out(
    fake: FakeAuth, caplog: pytest.LogCaptureFixture
) -> None:
    fake.script = lambda _head: signed_in("ada", profile={"level": "zz"})
    auth = AuthService(fake.url, startup_check="off", profile_model=Strict)
    auth.ssl_context = NO_CERTIFICATES
    app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)

    @app.get("/level")
    async def level(user: Annotated[UserWithProfile[Strict], Depends(current_user)]) -> bool:
        return user.profile is None

    assert ask(app, "/level", COOKIE).json() is True
    (logged,) = [r.getMessage() for r in caplog.records if r.levelname == "ERROR"]
    assert logged == "the profile does not fit profile_model: its validator raised KeyError"


@pytest.mark.parametrize("user", [{}, {"profile": None}])
def test_a_user_without_a_profile_is_no_error(
    fake: FakeAuth, caplog: pytest.LogCaptureFixture, user: dict[str, object]
) -> None:
    fake.script = lambda _head: signed_in("ada", **user)
    auth = AuthService(fake.url, startup_check="off", profile_model=Reader)
    assert ask(create_api(auth), "/background", COOKIE).json() is None
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


def test_another_invalid_field_is_still_an_unexpected_response(fake: FakeAuth) -> None:
    fake.script = lambda _head: signed_in(profile={"background": "pilot"}, emailVerified="yes")
    auth = AuthService(fake.url, startup_check="off", profile_model=Reader)
    answered = ask(create_api(auth), "/reader", COOKIE)
    assert answered.status_code == 503
    assert answered.json()["reason"] == "auth_unexpected_answer"


def test_without_a_model_the_profile_stays_as_sent(fake: FakeAuth) -> None:
    fake.script = lambda _head: signed_in(profile={"background": "pilot"})
    auth = AuthService(fake.url, startup_check="off")
    auth.ssl_context = NO_CERTIFICATES
    app = FastAPI(lifespan=auth.lifespan)

    @app.get("/extra")
    async def extra(user: Annotated[object, Depends(current_user)]) -> object:
        return getattr(user, "profile", None)

    assert ask(app, "/extra", COOKIE).json() == {"background": "pilot"}


def test_sign_in_as_takes_a_profile(fake: FakeAuth) -> None:
    app = create_api(AuthService(fake.url, startup_check="off", profile_model=Reader))
    with sign_in_as(app, make_user(profile=Reader(background="student"))):
        assert ask(app, "/background", {}).json() == "student"


def test_a_profile_model_that_is_none_of_pydantic_is_refused() -> None:
    with pytest.raises(ValueError, match="profile_model must be a Pydantic model"):
        AuthService("https://auth.example.com", profile_model=dict)  # type: ignore[arg-type]

"""One override for an API's own tests: it covers every dependency and mounted application, and can be undone."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount

from auth_service_fastapi import (
    AuthService,
    CurrentUser,
    User,
    current_user,
    make_session,
    make_user,
    sign_in_as,
)

from .support.in_process import Reply, request, run
from .support.served import create_api

PATHS = ("/me", "/session", "/optional", "/verified", "/admin")


def ask(app: FastAPI, path: str = "/me") -> Reply:
    return run(lambda: request(app, path, ()))


def api() -> FastAPI:
    return create_api(AuthService("https://auth.example.com"))


def test_every_dependency_works_without_service_lifespan_or_cookie() -> None:
    app = api()
    ada = make_user(name="Ada", role="admin", email="ada@example.org")
    with sign_in_as(app, ada) as signed_in:
        assert [ask(app, path).status for path in PATHS] == [200] * len(PATHS)
        assert ask(app).json()["email"] == "ada@example.org"
        data = ask(app, "/session").json()
        assert data["user"]["id"] == data["session"]["userId"] == ada.id
        assert signed_in.session is not None
        assert data["session"]["id"] == signed_in.session.id
    assert ask(app).json()["reason"] == "no_credential"
    assert app.dependency_overrides == {}


def test_roles_and_verification_still_apply() -> None:
    app = api()
    with sign_in_as(app, make_user(email_verified=False, role="user")):
        assert ask(app, "/verified").json()["code"] == "EMAIL_NOT_VERIFIED"
        assert ask(app, "/admin").json()["code"] == "ROLE_REQUIRED"


def test_without_a_with_block_it_is_active_until_undo() -> None:
    app = api()
    signed_in = sign_in_as(app, make_user(id="ada"))
    assert ask(app).json()["id"] == "ada"
    for _ in range(2):
        signed_in.undo()
        assert ask(app).status == 401


def test_nested_overrides_restore_the_outer_one() -> None:
    app = api()
    with sign_in_as(app, make_user(id="ada")):
        with sign_in_as(app, make_user(id="bob")):
            assert ask(app).json()["id"] == "bob"
        with sign_in_as(app, None):
            reply = ask(app)
            assert (reply.status, reply.json()["reason"]) == (401, "no_credential")
            assert ask(app, "/optional").json() == {"user": None, "session": None}
        assert ask(app).json()["id"] == "ada"


def test_an_exception_restores_the_previous_state() -> None:
    app = api()
    try:
        with sign_in_as(app, make_user()):
            raise ValueError
    except ValueError:
        pass
    assert app.dependency_overrides == {}


def test_mounted_applications_are_covered_at_any_depth_and_keep_their_overrides() -> None:
    def inner() -> FastAPI:
        app = FastAPI()

        @app.get("/me")
        async def me(user: CurrentUser) -> str:
            return user.id

        return app

    plain, wrapped, deep = inner(), inner(), inner()
    app = FastAPI()
    app.mount("/plain", plain)
    app.router.routes.append(
        Mount("/wrapped", app=wrapped, middleware=[Middleware(GZipMiddleware)])
    )
    app.mount("/starlette", Starlette(routes=[Mount("/deep", app=deep)]))
    nested = APIRouter()
    nested.mount("/below", inner())
    app.include_router(nested, prefix="/router")
    plain.mount("/itself", plain)  # a mistake, which must not hang
    own: dict[Callable[..., Any], Callable[..., Any]] = {str: lambda: "own"}
    deep.dependency_overrides.update(own)
    with sign_in_as(app, make_user(id="ada")):
        for path in ("/plain/me", "/wrapped/me", "/starlette/deep/me"):
            assert ask(app, path).json() == "ada"
    assert deep.dependency_overrides == own
    assert plain.dependency_overrides == wrapped.dependency_overrides == {}


def test_an_override_of_one_dependency_still_applies() -> None:
    app = api()
    app.dependency_overrides[current_user] = lambda: make_user(id="own")
    with sign_in_as(app, make_user(id="ada")):
        assert ask(app).json()["id"] == "own"
        assert ask(app, "/optional").json()["user"] == "ada"


def test_a_custom_dependency_on_top_is_covered() -> None:
    def owner(user: CurrentUser) -> str:
        return f"owner {user.id}"

    app = FastAPI()

    @app.get("/me")
    async def me(name: Annotated[str, Depends(owner)]) -> str:
        return name

    with sign_in_as(app, make_user(id="ada")):
        assert ask(app).json() == "owner ada"


def test_users_and_sessions_are_unique_and_take_the_given_fields() -> None:
    first, second = make_user(), make_user()
    assert first.id != second.id
    assert first.email != second.email
    assert isinstance(first, User)
    assert first.email_verified is True
    made = make_user(id="x", image="https://example.org/x.png", plan="pro")
    assert (made.id, made.image, (made.model_extra or {})["plan"]) == (
        "x",
        "https://example.org/x.png",
        "pro",
    )
    session = make_session(made, ip_address="203.0.113.7")
    assert (session.user_id, session.ip_address) == ("x", "203.0.113.7")
    app = api()
    with sign_in_as(app, made, session=session):
        assert ask(app, "/session").json()["session"]["ipAddress"] == "203.0.113.7"

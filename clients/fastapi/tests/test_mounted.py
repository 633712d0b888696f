"""Errors of mounted applications have the auth service's format, and name a missing feature."""

import pytest
from fastapi import FastAPI, HTTPException
from fastapi.responses import PlainTextResponse

from auth_service_fastapi import AuthError, AuthService, CurrentUser, VerifiedUser

from .support.fake_auth import answer, fake_auth, not_signed_in, signed_in
from .support.in_process import Reply, request, run, started
from .support.served import NO_CERTIFICATES, serve_api

COOKIE = {"cookie": "a=1"}


def inner() -> FastAPI:
    app = FastAPI()

    @app.get("/me")
    async def me(user: CurrentUser) -> str:
        return user.id

    @app.get("/verified")
    async def verified(user: VerifiedUser) -> str:
        return user.id

    @app.get("/own")
    async def own() -> str:
        raise HTTPException(404, "mine")

    return app


def ask(app: FastAPI, path: str) -> Reply:
    async def steps() -> Reply:
        async with started(app) as state:
            return await request(app, path, state=state)

    return run(steps)


def outer(auth: AuthService, *, how: str) -> FastAPI:
    auth.ssl_context = NO_CERTIFICATES
    if how == "install":
        app = FastAPI()
        auth.install(app)
    else:
        app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)
    app.mount("/v1", inner())
    app.mount("/v2", FastAPI())
    return app


@pytest.mark.parametrize("how", ["install", "the constructor"])
@pytest.mark.parametrize(
    ("data", "path", "status", "code"),
    [
        (not_signed_in(), "/v1/me", 401, "NOT_SIGNED_IN"),
        (answer(500), "/v1/me", 503, "AUTH_UNAVAILABLE"),
        (signed_in(), "/v1/verified", 403, "EMAIL_NOT_VERIFIED"),
    ],
)
def test_errors_of_a_mounted_application_have_the_same_format(
    data: bytes, path: str, status: int, code: str, how: str
) -> None:
    with fake_auth(lambda _: data) as fake:
        reply = ask(outer(AuthService(fake.url, startup_check="off"), how=how), path)
    assert (reply.status, reply.json()["code"]) == (status, code)
    assert reply.json()["requestId"] == reply.headers["x-request-id"]


@pytest.mark.parametrize("how", ["install", "the constructor"])
def test_other_errors_of_a_mounted_application_are_unchanged(how: str) -> None:
    with fake_auth(lambda _: not_signed_in()) as fake:
        app = outer(AuthService(fake.url), how=how)
        assert ask(app, "/v1/own").json() == {"detail": "mine"}
        assert ask(app, "/v2/nothing").status == 404


def test_a_handler_of_the_mounted_application_takes_precedence() -> None:
    below = inner()

    @below.exception_handler(AuthError)
    async def handle(_request: object, error: AuthError) -> PlainTextResponse:
        return PlainTextResponse(f"below: {error.body['code']}", 401)

    with fake_auth(lambda _: not_signed_in()) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES)
        app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)
        app.mount("/v1", below)
        assert ask(app, "/v1/me").body == b"below: NOT_SIGNED_IN"


def test_a_missing_feature_of_the_auth_server_is_named(caplog: pytest.LogCaptureFixture) -> None:
    with fake_auth(lambda _: signed_in()) as fake, serve_api(AuthService(fake.url)) as api:
        assert (
            "emailVerification of BetterAuth"
            in api.get("/verified", headers=COOKIE).json()["message"]
        )
        assert "ADMIN=on of auth-service" in api.get("/admin", headers=COOKIE).json()["message"]
        assert "require_role: The auth server sends no roles" in caplog.text
        # A server that has roles says nothing of the kind; auth-service sends null for a user without one.
        for role in ("user", None):
            fake.script = lambda _, role=role: signed_in(role=role)  # type: ignore[misc]
            assert "ADMIN" not in api.get("/admin", headers=COOKIE).json()["message"]

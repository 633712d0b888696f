"""/docs shows the accepted security schemes, with the real cookie name."""

from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI

from auth_service_fastapi import AuthService, CurrentUser

from .support.in_process import request, run
from .support.openapi import security_of
from .support.served import create_api

HTTPS = "https://auth.example.com"
COOKIE: dict[str, list[str]] = {"Session cookie": []}
BEARER: dict[str, list[str]] = {"Bearer token": []}


@pytest.mark.parametrize(
    ("url", "options", "schemes", "security"),
    [
        (
            HTTPS,
            {},
            {"Session cookie": ("apiKey", "__Secure-better-auth.session_token")},
            [COOKIE],
        ),
        (
            "http://localhost:3001",
            {},
            {"Session cookie": ("apiKey", "better-auth.session_token")},
            [COOKIE],
        ),
        (
            "http://auth:3001",  # inside the cluster; browsers know it by https
            {"public_url": HTTPS},
            {"Session cookie": ("apiKey", "__Secure-better-auth.session_token")},
            [COOKIE],
        ),
        (
            HTTPS,
            {"cookie_name": "__Host-app.session_token"},
            {"Session cookie": ("apiKey", "__Host-app.session_token")},
            [COOKIE],
        ),
        (
            HTTPS,
            {"bearer": True},
            {
                "Session cookie": ("apiKey", "__Secure-better-auth.session_token"),
                "Bearer token": ("http", "bearer"),
            },
            [COOKIE, BEARER],
        ),
        (HTTPS, {"mode": "jwt"}, {"Bearer token": ("http", "bearer")}, [BEARER]),
    ],
)
def test_the_docs_offer_the_accepted_schemes(
    url: str, options: dict[str, Any], schemes: dict[str, tuple[str, str]], security: list[Any]
) -> None:
    auth = AuthService(url, **options)
    app = create_api(auth)
    data = app.openapi()
    shown = data["components"]["securitySchemes"]
    assert {
        name: (each["type"], each.get("name") or each.get("scheme")) for name, each in shown.items()
    } == schemes
    for path in ("/me", "/session", "/optional", "/verified", "/admin"):
        assert security_of(data["paths"][path]["get"]) == security, path
    for name, each in shown.items():
        assert auth.browser_url in each["description"]
        assert (each.get("in") == "cookie") == (name == "Session cookie")
    if options.get("mode") == "jwt":
        assert shown["Bearer token"]["bearerFormat"] == "JWT"
    # Over HTTP as Swagger UI asks, without a lifespan and without a service that answers.
    assert run(lambda: request(app, "/openapi.json", ())).json() == data


def test_the_security_schemes_reject_no_request() -> None:
    """FastAPI's own HTTPBearer would answer 403 before the reason is known."""
    for auth in (
        AuthService(HTTPS, mode="jwt"),
        AuthService(HTTPS, bearer=True),
        AuthService(HTTPS),
    ):
        for sent in ((), ((b"authorization", b"Basic eDp5"),)):
            app = create_api(auth)
            reply = run(partial(request, app, "/me", sent))
            assert (reply.status, reply.json()["reason"]) == (401, "no_credential")


def test_a_mounted_application_documents_the_same_schemes() -> None:
    auth = AuthService(HTTPS, mode="jwt")
    inner = FastAPI()

    @inner.get("/me")
    async def me(user: CurrentUser) -> str:
        return user.id

    app = FastAPI(lifespan=auth.lifespan, exception_handlers=auth.exception_handlers)
    app.mount("/v1", inner)
    data = run(lambda: request(app, "/v1/openapi.json", ())).json()
    assert security_of(data["paths"]["/me"]["get"]) == [BEARER]

"""The client in an application: lifespans, exception handlers, overrides, roles, documentation."""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest
from fastapi import APIRouter, Depends, FastAPI

import auth_service_fastapi
from auth_service_fastapi import (
    AuthService,
    CurrentUser,
    User,
    current_user,
    error_responses,
    require_role,
)
from auth_service_fastapi.settings import Settings
from auth_service_fastapi.verdict import Cause

from .support.fake_auth import answer, fake_auth, not_signed_in, signed_in
from .support.openapi import security_of
from .support.real_service import RealService
from .support.served import NO_CERTIFICATES, create_api, serve, serve_api
from .support.visitor import NO_TLS, sign_up

COOKIE = {"cookie": "a=1"}


def get(url: str, path: str) -> httpx.Response:
    return httpx.get(url + path, headers=COOKIE, verify=NO_TLS)


def add_me(app: FastAPI) -> None:
    @app.get("/me")
    async def me(user: CurrentUser) -> User:
        return user


def get_in_process(app: FastAPI) -> httpx.Response:
    """As a developer's own tests do: no server, and no lifespan."""

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.get("/me", headers=COOKIE)

    return asyncio.run(ask())


def test_runs_inside_a_custom_lifespan_and_in_a_mounted_application() -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES)

        @asynccontextmanager
        async def lifespan(app: FastAPI) -> AsyncIterator[dict[str, object]]:
            async with auth.lifespan(app) as state:
                yield {**state, "database": "ours"}

        inner = FastAPI(exception_handlers=auth.exception_handlers)
        router = APIRouter(dependencies=[Depends(current_user)], responses=error_responses)

        @router.get("/inner")
        async def name(user: CurrentUser) -> str:
            return user.name

        inner.include_router(router)
        app = FastAPI(lifespan=lifespan, exception_handlers=auth.exception_handlers)
        app.mount("/v1", inner)
        with serve(app) as url:
            assert get(url, "/v1/inner").json() == "ada"
            fake.script = lambda _: not_signed_in()
            assert get(url, "/v1/inner").json()["code"] == "NOT_SIGNED_IN"


def test_can_be_restarted_after_a_stop() -> None:
    with fake_auth(lambda _: signed_in()) as fake:
        auth = AuthService(fake.url)
        for _ in range(2):
            with serve_api(auth) as api:
                assert api.get("/me", headers=COOKIE).status_code == 200


def test_without_the_exception_handler_the_body_is_in_detail_and_a_warning_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with fake_auth(lambda _: not_signed_in()) as fake:
        auth = AuthService(fake.url, ssl_context=NO_CERTIFICATES)
        app = FastAPI(lifespan=auth.lifespan)
        add_me(app)
        with serve(app) as url:
            answered = get(url, "/me")
    assert answered.status_code == 401
    assert answered.json()["detail"]["reason"] == "session_not_found"
    assert "add exception_handlers=auth.exception_handlers" in caplog.text


def test_an_application_without_a_service_raises_an_error_that_names_the_fix() -> None:
    app = FastAPI()
    add_me(app)
    with pytest.raises(RuntimeError, match=r"FastAPI\(lifespan=auth\.lifespan\)"):
        get_in_process(app)


def test_dependency_overrides_replace_the_current_user() -> None:
    app = create_api(AuthService("https://auth.example.com"))
    ada = User(id="ada", name="Ada", email="ada@example.com", email_verified=True)
    app.dependency_overrides[current_user] = lambda: ada
    assert get_in_process(app).json()["email"] == "ada@example.com"


def test_an_unverified_address_or_a_missing_role_is_403_with_the_reason() -> None:
    with fake_auth(lambda _: signed_in()) as fake, serve_api(AuthService(fake.url)) as api:
        for path, code in [("/verified", "EMAIL_NOT_VERIFIED"), ("/admin", "ROLE_REQUIRED")]:
            refused = api.get(path, headers=COOKIE)
            assert refused.status_code == 403
            assert refused.json()["code"] == code
            assert refused.json()["reason"] == code.lower()
            assert "x-session-reason" not in refused.headers
            assert refused.json()["requestId"] == refused.headers["x-request-id"]
        for role in ("user", "administrator", "", ["admin"], None):
            fake.script = lambda _, role=role: signed_in(role=role)  # type: ignore[misc]
            assert api.get("/admin", headers=COOKIE).status_code == 403, role
        for role in ("admin", "user,owner", "user, admin"):
            fake.script = lambda _, role=role: signed_in(emailVerified=True, role=role)  # type: ignore[misc]
            assert api.get("/admin", headers=COOKIE).json() == "for admins", role
            assert api.get("/verified", headers=COOKIE).status_code == 200
        fake.script = lambda _: not_signed_in()
        assert api.get("/admin", headers=COOKIE).status_code == 401
        fake.script = lambda _: answer(500)
        assert api.get("/admin", headers=COOKIE).status_code == 503


@pytest.mark.parametrize("roles", [(), ("",), ("admin,owner",), ("admin", " owner")])
def test_a_role_that_no_user_can_have_is_rejected_at_import(roles: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="require_role: "):
        require_role(*roles)


def test_the_old_name_of_the_exception_handler_still_works() -> None:
    assert auth_service_fastapi.answer_auth_error is auth_service_fastapi.handle_auth_error


def test_plugin_fields_are_kept_and_identities_are_immutable() -> None:
    with (
        fake_auth(lambda _: signed_in(twoFactorEnabled=True)) as fake,
        serve_api(AuthService(fake.url)) as api,
    ):
        assert api.get("/me", headers=COOKIE).json()["twoFactorEnabled"] is True
    ada = User(id="ada", name="Ada", email="ada@example.com", email_verified=True)
    with pytest.raises(ValueError, match="frozen"):
        ada.id = "bob"


def test_openapi_documents_401_and_503_and_the_cookie() -> None:
    data = create_api(AuthService("https://auth.example.com")).openapi()
    operation = data["paths"]["/me"]["get"]
    assert security_of(operation) == [{"Session cookie": []}]
    for status in ("401", "503"):
        schema = operation["responses"][status]["content"]["application/json"]["schema"]
        assert schema == {"$ref": "#/components/schemas/ErrorBody"}
    assert set(data["components"]["schemas"]["ErrorBody"]["properties"]) == {
        "code",
        "message",
        "reason",
        "requestId",
    }


def test_no_log_line_is_formatted_when_the_level_is_disabled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR, logger="auth_service_fastapi")
    with fake_auth(lambda _: signed_in()) as fake, serve_api(AuthService(fake.url)) as api:
        api.get("/me", headers=COOKIE)
    assert "session check" not in caplog.text


def test_the_readme_lists_every_option_with_its_default() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    table = dict(re.findall(r"^\| `(\w+)` +\| *(.*?) *\|", readme, re.MULTILINE))
    expected = {each.name: each.default for each in fields(Settings) if each.name != "url"}
    assert {name: table.get(name) for name in expected} == {
        name: "" if value is None else f"`{value!r}`".replace("'", '"')
        for name, value in expected.items()
    }


def test_every_file_has_a_docstring_and_at_most_150_lines() -> None:
    package = Path(__file__).parents[1] / "src/auth_service_fastapi"
    files = sorted(package.glob("*.py"))
    assert len(files) > 10
    for file in files:
        text = file.read_text()
        assert re.match(r'"""[A-Z`].{30,}', text), file
        assert text.count("\n") <= 150, file


def test_the_readme_example_runs_unchanged(real: RealService) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    example = readme.split("`api.py`:")[1].split("```python\n")[1].split("```")[0]
    assert example.count('"http://localhost:3001"') == 1
    names: dict[str, Any] = {}
    exec(example.replace("http://localhost:3001", real.service), names)  # noqa: S102
    visitor = sign_up(real.service)
    with serve(names["app"]) as url:
        greeted = httpx.get(f"{url}/me", headers={"cookie": visitor.cookie}, verify=NO_TLS)
        assert greeted.json().startswith("Hello Visitor")
        data = httpx.get(f"{url}/me", verify=NO_TLS).json()
    shown = json.loads(readme.split("```json\n")[1].split("```")[0])
    assert {**data, "requestId": "…"} == shown


def test_the_readme_lists_every_cause_of_a_503() -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text()
    listed = re.findall(r"^\| `(auth_\w+)` ", readme, re.MULTILINE)
    assert sorted(listed) == sorted(get_args(Cause))

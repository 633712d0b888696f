"""A plain BetterAuth server: no reason header, and `200 null` for "not signed in"."""

import pytest

from auth_service_fastapi import AuthService

from .support.fake_auth import answer, fake_auth
from .support.real_service import RealService
from .support.served import serve_api
from .support.visitor import sign_up

ENDPOINT = "/api/auth/get-session"


def test_users_are_signed_in_and_null_is_401_without_a_reason(
    real: RealService, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = sign_up(real.plain)
    auth = AuthService(real.plain, endpoint=ENDPOINT, startup_check="refuse")
    with serve_api(auth) as api:
        signed_in = api.get("/session", headers={"cookie": visitor.cookie})
        assert signed_in.status_code == 200
        assert signed_in.json()["user"]["email"] == visitor.email
        assert visitor.raw_token not in signed_in.text
        visitor.sign_out()
        refused = api.get("/me", headers={"cookie": visitor.cookie, "x-request-id": "id"})
        assert refused.status_code == 401
        assert refused.json() == {
            "code": "NOT_SIGNED_IN",
            "message": "Not signed in: the auth server gave no reason.",
            "requestId": "id",
        }
        assert "x-session-reason" not in refused.headers
        assert api.get("/optional", headers={"cookie": visitor.cookie}).json()["user"] is None
    assert "session_reason=unexplained" in caplog.text


def test_the_wrong_endpoint_is_503_not_401(real: RealService) -> None:
    visitor = sign_up(real.plain)
    with serve_api(AuthService(real.plain, startup_check="off")) as api:
        answered = api.get("/me", headers={"cookie": visitor.cookie})
        assert answered.status_code == 503
        assert answered.json()["reason"] == "auth_unexpected_answer"


def test_disable_refresh_is_sent_and_a_reason_that_contradicts_null_is_ignored() -> None:
    with (
        fake_auth(lambda _: answer(200, None, x_session_reason="valid")) as fake,
        serve_api(AuthService(fake.url, endpoint=ENDPOINT)) as api,
    ):
        answered = api.get("/me", headers={"cookie": "a=1"})
        assert answered.status_code == 401
        assert "reason" not in answered.json()
        paths = [head.split(b" ")[1] for head in fake.requests]
        assert (
            paths == [b"/api/auth/get-session?disableRefresh=true"] * 2
        )  # the startup check asks likewise

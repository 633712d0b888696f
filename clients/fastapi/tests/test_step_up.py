"""`RequireAal2` and `RequireFresh`: who has not proven enough gets 401 with a challenge (RFC 9470), and steps up."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

import httpx
import pytest
from fastapi import FastAPI

from auth_service_fastapi import (
    AuthService,
    CurrentProofs,
    RequireAal2,
    RequireFresh,
    User,
    make_session,
    make_user,
    sign_in_as,
)

from .support.fake_auth import answer, fake_auth
from .support.in_process import request, run
from .support.real_service import PUBLIC_URL, RealService
from .support.served import serve_api
from .support.signer import ISSUER, Signer, published
from .support.visitor import PASSWORD, Visitor, sign_up

SIGNER = Signer("key-1")


def ago(**age: float) -> str:
    return (datetime.now(timezone.utc) - timedelta(**age)).isoformat()


def identity(**proofs: object) -> bytes:
    """What the service sends about a session with these proofs."""
    session = {"id": "s", "userId": "ada", "expiresAt": "2099-01-01T00:00:00.000Z", **proofs}
    user = {"id": "ada", "name": "Ada", "email": "ada@example.com", "emailVerified": True}
    return answer(200, {"session": session, "user": user}, x_session_reason="valid")


@contextmanager
def api_for(reply: bytes) -> Iterator[httpx.Client]:
    with (
        fake_auth(lambda _: reply) as auth,
        serve_api(AuthService(auth.url, startup_check="off")) as client,
    ):
        client.headers["cookie"] = "better-auth.session_token=x"
        yield client


def challenge(response: httpx.Response) -> tuple[int, str, str, str]:
    body = response.json()
    return (
        response.status_code,
        body["code"],
        body["reason"],
        response.headers["www-authenticate"],
    )


def test_one_factor_is_challenged_to_prove_a_second_one() -> None:
    with api_for(identity(aal=1, provenAt=ago(minutes=1))) as api:
        refused = api.get("/aal2")
        assert challenge(refused) == (
            401,
            "SECOND_FACTOR_REQUIRED",
            "aal2_required",
            'Bearer error="insufficient_user_authentication", '
            'error_description="This needs a second factor: enter a code or use a passkey.", '
            'acr_values="aal2"',
        )
        # The session is valid: a page that reads this header must not show "signed out".
        assert "x-session-reason" not in refused.headers
        assert refused.headers["cache-control"] == "no-store"
        assert refused.json()["requestId"] == refused.headers["x-request-id"]
        assert api.get("/fresh").status_code == 200


def test_an_old_proof_is_challenged_to_be_renewed() -> None:
    with api_for(identity(aal=2, provenAt=ago(minutes=10, seconds=5))) as api:
        assert challenge(api.get("/fresh")) == (
            401,
            "SESSION_NOT_FRESH",
            "not_fresh",
            'Bearer error="insufficient_user_authentication", '
            'error_description="This needs a recent proof of who you are: step up.", '
            'max_age="600"',
        )
        assert api.get("/aal2").text == '"after two factors"'


def test_a_proof_of_nine_minutes_ago_is_fresh() -> None:
    with api_for(identity(aal=1, provenAt=ago(minutes=9))) as api:
        assert api.get("/fresh").json()["id"] == "ada"


def test_a_clock_that_is_behind_the_server_s_rejects_nobody() -> None:
    with api_for(identity(aal=1, provenAt=ago(seconds=-30))) as api:
        assert api.get("/fresh").status_code == 200


def test_a_server_without_proofs_is_named_in_the_message_and_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with api_for(identity()) as api:
        for path in ("/aal2", "/fresh"):
            refused = api.get(path)
            assert refused.status_code == 401
            assert "does not say" in refused.json()["message"]
        proofs = api.get("/proofs").json()
        assert (proofs["aal"], proofs["provenAt"]) == (None, None)
    assert "Every user is rejected." in caplog.text


@pytest.mark.parametrize(
    "proofs", [{"aal": "2"}, {"aal": True}, {"aal": 2.5}, {"provenAt": "yesterday"}]
)
def test_proofs_of_another_type_are_no_answer(proofs: dict[str, object]) -> None:
    with api_for(identity(**{"aal": 1, "provenAt": ago(minutes=1), **proofs})) as api:
        for path in ("/me", "/aal2", "/fresh"):
            refused = api.get(path)
            assert (refused.status_code, refused.json()["reason"]) == (
                503,
                "auth_unexpected_answer",
            )


def test_an_outage_is_no_challenge() -> None:
    with api_for(answer(500)) as api:
        for path in ("/aal2", "/fresh", "/proofs"):
            refused = api.get(path)
            assert refused.status_code == 503
            assert "www-authenticate" not in refused.headers


def test_without_a_session_the_reason_is_the_one_of_the_session() -> None:
    with api_for(identity()) as api:
        refused = api.get("/aal2", headers={"cookie": ""})
        assert (refused.status_code, refused.json()["reason"]) == (401, "no_credential")


@contextmanager
def jwt_api() -> Iterator[httpx.Client]:
    with (
        fake_auth(lambda _: published(SIGNER)) as auth,
        serve_api(
            AuthService(auth.url, mode="jwt", public_url=ISSUER, startup_check="off")
        ) as client,
    ):
        yield client


def ask(api: httpx.Client, path: str, **claims: Any) -> httpx.Response:
    token = SIGNER.token(**claims)
    return api.get(path, headers={"authorization": f"Bearer {token}"})


def test_a_verified_token_states_the_proofs_also_when_it_is_remembered() -> None:
    proven_at = int(time.time()) - 60
    claims: dict[str, Any] = {"acr": "aal2", "amr": ["pwd", "otp", "mfa"], "auth_time": proven_at}
    with jwt_api() as api:
        for _ in range(2):
            assert ask(api, "/aal2", **claims).status_code == 200
            assert ask(api, "/fresh", **claims).status_code == 200
            stated = ask(api, "/proofs", **claims).json()
            assert (stated["aal"], stated["amr"]) == (2, claims["amr"])
            stated_at = stated["provenAt"].replace("Z", "+00:00")  # Python 3.10 reads no Z
            assert datetime.fromisoformat(stated_at).timestamp() == proven_at
        assert not {"acr", "amr", "auth_time"} & set(ask(api, "/me", **claims).json())


def test_a_token_of_one_factor_or_an_old_proof_is_challenged() -> None:
    with jwt_api() as api:
        weak = ask(api, "/aal2", acr="aal1", auth_time=int(time.time()))
        assert weak.json()["reason"] == "aal2_required"
        old = ask(api, "/fresh", acr="aal2", auth_time=int(time.time()) - 605)
        assert old.json()["reason"] == "not_fresh"
        assert 'max_age="600"' in old.headers["www-authenticate"]


@pytest.mark.parametrize(
    "claims",
    [
        {"acr": "urn:mace:incommon:iap:silver"},
        {"acr": 2},
        {"acr": "aal22"},
        {"auth_time": "now"},
        {"auth_time": True},
        {"auth_time": 1e300},
        {"amr": "pwd"},
        {"amr": [1]},
    ],
)
def test_claims_of_another_meaning_prove_nothing(claims: dict[str, object]) -> None:
    with jwt_api() as api:
        assert ask(api, "/me", **claims).status_code == 200
        assert ask(api, "/aal2", **claims).status_code == 401
        assert ask(api, "/fresh", **claims).status_code == 401
        assert ask(api, "/proofs", **claims).json()["amr"] == []


def test_a_websocket_is_refused_before_it_opens() -> None:
    app = FastAPI()

    @app.websocket("/live")
    async def live(_user: Annotated[User, RequireAal2], _proofs: CurrentProofs) -> None:
        raise AssertionError

    with sign_in_as(app, make_user()):
        reply = run(lambda: request(app, "/live", (), websocket=True))
    assert reply.status == 401
    assert 'acr_values="aal2"' in reply.headers["www-authenticate"]


def test_sign_in_as_has_one_fresh_factor_unless_the_session_says_otherwise() -> None:
    app = FastAPI()

    @app.get("/both", dependencies=[RequireAal2, RequireFresh(minutes=1)])
    async def both() -> str:
        return "both"

    @app.get("/fresh", dependencies=[RequireFresh()])
    async def fresh() -> str:
        return "fresh"

    ada = make_user()
    with sign_in_as(app, ada):
        assert run(lambda: request(app, "/fresh", ())).status == 200
        assert run(lambda: request(app, "/both", ())).status == 401
    with sign_in_as(app, ada, session=make_session(ada, aal=2)):
        assert run(lambda: request(app, "/both", ())).status == 200


@pytest.mark.parametrize("minutes", [0, -1, float("nan")])
def test_an_age_that_no_proof_can_have_is_a_mistake(minutes: float) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        RequireFresh(minutes=minutes)


def step_up(visitor: Visitor) -> Visitor:
    """The visitor with the cookie of the raised session."""
    raised = visitor.ask("POST", "/api/auth/step-up", {"password": PASSWORD})
    assert raised.status_code == 200, raised.text
    value = raised.headers["set-cookie"].split(";")[0].partition("=")[2]
    return replace(visitor, cookie_value=value)


def test_the_real_service_renews_the_proof_and_the_old_cookie_is_dead(real: RealService) -> None:
    visitor = sign_up(real.service)
    real.sql(
        "update session set proven_at = proven_at - interval '1 hour' where user_id = $1",
        visitor.user_id,
    )
    with serve_api(AuthService(real.service)) as api:

        def get(path: str, by: Visitor) -> httpx.Response:
            return api.get(path, headers={"cookie": by.cookie})

        assert get("/fresh", visitor).json()["reason"] == "not_fresh"
        raised = step_up(visitor)
        assert get("/fresh", raised).status_code == 200
        assert get("/fresh", visitor).json()["reason"] == "session_replaced"
        assert get("/aal2", raised).json()["reason"] == "aal2_required"
        session = get("/session", raised).json()["session"]
        assert (session["aal"], [each["method"] for each in session["methods"]]) == (
            1,
            ["password"],
        )
        real.sql("update session set aal = 2 where user_id = $1", visitor.user_id)
        assert get("/aal2", raised).status_code == 200


def test_the_real_service_states_the_proofs_in_its_tokens(real: RealService) -> None:
    visitor = sign_up(real.issuer)
    auth = AuthService(real.issuer, mode="jwt", startup_check="refuse", public_url=PUBLIC_URL)
    with serve_api(auth) as api:

        def get(path: str, by: Visitor) -> httpx.Response:
            token = by.ask("GET", "/api/auth/token").json()["token"]
            return api.get(path, headers={"authorization": f"Bearer {token}"})

        assert get("/fresh", visitor).status_code == 200
        assert get("/aal2", visitor).json()["reason"] == "aal2_required"
        assert get("/proofs", visitor).json()["amr"] == ["pwd"]
        real.sql(
            "update session set aal = 2, proven_at = now() - interval '1 hour' where user_id = $1",
            visitor.user_id,
        )
        assert get("/aal2", visitor).status_code == 200
        assert get("/fresh", visitor).json()["reason"] == "not_fresh"
        assert get("/fresh", step_up(visitor)).status_code == 200

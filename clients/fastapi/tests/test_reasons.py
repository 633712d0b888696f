"""Every reason of the auth service reaches the API's client, through both endpoints."""

import base64
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import quote

import httpx
import pytest

from auth_service_fastapi import AuthService

from .support.real_service import REPOSITORY, RealService
from .support.served import serve_api
from .support.visitor import Visitor, sign_up

Headers = dict[str, str]
#: Makes a visitor's headers for the given service.
Make = Callable[[RealService], Headers]

NAME = "better-auth.session_token"
ZEROS = base64.b64encode(bytes(32)).decode()
ENDPOINTS = ["/session", "/api/auth/get-session"]


def cookie(change: Callable[[Visitor], str]) -> Make:
    """Headers with the cookie of a new visitor, changed."""
    return lambda real: {"cookie": change(sign_up(real.service))}


def bearer(change: Callable[[Visitor], str]) -> Make:
    return lambda real: {"authorization": f"Bearer {change(sign_up(real.service))}"}


def plus_became_space(real: RealService) -> Headers:
    while "+" not in (visitor := sign_up(real.service)).signed_token:
        pass  # every second signature has one
    return {"cookie": f"{NAME}={visitor.signed_token.replace('+', ' ')}"}


def signed_out(real: RealService) -> Headers:
    visitor = sign_up(real.service)
    visitor.sign_out()
    return {"cookie": visitor.cookie}


def expired(real: RealService) -> Headers:
    visitor = sign_up(real.service)
    statement = "update session set expires_at = now() - interval '1 hour' where user_id = $1"
    real.sql(statement, visitor.user_id)
    return {"cookie": visitor.cookie}


def at_its_limit(real: RealService) -> Headers:
    visitor = sign_up(real.service)
    statement = "update session set created_at = now() - interval '31 days' where user_id = $1"
    real.sql(statement, visitor.user_id)
    return {"cookie": visitor.cookie}


def second_factor_too_late(real: RealService) -> Headers:
    visitor = sign_up(real.service)
    statement = (
        "update session set second_factor_due = 'verify', expires_at = now() - interval '1 hour'"
        " where user_id = $1"
    )
    real.sql(statement, visitor.user_id)
    return {"cookie": visitor.cookie}


def row_deleted(real: RealService) -> Headers:
    visitor = sign_up(real.service)
    real.sql("delete from session where user_id = $1", visitor.user_id)
    return {"cookie": visitor.cookie}


def ended(reason: str) -> Make:
    """As the service records it; its own tests have every way to end a session."""

    def make(real: RealService) -> Headers:
        headers = signed_out(real)
        token = headers["cookie"].split("=", 1)[1].split(".")[0]
        real.sql(
            "update ended_session set reason = $2"
            " where token_hash = encode(sha256($1::text::bytea), 'hex')",
            token,
            reason,
        )
        return headers

    return make


def pending(due: str) -> Make:
    def make(real: RealService) -> Headers:
        visitor = sign_up(real.service)
        statement = "update session set second_factor_due = $2 where user_id = $1"
        real.sql(statement, visitor.user_id, due)
        return {"cookie": visitor.cookie}

    return make


def user_gone(real: RealService) -> Headers:
    visitor = sign_up(real.service)
    real.sql("set session_replication_role = replica")  # as where the foreign key is missing
    real.sql('delete from "user" where id = $1', visitor.user_id)
    real.sql("set session_replication_role = origin")
    return {"cookie": visitor.cookie}


#: reason → the service that gives it, and how.
NOT_SIGNED_IN: dict[str, tuple[str, Make]] = {
    "no_credential": ("service", lambda _: {"cookie": "theme=dark"}),
    "wrong_cookie_name": ("service", cookie(lambda v: f"__Secure-{v.cookie}")),
    "unsigned_token": ("service", cookie(lambda v: f"{NAME}={v.raw_token}")),
    "malformed_cookie": ("service", cookie(lambda v: v.cookie[:-9])),
    "double_encoded": ("service", cookie(lambda v: f"{NAME}={quote(v.cookie_value, safe='')}")),
    "plus_became_space": ("service", plus_became_space),
    "duplicate_cookies": (
        "service",
        cookie(lambda v: f"{NAME}={v.raw_token}.{quote(ZEROS, safe='')}; {v.cookie}"),
    ),
    "cookies_joined": ("service", cookie(lambda v: f"theme=dark, {v.cookie}")),
    "bad_signature": ("service", cookie(lambda v: f"{NAME}={v.raw_token}.{quote(ZEROS, safe='')}")),
    "session_signed_out": ("service", signed_out),
    "session_revoked": ("service", ended("session_revoked")),
    "session_replaced": ("service", ended("session_replaced")),
    "session_ended_by_password_change": ("service", ended("session_ended_by_password_change")),
    "session_ended_by_reset": ("service", ended("session_ended_by_reset")),
    "session_ended_by_operator": ("service", ended("session_ended_by_operator")),
    "session_idle": ("service", expired),
    "session_absolute": ("service", at_its_limit),
    "session_expired": ("service", second_factor_too_late),
    "session_not_found": ("service", row_deleted),
    "user_locked": ("service", ended("user_locked")),
    "user_deleted": ("service", ended("user_deleted")),
    "second_factor_required": ("service", pending("verify")),
    "second_factor_enrolment_required": ("service", pending("enrol")),
    "user_not_found": ("service", user_gone),
    "bearer_not_enabled": ("service", bearer(lambda v: v.signed_token)),
    "bearer_malformed": ("rotated", bearer(lambda v: v.raw_token)),
    "bearer_bad_signature": ("rotated", bearer(lambda v: f"{v.raw_token}.{ZEROS}")),
}
SIGNED_IN: dict[str, tuple[str, Make]] = {
    "valid": ("service", cookie(lambda v: v.cookie)),
    "valid_previous_secret": ("rotated", cookie(lambda v: v.cookie)),
}


class Ask:
    """Asks APIs that are served until the tests of this file are over: one for each way to ask."""

    def __init__(self, real: RealService, apis: ExitStack) -> None:
        self.real = real
        self._apis = apis
        self._served: dict[tuple[str, str, bool], httpx.Client] = {}

    def __call__(self, which: str, endpoint: str, headers: Headers, path: str) -> httpx.Response:
        key = (which, endpoint, "authorization" in headers)
        if key not in self._served:
            url: str = getattr(self.real, which)
            auth = AuthService(url, endpoint=endpoint, bearer=key[2], startup_check="off")
            self._served[key] = self._apis.enter_context(serve_api(auth))
        return self._served[key].get(path, headers={**headers, "x-request-id": "the-visitors-own"})


@pytest.fixture(scope="module")
def ask(real: RealService) -> Iterator[Ask]:
    with ExitStack() as apis:
        yield Ask(real, apis)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("reason", NOT_SIGNED_IN)
def test_not_signed_in_is_401_with_the_reason(
    ask: Ask, reason: str, endpoint: str, caplog: pytest.LogCaptureFixture
) -> None:
    which, make = NOT_SIGNED_IN[reason]
    answer = ask(which, endpoint, make(ask.real), "/me")
    assert answer.status_code == 401
    body = answer.json()
    # `/session` describes the end of a session in a sentence; get-session gives only the reason.
    message = body.pop("message")
    assert message.startswith("Not signed in: ") or message.endswith(" UTC.")
    assert body == {"code": "NOT_SIGNED_IN", "reason": reason, "requestId": "the-visitors-own"}
    assert answer.headers["x-session-reason"] == reason
    assert answer.headers["x-request-id"] == "the-visitors-own"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert f"session_reason={reason} " in caplog.text


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("reason", SIGNED_IN)
def test_signed_in_is_200_with_the_reason(
    ask: Ask, reason: str, endpoint: str, caplog: pytest.LogCaptureFixture
) -> None:
    which, make = SIGNED_IN[reason]
    answer = ask(which, endpoint, make(ask.real), "/session")
    assert answer.status_code == 200
    assert answer.json()["session"]["userId"] == answer.json()["user"]["id"]
    assert f"session_reason={reason} " in caplog.text


@pytest.mark.parametrize("path", ["/me", "/optional"])
@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_an_unavailable_database_is_503(ask: Ask, endpoint: str, path: str) -> None:
    visitor = sign_up(ask.real.service)
    answer = ask("broken", endpoint, {"cookie": visitor.cookie}, path)
    assert answer.status_code == 503
    assert answer.json()["code"] == "AUTH_UNAVAILABLE"
    assert answer.json()["reason"] == answer.headers["x-session-reason"] == "database_unavailable"
    assert answer.headers["retry-after"] == "5"


def test_every_reason_is_covered() -> None:
    table = (REPOSITORY / "src/session/reasons.ts").read_text().split("reasonTable = {")[1]
    reasons = set(re.findall(r"^  ([a-z_]+): \{", table.split("} as const")[0], re.MULTILINE))
    assert len(reasons) > 10
    assert reasons == {*NOT_SIGNED_IN, *SIGNED_IN, "database_unavailable", "service_busy"}

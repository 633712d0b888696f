"""An identity or a reason that no API could use is 503; unusual but valid ones are accepted."""

import json
from typing import Any

import pytest

from auth_service_fastapi.strict_json import parse_json

from .support.consumers import Consumer
from .support.fake_auth import answer
from .support.hostile import identity, of_wrong_type, raw

PATHS = ("/me", "/optional", "/verified")


def is_readable(title: str) -> bool:
    """A name or an address may be empty or odd, and a number as an id becomes text."""
    field, _, value = title.partition(" = ")
    return (
        (value == "1.5" and field != "user.emailVerified")
        or (field in ("user.name", "user.email", "user.id", "session.id") and value == repr("\0"))
        or (field in ("user.name", "user.email") and value == "''")
    )


@pytest.mark.parametrize(("title", "data"), list(of_wrong_type()))
def test_an_identity_with_an_invalid_field_is_503(
    title: str, data: dict[str, Any], check: Consumer
) -> None:
    check.say(answer(200, data))
    statuses = [check.ask(path).status for path in PATHS]
    if is_readable(title):
        assert set(statuses) <= {200, 403, 503}
    else:
        assert statuses == [503] * len(PATHS)


TEXTS = {
    "half a character": "\\ud800",
    "half a character in a long text": "x" * 1000 + "\\udc00",
    "two halves the wrong way round": "\\udc00\\ud800",
}


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("field", ["name", "email", "id", "image", "role", "unknown"])
def test_an_identity_with_a_lone_surrogate_is_503(text: str, field: str, check: Consumer) -> None:
    body = json.dumps(identity(**{f"user__{field}": "PLACE"})).replace("PLACE", TEXTS[text])
    check.say(raw(body.encode()))
    assert [check.ask(path).status for path in PATHS] == [503] * len(PATHS)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("field", ["message", "reason", "code", "unknown"])
def test_a_reason_with_a_lone_surrogate_is_503(text: str, field: str, check: Consumer) -> None:
    data = {"code": "NOT_SIGNED_IN", "message": "m", "reason": "session_expired", field: "PLACE"}
    check.say(raw(json.dumps(data).replace("PLACE", TEXTS[text]).encode(), 401))
    assert check.ask().status == 503


@pytest.mark.parametrize("reason", ["cookies_joined", "factor_2_required", "x" * 64])
def test_an_unknown_reason_is_passed_on_and_a_long_message_is_cut(
    reason: str, check: Consumer
) -> None:
    data: dict[str, object] = {
        "code": "NOT_SIGNED_IN",
        "message": "m" * 100_000,
        "reason": reason,
    }
    check.say(answer(401, data))
    reply = check.ask()
    assert reply.status == 401
    assert reply.json()["reason"] == reply.headers["x-session-reason"] == reason
    assert len(reply.json()["message"]) <= 500


@pytest.mark.parametrize("reason", ["", " ", "a b", "x" * 65, "<script>", "Ω", None, 1, ["x"]])
def test_a_malformed_reason_is_503(reason: object, check: Consumer) -> None:
    data: dict[str, object] = {"code": "NOT_SIGNED_IN", "message": "m", "reason": reason}
    check.say(answer(401, data))
    assert check.ask().status == 503


def test_an_unusual_but_valid_response_is_accepted(check: Consumer) -> None:
    body = json.dumps(identity(user__name="Zoë \U0001f680\0\n", user__extra=[[1]])).encode()
    for reply in (
        raw(body),
        raw(b"\xef\xbb\xbf" + body),
        raw(body, headers=b"content-encoding: identity\r\n"),
        b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + raw(body),
        raw(body, version="1.0"),
        raw(body, headers=b"content-security-policy: " + b"x" * 50_000 + b"\r\n"),
    ):
        check.say(reply)
        assert check.ask().status == 200


def test_a_duplicate_field_under_its_python_name_is_ignored(check: Consumer) -> None:
    check.say(answer(200, identity(user__email_verified=True)))
    assert check.ask("/verified").status == 403


def test_strict_json_accepts_all_valid_json() -> None:
    for text in ('{"a": [1, -2.5, true, null, "é\\u00e9\\ud83d\\ude00"]}', "null", '"x"', "[]"):
        assert parse_json(text.encode()) == json.loads(text)

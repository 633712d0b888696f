"""`mode="jwt"`: which tokens are accepted and which are not. Keys are published over real HTTP."""

import sys
import time
from collections.abc import Callable, Iterator

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from auth_service_fastapi import AuthService, CurrentUser
from auth_service_fastapi.proofs import Proofs
from auth_service_fastapi.verified_tokens import VerifiedTokens, token_digest

from .support.fake_auth import fake_auth
from .support.real_service import RealService
from .support.served import create_api, serve, serve_api, start
from .support.signer import ISSUER, Signer, published, unsigned
from .support.visitor import NO_TLS, sign_up

SIGNER = Signer("key-1")
FORGER = Signer("key-1")


def jwt_mode(url: str, **options: str) -> AuthService:
    return AuthService(url, mode="jwt", startup_check="off", **options)  # type: ignore[arg-type]


def ask(api: httpx.Client, token: str, path: str = "/me") -> httpx.Response:
    return api.get(path, headers={"authorization": f"Bearer {token}"})


@pytest.fixture(scope="module")
def api() -> Iterator[httpx.Client]:
    with (
        fake_auth(lambda _: published(SIGNER)) as auth,
        serve_api(jwt_mode(auth.url, public_url=ISSUER)) as client,
    ):
        yield client


def test_a_token_issued_by_betterauth_is_accepted(real: RealService) -> None:
    visitor = sign_up(real.plain)
    token = visitor.ask("GET", "/api/auth/token").json()["token"]
    with serve_api(AuthService(real.plain, mode="jwt", startup_check="refuse")) as api:
        answered = ask(api, token)
        assert answered.status_code == 200
        data = answered.json()
        assert (data["id"], data["email"]) == (visitor.user_id, visitor.email)
        assert not {"iss", "aud", "exp", "sub"} & set(data)
    with serve_api(jwt_mode(real.plain, audience="https://api.example.com")) as api:
        assert ask(api, token).json()["reason"] == "token_wrong_audience"


def hmac_with_the_public_key() -> str:
    # The classic confusion: what everybody may read serves as the secret.
    key = SIGNER.private.public_key().public_bytes_raw()
    claims = jwt.decode(SIGNER.token(), options={"verify_signature": False})
    return jwt.encode(claims, key.hex(), "HS256", headers={"kid": SIGNER.kid})


def another_algorithm_under_our_key_id() -> str:
    claims = jwt.decode(SIGNER.token(), options={"verify_signature": False})
    return jwt.encode(
        claims, generate_private_key(SECP256R1()), "ES256", headers={"kid": SIGNER.kid}
    )


NOW = int(time.time())
REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "expired": (lambda: SIGNER.token(exp=NOW - 60), "token_expired"),
    "without an end": (lambda: SIGNER.token(exp=None), "token_incomplete"),
    "from the future": (lambda: SIGNER.token(iat=NOW + 3600), "token_not_yet_valid"),
    "not valid yet": (lambda: SIGNER.token(nbf=NOW + 3600), "token_not_yet_valid"),
    "of another issuer": (
        lambda: SIGNER.token(iss="https://evil.example.com"),
        "token_wrong_issuer",
    ),
    "of an issuer with a longer name": (
        lambda: SIGNER.token(iss=f"{ISSUER}.evil"),
        "token_wrong_issuer",
    ),
    "of no issuer": (lambda: SIGNER.token(iss=None), "token_incomplete"),
    "for another API": (
        lambda: SIGNER.token(aud="https://other.example.com"),
        "token_wrong_audience",
    ),
    "without audience": (lambda: SIGNER.token(aud=None), "token_incomplete"),
    "without subject": (lambda: SIGNER.token(sub=None), "token_incomplete"),
    "signed with another key": (lambda: FORGER.token(), "token_bad_signature"),
    "changed": (lambda: SIGNER.token()[:-4] + "AAAA", "token_bad_signature"),
    "unsigned": (
        lambda: unsigned({"alg": "none", "kid": SIGNER.kid}, SIGNER.token()),
        "token_algorithm_refused",
    ),
    "signed with the public key": (hmac_with_the_public_key, "token_algorithm_refused"),
    "of another algorithm": (another_algorithm_under_our_key_id, "token_algorithm_refused"),
    "bringing its own key": (
        lambda: FORGER.token({"jwk": FORGER.published, "jku": "https://evil.example.com"}),
        "token_bad_signature",
    ),
    "of another type": (lambda: SIGNER.token({"typ": "logout+jwt"}), "token_wrong_type"),
    "without a key id": (lambda: SIGNER.token({"kid": ""}), "token_unknown_key"),
    "no token at all": (lambda: "abc", "token_malformed"),
    "three words": (lambda: "a.b.c", "token_malformed"),
    "endless": (lambda: SIGNER.token(much="x" * 9000), "token_malformed"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_an_invalid_token_is_rejected(api: httpx.Client, kind: str) -> None:
    make, reason = REFUSED[kind]
    assert ask(api, SIGNER.token()).status_code == 200
    refused = ask(api, make())
    assert refused.status_code == 401
    assert (refused.json()["code"], refused.json()["reason"]) == ("NOT_SIGNED_IN", reason)
    assert refused.headers["www-authenticate"] == "Bearer"


def test_a_key_is_used_with_its_own_algorithm_only() -> None:
    with fake_auth(lambda _: published(SIGNER)) as auth:
        several = AuthService(
            auth.url,
            mode="jwt",
            public_url=ISSUER,
            algorithms=("EdDSA", "ES256"),
            startup_check="off",
        )
        with serve_api(several) as api:
            assert ask(api, SIGNER.token()).status_code == 200
            refused = ask(api, another_algorithm_under_our_key_id())
            assert refused.json()["reason"] == "token_algorithm_refused"


def test_a_small_clock_difference_is_tolerated(api: httpx.Client) -> None:
    now = int(time.time())
    for token in (SIGNER.token(iat=now + 3), SIGNER.token(exp=now - 2)):
        assert ask(api, token).status_code == 200


def test_jwt_mode_ignores_cookies_and_has_no_session(api: httpx.Client) -> None:
    assert api.get("/me", headers={"cookie": "a=1"}).json()["reason"] == "no_credential"
    assert ask(api, SIGNER.token(), "/session").status_code == 500  # a mistake of the developer's


def test_a_token_without_user_fields_is_503(
    api: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    answered = ask(api, SIGNER.token(email=None))
    assert answered.status_code == 503
    assert "the token lacks email: definePayload of the jwt plugin must include them" in caplog.text


def test_keys_are_fetched_once_and_again_after_a_rotation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auth_service_fastapi.keys.COOLDOWN_SECONDS", 0)
    old, new = Signer("old"), Signer("new")
    with (
        fake_auth(lambda _: published(old)) as auth,
        serve_api(jwt_mode(auth.url, public_url=ISSUER)) as api,
    ):
        assert [ask(api, old.token()).status_code for _ in range(5)] == [200] * 5
        assert len(auth.requests) == 1
        auth.script = lambda _: published(new, old)
        assert [ask(api, each.token()).status_code for each in (new, old, new)] == [200] * 3
        assert len(auth.requests) == 2
        assert all(head.startswith(b"GET /api/auth/jwks ") for head in auth.requests)
        assert b"authorization" not in b"".join(auth.requests).lower()


def test_unknown_key_ids_cause_few_fetches() -> None:
    with (
        fake_auth(lambda _: published(SIGNER)) as auth,
        serve_api(jwt_mode(auth.url, public_url=ISSUER)) as api,
    ):
        unknown = ask(api, Signer("strange").token())
        assert (unknown.status_code, unknown.json()["reason"]) == (401, "token_unknown_key")
        for number in range(5):
            # The key may be new, so the status is 503; the auth server is still not called again.
            answered = ask(api, Signer(f"invented-{number}").token())
            assert (answered.status_code, answered.json()["reason"]) == (
                503,
                "auth_keys_unavailable",
            )
            assert 1 <= int(answered.headers["retry-after"]) <= 10
        assert ask(api, Signer("strange").token()).status_code == 401
        assert ask(api, SIGNER.token()).status_code == 200
        assert len(auth.requests) == 1


def test_known_keys_stay_valid_during_an_outage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("auth_service_fastapi.keys.COOLDOWN_SECONDS", 0)
    with (
        fake_auth(lambda _: None) as auth,
        serve_api(jwt_mode(auth.url, public_url=ISSUER)) as api,
    ):
        assert ask(api, SIGNER.token()).json()["reason"] == "auth_keys_unavailable"
        auth.script = lambda _: b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n[]"
        assert ask(api, SIGNER.token()).json()["reason"] == "auth_keys_unavailable"
        auth.script = lambda _: published(SIGNER)
        assert ask(api, SIGNER.token()).status_code == 200
        auth.script = lambda _: None
        monkeypatch.setattr("auth_service_fastapi.keys.MAX_AGE_SECONDS", 0)
        assert ask(api, SIGNER.token()).status_code == 200


def test_a_removed_key_is_rejected_after_the_maximum_age(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("auth_service_fastapi.keys.COOLDOWN_SECONDS", 0)
    with (
        fake_auth(lambda _: published(SIGNER)) as auth,
        serve_api(jwt_mode(auth.url, public_url=ISSUER)) as api,
    ):
        assert ask(api, SIGNER.token()).status_code == 200
        auth.script = lambda _: published(Signer("next"))
        assert ask(api, SIGNER.token()).status_code == 200
        monkeypatch.setattr("auth_service_fastapi.keys.MAX_AGE_SECONDS", 0)
        assert ask(api, SIGNER.token()).json()["reason"] == "token_unknown_key"


def counted_decodes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The tokens whose signature is verified from here on."""
    decoded: list[bytes] = []
    decode = jwt.decode

    def count(token: bytes, *args: object, **options: object) -> object:
        decoded.append(token)
        return decode(token, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("auth_service_fastapi.tokens.jwt.decode", count)
    return decoded


def test_a_signature_is_verified_once_and_again_after_the_keys_are_refetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("auth_service_fastapi.keys.COOLDOWN_SECONDS", 0)
    decoded = counted_decodes(monkeypatch)
    token, new = SIGNER.token(role="admin", teams=[1]), Signer("new")
    with (
        fake_auth(lambda _: published(SIGNER)) as auth,
        serve_api(jwt_mode(auth.url, public_url=ISSUER)) as api,
    ):
        data = [ask(api, token).json() for _ in range(3)]
        assert data[0] == data[1] == data[2]
        assert (data[0]["role"], data[0]["teams"]) == ("admin", [1])
        assert len(decoded) == 1
        auth.script = lambda _: published(SIGNER, new)
        assert ask(api, new.token()).status_code == 200  # an unknown key id: a new fetch
        assert ask(api, token).status_code == 200
        assert len(decoded) == 3
        auth.script = lambda _: published(new)
        assert ask(api, Signer("newest").token()).status_code == 401
        # Its key is no longer published, and the hour has not passed.
        assert ask(api, token).json()["reason"] == "token_unknown_key"


def test_a_remembered_token_expires_and_is_never_valid_before_its_time(
    monkeypatch: pytest.MonkeyPatch, api: httpx.Client
) -> None:
    decoded = counted_decodes(monkeypatch)
    clock = time.time
    token = SIGNER.token()
    assert ask(api, token).status_code == 200
    for seconds, verified in ((890, 1), (906, 2), (-10, 3)):
        monkeypatch.setattr(
            "auth_service_fastapi.tokens.wall_clock", lambda ahead=seconds: clock() + ahead
        )
        ask(api, token)  # where the memory no longer vouches for it, PyJWT decides by its own clock
        assert len(decoded) == verified


def test_a_handler_that_changes_a_nested_field_changes_it_for_its_own_request() -> None:
    verifier_token = SIGNER.token(teams=["a"])
    with fake_auth(lambda _: published(SIGNER)) as auth:
        service = jwt_mode(auth.url, public_url=ISSUER)
        app = create_api(service)

        @app.get("/teams")
        async def teams(user: CurrentUser) -> list[str]:
            extra = user.model_extra or {}
            extra["teams"].append("b")
            names: list[str] = extra["teams"]
            return names

        with serve(app) as url, httpx.Client(base_url=url, verify=NO_TLS) as client:
            for _ in range(3):
                assert ask(client, verifier_token, "/teams").json() == ["a", "b"]


def test_remembered_tokens_are_bounded_and_belong_to_one_issuer_and_audience() -> None:
    tokens = VerifiedTokens(max_entries=2)
    key = jwt.PyJWK(SIGNER.published)
    digests = [token_digest(b"t", issuer, "a") for issuer in ("one", "two", "three")]
    for digest in digests:
        tokens.store(digest, "key-1", key, {"iat": 0, "exp": 9}, {}, Proofs())
        assert tokens.find(digests[0]) is not None or digest is not digests[0]
    assert [tokens.find(each) is None for each in digests] == [False, True, False]
    assert token_digest(b"t", "one", "b") not in digests


def test_without_pyjwt_the_error_names_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("auth_service_fastapi.tokens", "auth_service_fastapi.keys"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "jwt", None)
    with pytest.raises(RuntimeError, match=r"pip install 'auth-service-fastapi\[jwt\]'"):
        start(jwt_mode("https://auth.example.com"))

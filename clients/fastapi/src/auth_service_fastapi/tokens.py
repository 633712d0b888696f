"""`mode="jwt"`: verifies BetterAuth's JSON Web Tokens locally, with the keys that the auth server publishes."""

from typing import Any

import aiohttp
import jwt
from pydantic import ValidationError

from .keys import KeysUnavailableError, PublishedKeys
from .models import User
from .settings import Settings
from .strict_json import require_plain
from .verdict import NotSignedIn, SignedIn, Unavailable, Verdict

#: Tolerated clock difference between two machines.
_LEEWAY_SECONDS = 5

#: Far more than any token of BetterAuth; longer ones are not parsed.
_MAX_TOKEN_BYTES = 8192

_REGISTERED = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")  # RFC 7519, 4.1

#: Most specific first: exception, reason, message for the client.
_FAULTS: tuple[tuple[type[jwt.InvalidTokenError], str, str], ...] = (
    (jwt.ExpiredSignatureError, "token_expired", "the token has expired"),
    (jwt.ImmatureSignatureError, "token_not_yet_valid", "the token is not valid yet"),
    (jwt.InvalidIssuerError, "token_wrong_issuer", "the token has another issuer"),
    (jwt.InvalidAudienceError, "token_wrong_audience", "the token has another audience"),
    (jwt.MissingRequiredClaimError, "token_incomplete", "the token lacks a required claim"),
    (jwt.InvalidSignatureError, "token_bad_signature", "the signature is invalid"),
    (jwt.InvalidAlgorithmError, "token_algorithm_refused", "its key is for another algorithm"),
    (jwt.InvalidTokenError, "token_malformed", "it is not a JSON Web Token"),
)


class TokenVerifier:
    """Returns a verdict for every bearer token; never raises."""

    def __init__(self, settings: Settings, client: aiohttp.ClientSession) -> None:
        """Fetches keys through `client` when the first token arrives."""
        self._settings = settings
        self._keys = PublishedKeys(settings, client)

    async def verify(self, token: bytes | None) -> Verdict:
        """The verdict on a token. Signature, algorithm, issuer, audience, times and subject must all be valid."""
        if token is None:
            return _not_signed_in("no_credential", "the request has no bearer token")
        if len(token) > _MAX_TOKEN_BYTES:
            return _not_signed_in(
                "token_malformed", f"the token has more than {_MAX_TOKEN_BYTES} bytes"
            )
        try:
            # The header only selects among trusted keys and algorithms:
            # `jku`, `jwk` and `x5u` are never read (RFC 8725, 3.10).
            header = _read_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in self._settings.algorithms:
                return _not_signed_in("token_algorithm_refused", "its algorithm is not accepted")
            if str(header.get("typ", "JWT")).upper() != "JWT":
                return _not_signed_in("token_wrong_type", "it is another type of token")
            key = await self._keys.find(kid) if isinstance(kid, str) and kid else None
            if key is None:
                return _not_signed_in("token_unknown_key", "the auth server publishes no such key")
            claims = self._decode(token, key)
        except KeysUnavailableError as error:
            return Unavailable("auth_keys_unavailable", str(error), error.retry_after_seconds)
        except jwt.InvalidTokenError as error:
            return next(
                _not_signed_in(reason, message)
                for kind, reason, message in _FAULTS
                if isinstance(error, kind)
            )
        except (
            Exception
        ) as error:  # the signature is valid: the auth server signed unreadable claims
            return Unavailable(
                "auth_unexpected_answer", f"the claims of a signed token: {type(error).__name__}"
            )
        return _signed_in(claims)

    def close(self) -> None:
        """Cancels a running fetch of the keys."""
        self._keys.close()

    def _decode(self, token: bytes, key: jwt.PyJWK) -> dict[str, Any]:
        expected = (
            self._settings.browser_url
        )  # BetterAuth's baseURL, unless its plugin is configured otherwise
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=self._settings.issuer or expected,
            audience=self._settings.audience or expected,
            leeway=_LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
        return claims


def _read_header(token: bytes) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except jwt.InvalidTokenError:
        raise
    except Exception as error:  # a header that is nested 6,000 deep raises RecursionError
        raise jwt.DecodeError from error


def _signed_in(claims: dict[str, Any]) -> Verdict:
    fields = {name: value for name, value in claims.items() if name not in _REGISTERED}
    fields.setdefault("id", claims["sub"])
    try:
        require_plain(fields)
        return SignedIn(User.model_validate(fields), session=None)
    except ValidationError as error:
        faults = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        # A misconfiguration of the auth server must not sign users out.
        detail = f"the token lacks {faults}: definePayload of the jwt plugin must include them"
        return Unavailable("auth_unexpected_answer", detail)
    except ValueError as error:
        return Unavailable("auth_unexpected_answer", f"the claims of a signed token are {error}")


def _not_signed_in(reason: str, message: str) -> NotSignedIn:
    return NotSignedIn(reason, f"Not signed in: {message}.")

"""`mode="jwt"`: verifies BetterAuth's JSON Web Tokens without asking, by the keys that the auth server publishes."""

from typing import Any

import httpx
import jwt
from pydantic import ValidationError

from .json_text import require_plain
from .keys import KeysUnavailableError, PublishedKeys
from .models import User
from .settings import Settings
from .verdict import CannotTell, NotSignedIn, SignedIn, Verdict

#: Two machines' clocks differ by this much without anybody's fault.
_LEEWAY_SECONDS = 5

#: No token of BetterAuth's comes near; longer ones are not worth parsing.
_MAX_TOKEN_BYTES = 8192

_REGISTERED = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")  # RFC 7519, 4.1

#: The most specific first. Reason and what is said to whoever asks.
_FAULTS: tuple[tuple[type[jwt.InvalidTokenError], str, str], ...] = (
    (jwt.ExpiredSignatureError, "token_expired", "the token is past its end"),
    (jwt.ImmatureSignatureError, "token_not_yet_valid", "the token is from the future"),
    (jwt.InvalidIssuerError, "token_wrong_issuer", "another server issued the token"),
    (jwt.InvalidAudienceError, "token_wrong_audience", "the token is for another API"),
    (jwt.MissingRequiredClaimError, "token_incomplete", "the token lacks a claim"),
    (jwt.InvalidSignatureError, "token_bad_signature", "the signature does not verify"),
    (jwt.InvalidAlgorithmError, "token_algorithm_refused", "its key is for another algorithm"),
    (jwt.InvalidTokenError, "token_malformed", "this is no JSON Web Token"),
)


class TokenVerifier:
    """Gives a verdict for a bearer token. Raises nothing."""

    def __init__(self, settings: Settings, client: httpx.AsyncClient) -> None:
        """Fetches keys through `client`, the first time a token comes."""
        self._settings = settings
        self._keys = PublishedKeys(settings, client)

    async def verify(self, token: bytes | None) -> Verdict:
        """Whose token is it? Signature, algorithm, issuer, audience, time and subject must all hold."""
        if token is None:
            return _nobody("no_credential", "the request has no bearer token")
        if len(token) > _MAX_TOKEN_BYTES:
            return _nobody("token_malformed", f"a token of more than {_MAX_TOKEN_BYTES} bytes")
        try:
            # Whatever the header says, it only chooses among keys and algorithms that we trust already:
            # `jku`, `jwk` and `x5u` are never read (RFC 8725, 3.10).
            header = _read_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in self._settings.algorithms:
                return _nobody("token_algorithm_refused", "its algorithm is not accepted here")
            if str(header.get("typ", "JWT")).upper() != "JWT":
                return _nobody("token_wrong_type", "it is a token for another purpose")
            key = await self._keys.find(kid) if isinstance(kid, str) and kid else None
            if key is None:
                return _nobody("token_unknown_key", "the auth server publishes no such key")
            claims = self._decode(token, key)
        except KeysUnavailableError as error:
            return CannotTell("auth_keys_unavailable", str(error), error.retry_after_seconds)
        except jwt.InvalidTokenError as error:
            return next(
                _nobody(reason, said) for kind, reason, said in _FAULTS if isinstance(error, kind)
            )
        except (
            Exception
        ) as error:  # its signature held: the auth server signed what nobody can read
            return CannotTell(
                "auth_unexpected_answer", f"a signed token's claims: {type(error).__name__}"
            )
        return _signed_in(claims)

    def close(self) -> None:
        """Ends a fetch of keys that is under way."""
        self._keys.close()

    def _decode(self, token: bytes, key: jwt.PyJWK) -> dict[str, Any]:
        expected = (
            self._settings.browser_url
        )  # BetterAuth's baseURL, unless its plugin is told otherwise
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
    except Exception as error:  # anybody may write one that is nested 6,000 deep
        raise jwt.DecodeError from error


def _signed_in(claims: dict[str, Any]) -> Verdict:
    told = {name: value for name, value in claims.items() if name not in _REGISTERED}
    told.setdefault("id", claims["sub"])
    try:
        require_plain(told)
        return SignedIn(User.model_validate(told), session=None)
    except ValidationError as error:
        faults = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        # Our own misconfiguration: nobody may be signed out for it.
        detail = f"the token lacks {faults}: definePayload of the jwt plugin has to keep them"
        return CannotTell("auth_unexpected_answer", detail)
    except ValueError as error:
        return CannotTell("auth_unexpected_answer", f"a signed token's claims are {error}")


def _nobody(reason: str, said: str) -> NotSignedIn:
    return NotSignedIn(reason, f"Nobody is signed in: {said}.")

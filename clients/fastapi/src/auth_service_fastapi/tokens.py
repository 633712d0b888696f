"""`mode="jwt"`: verifies BetterAuth's JSON Web Tokens locally, with the keys that the auth server publishes."""

from time import time as wall_clock
from typing import Any

import aiohttp
import jwt
from pydantic import ValidationError

from .keys import KeysUnavailableError, PublishedKeys
from .proofs import PROOF_CLAIMS, proofs_of_claims
from .settings import Settings
from .strict_json import require_plain
from .token_faults import invalid_token, not_signed_in
from .user_reader import UserReader
from .verdict import SignedIn, Unavailable, Verdict
from .verified_tokens import VerifiedTokens, token_digest

#: Tolerated clock difference between two machines.
_LEEWAY_SECONDS = 5

#: Far more than any token of BetterAuth; longer ones are not parsed.
_MAX_TOKEN_BYTES = 8192

#: No fields of the user: RFC 7519, 4.1.
_REGISTERED = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti", *PROOF_CLAIMS)


class TokenVerifier:
    """Returns a verdict for every bearer token; never raises."""

    def __init__(self, settings: Settings, client: aiohttp.ClientSession) -> None:
        """Fetches keys through `client` when the first token arrives."""
        self._settings = settings
        self._keys = PublishedKeys(settings, client)
        self._verified = VerifiedTokens(max_entries=settings.cache_entries)

    async def verify(self, token: bytes | None) -> Verdict:
        """The verdict on a token. Signature, algorithm, issuer, audience, times and subject must all be valid."""
        if token is None:
            return not_signed_in("no_credential", "the request has no bearer token")
        if len(token) > _MAX_TOKEN_BYTES:
            return not_signed_in(
                "token_malformed", f"the token has more than {_MAX_TOKEN_BYTES} bytes"
            )
        digest = token_digest(token, self._issuer, self._audience)
        try:
            remembered = await self._find_verified(digest)
            if remembered is not None:
                return remembered
            # The header only selects among trusted keys and algorithms:
            # `jku`, `jwk` and `x5u` are never read (RFC 8725, 3.10).
            header = _read_header(token)
            algorithm, kid = header.get("alg"), header.get("kid")
            if algorithm not in self._settings.algorithms:
                return not_signed_in("token_algorithm_refused", "its algorithm is not accepted")
            if str(header.get("typ", "JWT")).upper() != "JWT":
                return not_signed_in("token_wrong_type", "it is another type of token")
            key = await self._keys.find(kid) if isinstance(kid, str) and kid else None
            if key is None:
                return not_signed_in("token_unknown_key", "the auth server publishes no such key")
            claims = self._decode(token, key)
            verdict, user = _signed_in(claims, self._settings.user_reader)
            if isinstance(verdict, SignedIn):
                self._verified.store(digest, str(kid), key, claims, user, verdict.proofs)
            return verdict
        except KeysUnavailableError as error:
            return Unavailable("auth_keys_unavailable", str(error), error.retry_after_seconds)
        except jwt.InvalidTokenError as error:
            return invalid_token(error)
        except (
            Exception
        ) as error:  # the signature is valid: the auth server signed unreadable claims
            return Unavailable(
                "auth_unexpected_answer", f"the claims of a signed token: {type(error).__name__}"
            )

    async def _find_verified(self, digest: bytes) -> SignedIn | None:
        entry = self._verified.find(digest)
        if entry is None:
            return None
        key = await self._keys.find(entry.kid)
        if entry.is_valid(key, wall_clock(), _LEEWAY_SECONDS):
            user = self._settings.user_reader.read(entry.user())
            return SignedIn(user, session=None, token_proofs=entry.proofs)
        self._verified.drop(digest)
        return None

    def close(self) -> None:
        """Cancels a running fetch of the keys."""
        self._keys.close()

    @property
    def _issuer(self) -> str:
        # BetterAuth's baseURL, unless its plugin is configured otherwise.
        return self._settings.issuer or self._settings.browser_url

    @property
    def _audience(self) -> str:
        return self._settings.audience or self._settings.browser_url

    def _decode(self, token: bytes, key: jwt.PyJWK) -> dict[str, Any]:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[key.algorithm_name],
            issuer=self._issuer,
            audience=self._audience,
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


def _signed_in(claims: dict[str, Any], user_reader: UserReader) -> tuple[Verdict, dict[str, Any]]:
    """The verdict, and the claims about the user."""
    fields = {name: value for name, value in claims.items() if name not in _REGISTERED}
    fields.setdefault("id", claims["sub"])
    try:
        require_plain(fields)
        user = user_reader.read(fields)
        return SignedIn(user, session=None, token_proofs=proofs_of_claims(claims)), fields
    except ValidationError as error:
        faults = ", ".join(".".join(map(str, fault["loc"])) for fault in error.errors())
        # A misconfiguration of the auth server must not sign users out.
        detail = f"the token lacks {faults}: definePayload of the jwt plugin must include them"
        return Unavailable("auth_unexpected_answer", detail), fields
    except ValueError as error:
        detail = f"the claims of a signed token are {error}"
        return Unavailable("auth_unexpected_answer", detail), fields

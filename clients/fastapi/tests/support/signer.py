"""Signs tokens as BetterAuth does, with keys that can be rotated."""

import base64
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from .fake_auth import answer

ISSUER = "https://auth.example.com"


class Signer:
    """One Ed25519 key under an id."""

    def __init__(self, kid: str) -> None:
        self.kid = kid
        self.private = Ed25519PrivateKey.generate()

    @property
    def published(self) -> dict[str, Any]:
        """The public key as BetterAuth publishes it."""
        algorithm = jwt.get_algorithm_by_name("EdDSA")
        return {
            **json.loads(algorithm.to_jwk(self.private.public_key())),
            "alg": "EdDSA",
            "kid": self.kid,
        }

    def token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A valid token with the given changes; a claim of None is omitted."""
        now = int(time.time())
        good = {
            "iss": ISSUER,
            "aud": ISSUER,
            "sub": "ada",
            "iat": now,
            "exp": now + 900,
            "id": "ada",
            "name": "Ada",
            "email": "ada@example.com",
            "emailVerified": True,
        }
        payload = {name: value for name, value in {**good, **claims}.items() if value is not None}
        return jwt.encode(
            payload, self.private, "EdDSA", headers={"kid": self.kid, **(header or {})}
        )


def published(*signers: Signer) -> bytes:
    """The answer of `/api/auth/jwks`."""
    return answer(200, {"keys": [signer.published for signer in signers]})


def unsigned(header: dict[str, Any], token: str) -> str:
    """The token's claims under another header, without a signature."""
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{encoded}.{token.split('.')[1]}."

"""Remembers verified tokens, so that the signature of a token is verified once. Each request checks key and times."""

import json
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import jwt

from .proofs import Proofs


@dataclass(frozen=True)
class VerifiedToken:
    """A token whose signature, issuer and audience are valid."""

    kid: str
    #: The very object: after the keys are fetched again, every key is a new one.
    key: jwt.PyJWK
    #: Seconds since 1970, without leeway for clock differences.
    not_before: int
    expires_at: int
    #: JSON, so that each request gets a user of its own: a handler may change nested plugin fields.
    user_json: str
    #: Frozen.
    proofs: Proofs

    def is_valid(self, key: jwt.PyJWK | None, now: float, leeway: float) -> bool:
        """Whether the token is valid at `now`, and `key` is still the one that verified it."""
        return (
            key is self.key and self.not_before <= now + leeway and now - leeway < self.expires_at
        )

    def user(self) -> dict[str, Any]:
        """The claims about the user."""
        claims: dict[str, Any] = json.loads(self.user_json)
        return claims


class VerifiedTokens:
    """An LRU map from a token's hash to what was verified. Issuer and audience are part of the hash."""

    def __init__(self, *, max_entries: int) -> None:
        """Starts empty."""
        self._max_entries = max_entries
        self._entries: OrderedDict[bytes, VerifiedToken] = OrderedDict()

    def find(self, digest: bytes) -> VerifiedToken | None:
        """The entry, whose key and times the caller checks."""
        entry = self._entries.get(digest)
        if entry is not None:
            self._entries.move_to_end(digest)
        return entry

    def store(
        self,
        digest: bytes,
        kid: str,
        key: jwt.PyJWK,
        claims: dict[str, Any],
        user: dict[str, Any],
        proofs: Proofs,
    ) -> None:
        """Remembers a verified token, in place of the least recently used if there are too many."""
        not_before = max(int(claims["iat"]), int(claims.get("nbf") or 0))
        self._entries[digest] = VerifiedToken(
            kid, key, not_before, int(claims["exp"]), json.dumps(user), proofs
        )
        while len(self._entries) > self._max_entries:
            self._entries.popitem(last=False)

    def drop(self, digest: bytes) -> None:
        """Forgets a token that is no longer valid."""
        self._entries.pop(digest, None)


def token_digest(token: bytes, issuer: str, audience: str) -> bytes:
    """The key of an entry. It reveals no credential."""
    return sha256(b"\0".join((token, issuer.encode(), audience.encode()))).digest()

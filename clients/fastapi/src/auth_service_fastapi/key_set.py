"""A published key set (RFC 7517). Keys are parsed when a token names them, because a set may contain thousands."""

from typing import Any

import jwt

from .http_fetch import AuthResponse

#: An RSA key of 8192 bits has 1,366 characters; longer ones only cost CPU time.
_MAX_MEMBER_LENGTH = 2_000

#: RFC 7518, 3.3.
_MIN_RSA_BITS = 2048

#: Key ids should be unique (RFC 7517, 4.5).
_MAX_KEYS_PER_ID = 8


class UnusableKeyError(Exception):
    """A key with this id is published but unusable: the auth server's fault, not the token's."""


class KeySet:
    """Public keys by key id."""

    def __init__(self, keys: list[Any]) -> None:
        """Ignores keys without an id."""
        self._published: dict[str, list[dict[str, Any]]] = {}
        self._parsed: dict[tuple[str, tuple[str, ...]], jwt.PyJWK | None] = {}
        for key in keys:
            kid = key.get("kid") if isinstance(key, dict) else None
            if isinstance(kid, str) and kid:
                same = self._published.setdefault(kid, [])
                if key not in same[:_MAX_KEYS_PER_ID]:
                    same.append(key)

    def find(self, kid: str, algorithms: tuple[str, ...]) -> jwt.PyJWK | None:
        """The key, or None if there is none with this id and one of these algorithms.

        :raises UnusableKeyError: if there is one that cannot be used
        """
        wanted = (kid, algorithms)
        if wanted not in self._parsed and kid in self._published:
            candidates = self._published[kid]
            if len(candidates) > _MAX_KEYS_PER_ID:
                raise UnusableKeyError("too many keys under one id")
            keys = [_read_key(each) for each in candidates if each.get("use", "sig") == "sig"]
            usable = [each for each in keys if each.algorithm_name in algorithms]
            if len(usable) > 1:
                raise UnusableKeyError("several keys under one id")
            self._parsed[wanted] = usable[0] if usable else None
        return self._parsed.get(wanted)


def read_key_set(response: AuthResponse) -> tuple[str, KeySet | None]:
    """A description of the response for the log, and the keys if it contains any."""
    seen = f"{response.url} responded {response.status} without keys"
    if response.status != 200:
        return seen, None
    try:
        body = response.json()
    except ValueError as error:
        return f"{seen}, but {error}", None
    keys = body.get("keys") if isinstance(body, dict) else None
    return seen, KeySet(keys) if isinstance(keys, list) else None


def _read_key(jwk: dict[str, Any]) -> jwt.PyJWK:
    if any(isinstance(each, str) and len(each) > _MAX_MEMBER_LENGTH for each in jwk.values()):
        raise UnusableKeyError("a key that is too large")
    try:
        key = jwt.PyJWK(jwk)
        bits = key.key.key_size if key.key_type == "RSA" else _MIN_RSA_BITS
    except Exception as error:  # PyJWT and cryptography raise many types for malformed members
        raise UnusableKeyError("a key that cannot be read") from error
    if bits < _MIN_RSA_BITS:
        raise UnusableKeyError(f"an RSA key of less than {_MIN_RSA_BITS} bits")
    return key

"""A published key set (RFC 7517): read at once, each key only when a token names it, since a set may hold thousands."""

from typing import Any

import jwt

from .fetching import Answer

#: An RSA key of 8192 bits has 1,366 digits; a longer one would only cost time.
_MAX_MEMBER = 2_000

#: RFC 7518, 3.3.
_MIN_RSA_BITS = 2048

#: Of one key id. RFC 7517, 4.5: each should have its own.
_MAX_OF_ONE_ID = 8


class UnusableKeyError(Exception):
    """A key of this id is published, and nobody can tell by it: the auth server's fault and not the token's."""


class KeySet:
    """Key id → public key, of the algorithms allowed alone."""

    def __init__(self, told: list[Any]) -> None:
        """Keeps what has an id."""
        self._told: dict[str, list[dict[str, Any]]] = {}
        self._read: dict[tuple[str, tuple[str, ...]], jwt.PyJWK | None] = {}
        for key in told:
            kid = key.get("kid") if isinstance(key, dict) else None
            if isinstance(kid, str) and kid:
                same = self._told.setdefault(kid, [])
                if key not in same[:_MAX_OF_ONE_ID]:
                    same.append(key)

    def find(self, kid: str, algorithms: tuple[str, ...]) -> jwt.PyJWK | None:
        """The key, or None where there is none of this id and these algorithms."""
        wanted = (kid, algorithms)
        if wanted not in self._read and kid in self._told:
            told = self._told[kid]
            if len(told) > _MAX_OF_ONE_ID:
                raise UnusableKeyError("many keys under one id")
            keys = [_read_key(each) for each in told if each.get("use", "sig") == "sig"]
            usable = [each for each in keys if each.algorithm_name in algorithms]
            if len(usable) > 1:
                raise UnusableKeyError("several keys under one id")
            self._read[wanted] = usable[0] if usable else None
        return self._read.get(wanted)


def read_key_set(answer: Answer) -> tuple[str, KeySet | None]:
    """The keys, or what was seen in their place."""
    seen = f"{answer.url} answered {answer.status} and no keys"
    if answer.status != 200:
        return seen, None
    try:
        told = answer.json()
    except ValueError as error:
        return f"{seen}, but {error}", None
    keys = told.get("keys") if isinstance(told, dict) else None
    return seen, KeySet(keys) if isinstance(keys, list) else None


def _read_key(told: dict[str, Any]) -> jwt.PyJWK:
    if any(isinstance(each, str) and len(each) > _MAX_MEMBER for each in told.values()):
        raise UnusableKeyError("a key that is too large")
    try:
        key = jwt.PyJWK(told)
        bits = key.key.key_size if key.key_type == "RSA" else _MIN_RSA_BITS
    except (
        Exception
    ) as error:  # PyJWT and cryptography raise a dozen kinds for members of a wrong type or size
        raise UnusableKeyError("a key that cannot be read") from error
    if bits < _MIN_RSA_BITS:
        raise UnusableKeyError(f"an RSA key of less than {_MIN_RSA_BITS} bits")
    return key

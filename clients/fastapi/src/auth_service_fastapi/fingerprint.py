"""The token fingerprint that correlates this log with the auth service's. It is not a credential."""

from hashlib import sha256
from urllib.parse import unquote


def token_fingerprint(signed_token: str) -> str | None:
    """First 8 hex digits of the SHA-256 of the token, which is the part before the last dot, percent-decoded once.

    Same algorithm as `src/session/signed-token.ts`. None without a dot: the value is not a signed token.
    """
    token, dot, _signature = unquote(signed_token).rpartition(".")
    if not dot:
        return None
    return sha256(token.encode()).hexdigest()[:8]


def cookie_fingerprint(header: bytes, *, secure: bool) -> str | None:
    """The fingerprint of the session cookie in a Cookie header.

    Of several, the first with the prefix that the auth server uses is taken, or else the first.

    :param secure: whether browsers call the auth server over https, so that its cookie has the prefix `__Secure-`
    """
    found: list[tuple[bool, str]] = []
    for part in header.decode("latin-1").split(";"):
        name, _, value = part.partition("=")
        name = name.strip()
        if name.endswith("session_token"):
            found.append((name.startswith("__Secure-") == secure, value.strip().strip('"')))
    expected = [value for is_expected, value in found if is_expected]
    for value in expected or [value for _, value in found]:
        return token_fingerprint(value)
    return None

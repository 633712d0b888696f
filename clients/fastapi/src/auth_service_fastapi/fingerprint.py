"""The fingerprint by which this log and the auth service's are joined. It is no credential."""

from hashlib import sha256
from urllib.parse import unquote


def token_fingerprint(signed_token: str) -> str | None:
    """First 8 hex digits of the SHA-256 of the token: what stands before the last dot, percent-decoded once.

    As `src/session/signed-token.ts` makes it. None where there is no dot: nothing was signed.
    """
    token, dot, _signature = unquote(signed_token).rpartition(".")
    if not dot:
        return None
    return sha256(token.encode()).hexdigest()[:8]


def cookie_fingerprint(header: bytes, *, secure: bool) -> str | None:
    """The fingerprint of the session cookie in a Cookie header.

    Several may come: the one under the name that the auth server uses counts, and of these the first.

    :param secure: whether the auth server is called by https, so that its cookie has the prefix `__Secure-`
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

"""Checks the Origin of websockets: any page can open one with the user's cookies, and CORS does not prevent it."""

from urllib.parse import SplitResult, urlsplit

from starlette.requests import HTTPConnection

from .credential import Credential
from .settings import Settings
from .verdict import Refused

_DEFAULT_PORTS = {"http": 80, "https": 443}


def check_origin(
    connection: HTTPConnection, credential: Credential, settings: Settings
) -> Refused | None:
    """403 for a websocket that an untrusted page opened with a cookie (cross-site websocket hijacking), or None.

    Without an Origin header the client is not a browser. With a bearer token the page already has the credential.
    """
    if connection.scope["type"] != "websocket":
        return None
    if not settings.accepts_cookie or credential.cookie is None or credential.bearer is not None:
        return None
    origins = connection.headers.getlist("origin")
    if all(_is_allowed(each.lower(), connection, settings) for each in origins):
        return None
    return Refused(
        403,
        "ORIGIN_NOT_ALLOWED",
        "origin_not_allowed",
        "This origin may not open this websocket.",
        f'the origin is {", ".join(origins)}: if it is yours, AuthService(…, allowed_origins=["…"])',
    )


def _is_allowed(origin: str, connection: HTTPConnection, settings: Settings) -> bool:
    try:
        page = urlsplit(origin)
        if page.scheme not in _DEFAULT_PORTS or not page.hostname or page.path or page.query:
            return False
        for allowed in map(urlsplit, settings.allowed_origins):
            if page.scheme == allowed.scheme and _is_same_host(page, allowed):
                return True
        own = urlsplit(settings.api_url or f"//{connection.headers.get('host', '')}")
        is_secure = (own.scheme or connection.scope.get("scheme")) in ("https", "wss")
        if is_secure and page.scheme != "https":
            return False  # an attacker on the network can forge a page served over http
        return _is_same_host(page, own)
    except ValueError:  # an invalid host or port
        return False


def _is_same_host(page: SplitResult, other: SplitResult) -> bool:
    port = _DEFAULT_PORTS[page.scheme]
    return (page.hostname, page.port or port) == (other.hostname, other.port or port)

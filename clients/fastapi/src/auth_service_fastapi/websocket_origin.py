"""Any page can open a websocket with its visitor's cookies, and CORS does not stop it: so the Origin is checked."""

from urllib.parse import SplitResult, urlsplit

from starlette.requests import HTTPConnection

from .credential import Credential
from .settings import Settings
from .verdict import Refused

_DEFAULT_PORTS = {"http": 80, "https": 443}


def find_foreign_origin(
    connection: HTTPConnection, credential: Credential, settings: Settings
) -> Refused | None:
    """403 for a websocket that a foreign page opened with a cookie (cross-site websocket hijacking), or None.

    Without Origin it was no browser. With a bearer token no page did it that does not hold the token.
    """
    if connection.scope["type"] != "websocket":
        return None
    if not settings.takes_cookie or credential.cookie is None or credential.bearer is not None:
        return None
    origins = connection.headers.getlist("origin")
    if all(_is_allowed(each.lower(), connection, settings) for each in origins):
        return None
    return Refused(
        403,
        "ORIGIN_NOT_ALLOWED",
        "origin_not_allowed",
        "A page of this origin may not open this websocket.",
        f'a page of {", ".join(origins)}: if it is yours, AuthService(…, allowed_origins=["…"])',
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
            return False  # whoever sits on the wire may have written that page
        return _is_same_host(page, own)
    except ValueError:  # no host or no port
        return False


def _is_same_host(page: SplitResult, other: SplitResult) -> bool:
    port = _DEFAULT_PORTS[page.scheme]
    return (page.hostname, page.port or port) == (other.hostname, other.port or port)

"""The HTTP client: pooled; no cookie jar, no redirects, ignores proxy and netrc settings."""

import ssl
from importlib.metadata import version

import aiohttp
import certifi

from .http_retry import trace_new_connections
from .settings import Settings

PACKAGE = "auth-service-fastapi"

#: Shorter than the 65 s of the auth service and of common proxies, so that this side usually closes first.
_KEEPALIVE_SECONDS = 30

#: The longest header of a response.
_MAX_HEADER_BYTES = 65_536


def create_client(settings: Settings) -> aiohttp.ClientSession:
    """A client for `fetch`. Needs a running event loop, to which it is bound."""
    return aiohttp.ClientSession(
        # `AuthClient` limits the connections.
        connector=aiohttp.TCPConnector(
            ssl=_tls(settings), limit=0, keepalive_timeout=_KEEPALIVE_SECONDS
        ),
        # A jar would send the cookie that was renewed for user A with requests of user B.
        cookie_jar=aiohttp.DummyCookieJar(),
        # ~/.netrc would add an Authorization header, which overrides the cookie.
        trust_env=False,
        # A decompressed body can be a thousand times larger than what was sent: `fetch` rejects it.
        auto_decompress=False,
        # A large Content-Security-Policy exceeds the default of 8 kB.
        max_field_size=_MAX_HEADER_BYTES,
        timeout=aiohttp.ClientTimeout(
            total=settings.timeout_seconds,
            connect=min(settings.connect_timeout_seconds, settings.timeout_seconds),
            # By default, aiohttp rounds timeouts from 5 s up to whole seconds.
            ceil_threshold=float("inf"),
        ),
        headers={
            "accept": "application/json",
            "accept-encoding": "identity",
            "user-agent": f"{PACKAGE}/{version(PACKAGE)}",
        },
        trace_configs=[trace_new_connections()],
    )


def _tls(settings: Settings) -> ssl.SSLContext | bool:
    """The certificates of certifi rather than the system's, which slim images and macOS may lack."""
    if settings.ssl_context is not None or not settings.url.startswith("https://"):
        return settings.ssl_context or True
    return ssl.create_default_context(cafile=certifi.where())

"""The HTTP client: pooled; no cookie jar, ignores proxy and netrc settings."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx

from .settings import Settings

PACKAGE = "auth-service-fastapi"

#: Shorter than the 65 s of the auth service and of common proxies, so that this side usually closes first.
_KEEPALIVE_SECONDS = 30


def create_client(settings: Settings) -> httpx.AsyncClient:
    """A pooled client without cookie jar, redirects, and proxy or netrc settings of the environment."""
    wait = min(settings.connect_timeout_seconds, settings.timeout_seconds)
    return httpx.AsyncClient(
        base_url=settings.url,
        # A jar would send the cookie that was renewed for user A with requests of user B.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        # ~/.netrc would add an Authorization header, which overrides the cookie.
        trust_env=False,
        verify=settings.ssl_context or True,
        timeout=httpx.Timeout(settings.timeout_seconds, connect=wait),
        # `AuthClient` limits the connections: httpx's queue gets slower with each of them.
        limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEPALIVE_SECONDS),
        headers={
            "accept": "application/json",
            # A decompressed body can be a thousand times larger than what was sent.
            "accept-encoding": "identity",
            "user-agent": f"{PACKAGE}/{version(PACKAGE)}",
        },
    )

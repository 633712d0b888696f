"""The HTTP client: one pool of connections, without a memory, and deaf to the environment."""

from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx

from .settings import Settings

PACKAGE = "auth-service-fastapi"

#: Shorter than the 65 s of the auth service and of common proxies, so that mostly we are the side that closes.
_KEEP_IDLE_SECONDS = 30


def create_client(settings: Settings) -> httpx.AsyncClient:
    """A client that is pooled, without a memory, and deaf to the environment."""
    wait = min(settings.connect_timeout_seconds, settings.timeout_seconds)
    return httpx.AsyncClient(
        base_url=settings.url,
        # A jar would answer for user B with the cookie that was renewed for user A.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        follow_redirects=False,
        # No proxy and no ~/.netrc: the latter would add an Authorization header, which overrides the cookie.
        trust_env=False,
        verify=settings.ssl_context or True,
        timeout=httpx.Timeout(settings.timeout_seconds, connect=wait),
        # `Asker` bounds the connections: httpx's own queue takes the longer for each, the more there are.
        limits=httpx.Limits(max_connections=None, keepalive_expiry=_KEEP_IDLE_SECONDS),
        headers={
            "accept": "application/json",
            # What is unpacked can be a thousand times larger than what came.
            "accept-encoding": "identity",
            "user-agent": f"{PACKAGE}/{version(PACKAGE)}",
        },
    )

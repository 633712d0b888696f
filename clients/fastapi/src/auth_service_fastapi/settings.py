"""Every option of `AuthService`, its default and its valid values. Invalid options fail when the API is imported."""

import ssl
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cached_property
from typing import Literal

from pydantic import BaseModel

from .settings_checks import require, require_model, require_origin
from .user_reader import UserReader

#: The auth service's own endpoint.
SESSION_ENDPOINT = "/session"

#: The algorithms of BetterAuth's jwt plugin. Without HMAC: a key that verifies HMAC can also sign.
ASYMMETRIC_ALGORITHMS = frozenset({"EdDSA", "ES256", "ES512", "PS256", "RS256"})

#: A cached session outlives its sign-out by at most this long.
MAX_CACHE_SECONDS = 60


@dataclass(eq=False)
class Settings:
    """The options of `AuthService`. Durations are in seconds."""

    #: Where this API reaches the auth server, like `https://auth.example.com`.
    url: str
    _: KW_ONLY
    #: `/session`, or `/api/auth/get-session` of any BetterAuth server.
    endpoint: str = SESSION_ENDPOINT
    #: `session` calls the auth server for each request; `jwt` verifies BetterAuth's JSON Web Tokens locally.
    mode: Literal["session", "jwt"] = "session"
    #: Forwards `Authorization: Bearer` as well. It overrides the cookie.
    bearer: bool = False
    #: The auth server's URL for browsers, if it differs from `url`.
    public_url: str | None = None
    #: The URL of this API for browsers: lets the startup check compare the hosts.
    api_url: str | None = None
    #: COOKIE_DOMAIN of the auth service.
    cookie_domain: str | None = None
    #: Origins that may open a websocket with the user's cookie, in addition to the API's own host.
    allowed_origins: Sequence[str] = ()
    #: The session cookie's name in the OpenAPI document; by default BetterAuth's own for this URL.
    cookie_name: str | None = None
    #: `report` logs the findings of the startup check, `refuse` also aborts the start, `off` skips the check.
    startup_check: Literal["report", "refuse", "off"] = "report"
    #: Timeout of one call to the auth server, a retry included.
    timeout_seconds: float = 5.0
    #: Timeout of connecting, and of waiting for one of the `max_concurrency` slots.
    connect_timeout_seconds: float = 2.0
    #: Concurrent calls to the auth server; further ones wait for a slot.
    max_concurrency: int = 50
    #: Consecutive failures after which the circuit breaker opens,
    breaker_failures: int = 5
    #: and for how long it stays open.
    breaker_open_seconds: float = 5.0
    #: How long a valid session is cached; 0 disables the cache.
    cache_seconds: float = 0.0
    #: Maximum number of cached sessions.
    cache_entries: int = 1000
    #: Your model of the auth service's profile fields (`PROFILE_SCHEMA`), for `UserWithProfile[…]`.
    profile_model: type[BaseModel] | None = None
    #: For an auth server with a certificate of a private CA.
    ssl_context: ssl.SSLContext | None = None
    #: `mode="jwt"`: path of the published keys.
    jwks_endpoint: str = "/api/auth/jwks"
    #: `mode="jwt"`: the expected issuer; by default the auth server's public URL.
    issuer: str | None = None
    #: `mode="jwt"`: the expected audience; the same default.
    audience: str | None = None
    #: `mode="jwt"`: the accepted signature algorithms.
    algorithms: tuple[str, ...] = ("EdDSA",)

    def __post_init__(self) -> None:
        """Validates the options. Errors name the option, never its value: a URL may contain a password."""
        self.url = require_origin("url", self.url)
        self.public_url = require_origin("public_url", self.public_url or self.url)
        if self.api_url is not None:
            self.api_url = require_origin("api_url", self.api_url, path_is_dropped=True)
        require(not isinstance(self.allowed_origins, str), "allowed_origins", "must be a list")
        self.allowed_origins = tuple(
            require_origin("allowed_origins", each).lower() for each in self.allowed_origins
        )
        for name in ("endpoint", "jwks_endpoint"):
            path: str = getattr(self, name)
            require(
                path.startswith("/") and not set("?#") & set(path),
                name,
                "must be a path such as /session",
            )
        for name in ("timeout_seconds", "connect_timeout_seconds", "breaker_open_seconds"):
            require(getattr(self, name) > 0, name, "must be more than 0")
        for name in ("max_concurrency", "breaker_failures", "cache_entries"):
            require(getattr(self, name) >= 1, name, "must be 1 or more")
        require(
            0 <= self.cache_seconds <= MAX_CACHE_SECONDS,
            "cache_seconds",
            f"must be 0 to {MAX_CACHE_SECONDS}: a cached session outlives its sign-out",
        )
        if self.profile_model is not None:
            require_model("profile_model", self.profile_model)
        require(self.mode in ("session", "jwt"), "mode", "must be session or jwt")
        require(
            self.startup_check in ("report", "refuse", "off"),
            "startup_check",
            "must be report, refuse or off",
        )
        require(
            len(self.algorithms) > 0 and ASYMMETRIC_ALGORITHMS.issuperset(self.algorithms),
            "algorithms",
            f"may contain only {', '.join(sorted(ASYMMETRIC_ALGORITHMS))}",
        )

    @cached_property
    def user_reader(self) -> UserReader:
        """Reads users, with `profile_model` if there is one."""
        return UserReader(self.profile_model)

    @property
    def uses_get_session(self) -> bool:
        """Whether the endpoint is BetterAuth's get-session, which answers `200 null` for "not signed in"."""
        return self.endpoint.endswith("/get-session")

    @property
    def browser_url(self) -> str:
        """The auth server's URL for browsers; its cookie belongs to that host."""
        return self.public_url or self.url

    @property
    def cookie_is_secure(self) -> bool:
        """Whether the cookie has the `__Secure-` prefix and is sent over https only."""
        return self.browser_url.startswith("https://")

    @property
    def session_cookie_name(self) -> str:
        """The session cookie's name in the browser."""
        prefix = "__Secure-" if self.cookie_is_secure else ""
        return self.cookie_name or f"{prefix}better-auth.session_token"

    @property
    def accepts_bearer(self) -> bool:
        """Whether Authorization is read."""
        return self.bearer or self.mode == "jwt"

    @property
    def accepts_cookie(self) -> bool:
        """Whether cookies are read."""
        return self.mode == "session"

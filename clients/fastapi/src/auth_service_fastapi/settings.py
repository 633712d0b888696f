"""Every option of `AuthService`, its default and what it may hold. A mistake is told when the API is loaded."""

import ssl
from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Literal

from .settings_checks import require, require_origin

#: The auth service's own question and answer.
SESSION_ENDPOINT = "/session"

#: What BetterAuth's jwt plugin can sign with. HMAC is not among them: whoever can verify it can sign it.
ASYMMETRIC_ALGORITHMS = frozenset({"EdDSA", "ES256", "ES512", "PS256", "RS256"})

#: Longer than this a signed-out session would be trusted for more than a moment.
LONGEST_CACHE_SECONDS = 60


@dataclass(eq=False)
class Settings:
    """What a developer may set. Durations are in seconds."""

    #: Where this API reaches the auth server, like `https://auth.example.com`.
    url: str
    _: KW_ONLY
    #: `/session`, or `/api/auth/get-session` of any BetterAuth server.
    endpoint: str = SESSION_ENDPOINT
    #: `session` asks about each request; `jwt` verifies BetterAuth's JSON Web Tokens offline.
    mode: Literal["session", "jwt"] = "session"
    #: Forwards `Authorization: Bearer` too. It overrides the cookie.
    bearer: bool = False
    #: The URL that browsers call, where it is not `url`.
    public_url: str | None = None
    #: The URL under which browsers call this API: lets the start-up check compare the hosts.
    api_url: str | None = None
    #: What the auth service has in COOKIE_DOMAIN.
    cookie_domain: str | None = None
    #: Origins of pages that may open a websocket with their visitor's cookie, besides the API's own host.
    allowed_origins: Sequence[str] = ()
    #: The session cookie's name, for the API's documentation; by default BetterAuth's own for this URL.
    cookie_name: str | None = None
    #: `report` logs what the start-up check finds, `refuse` does not start then, `off` asks nothing.
    startup_check: Literal["report", "refuse", "off"] = "report"
    #: The longest wait for one answer, a retry included.
    timeout_seconds: float = 5.0
    #: The longest wait for a new connection, and for a place among `max_concurrency`.
    connect_timeout_seconds: float = 2.0
    #: Questions under way at once; further ones wait for a place.
    max_concurrency: int = 50
    #: Failures in a row after which the auth server is left alone,
    breaker_failures: int = 5
    #: and for how long.
    breaker_open_seconds: float = 5.0
    #: How long a valid session is remembered; 0 asks each time.
    cache_seconds: float = 0.0
    #: How many are remembered.
    cache_entries: int = 1000
    #: For an auth server whose certificate a private authority signed.
    ssl_context: ssl.SSLContext | None = None
    #: `mode="jwt"`: where the keys are published.
    jwks_endpoint: str = "/api/auth/jwks"
    #: `mode="jwt"`: who must have signed; the auth server's public URL where not given.
    issuer: str | None = None
    #: `mode="jwt"`: for whom; the same.
    audience: str | None = None
    #: `mode="jwt"`: with what.
    algorithms: tuple[str, ...] = ("EdDSA",)

    def __post_init__(self) -> None:
        """Refuses what cannot work, by the option's name and never by its value: a URL may hold a password."""
        self.url = require_origin("url", self.url)
        self.public_url = require_origin("public_url", self.public_url or self.url)
        if self.api_url is not None:
            self.api_url = require_origin("api_url", self.api_url, path_is_dropped=True)
        require(not isinstance(self.allowed_origins, str), "allowed_origins", "is no list")
        self.allowed_origins = tuple(
            require_origin("allowed_origins", each).lower() for each in self.allowed_origins
        )
        for name in ("endpoint", "jwks_endpoint"):
            path: str = getattr(self, name)
            require(
                path.startswith("/") and not set("?#") & set(path), name, "is no path like /session"
            )
        for name in ("timeout_seconds", "connect_timeout_seconds", "breaker_open_seconds"):
            require(getattr(self, name) > 0, name, "must be more than 0")
        for name in ("max_concurrency", "breaker_failures", "cache_entries"):
            require(getattr(self, name) >= 1, name, "must be 1 or more")
        require(
            0 <= self.cache_seconds <= LONGEST_CACHE_SECONDS,
            "cache_seconds",
            f"must be 0 to {LONGEST_CACHE_SECONDS}: a remembered session outlives its sign-out",
        )
        require(self.mode in ("session", "jwt"), "mode", "is neither session nor jwt")
        require(
            self.startup_check in ("report", "refuse", "off"),
            "startup_check",
            "is none of report, refuse, off",
        )
        require(
            len(self.algorithms) > 0 and ASYMMETRIC_ALGORITHMS.issuperset(self.algorithms),
            "algorithms",
            f"may hold {', '.join(sorted(ASYMMETRIC_ALGORITHMS))} only",
        )

    @property
    def asks_better_auth(self) -> bool:
        """Whether the endpoint is BetterAuth's own, whose way to say "nobody" is `200 null`."""
        return self.endpoint.endswith("/get-session")

    @property
    def browser_url(self) -> str:
        """The URL by which browsers know the auth server; its cookie belongs to that host."""
        return self.public_url or self.url

    @property
    def cookie_is_secure(self) -> bool:
        """Whether the cookie is `__Secure-` and so travels over https alone."""
        return self.browser_url.startswith("https://")

    @property
    def session_cookie_name(self) -> str:
        """What the browser's jar calls the session cookie."""
        prefix = "__Secure-" if self.cookie_is_secure else ""
        return self.cookie_name or f"{prefix}better-auth.session_token"

    @property
    def takes_bearer(self) -> bool:
        """Whether a visitor may sign in with Authorization."""
        return self.bearer or self.mode == "jwt"

    @property
    def takes_cookie(self) -> bool:
        """Whether a visitor may sign in with a cookie."""
        return self.mode == "session"

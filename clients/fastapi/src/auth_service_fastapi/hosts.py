"""Whether a browser sends the auth server's cookie to this API at all. If not, every request is anonymous."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

#: Hosts under these belong to different owners, so no cookie is shared there. The common ones only: a missed one
#: costs a worse sentence, never a wrong session. The auth service itself has the whole list.
_PUBLIC_SUFFIXES = frozenset(
    {
        "amazonaws.com",
        "appspot.com",
        "azurewebsites.net",
        "cloudfront.net",
        "fly.dev",
        "github.io",
        "herokuapp.com",
        "hf.space",
        "netlify.app",
        "onrender.com",
        "pages.dev",
        "railway.app",
        "run.app",
        "vercel.app",
        "web.app",
        "workers.dev",
    }
)
#: `co.uk`, `com.au` and their like.
_SECOND_LEVELS = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"})


def why_cookie_stays_away(auth_url: str, api_url: str, cookie_domain: str | None) -> str | None:
    """One sentence with what to change, or None where the cookie reaches the API.

    :param auth_url: where browsers call the auth server
    :param api_url: where browsers call the API
    :param cookie_domain: the auth service's COOKIE_DOMAIN; ports never matter to cookies (RFC 6265, 8.5)
    """
    auth, api = urlsplit(auth_url), urlsplit(api_url)
    auth_host, api_host = _host(auth), _host(api)
    domain = (cookie_domain or "").lower().lstrip(".")
    if domain and not _is_under(auth_host, domain):
        return f"browsers refuse a cookie of {auth_host} for the domain {domain}: set COOKIE_DOMAIN to a parent of it"
    if not _is_under(api_host, domain) if domain else api_host != auth_host:
        return _what_to_change(auth_host, api_host, domain)
    if auth.scheme == "https" and api.scheme == "http":
        return f"the cookie is Secure and {api_host} is called by http: serve the API by https"
    return None


def _what_to_change(auth_host: str, api_host: str, domain: str) -> str:
    cookie = (
        f"the cookie of {auth_host}{f' for {domain}' if domain else ''} never reaches {api_host}"
    )
    if _is_loopback(auth_host) and _is_loopback(api_host):
        return f"{cookie}: call both by the same name, localhost or 127.0.0.1"
    shared = _shared_parent(auth_host, api_host)
    if shared is None:
        return f"{cookie}, for they share no domain: give both a host under one, or call the API with a bearer token"
    return f'{cookie}: set COOKIE_DOMAIN={shared} on the auth service, and cookie_domain="{shared}" here'


def _shared_parent(one: str, other: str) -> str | None:
    """The longest domain both hosts are under, where it can be one owner's."""
    if _is_address(one) or _is_address(other):
        return None
    shared: list[str] = []
    for mine, theirs in zip(reversed(one.split(".")), reversed(other.split(".")), strict=False):
        if mine != theirs:
            break
        shared.insert(0, mine)
    parent = ".".join(shared)
    looks_public = len(shared) == 2 and len(shared[1]) == 2 and shared[0] in _SECOND_LEVELS
    return None if len(shared) < 2 or looks_public or parent in _PUBLIC_SUFFIXES else parent


def _host(url: SplitResult) -> str:
    return (url.hostname or "").lower().rstrip(".")


def _is_under(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)

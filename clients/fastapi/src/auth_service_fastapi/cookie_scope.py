"""Whether a browser sends the auth server's cookie to this API at all. If not, every request is anonymous."""

from functools import cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from publicsuffixlist import PublicSuffixList


def explain_unreachable_cookie(
    auth_url: str, api_url: str, cookie_domain: str | None
) -> str | None:
    """One sentence with the setting to change, or None if the cookie reaches the API.

    :param auth_url: where browsers call the auth server
    :param api_url: where browsers call the API
    :param cookie_domain: the auth service's COOKIE_DOMAIN; ports never matter to cookies (RFC 6265, 8.5)
    """
    auth, api = urlsplit(auth_url), urlsplit(api_url)
    auth_host, api_host = _host(auth), _host(api)
    domain = (cookie_domain or "").lower().strip(".")
    if domain and not _is_under(auth_host, domain):
        return f"browsers reject a cookie from {auth_host} for the domain {domain}: set COOKIE_DOMAIN to a parent of it"
    if domain and domain != auth_host and registrable_domain(domain) is None:
        # RFC 6265, 5.3: for the host's own name the attribute is ignored instead.
        return f"browsers reject a cookie for {domain}, a public suffix: set COOKIE_DOMAIN to a domain below it"
    is_host_only = not domain or registrable_domain(domain) is None
    if api_host != auth_host if is_host_only else not _is_under(api_host, domain):
        return _suggest_fix(auth_host, api_host, "" if is_host_only else domain)
    if auth.scheme == "https" and api.scheme == "http":
        return f"the cookie is Secure and {api_host} is called over http: serve the API over https"
    return None


def registrable_domain(host: str) -> str | None:
    """The public suffix and one label more (`example.co.uk`); None for a suffix itself or an address."""
    return None if _is_address(host) else _public_suffixes().privatesuffix(host)


@cache
def _public_suffixes() -> PublicSuffixList:
    """The list that the package contains. It is parsed once, and only if two hosts are compared."""
    return PublicSuffixList()


def _suggest_fix(auth_host: str, api_host: str, domain: str) -> str:
    cookie = (
        f"the cookie of {auth_host}{f' for {domain}' if domain else ''} never reaches {api_host}"
    )
    if _is_loopback(auth_host) and _is_loopback(api_host):
        return f"{cookie}: use the same host name for both, localhost or 127.0.0.1"
    shared = _shared_parent(auth_host, api_host)
    if shared is None:
        return f"{cookie}, because they share no domain: host both under one, or call the API with a bearer token"
    return f'{cookie}: set COOKIE_DOMAIN={shared} on the auth service, and cookie_domain="{shared}" here'


def _shared_parent(one: str, other: str) -> str | None:
    """The longest domain that contains both hosts, if a cookie may be set for it."""
    if _is_address(one) or _is_address(other):
        return None
    shared: list[str] = []
    for mine, theirs in zip(reversed(one.split(".")), reversed(other.split(".")), strict=False):
        if mine != theirs:
            break
        shared.insert(0, mine)
    parent = ".".join(shared)
    return parent if parent and registrable_domain(parent) is not None else None


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

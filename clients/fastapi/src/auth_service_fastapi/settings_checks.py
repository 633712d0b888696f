"""Refuses an option of `AuthService` that cannot work: by name, never by value, for a URL may hold a password."""

from urllib.parse import urlsplit


def require_origin(name: str, value: str, *, path_is_dropped: bool = False) -> str:
    """The URL without a slash at its end, refused where there is more than scheme, host and port."""
    parts = urlsplit(value)
    require(
        parts.scheme in ("http", "https") and bool(parts.hostname),
        name,
        "is no URL like https://auth.example.com",
    )
    require(
        parts.username is None and parts.password is None, name, "holds a user name or a password"
    )
    extra = parts.query or parts.fragment or (not path_is_dropped and parts.path.strip("/"))
    require(not extra, name, "has more than scheme, host and port: a path belongs into endpoint")
    return f"{parts.scheme}://{parts.netloc}"


def require(holds: bool, name: str, complaint: str) -> None:
    """Raises ValueError with the option's name where it does not hold."""
    if not holds:
        raise ValueError(f"AuthService: {name} {complaint}")

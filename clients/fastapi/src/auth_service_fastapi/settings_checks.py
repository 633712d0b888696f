"""Validates options of `AuthService`. Errors name the option, never its value: a URL may contain a password."""

from urllib.parse import urlsplit

from pydantic import BaseModel


def require_origin(name: str, value: str, *, path_is_dropped: bool = False) -> str:
    """The URL without a trailing slash.

    :raises ValueError: if it has more than scheme, host and port
    """
    parts = urlsplit(value)
    require(
        parts.scheme in ("http", "https") and bool(parts.hostname),
        name,
        "must be a URL such as https://auth.example.com",
    )
    require(
        parts.username is None and parts.password is None,
        name,
        "must not contain a user name or a password",
    )
    extra = parts.query or parts.fragment or (not path_is_dropped and parts.path.strip("/"))
    require(not extra, name, "must be scheme, host and port only: a path belongs in endpoint")
    return f"{parts.scheme}://{parts.netloc}"


def require_model(name: str, value: object) -> None:
    """Raises ValueError unless the value is a class of Pydantic models."""
    is_model = isinstance(value, type) and issubclass(value, BaseModel)
    require(is_model, name, "must be a Pydantic model")


def require(condition: bool, name: str, problem: str) -> None:
    """Raises ValueError with the option's name if the condition is false."""
    if not condition:
        raise ValueError(f"AuthService: {name} {problem}")

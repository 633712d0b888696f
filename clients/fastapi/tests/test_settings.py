"""Invalid options are rejected at import, by name and never by value."""

from typing import Any

import pytest

from auth_service_fastapi import AuthService

URL = "https://auth.example.com"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"url": "auth.example.com"}, "url must be a URL"),
        ({"url": "ftp://auth.example.com"}, "url must be a URL"),
        ({"url": "https://"}, "url must be a URL"),
        ({"url": "https://user:hunter2@auth.example.com"}, "url must not contain a user name"),
        ({"url": f"{URL}/api/auth?key=hunter2"}, "url must be scheme, host and port only: a path"),
        ({"url": f"{URL}/api/auth"}, "url must be scheme, host and port only: a path"),
        ({"public_url": "auth"}, "public_url must be a URL"),
        ({"api_url": "api"}, "api_url must be a URL"),
        ({"endpoint": "session"}, "endpoint must be a path"),
        ({"endpoint": "/session?x=hunter2"}, "endpoint must be a path"),
        ({"timeout_seconds": 0}, "timeout_seconds must be more than 0"),
        ({"breaker_open_seconds": -1}, "breaker_open_seconds must be more than 0"),
        ({"max_concurrency": 0}, "max_concurrency must be 1 or more"),
        ({"cache_seconds": 61}, "cache_seconds must be 0 to 60"),
        ({"cache_seconds": -1}, "cache_seconds must be 0 to 60"),
        ({"mode": "cookie"}, "mode must be session or jwt"),
        ({"startup_check": "on"}, "startup_check must be report"),
        ({"algorithms": ()}, "algorithms may contain only"),
        ({"algorithms": ("EdDSA", "HS256")}, "algorithms may contain only"),
        ({"algorithms": ("none",)}, "algorithms may contain only"),
    ],
)
def test_an_invalid_option_is_rejected(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=f"AuthService: {message}") as refusal:
        AuthService(**{"url": URL, **options})
    assert "hunter2" not in str(refusal.value)


def test_a_trailing_slash_is_ignored() -> None:
    auth = AuthService(f"{URL}/", public_url=f"{URL}/", api_url="https://api.example.com/v1/")
    assert (auth.url, auth.public_url, auth.api_url) == (URL, URL, "https://api.example.com")

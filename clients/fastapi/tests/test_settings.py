"""What cannot work is refused when the API is loaded, by name and never by value."""

from typing import Any

import pytest

from auth_service_fastapi import AuthService

URL = "https://auth.example.com"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"url": "auth.example.com"}, "url is no URL"),
        ({"url": "ftp://auth.example.com"}, "url is no URL"),
        ({"url": "https://"}, "url is no URL"),
        ({"url": "https://user:hunter2@auth.example.com"}, "url holds a user name or a password"),
        ({"url": f"{URL}/api/auth?key=hunter2"}, "url has more than scheme, host and port: a path"),
        ({"url": f"{URL}/api/auth"}, "url has more than scheme, host and port: a path"),
        ({"public_url": "auth"}, "public_url is no URL"),
        ({"api_url": "api"}, "api_url is no URL"),
        ({"endpoint": "session"}, "endpoint is no path"),
        ({"endpoint": "/session?x=hunter2"}, "endpoint is no path"),
        ({"timeout_seconds": 0}, "timeout_seconds must be more than 0"),
        ({"breaker_open_seconds": -1}, "breaker_open_seconds must be more than 0"),
        ({"max_concurrency": 0}, "max_concurrency must be 1 or more"),
        ({"cache_seconds": 61}, "cache_seconds must be 0 to 60"),
        ({"cache_seconds": -1}, "cache_seconds must be 0 to 60"),
        ({"mode": "cookie"}, "mode is neither"),
        ({"startup_check": "on"}, "startup_check is none of"),
        ({"algorithms": ()}, "algorithms may hold"),
        ({"algorithms": ("EdDSA", "HS256")}, "algorithms may hold"),
        ({"algorithms": ("none",)}, "algorithms may hold"),
    ],
)
def test_it_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=f"AuthService: {said}") as refusal:
        AuthService(**{"url": URL, **options})
    assert "hunter2" not in str(refusal.value)


def test_a_slash_at_the_end_of_a_url_does_no_harm() -> None:
    auth = AuthService(f"{URL}/", public_url=f"{URL}/", api_url="https://api.example.com/v1/")
    assert (auth.url, auth.public_url, auth.api_url) == (URL, URL, "https://api.example.com")

"""Credentials are parsed in linear time, whatever they contain."""

import time
from collections.abc import Callable

import pytest

from auth_service_fastapi.credential import Credential
from auth_service_fastapi.credential_bounds import reject_unsendable


@pytest.mark.parametrize(
    ("make", "hostile", "plain"),
    [
        (lambda text: Credential(text), b"session_token=" * 1200, b"a" * 16_000),
        (lambda text: Credential(text), b"a;" * 8000, b"a" * 16_000),
        (lambda text: Credential(text), b"%" * 16_000, b"a" * 16_000),
        (lambda text: Credential(None, text), b"." * 8_000, b"a" * 8_000),
    ],
)
def test_hostile_credentials_parse_in_linear_time(
    make: Callable[[bytes], Credential], hostile: bytes, plain: bytes
) -> None:
    def seconds(text: bytes) -> float:
        best = 9.0
        for _ in range(5):
            started_at = time.perf_counter()
            reject_unsendable(make(text))
            make(text).fingerprint(secure=True)
            best = min(best, time.perf_counter() - started_at)
        return best

    assert seconds(hostile) < 60 * seconds(plain) + 0.01

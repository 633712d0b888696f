"""Two users share one client, and neither ever gets the other's identity."""

import asyncio
import json
import re
from urllib.parse import urlsplit

import httpx
import pytest

from auth_service_fastapi import AuthService

from .support.real_service import RealService
from .support.served import create_api, serve
from .support.visitor import NO_TLS, Visitor, sign_up

REQUESTS = 1000


async def ask_interleaved(url: str, visitors: list[Visitor]) -> list[tuple[str, bytes]]:
    """Each visitor in turn, over twenty connections at once. Gives whose it was with each answer."""
    address = urlsplit(url)
    numbers = iter(range(REQUESTS))
    answers: list[tuple[str, bytes]] = []

    async def ask_in_turn() -> None:
        # Without an HTTP client: one would cost more than the API and the client under test together.
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        for number in numbers:
            visitor = visitors[number % len(visitors)]
            writer.write(
                f"GET /session HTTP/1.1\r\nhost: a\r\ncookie: {visitor.cookie}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head)
            assert length is not None
            body = await reader.readexactly(int(length[1]))
            assert head.startswith(b"HTTP/1.1 200 "), body
            assert b"set-cookie" not in head.lower()
            answers.append((visitor.user_id, body))
        writer.close()
        await writer.wait_closed()

    await asyncio.gather(*(ask_in_turn() for _ in range(20)))
    return answers


@pytest.mark.parametrize("cache_seconds", [0, 5])
def test_a_thousand_interleaved_requests_of_two_users_get_their_own_identity(
    real: RealService, cache_seconds: float
) -> None:
    visitors = [sign_up(real.service), sign_up(real.service)]
    auth = AuthService(real.service, cache_seconds=cache_seconds, timeout_seconds=30)
    with serve(create_api(auth)) as url:
        answers = asyncio.run(ask_interleaved(url, visitors))
    assert len(answers) == REQUESTS
    for expected, body in answers:
        data = json.loads(body)
        assert data["user"]["id"] == data["session"]["userId"] == expected


def test_a_sign_out_is_effective_with_the_next_request(real: RealService) -> None:
    visitor, other = sign_up(real.service), sign_up(real.service)
    with serve(create_api(AuthService(real.service))) as url, httpx.Client(verify=NO_TLS) as client:
        for _ in range(3):
            assert client.get(f"{url}/me", headers={"cookie": visitor.cookie}).status_code == 200
        visitor.sign_out()
        signed_out = client.get(f"{url}/me", headers={"cookie": visitor.cookie})
        assert signed_out.json()["reason"] == "session_signed_out"
        assert client.get(f"{url}/me", headers={"cookie": other.cookie}).status_code == 200


def test_the_identity_has_every_field_except_the_token(real: RealService) -> None:
    visitor = sign_up(real.service)
    for endpoint in ("/session", "/api/auth/get-session"):
        auth = AuthService(real.service, endpoint=endpoint)
        with serve(create_api(auth)) as url, httpx.Client(verify=NO_TLS) as client:
            answer = client.get(f"{url}/session", headers={"cookie": visitor.cookie})
        assert visitor.raw_token not in answer.text
        data = answer.json()
        assert {**data["user"], "name": ""} == {
            "id": visitor.user_id,
            "name": "",
            "email": visitor.email,
            "emailVerified": False,
            "image": None,
            "createdAt": data["user"]["createdAt"],
            "updatedAt": data["user"]["updatedAt"],
        }
        assert data["session"]["ipAddress"] == visitor.address
        assert sorted(data["session"]) == [
            "aal",
            "createdAt",
            "expiresAt",
            "id",
            "ipAddress",
            "methods",
            "provenAt",
            "updatedAt",
            "userAgent",
            "userId",
        ]

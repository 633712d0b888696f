"""Acts as a browser: signs up over HTTP from its own address and keeps the session cookie unchanged."""

import itertools
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httpx

#: All is plain HTTP on loopback; reading the system's certificates would take longer than the request.
NO_TLS = False
ORIGIN = "http://localhost:3000"
#: Of every visitor.
PASSWORD = "correct horse battery"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Visitor:
    """A user who signed up."""

    url: str
    email: str
    #: As in the browser's jar: percent-encoded.
    cookie_value: str
    address: str
    #: The unsigned token of the JSON.
    raw_token: str
    user_id: str
    name: str = "better-auth.session_token"

    @property
    def cookie(self) -> str:
        """The whole Cookie header."""
        return f"{self.name}={self.cookie_value}"

    @property
    def signed_token(self) -> str:
        """What `set-auth-token` would hold."""
        return unquote(self.cookie_value)

    def ask(self, method: str, path: str, json: dict[str, Any] | None = None) -> httpx.Response:
        """One request to the auth server, as the browser's page sends it."""
        return _send(method, self.url + path, self.address, cookie=self.cookie, json=json)

    def sign_out(self) -> None:
        """Signs out, and keeps the cookie."""
        assert self.ask("POST", "/api/auth/sign-out").json() == {"success": True}


def sign_up(url: str, **fields: object) -> Visitor:
    """Signs up a new user with these further fields, who is then signed in."""
    number = next(_numbers)
    address = f"10.77.{number >> 8}.{number % 256}"  # each has its own rate limit
    email = f"visitor-{secrets.token_hex(6)}@example.com"
    name = f"Visitor {number}"
    account = {"name": name, "email": email, "password": PASSWORD, **fields}
    answer = _send("POST", f"{url}/api/auth/sign-up/email", address, json=account)
    assert answer.status_code == 200, answer.text
    pair = answer.headers["set-cookie"].split(";")[0]
    name, _, value = pair.partition("=")
    data = answer.json()
    return Visitor(url, email, value, address, data["token"], data["user"]["id"], name)


def _send(
    method: str, url: str, address: str, *, cookie: str = "", json: dict[str, Any] | None = None
) -> httpx.Response:
    headers = {"origin": ORIGIN, "x-test-client-ip": address}
    if cookie:
        headers["cookie"] = cookie
    body = None if method == "GET" else json or {}
    return httpx.request(method, url, json=body, headers=headers, verify=NO_TLS)

"""The real services of `real-service.ts`, in a process that ends with the tests."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from .visitor import NO_TLS

#: BETTER_AUTH_URL of all of them, wherever they listen: who signs tokens, and for whom.
PUBLIC_URL = "http://localhost:3001"
REPOSITORY = Path(__file__).resolve().parents[4]


@dataclass(frozen=True)
class RealService:
    """The URLs of the services."""

    #: The service as it is deployed.
    service: str
    #: The same, issuing JSON Web Tokens.
    issuer: str
    #: The same after its secret was rotated, with bearer tokens on.
    rotated: str
    #: The same with an unreachable database.
    broken: str
    #: The same with profile fields: `background` (also in tokens) and `age`.
    profiles: str
    #: A plain BetterAuth server.
    plain: str
    #: The URL of their PostgreSQL.
    database: str
    control: str

    def sql(self, text: str, *values: str) -> list[dict[str, Any]]:
        """Runs one statement on the services' database."""
        answer = httpx.post(
            self.control, json={"text": text, "values": list(values)}, verify=NO_TLS
        )
        answer.raise_for_status()
        rows: list[dict[str, Any]] = answer.json()
        return rows

    def log_lines(self) -> list[dict[str, Any]]:
        """Everything the services logged so far."""
        return [
            json.loads(line) for line in httpx.get(self.control, verify=NO_TLS).text.splitlines()
        ]


@contextmanager
def start_real_service() -> Iterator[RealService]:
    """Starts them; closing their standard input ends them, and so does the end of this process."""
    script = Path(__file__).with_name("real-service.ts")
    process = subprocess.Popen(
        ["node", "--import", "tsx", str(script)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C reaches only the tests
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, f"the service did not start: did `npm ci` run in {REPOSITORY}?"
        yield RealService(**json.loads(line))
    finally:
        process.stdin.close()
        try:
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()
            process.stdout.close()

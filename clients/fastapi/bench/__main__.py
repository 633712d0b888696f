"""Runs the contenders in turn, round by round, and prints the ratios. Absolute numbers depend on the machine."""

import argparse
import asyncio
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

import aiohttp

from tests.support.real_service import PUBLIC_URL, start_real_service
from tests.support.visitor import sign_up

from .contenders import CONTENDERS
from .upstream import Upstream
from .users_api import COOKIE_NAME

CONCURRENCY = 16


@dataclass
class Measured:
    """One contender's rounds."""

    requests_per_second: list[float] = field(default_factory=list)
    cpu_ms_per_request: list[float] = field(default_factory=list)


def main() -> None:
    """Starts the auth service as the tests do, and all contenders; measures; prints the table."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    with ExitStack() as stack:
        real = stack.enter_context(start_real_service())
        users_token = secrets.token_urlsafe()
        upstream = Upstream(real.issuer, PUBLIC_URL, real.database, users_token)
        visitor = sign_up(real.issuer)
        token = visitor.ask("GET", "/api/auth/token").json()["token"]
        headers = {
            name: {"cookie": f"{visitor.cookie}; {COOKIE_NAME}={users_token}"}
            for name in CONTENDERS
        }
        headers["CurrentUser, JWT"] = {"authorization": f"Bearer {token}"}
        urls = {name: stack.enter_context(serve(name, upstream)) for name in CONTENDERS}
        results = {name: Measured() for name in CONTENDERS}
        for number in range(options.rounds + 1):
            for name, url in urls.items():
                rate, cpu = asyncio.run(measure(url, headers[name], options.seconds))
                if number > 0:  # the first round warms up
                    results[name].requests_per_second.append(rate)
                    results[name].cpu_ms_per_request.append(cpu)
    print_table(results)


@contextmanager
def serve(name: str, upstream: Upstream) -> Iterator[str]:
    """The URL of one contender."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "bench.serve", name, json.dumps(asdict(upstream))],
        cwd=Path(__file__).parents[1],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None  # noqa: S101
    assert process.stdout is not None  # noqa: S101
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.stdin.close()
        process.wait(timeout=20)
        process.stdout.close()


async def measure(url: str, headers: dict[str, str], seconds: float) -> tuple[float, float]:
    """Requests per second, and the API's CPU milliseconds per request."""
    async with aiohttp.ClientSession(
        url, headers=headers, connector=aiohttp.TCPConnector(limit=0)
    ) as client:
        done = 0

        async def get(path: str) -> str:
            async with client.get(path) as response:
                text = await response.text()
                if response.status != 200:
                    raise RuntimeError(f"{url}{path} answered {response.status}: {text}")
                return text

        async def worker(ends_at: float) -> None:
            nonlocal done
            while time.monotonic() < ends_at:
                await get("/me")
                done += 1

        cpu_before = float(await get("/cpu"))
        started_at = time.monotonic()
        await asyncio.gather(*(worker(started_at + seconds) for _ in range(CONCURRENCY)))
        elapsed = time.monotonic() - started_at
        return done / elapsed, (float(await get("/cpu")) - cpu_before) * 1000 / done


def print_table(results: dict[str, Measured]) -> None:
    """Medians over the rounds.

    `of bare` is the bare route's CPU time per request divided by the contender's. One worker uses one core at most, so
    this is also its share of the bare route's throughput on an idle machine; `throughput` is that share as measured.
    """
    bare = results["bare route"]
    bare_cpu = median(bare.cpu_ms_per_request)
    print(f"{'':20} {'of bare':>8} {'CPU ms/request':>15} {'throughput':>11} {'requests/s':>11}")
    for name, result in results.items():
        cpu = median(result.cpu_ms_per_request)
        rate = median(result.requests_per_second)
        rounds = zip(result.requests_per_second, bare.requests_per_second, strict=True)
        share = median(own / other for own, other in rounds)
        print(f"{name:20} {bare_cpu / cpu:8.2f} {cpu:15.3f} {share:11.2f} {rate:11.0f}")


if __name__ == "__main__":
    main()

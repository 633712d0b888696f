"""One real service for the whole test run."""

import logging
from collections.abc import Iterator

import pytest

from .support.consumers import Consumer, serve_consumers
from .support.real_service import RealService, start_real_service


@pytest.fixture(scope="session")
def real() -> Iterator[RealService]:
    """The real services and their database."""
    with start_real_service() as service:
        yield service


@pytest.fixture(autouse=True)
def _log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="auth_service_fastapi")


@pytest.fixture(scope="session")
def consumers() -> Iterator[dict[str, Consumer]]:
    """One API for each place where the client reads what an auth server says."""
    with serve_consumers() as made:
        yield made


@pytest.fixture
def check(consumers: dict[str, Consumer]) -> Consumer:
    """The session check."""
    return consumers["the session check"]


@pytest.fixture
def keys(consumers: dict[str, Consumer]) -> Consumer:
    """The published keys."""
    return consumers["the published keys"]

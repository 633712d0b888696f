"""One real service for the whole run."""

import logging
from collections.abc import Iterator

import pytest

from .support.real_service import RealService, start_real_service


@pytest.fixture(scope="session")
def real() -> Iterator[RealService]:
    """The real services and their database."""
    with start_real_service() as service:
        yield service


@pytest.fixture(autouse=True)
def _log_everything(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="auth_service_fastapi")

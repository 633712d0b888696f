"""The services of this process, for callers that have no request: the OpenAPI document, hosts without a lifespan."""

from weakref import ReferenceType, ref

from .checker import SessionChecker


class _Registry:
    """Holds weak references only."""

    def __init__(self) -> None:
        self.created = 0
        self.latest: ReferenceType[SessionChecker] | None = None


_registry = _Registry()


def register(service: SessionChecker) -> None:
    """Records the service without keeping it alive."""
    _registry.created += 1
    _registry.latest = ref(service)


def only_service() -> SessionChecker | None:
    """The only service that this process created; None if there were several, because guessing would be unsafe."""
    return latest_service() if _registry.created == 1 else None


def latest_service() -> SessionChecker | None:
    """The service that was created last."""
    return None if _registry.latest is None else _registry.latest()

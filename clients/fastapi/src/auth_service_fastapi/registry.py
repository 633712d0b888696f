"""The services of this process, for what is asked about without anything that leads to one of them."""

from weakref import ReferenceType, ref

from .checker import SessionChecker


class _Registry:
    """Holds no service alive."""

    def __init__(self) -> None:
        self.made = 0
        self.latest: ReferenceType[SessionChecker] | None = None


_registry = _Registry()


def register(service: SessionChecker) -> None:
    """Remembers the service for as long as somebody else holds it."""
    _registry.made += 1
    _registry.latest = ref(service)


def only_service() -> SessionChecker | None:
    """The one service that this process ever made; None where there were several, for nobody may guess among them."""
    return latest_service() if _registry.made == 1 else None


def latest_service() -> SessionChecker | None:
    """The one that was made last."""
    return None if _registry.latest is None else _registry.latest()

"""Which `AuthService` a request belongs to: by the lifespan, the application's exception handler, or the only one."""

from typing import Any

from starlette.requests import HTTPConnection

from .checker import SessionChecker
from .errors import AuthError
from .registry import only_service

#: Under this name `AuthService.lifespan` leaves the service in `request.state`.
STATE_NAME = "auth_service"

#: Where Starlette keeps the handlers of the application that answers, in the scope.
_HANDLERS = "starlette.exception_handlers"


def find_service(connection: HTTPConnection) -> SessionChecker:
    """The service. RuntimeError where none can be found, with what to write."""
    root = _root_app(connection)
    service: SessionChecker | None = getattr(connection.state, STATE_NAME, None)
    # No lifespan ran: some hosts have none, and a test client without its `with` is one.
    for app in (connection.scope.get("app"), root):
        service = service or _service_of_handler(app)
    service = service or only_service()
    if service is None:
        raise RuntimeError(
            "no AuthService runs here: FastAPI(lifespan=auth.lifespan) with auth.exception_handlers, "
            "or auth.install(app); in a lifespan of your own `async with auth.lifespan(app) as state: yield {**state}`"
        )
    if service.answers_errors or _service_of_handler(root) is service:
        _answer_in_our_shape(connection, service)
    return service


def _root_app(connection: HTTPConnection) -> Any:
    """The application that the server runs, also below a mounted one: Starlette leaves its router in the scope."""
    return getattr(connection.scope.get("router"), "dependency_overrides_provider", None)


def _service_of_handler(app: Any) -> SessionChecker | None:
    handler = getattr(app, "exception_handlers", {}).get(AuthError)
    service: SessionChecker | None = getattr(handler, "__self__", None)
    return service


def _answer_in_our_shape(connection: HTTPConnection, service: SessionChecker) -> None:
    """A mounted application has handlers of its own, and ours is not among them unless its developer thought of it."""
    handlers = connection.scope.get(_HANDLERS)
    if handlers is not None:
        handlers[0].setdefault(AuthError, service.answer_error)

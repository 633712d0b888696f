"""Finds the `AuthService` of a request: from the lifespan, the app's exception handler, or the only one there is."""

from typing import Any

from starlette.requests import HTTPConnection

from .checker import SessionChecker
from .errors import AuthError
from .registry import only_service

#: The name in `request.state` under which `AuthService.lifespan` puts the service.
STATE_NAME = "auth_service"

#: The key of the scope under which Starlette keeps the exception handlers of the application.
_HANDLERS = "starlette.exception_handlers"


def find_service(connection: HTTPConnection) -> SessionChecker:
    """The service.

    :raises RuntimeError: if none can be found, with the code to add
    """
    root = _root_app(connection)
    service: SessionChecker | None = getattr(connection.state, STATE_NAME, None)
    # No lifespan ran: some hosts have none, and neither has a TestClient outside a `with` block.
    for app in (connection.scope.get("app"), root):
        service = service or _service_of_handler(app)
    service = service or only_service()
    if service is None:
        raise RuntimeError(
            "no AuthService found: use FastAPI(lifespan=auth.lifespan) with auth.exception_handlers, "
            "or auth.install(app); in your own lifespan `async with auth.lifespan(app) as state: yield {**state}`"
        )
    if service.formats_errors or _service_of_handler(root) is service:
        _add_error_handler(connection, service)
    return service


def _root_app(connection: HTTPConnection) -> Any:
    """The root application, also from within a mounted one: Starlette keeps its router in the scope."""
    return getattr(connection.scope.get("router"), "dependency_overrides_provider", None)


def _service_of_handler(app: Any) -> SessionChecker | None:
    handler = getattr(app, "exception_handlers", {}).get(AuthError)
    service: SessionChecker | None = getattr(handler, "__self__", None)
    return service


def _add_error_handler(connection: HTTPConnection, service: SessionChecker) -> None:
    """A mounted application has its own exception handlers, which do not include ours by default."""
    handlers = connection.scope.get(_HANDLERS)
    if handlers is not None:
        handlers[0].setdefault(AuthError, service.handle_error)

"""For an API's own tests: signs a user in without an auth server, for all dependencies and mounted applications."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import Any
from uuid import uuid4

from fastapi import FastAPI

from .dependencies import SessionCheck, session_check
from .models import Session, User
from .verdict import NotSignedIn, SignedIn


def make_user(**fields: Any) -> User:
    """A unique user with the given fields: `make_user(name="Ada", role="admin")`."""
    user_id = str(fields.pop("id", None) or f"user-{uuid4()}")
    return User(
        **{
            "id": user_id,
            "name": "Test User",
            "email": f"{user_id}@example.com",
            "email_verified": True,
            **fields,
        }
    )


def make_session(user: User, **fields: Any) -> Session:
    """A session of this user that expires in an hour, signed in just now with one factor (`aal=1`)."""
    now = datetime.now(timezone.utc)
    return Session(
        **{
            "id": f"session-{uuid4()}",
            "user_id": user.id,
            "expires_at": now + timedelta(hours=1),
            "created_at": now,
            "updated_at": now,
            "aal": 1,
            "proven_at": now,
            **fields,
        }
    )


class SignedInAs:
    """The override made by `sign_in_as`, active until `undo` or the end of its `with` block."""

    def __init__(self, app: FastAPI, check: SessionCheck, session: Session | None) -> None:
        """Activates the override."""
        #: The value of `CurrentSession`.
        self.session = session
        self._before: list[tuple[dict[Callable[..., Any], Callable[..., Any]], Any]] = []
        for each in _with_mounted(app):
            overrides = each.dependency_overrides
            self._before.append((overrides, overrides.get(session_check)))
            overrides[session_check] = lambda: check

    def undo(self) -> None:
        """Restores the previous state, including an enclosing `sign_in_as`. Idempotent."""
        for overrides, before in self._before:
            if before is None:
                overrides.pop(session_check, None)
            else:
                overrides[session_check] = before
        self._before = []

    def __enter__(self) -> "SignedInAs":
        """Returns itself: the override is already active."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Calls `undo`."""
        self.undo()


def sign_in_as(app: FastAPI, user: User | None, *, session: Session | None = None) -> SignedInAs:
    """Every request and websocket is signed in as `user`, or not signed in if None. No auth server is called.

    `with sign_in_as(app, make_user()): …`, or `signed_in = sign_in_as(app, user)` and later `signed_in.undo()`.
    Applications that are mounted later are not affected.
    """
    if user is None:
        not_signed_in = NotSignedIn("no_credential", "Not signed in: sign_in_as(app, None).")
        return SignedInAs(app, SessionCheck(not_signed_in, "test", accepts_bearer=False), None)
    session = session or make_session(user)
    return SignedInAs(
        app, SessionCheck(SignedIn(user, session), "test", accepts_bearer=False), session
    )


def _with_mounted(app: FastAPI) -> Iterator[FastAPI]:
    """The application and every application mounted below it, each once."""
    seen: set[int] = set()
    left: list[Any] = [app]
    while left:
        each = left.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, FastAPI):
            yield each
        left.extend(getattr(each, "routes", None) or ())
        # A mounted application, possibly wrapped in middleware.
        inner = getattr(each, "app", None)
        if inner is not None and not callable(getattr(each, "endpoint", None)):
            left.append(inner)

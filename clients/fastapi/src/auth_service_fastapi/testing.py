"""For an API's own tests: signs a user in without an auth server, in every dependency and mounted application."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import Any
from uuid import uuid4

from fastapi import FastAPI

from .dependencies import Check, session_check
from .models import Session, User
from .verdict import NotSignedIn, SignedIn


def make_user(**fields: Any) -> User:
    """A user like no other, with what is given: `make_user(name="Ada", role="admin")`."""
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
    """A session of this user that ends in an hour."""
    now = datetime.now(timezone.utc)
    return Session(
        **{
            "id": f"session-{uuid4()}",
            "user_id": user.id,
            "expires_at": now + timedelta(hours=1),
            "created_at": now,
            "updated_at": now,
            **fields,
        }
    )


class SignedInAs:
    """What `sign_in_as` did, until `undo` or the end of its `with` block."""

    def __init__(self, app: FastAPI, check: Check, session: Session | None) -> None:
        """Puts it into force."""
        #: What `CurrentSession` gives.
        self.session = session
        self._before: list[tuple[dict[Callable[..., Any], Callable[..., Any]], Any]] = []
        for each in _with_mounted(app):
            overrides = each.dependency_overrides
            self._before.append((overrides, overrides.get(session_check)))
            overrides[session_check] = lambda: check

    def undo(self) -> None:
        """As it was before, another `sign_in_as` around it included. A second time does nothing."""
        for overrides, before in self._before:
            if before is None:
                overrides.pop(session_check, None)
            else:
                overrides[session_check] = before
        self._before = []

    def __enter__(self) -> "SignedInAs":
        """Is in force already."""
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Undoes it."""
        self.undo()


def sign_in_as(app: FastAPI, user: User | None, *, session: Session | None = None) -> SignedInAs:
    """Every request and websocket is `user`'s from here on; nobody is signed in with None. Asks no auth server.

    `with sign_in_as(app, make_user()): …`, or `signed_in = sign_in_as(app, user)` and later `signed_in.undo()`.
    Applications that are mounted afterwards are not reached.
    """
    if user is None:
        nobody = NotSignedIn("no_credential", "Nobody is signed in: a test says so.")
        return SignedInAs(app, Check(nobody, "test", takes_bearer=False), None)
    session = session or make_session(user)
    return SignedInAs(app, Check(SignedIn(user, session), "test", takes_bearer=False), session)


def _with_mounted(app: FastAPI) -> Iterator[FastAPI]:
    """The application and all below it, each once."""
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
        # A mounted application, also inside middleware.
        inner = getattr(each, "app", None)
        if inner is not None and not callable(getattr(each, "endpoint", None)):
            left.append(inner)

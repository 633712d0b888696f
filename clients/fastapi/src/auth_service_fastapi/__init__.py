"""FastAPI client of auth-service, and of any BetterAuth server: who is calling, or the reason why nobody is."""

from .authorization import VerifiedUser, require_role, verified_user
from .dependencies import (
    CurrentSession,
    CurrentUser,
    OptionalSession,
    OptionalUser,
    current_session,
    current_user,
    optional_session,
    optional_user,
)
from .errors import AuthError, ErrorBody, answer_auth_error, error_responses
from .models import Session, User
from .service import AuthService
from .startup_check import StartupError
from .testing import SignedInAs, make_session, make_user, sign_in_as

__all__ = [
    "AuthError",
    "AuthService",
    "CurrentSession",
    "CurrentUser",
    "ErrorBody",
    "OptionalSession",
    "OptionalUser",
    "Session",
    "SignedInAs",
    "StartupError",
    "User",
    "VerifiedUser",
    "answer_auth_error",
    "current_session",
    "current_user",
    "error_responses",
    "make_session",
    "make_user",
    "optional_session",
    "optional_user",
    "require_role",
    "sign_in_as",
    "verified_user",
]

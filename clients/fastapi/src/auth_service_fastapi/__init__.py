"""FastAPI client of auth-service and of any BetterAuth server: the signed-in user, or the reason why there is none."""

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
from .errors import AuthError, ErrorBody, error_responses, handle_auth_error
from .models import Session, User, UserWithProfile
from .proofs import Proofs, ProvenMethod, TokenProofs
from .service import AuthService
from .startup_check import StartupError
from .step_up import CurrentProofs, RequireAal2, RequireFresh, current_proofs, user_at_aal2
from .testing import SignedInAs, make_session, make_user, sign_in_as

#: Deprecated: use `handle_auth_error`.
answer_auth_error = handle_auth_error

__all__ = [
    "AuthError",
    "AuthService",
    "CurrentProofs",
    "CurrentSession",
    "CurrentUser",
    "ErrorBody",
    "OptionalSession",
    "OptionalUser",
    "Proofs",
    "ProvenMethod",
    "RequireAal2",
    "RequireFresh",
    "Session",
    "SignedInAs",
    "StartupError",
    "TokenProofs",
    "User",
    "UserWithProfile",
    "VerifiedUser",
    "answer_auth_error",
    "current_proofs",
    "current_session",
    "current_user",
    "error_responses",
    "handle_auth_error",
    "make_session",
    "make_user",
    "optional_session",
    "optional_user",
    "require_role",
    "sign_in_as",
    "user_at_aal2",
    "verified_user",
]

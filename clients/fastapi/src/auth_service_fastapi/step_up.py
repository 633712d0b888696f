"""Demands on the proof of who the user is: two factors, or a recent one. Otherwise 401 with a challenge (RFC 9470).

The page lets the user step up (`POST /api/auth/step-up` of auth-service), and repeats the call.
"""

from datetime import datetime, timedelta, timezone
from typing import Annotated, Any

from fastapi import Depends

from .dependencies import SessionCheck, session_check
from .errors import insufficient_authentication
from .log import logger
from .models import User
from .proofs import Proofs

_SERVER_SAYS_NOTHING = (
    "The auth server does not say how and when the user has proven who they are: "
    "RequireAal2 and RequireFresh need auth-service."
)

Check = Annotated[SessionCheck, Depends(session_check)]


async def current_proofs(check: Check) -> Proofs:
    """How and when the user has proven who they are: the session, or with `mode="jwt"` what the token states."""
    return check.require_identity().proofs


CurrentProofs = Annotated[Proofs, Depends(current_proofs)]


async def user_at_aal2(check: Check) -> User:
    """The user, after two factors or a passkey; otherwise 401 `SECOND_FACTOR_REQUIRED`."""
    identity = check.require_identity()
    aal = identity.proofs.aal
    if aal is not None and aal >= 2:
        return identity.user
    raise check.for_connection(
        insufficient_authentication(
            "SECOND_FACTOR_REQUIRED",
            "aal2_required",
            _message("This needs a second factor: enter a code or use a passkey.", aal),
            'acr_values="aal2"',
            check.request_id,
        )
    )


#: `dependencies=[RequireAal2]`, or `user: Annotated[User, RequireAal2]`.
RequireAal2: Any = Depends(user_at_aal2)


def RequireFresh(*, minutes: float = 10) -> Any:  # noqa: N802 - reads as the dependency that it creates
    """Creates a dependency: the user, if the latest proof is at most that old; otherwise 401 `SESSION_NOT_FRESH`.

    `dependencies=[RequireFresh(minutes=10)]`, or `user: Annotated[User, RequireFresh(minutes=10)]`.

    :raises ValueError: if `minutes` is not positive
    """
    if not minutes > 0:
        raise ValueError("RequireFresh: minutes must be positive")
    longest = timedelta(minutes=minutes)

    async def user_with_fresh_proof(check: Check) -> User:
        identity = check.require_identity()
        proven_at = identity.proofs.proven_at
        if proven_at is not None and datetime.now(timezone.utc) - proven_at <= longest:
            return identity.user
        raise check.for_connection(
            insufficient_authentication(
                "SESSION_NOT_FRESH",
                "not_fresh",
                _message("This needs a recent proof of who you are: step up.", proven_at),
                f'max_age="{int(longest.total_seconds())}"',
                check.request_id,
            )
        )

    return Depends(user_with_fresh_proof)


def _message(message: str, known: object) -> str:
    if known is not None:
        return message
    logger.warning("%s Every user is rejected.", _SERVER_SAYS_NOTHING)
    return _SERVER_SAYS_NOTHING

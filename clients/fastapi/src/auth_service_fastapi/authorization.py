"""Two questions beyond "who?": is the e-mail address verified, and has the user a role. 403 where not.

Each needs a feature of the auth server. auth-service has neither yet, and where the server has none the answer says so:
a visitor who is refused by everybody would otherwise look for the fault in his account.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from .dependencies import Check, CurrentUser, session_check
from .errors import forbidden
from .log import logger
from .models import User


async def verified_user(user: CurrentUser, check: Annotated[Check, Depends(session_check)]) -> User:
    """The visitor's account; 403 `EMAIL_NOT_VERIFIED` where the address is not verified."""
    if not user.email_verified:
        raise check.raisable(
            forbidden(
                "EMAIL_NOT_VERIFIED",
                "The e-mail address is not verified. "
                "VerifiedUser needs an auth server that verifies addresses (emailVerification of BetterAuth).",
                check.request_id,
            )
        )
    return user


VerifiedUser = Annotated[User, Depends(verified_user)]


def require_role(*roles: str) -> Callable[[User, Check], Awaitable[User]]:
    """Makes a dependency: the user, where one of `roles` is his; 403 `ROLE_REQUIRED` otherwise.

    Roles are those of BetterAuth's admin plugin: `user.role`, several separated by commas.
    """
    if not roles:
        raise ValueError("require_role: name a role")

    async def user_with_role(
        user: CurrentUser, check: Annotated[Check, Depends(session_check)]
    ) -> User:
        told = user.model_extra or {}
        role = told.get("role")
        held = {each.strip() for each in role.split(",")} if isinstance(role, str) else set()
        if held.isdisjoint(roles):
            message = "The user lacks the role this needs."
            if "role" not in told:
                message = (
                    "The auth server tells no roles: require_role needs BetterAuth's admin plugin."
                )
                logger.warning("require_role: %s Everybody is refused.", message)
            raise check.raisable(forbidden("ROLE_REQUIRED", message, check.request_id))
        return user

    return user_with_role

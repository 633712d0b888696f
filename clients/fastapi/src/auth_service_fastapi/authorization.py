"""Two checks of the signed-in user: is the e-mail address verified, and does the user have a role? 403 if not.

Each depends on a feature of the auth server. Without that feature every user would be rejected, so the error says so.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from .dependencies import CurrentUser, SessionCheck, session_check
from .errors import forbidden
from .log import logger
from .models import User


async def verified_user(
    user: CurrentUser, check: Annotated[SessionCheck, Depends(session_check)]
) -> User:
    """The user; 403 `EMAIL_NOT_VERIFIED` if the e-mail address is not verified."""
    if not user.email_verified:
        raise check.for_connection(
            forbidden(
                "EMAIL_NOT_VERIFIED",
                "The e-mail address is not verified. "
                "Open the link in the confirmation mail; the site can send another. "
                "For the operator: the auth server must mail such links "
                "(EMAIL_VERIFICATION of auth-service, emailVerification of BetterAuth).",
                check.request_id,
            )
        )
    return user


VerifiedUser = Annotated[User, Depends(verified_user)]


def require_role(*roles: str) -> Callable[[User, SessionCheck], Awaitable[User]]:
    """Creates a dependency: the user if they have one of `roles`; 403 `ROLE_REQUIRED` otherwise.

    Roles are those of auth-service (`npm run user -- grant EMAIL ROLE`) or of BetterAuth's admin plugin:
    `user.role`, several separated by commas. An operator who acts as the user has the roles of the user.

    :raises ValueError: if no role is given, or one that no user can have
    """
    if not roles:
        raise ValueError("require_role: no role given")
    for role in roles:
        if not role or role != role.strip() or "," in role:
            raise ValueError(
                "require_role: a role is one word; pass several roles as several arguments"
            )

    async def user_with_role(
        user: CurrentUser, check: Annotated[SessionCheck, Depends(session_check)]
    ) -> User:
        extra = user.model_extra or {}
        role = extra.get("role")
        user_roles = {each.strip() for each in role.split(",")} if isinstance(role, str) else set()
        if user_roles.isdisjoint(roles):
            message = "The user does not have the required role."
            if "role" not in extra:
                message = (
                    "The auth server sends no roles: require_role needs ADMIN=on of auth-service, "
                    "or BetterAuth's admin plugin."
                )
                logger.warning("require_role: %s Every user is rejected.", message)
            raise check.for_connection(forbidden("ROLE_REQUIRED", message, check.request_id))
        return user

    return user_with_role

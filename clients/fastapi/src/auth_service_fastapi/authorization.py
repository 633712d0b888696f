"""Two questions beyond "who?": is the e-mail address verified, and has the user a role. 403 where not."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends

from .dependencies import Check, CurrentUser, session_check
from .errors import forbidden
from .models import User


async def verified_user(user: CurrentUser, check: Annotated[Check, Depends(session_check)]) -> User:
    """The visitor's account; 403 `EMAIL_NOT_VERIFIED` where the address is not verified."""
    if not user.email_verified:
        raise forbidden(
            "EMAIL_NOT_VERIFIED", "The e-mail address is not verified.", check.request_id
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
        role = (user.model_extra or {}).get("role")
        held = {each.strip() for each in role.split(",")} if isinstance(role, str) else set()
        if held.isdisjoint(roles):
            raise forbidden(
                "ROLE_REQUIRED", "The user lacks the role this needs.", check.request_id
            )
        return user

    return user_with_role

"""The user and the session as the auth server sends them. Unknown fields are kept, the session's token is not."""

from datetime import datetime
from typing import Any, Generic, TypeVar

from pydantic import AwareDatetime, BaseModel, Field, StrictBool, model_validator

from .proofs import Proofs, ProvenMethod
from .wire_model import WireModel


class User(WireModel):
    """The account of the signed-in user."""

    id: str = Field(min_length=1)
    name: str
    email: str
    #: Strict: authorization depends on it, and pydantic would otherwise accept `"yes"` or `1`.
    email_verified: StrictBool
    image: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


ProfileT = TypeVar("ProfileT", bound=BaseModel)


class UserWithProfile(User, Generic[ProfileT]):
    """The user with `AuthService(profile_model=…)`: `Annotated[UserWithProfile[Reader], Depends(current_user)]`."""

    #: None if the auth server sent none, or one that does not fit the model, which is logged.
    profile: ProfileT | None = None


class Session(Proofs):
    """A session without its token, which is a credential (ASVS 3.3.4)."""

    id: str = Field(min_length=1)
    user_id: str = Field(min_length=1)
    expires_at: AwareDatetime
    created_at: datetime | None = None
    updated_at: datetime | None = None
    ip_address: str | None = None
    user_agent: str | None = None
    #: The oldest first.
    methods: tuple[ProvenMethod, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _drop_token(cls, data: Any) -> Any:
        # BetterAuth's get-session sends it; an endpoint that returns the session would expose it to scripts.
        if isinstance(data, dict):
            return {name: value for name, value in data.items() if name != "token"}
        return data

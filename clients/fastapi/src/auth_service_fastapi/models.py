"""Who is signed in, as the auth server tells it. Unknown fields are kept, the session's token is not."""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StrictBool, model_validator
from pydantic.alias_generators import to_camel


class _Told(BaseModel):
    """What the auth server told: `snake_case` in Python, `camelCase` on the wire."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        # BetterAuth's plugins and `additionalFields` add their own: they are in `model_extra`.
        extra="allow",
        # One identity may serve several requests at once (cache): a handler must not change it for another.
        frozen=True,
        # BetterAuth may be told to count its ids.
        coerce_numbers_to_str=True,
    )


class User(_Told):
    """The visitor's account."""

    id: str = Field(min_length=1)
    name: str
    email: str
    #: Strict: `"yes"` or `1` would be true otherwise, and it opens doors.
    email_verified: StrictBool
    image: str | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None


class Session(_Told):
    """One browser's stay, without the token that would be a credential (ASVS 3.3.4)."""

    id: str = Field(min_length=1)
    user_id: str = Field(min_length=1)
    expires_at: AwareDatetime
    created_at: datetime | None = None
    updated_at: datetime | None = None
    ip_address: str | None = None
    user_agent: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _drop_token(cls, told: Any) -> Any:
        # BetterAuth's get-session shows it; an endpoint that returns the session would hand it to scripts.
        if isinstance(told, dict):
            return {name: value for name, value in told.items() if name != "token"}
        return told

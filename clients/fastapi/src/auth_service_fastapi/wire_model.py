"""What all models have in common that are read from the auth server."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class WireModel(BaseModel):
    """`snake_case` in Python, `camelCase` on the wire."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        populate_by_name=True,
        # Fields of BetterAuth's plugins and `additionalFields` are in `model_extra`.
        extra="allow",
        # A cached identity is shared by concurrent requests, so no handler may change it.
        frozen=True,
        # BetterAuth can be configured to use numeric ids.
        coerce_numbers_to_str=True,
    )

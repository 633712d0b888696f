"""Reads the user from what the auth server sent, with the profile in the API's own model."""

from typing import Any

from pydantic import BaseModel, ValidationError

from .log import logger, one_line
from .models import User, UserWithProfile


class UserReader:
    """Validates users. A profile that does not fit its model is logged and left out: the user stays signed in."""

    def __init__(self, profile_model: type[BaseModel] | None) -> None:
        """Reads plain users if there is no profile model."""
        self._has_profile = profile_model is not None
        self._model: type[User] = (
            User if profile_model is None else UserWithProfile[profile_model]  # type: ignore[valid-type]
        )

    def read(self, data: Any) -> User:
        """The user.

        :raises ValidationError: if a field other than the profile is invalid
        """
        try:
            return self._model.model_validate(data)
        except Exception as error:  # a validator of the model may raise anything
            if not self._has_profile or not isinstance(data, dict):
                raise
            user = self._model.model_validate({**data, "profile": None})
            # Field names and error types only: the values are personal data.
            details = (
                describe_faults(error)
                if isinstance(error, ValidationError)
                else f"its validator raised {type(error).__name__}"
            )
            logger.error("the profile does not fit profile_model: %s", one_line(details))
            return user


def describe_faults(error: ValidationError) -> str:
    """Field names and error types, without any value."""
    return "; ".join(
        f"{'.'.join(str(step) for step in fault['loc']) or 'the whole object'}: {fault['type']}"
        for fault in error.errors(include_input=False, include_url=False)
    )

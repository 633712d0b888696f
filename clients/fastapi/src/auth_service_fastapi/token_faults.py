"""Turns PyJWT's exceptions into verdicts with a reason."""

import jwt

from .verdict import NotSignedIn

#: Most specific first: exception, reason, message for the client.
_FAULTS: tuple[tuple[type[jwt.InvalidTokenError], str, str], ...] = (
    (jwt.ExpiredSignatureError, "token_expired", "the token has expired"),
    (jwt.ImmatureSignatureError, "token_not_yet_valid", "the token is not valid yet"),
    (jwt.InvalidIssuerError, "token_wrong_issuer", "the token has another issuer"),
    (jwt.InvalidAudienceError, "token_wrong_audience", "the token has another audience"),
    (jwt.MissingRequiredClaimError, "token_incomplete", "the token lacks a required claim"),
    (jwt.InvalidSignatureError, "token_bad_signature", "the signature is invalid"),
    (jwt.InvalidAlgorithmError, "token_algorithm_refused", "its key is for another algorithm"),
    (jwt.InvalidTokenError, "token_malformed", "it is not a JSON Web Token"),
)


def invalid_token(error: jwt.InvalidTokenError) -> NotSignedIn:
    """The verdict on a token that PyJWT rejects."""
    return next(
        not_signed_in(reason, message)
        for kind, reason, message in _FAULTS
        if isinstance(error, kind)
    )


def not_signed_in(reason: str, message: str) -> NotSignedIn:
    """The verdict with its message for the client."""
    return NotSignedIn(reason, f"Not signed in: {message}.")

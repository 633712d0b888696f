"""The textbook's API: one public route, one for signed-in readers. It stores no user data and no secret.

Run it with `uvicorn main:app` in this folder. Its settings are environment variables; see ../README.md.
"""

import logging
import os
from typing import Annotated

from auth_service_fastapi import (
    AuthService,
    CurrentUser,
    RequireAal2,
    RequireFresh,
    User,
    VerifiedUser,
    error_responses,
)
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


def setting(name: str, default: str) -> str:
    """The environment variable, or the default if it is unset or empty."""
    return os.environ.get(name) or default


AUTH_URL = setting("AUTH_URL", "http://localhost:3001")
# An Origin header has no trailing slash.
SITE_URL = setting("SITE_URL", "http://localhost:3000").rstrip("/")

AUTH_MODE = setting("AUTH_MODE", "session")
if AUTH_MODE not in ("session", "jwt"):
    raise SystemExit(f"AUTH_MODE is {AUTH_MODE}, but must be session or jwt.")

auth = AuthService(
    AUTH_URL,
    public_url=setting("AUTH_PUBLIC_URL", AUTH_URL),
    # "session" checks the cookie with the service. A browser sends it only to hosts on the service's own site.
    # "jwt" verifies a token that the page fetched from the service, and works on any site.
    mode="jwt" if AUTH_MODE == "jwt" else "session",
    # If a browser rejects the cookie, the site sends a bearer token instead (BEARER_TOKENS=on at the service).
    bearer=AUTH_MODE == "session",
)
app = FastAPI(
    title="The textbook's API",
    lifespan=auth.lifespan,
    exception_handlers=auth.exception_handlers,
)
app.add_middleware(
    CORSMiddleware,
    # Only the site: pages of an allowed origin can read everything that the signed-in reader can.
    allow_origins=[SITE_URL],
    allow_credentials=True,
    allow_methods=["GET"],
    allow_headers=["Authorization"],
    expose_headers=["x-session-reason", "x-request-id", "Retry-After", "WWW-Authenticate"],
)


class Chapter(BaseModel):
    """Public content."""

    title: str
    summary: str


class Solution(BaseModel):
    """Content for signed-in readers. It is here because the files of the site are public."""

    reader: str
    solution: str


@app.get("/public")
async def public() -> Chapter:
    """Needs no session, so it works while the auth service is down."""
    return Chapter(title="Cookies", summary="Without its cookie, a request is anonymous.")


@app.get("/private", responses=error_responses)
async def private(user: CurrentUser, response: Response) -> Solution:
    """200 for a signed-in reader, 401 with the reason otherwise, 503 if the auth service is unavailable."""
    response.headers["Cache-Control"] = "no-store"  # contains the reader's name
    return Solution(
        reader=user.name,
        solution="The cookie is named better-auth.session_token, and scripts cannot read it: it is HttpOnly.",
    )


@app.get("/confirmed", responses=error_responses)
async def confirmed(user: VerifiedUser, response: Response) -> Solution:
    """As `/private`, and 403 `EMAIL_NOT_VERIFIED` until the reader has confirmed the e-mail address."""
    response.headers["Cache-Control"] = "no-store"  # contains the reader's name
    return Solution(
        reader=user.name,
        solution="A confirmed address proves one thing: somebody opened a link that was mailed to it.",
    )


@app.get("/grades", responses=error_responses)
async def grades(user: Annotated[User, RequireAal2], response: Response) -> Solution:
    """As `/private`, and 401 with the challenge of RFC 9470 until the reader has proven a second factor."""
    response.headers["Cache-Control"] = "no-store"  # contains the reader's name
    return Solution(
        reader=user.name,
        solution="Two factors: a password that was guessed or stolen is not enough to come here.",
    )


@app.get("/exam", responses=error_responses)
async def exam(user: Annotated[User, RequireFresh(minutes=1)], response: Response) -> Solution:
    """As `/private`, and 401 unless the reader has proven who they are within the last minute."""
    response.headers["Cache-Control"] = "no-store"  # contains the reader's name
    return Solution(
        reader=user.name,
        solution="A fresh proof: a computer that was left unlocked is not enough to come here.",
    )

"""The textbook's API: one route for everybody, one for signed-in readers. It holds no user data and no secret.

`uvicorn main:app` in this folder serves it. Its settings come from the environment; see ../README.md.
"""

import logging
import os

from auth_service_fastapi import AuthService, CurrentUser, error_responses
from fastapi import FastAPI, Response
from fastapi.middleware.cors import CORSMiddleware
from pydantic import BaseModel

logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")


def setting(name: str, default: str) -> str:
    """The environment variable; empty counts as not set, as dashboards and shells leave such behind."""
    return os.environ.get(name) or default


AUTH_URL = setting("AUTH_URL", "http://localhost:3001")
# An origin has no slash at its end: one would match no page.
SITE_URL = setting("SITE_URL", "http://localhost:3000").rstrip("/")

AUTH_MODE = setting("AUTH_MODE", "session")
if AUTH_MODE not in ("session", "jwt"):
    raise SystemExit(f"AUTH_MODE is {AUTH_MODE}, and can be session or jwt.")

auth = AuthService(
    AUTH_URL,
    public_url=setting("AUTH_PUBLIC_URL", AUTH_URL),
    # "session" asks the service about the cookie, which a browser sends to hosts of the service's own site alone.
    # "jwt" takes a token that the page fetched from the service, and works from any site.
    mode="jwt" if AUTH_MODE == "jwt" else "session",
    # Where a browser refuses the cookie, the site sends a bearer token in its place (BEARER_TOKENS=on at the service).
    bearer=AUTH_MODE == "session",
)
app = FastAPI(
    title="The textbook's API",
    lifespan=auth.lifespan,
    exception_handlers=auth.exception_handlers,
)
app.add_middleware(
    CORSMiddleware,
    # Exactly this one: whoever is listed may read what the reader may read.
    allow_origins=[SITE_URL],
    allow_credentials=True,
    allow_methods=["GET"],
    allow_headers=["Authorization"],
    expose_headers=["x-session-reason", "x-request-id", "Retry-After"],
)


class Chapter(BaseModel):
    """What everybody may read."""

    title: str
    summary: str


class Solution(BaseModel):
    """What only signed-in readers may read. It is here, and not in the site's files, because those are public."""

    reader: str
    solution: str


@app.get("/public")
async def public() -> Chapter:
    """Asks nobody who is calling, so it answers while the auth service is down, too."""
    return Chapter(title="Cookies", summary="Take the cookie away, and a stranger asks.")


@app.get("/private", responses=error_responses)
async def private(user: CurrentUser, response: Response) -> Solution:
    """200 for a signed-in reader, 401 with the reason for others, 503 where nobody can tell."""
    response.headers["Cache-Control"] = "no-store"  # names a person
    return Solution(
        reader=user.name,
        solution="The cookie is called better-auth.session_token, and no script can read it: it is HttpOnly.",
    )

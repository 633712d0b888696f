"""fastapi-users with its database strategy for sessions, SQLAlchemy and asyncpg, configured as in its documentation.

The sessions of the seed are copied, with the same tokens. Its members have the addresses that bench/seed.ts derives,
and a hash with the library's default parameters.
"""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin, schemas
from fastapi_users.authentication import AuthenticationBackend, CookieTransport
from fastapi_users.authentication.strategy.db import AccessTokenDatabase, DatabaseStrategy
from fastapi_users.db import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users.password import PasswordHelper
from fastapi_users_db_sqlalchemy.access_token import (
    SQLAlchemyAccessTokenDatabase,
    SQLAlchemyBaseAccessTokenTableUUID,
)
from fastapi_users_db_sqlalchemy.generics import GUID
from sqlalchemy import ForeignKey, make_url, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

SECONDS_PER_WEEK = 604_800
MEMBERS = 64
PASSWORD = "correct horse battery staple"


class Base(DeclarativeBase):
    pass


class User(SQLAlchemyBaseUserTableUUID, Base):
    __tablename__ = "fastapi_user"


class AccessToken(SQLAlchemyBaseAccessTokenTableUUID, Base):
    __tablename__ = "fastapi_access_token"

    @declared_attr
    def user_id(cls) -> Mapped[uuid.UUID]:
        return mapped_column(GUID, ForeignKey("fastapi_user.id"), nullable=False)


# As many connections as the service has.
engine = create_async_engine(
    make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+asyncpg"),
    pool_size=10,
    max_overflow=0,
)
new_session = async_sessionmaker(engine, expire_on_commit=False)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


Session = Annotated[AsyncSession, Depends(get_session)]


async def get_user_db(session: Session) -> AsyncIterator[SQLAlchemyUserDatabase]:
    yield SQLAlchemyUserDatabase(session, User)


async def get_access_token_db(session: Session) -> AsyncIterator[SQLAlchemyAccessTokenDatabase]:
    yield SQLAlchemyAccessTokenDatabase(session, AccessToken)


class UserManager(UUIDIDMixin, BaseUserManager[User, uuid.UUID]):
    pass


async def get_user_manager(
    user_db: Annotated[SQLAlchemyUserDatabase, Depends(get_user_db)],
) -> AsyncIterator[UserManager]:
    yield UserManager(user_db)


def get_strategy(
    tokens: Annotated[AccessTokenDatabase, Depends(get_access_token_db)],
) -> DatabaseStrategy:
    return DatabaseStrategy(tokens, lifetime_seconds=SECONDS_PER_WEEK)


backend = AuthenticationBackend(
    name="database",
    transport=CookieTransport(cookie_secure=False),
    get_strategy=get_strategy,
)
users = FastAPIUsers[User, uuid.UUID](get_user_manager, [backend])


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        await connection.execute(
            text(
                """insert into fastapi_user
                   (id, email, hashed_password, is_active, is_superuser, is_verified)
                   select id::uuid, email, '', true, false, true from "user"
                   where id ~ '^[0-9a-f]{32}$' on conflict do nothing"""
            )
        )
        await connection.execute(
            text(
                """insert into fastapi_access_token (token, user_id, created_at)
                   select token, user_id::uuid, now() from session
                   where user_id ~ '^[0-9a-f]{32}$' on conflict do nothing"""
            )
        )
        await connection.execute(
            text(
                """insert into fastapi_user
                   (id, email, hashed_password, is_active, is_superuser, is_verified)
                   select md5('fastapi-' || n)::uuid, 'fastapi-' || n || '@example.com', :hash,
                   true, false, true from generate_series(0, :members - 1) n
                   on conflict do nothing"""
            ),
            {"hash": PasswordHelper().hash(PASSWORD), "members": MEMBERS},
        )
    yield


class UserCreate(schemas.BaseUserCreate):
    pass


class UserRead(schemas.BaseUser[uuid.UUID]):
    pass


app = FastAPI(lifespan=lifespan)
app.include_router(users.get_auth_router(backend))
app.include_router(users.get_register_router(UserRead, UserCreate))


@app.get("/session")
async def read_session(
    user: Annotated[User, Depends(users.current_user(active=True))],
) -> dict[str, dict[str, str]]:
    return {"user": {"id": user.id.hex, "email": user.email}}

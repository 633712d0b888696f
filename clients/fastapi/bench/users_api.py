"""fastapi-users as its documentation sets it up: cookie transport, database strategy, SQLAlchemy with asyncpg."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI
from fastapi_users import BaseUserManager, FastAPIUsers, UUIDIDMixin
from fastapi_users.authentication import AuthenticationBackend, CookieTransport
from fastapi_users.authentication.strategy.db import DatabaseStrategy
from fastapi_users_db_sqlalchemy import SQLAlchemyBaseUserTableUUID, SQLAlchemyUserDatabase
from fastapi_users_db_sqlalchemy.access_token import (
    SQLAlchemyAccessTokenDatabase,
    SQLAlchemyBaseAccessTokenTableUUID,
)
from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.schema import CreateSchema

COOKIE_NAME = "fastapiusersauth"


class Base(DeclarativeBase):
    """Its tables are in a schema of their own, because the auth service has a table `user` too."""

    metadata = MetaData(schema="fastapi_users")


class UserTable(SQLAlchemyBaseUserTableUUID, Base):
    """The users."""


class AccessTokenTable(SQLAlchemyBaseAccessTokenTableUUID, Base):
    """The sessions."""


class UserManager(UUIDIDMixin, BaseUserManager[UserTable, UUID]):
    """The defaults."""


def create_users_api(
    create_api: Callable[[Any], FastAPI], database_url: str, token: str
) -> FastAPI:
    """An API that creates the tables and one user with this session token at start."""
    engine = create_async_engine(database_url.replace("postgresql://", "postgresql+asyncpg://"))
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def database() -> AsyncIterator[AsyncSession]:
        async with sessions() as session:
            yield session

    async def create_user() -> None:
        async with engine.begin() as connection:
            await connection.execute(CreateSchema("fastapi_users", if_not_exists=True))
            await connection.run_sync(Base.metadata.create_all)
        async with sessions() as session:
            user = UserTable(email="ada@example.com", hashed_password="", is_active=True)
            session.add(user)
            await session.flush()
            session.add(AccessTokenTable(token=token, user_id=user.id))
            await session.commit()

    Database = Annotated[AsyncSession, Depends(database)]

    async def manager(session: Database) -> UserManager:
        return UserManager(SQLAlchemyUserDatabase(session, UserTable))

    def strategy(session: Database) -> Any:
        return DatabaseStrategy(SQLAlchemyAccessTokenDatabase(session, AccessTokenTable), 3600)

    backend = AuthenticationBackend("cookie", CookieTransport(COOKIE_NAME), strategy)
    users = FastAPIUsers[UserTable, UUID](manager, [backend])

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await create_user()
        yield
        await engine.dispose()

    app = create_api(lifespan)

    @app.get("/me")
    async def me(
        user: Annotated[UserTable, Depends(users.current_user(active=True))],
    ) -> dict[str, str]:
        return {"id": str(user.id)}

    return app

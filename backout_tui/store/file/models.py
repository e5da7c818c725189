"""SQLModel's view of the tables that `ddl.py` makes; the tables are never created from it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Dialect, String
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from backout_tui.domain.codec import parse_time, rfc3339


class UtcTime(TypeDecorator[datetime]):
    """A moment as RFC 3339 text in UTC; a datetime without a zone is refused with ValueError."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        """The text that is stored."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value}")
        return rfc3339(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """The moment that was stored."""
        return None if value is None else parse_time(value)


class EventRow(SQLModel, table=True):
    """One event in a log."""

    __tablename__ = "event"
    log_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    event_id: str = Field(unique=True)
    record: bytes
    hash: bytes


class BlobRow(SQLModel, table=True):
    """Bytes that events refer to by their SHA-256."""

    __tablename__ = "blob"
    sha256: str = Field(primary_key=True)
    bytes: bytes
    len: int


class PlanRevisionRow(SQLModel, table=True):
    """One revision of a plan's text."""

    __tablename__ = "plan_revision"
    plan_id: int = Field(primary_key=True)
    revision: int = Field(primary_key=True)
    text: str
    sha256: str = Field(index=True)
    name: str
    version: str
    returns_to: str
    environment: str
    team: str
    stored_at: datetime = Field(sa_type=UtcTime)


class PictureRow(SQLModel, table=True):
    """The stored fold of one log; it can be deleted and made again."""

    __tablename__ = "picture"
    log_id: str = Field(primary_key=True)
    seq: int
    hash: str
    state: str
    program: str

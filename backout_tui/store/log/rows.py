"""What the store returns besides events: frozen values, never rows."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct


class PlanRevision(Struct, frozen=True):
    """One stored revision of a plan. `sha256` is the hex hash of its text in UTF-8."""

    plan_id: int
    revision: int
    text: str
    sha256: str
    name: str
    version: str
    returns_to: str
    environment: str
    team: str
    stored_at: datetime


class Picture(Struct, frozen=True):
    """The fold of a log up to event `seq` with the hex `hash`, as JSON, made by the version `program`. Disposable."""

    log: str
    seq: int
    hash: str
    state: str
    program: str

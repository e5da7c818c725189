"""What the store hands out beside events: frozen values, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlanRevision:
    """One stored text of a plan. `sha256` is that of the text in UTF-8, in hex."""

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


@dataclass(frozen=True, slots=True)
class Picture:
    """The fold of a log up to event `seq` with the hex `hash`, as JSON, made by the version `program`. Disposable."""

    log: str
    seq: int
    hash: str
    state: str
    program: str

"""Attempts: how an intent and its outcome change the list of attempts of a step or a check."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backout_tui.domain.codec import parse_time
from backout_tui.domain.events import Event
from backout_tui.domain.items import Attempt


def begun(attempts: tuple[Attempt, ...], event: Event) -> tuple[Attempt, ...]:
    """The attempts with the one that `event` claims."""
    attempt = Attempt(
        number=event.data["attempt"],
        intent=event.event_id,
        started_at=event.when,
        host=event.actor.host,
        command=event.data.get("command", ""),
    )
    return (*attempts, attempt)


def ended(attempts: tuple[Attempt, ...], event: Event, state: str) -> tuple[Attempt, ...]:
    """The attempts with the outcome of the one whose intent `event` names."""
    intent = event.data["intent"]
    return tuple(replace(one, **_outcome(event, state)) if one.intent == intent else one for one in attempts)


def stop_asked(attempts: tuple[Attempt, ...], event: Event) -> tuple[Attempt, ...]:
    """The attempts with a stop asked of the newest."""
    return (*attempts[:-1], replace(attempts[-1], stop_asked_by=event.actor.name)) if attempts else attempts


def is_current(attempts: tuple[Attempt, ...], event: Event) -> bool:
    """Whether the outcome speaks of the newest attempt and nobody resolved it meanwhile."""
    return bool(attempts) and attempts[-1].intent == event.data["intent"]


def _outcome(event: Event, state: str) -> dict[str, Any]:
    data = event.data
    expects = data.get("expect") or []
    output = next((blob.sha256 for blob in event.blobs if blob.name == "output"), "")
    started, finished = data.get("started_at"), data.get("ended_at")
    changes: dict[str, Any] = {
        "state": state,
        "ended_at": parse_time(finished) if finished else event.when,
        "duration_ms": data.get("duration_ms"),
        "exit_code": data.get("exit_code"),
        "expect_met": all(one["met"] for one in expects) if expects else None,
        "why": data.get("why", ""),
        "output": output,
        "pid": data.get("pid"),
        "start_ticks": data.get("start_ticks"),
        "boot_id": data.get("boot_id") or "",
        "still_running": data.get("still_running"),
        "last": data.get("last", ""),
        "tries": data.get("tries", 0),
    }
    if kept := data.get("captured"):
        changes["captured"] = (kept["name"], kept["value"])
    if started:
        changes["started_at"] = parse_time(started)
    return changes

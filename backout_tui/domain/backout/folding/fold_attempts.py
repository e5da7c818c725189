"""Attempts: how an intent and its outcome change the list of attempts of a step or a check."""

from __future__ import annotations

from typing import Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.items import Attempt, Declared
from backout_tui.domain.backout.payload import DeclaredInDoubt
from backout_tui.domain.backout.payloads.step_payloads import Begun, CheckBegun, Outcome
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.backout.whereabouts import begun_on
from backout_tui.domain.codec import possible
from backout_tui.domain.damage import Unfit
from backout_tui.domain.values import replace


def begun(attempts: tuple[Attempt, ...], event: Event, said: Begun | CheckBegun) -> tuple[Attempt, ...]:
    """The attempts plus the one that `event` claims."""
    on = begun_on(event, said.machine)
    attempt = Attempt(
        number=said.attempt,
        intent=event.event_id,
        started_at=event.when,
        host=on.name,
        command=said.command,
        machine=on.id,
        begun_in=on.boot,
        spool=said.spool,
    )
    return (*attempts, attempt)


def ended(attempts: tuple[Attempt, ...], event: Event, state: AttemptStatus) -> tuple[Attempt, ...]:
    """The attempts, with its outcome added to the one whose intent `event` names. Raises Unfit if there is none."""
    said = event.says(Outcome)
    if all(one.intent != said.intent for one in attempts):
        raise Unfit("it ends an attempt that was never begun")
    changes = _outcome(event, said, state)
    return tuple(replace(one, **changes) if one.intent == said.intent else one for one in attempts)


def declared(attempts: tuple[Attempt, ...], event: Event) -> tuple[Attempt, ...]:
    """The attempts, with the one that `event` declares in doubt marked so, unless it already has an outcome."""
    intent = event.says(DeclaredInDoubt).of
    return tuple(
        in_doubt(one, event) if one.intent == intent and one.state is AttemptStatus.RUNNING else one for one in attempts
    )


def in_doubt(attempt: Attempt, event: Event) -> Attempt:
    """The attempt, declared in doubt by a person. It has no end, because nobody knows."""
    said = Declared(event.actor.name, event.when, event.says(DeclaredInDoubt).reason, event.seq)
    return replace(attempt, state=AttemptStatus.IN_DOUBT, why=declared_words(said), declared=said)


def declared_words(said: Declared) -> str:
    """Why something that a person declared in doubt is in doubt."""
    return f"declared in doubt by {said.by}: {said.reason}"


def stop_asked(attempts: tuple[Attempt, ...], event: Event) -> tuple[Attempt, ...]:
    """The attempts, with the newest marked as asked to stop."""
    return (*attempts[:-1], replace(attempts[-1], stop_asked_by=event.actor.name)) if attempts else attempts


def is_current(attempts: tuple[Attempt, ...], event: Event) -> bool:
    """Whether the outcome belongs to the newest attempt."""
    return bool(attempts) and attempts[-1].intent == event.says(Outcome).intent


def _outcome(event: Event, said: Outcome, state: AttemptStatus) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "state": state,
        "ended_at": possible(said.ended_at) if said.ended_at is not None else event.when,
        "duration_ms": said.duration_ms,
        "exit_code": said.exit_code,
        "expect_met": all(one.met for one in said.expect) if said.expect else None,
        "why": said.why,
        "output": next((blob.sha256 for blob in event.blobs if blob.name == "output"), ""),
        "pid": said.pid,
        "start_ticks": said.start_ticks,
        "boot_id": said.boot_id or "",
        "still_running": said.still_running,
        "last": said.last,
        "tries": said.tries,
    }
    if said.captured is not None:
        changes["captured"] = (said.captured.name, said.captured.value)
    if said.started_at is not None:
        changes["started_at"] = possible(said.started_at)
    return changes

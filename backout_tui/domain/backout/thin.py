"""Thin reasons: three words are enough at night, and a later request to complete one says what it was for."""

from __future__ import annotations

from collections.abc import Mapping

from backout_tui.domain.backout.choices import Outcome
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payload import Payload
from backout_tui.domain.backout.payloads.backout_payloads import Adopted, Closed, Opened, Taken, Variable, Verdict
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.step_payloads import Added, Begun, Done
from backout_tui.domain.backout.state import Backout, ThinReason
from backout_tui.domain.backout.states import CheckVerdict


def is_thin(reason: str | None) -> bool:
    """Whether a given reason has fewer than three words: accepted at night, listed at closing."""
    return bool(reason) and len(str(reason).split()) < 3


_WHAT: Mapping[str, str] = {
    EventKind.STEP_SKIPPED: "skipping step {step}",
    EventKind.STEP_WORKED_AROUND: "working around step {step}",
    EventKind.STEP_NOT_NEEDED: "calling step {step} not needed",
    EventKind.STEP_CHANGED: "changing step {step}",
    EventKind.STEP_ADDED: "adding step {step}",
    EventKind.STEP_MOVED: "moving step {step}",
    EventKind.STEP_REOPENED: "reopening step {step}",
    EventKind.STEP_STARTED: "running step {step} out of order",
    EventKind.STEP_SHOWN: "showing step {step} out of order",
    EventKind.STEP_DONE: "saying that step {step} is done",
    EventKind.STEP_FAILED: "saying that step {step} has failed",
    EventKind.STEP_DECLARED_IN_DOUBT: "declaring step {step} in doubt",
    EventKind.PROBE_DECLARED_IN_DOUBT: "declaring the probe of step {step} in doubt",
    EventKind.CHECK_DECLARED_IN_DOUBT: "declaring check {check} in doubt",
    EventKind.MESSAGE_DECLARED_IN_DOUBT: "declaring message {message} in doubt",
    EventKind.SESSION_DECLARED_GONE: "declaring the session of {holder} gone",
    EventKind.STEP_RESOLVED: "saying what is true of step {step}",
    EventKind.PREREQUISITES_LEFT: "starting before everything was ticked",
    EventKind.PREREQUISITE_ANSWERED: "prerequisite {number}",
    EventKind.OPTION_CHOSEN: "choosing {option}",
    EventKind.VARIABLE_SET: "setting {name}",
    EventKind.GLASS_BROKEN: "breaking the glass ({what})",
    EventKind.DECIDED: "the decision",
    EventKind.VERDICT_GIVEN: "the verdict",
    EventKind.CONTROLS_TAKEN: "taking over the controls",
    EventKind.DATABASE_ADOPTED: "adopting the copy",
    EventKind.BACKOUT_OPENED: "the start",
    EventKind.BACKOUT_CLOSED: "closing",
    EventKind.BACKOUT_REOPENED: "reopening the backout",
}


_NAMES = ("step", "check", "message", "holder", "option", "name", "what", "number")
"""The fields in which an event names what its reason is for."""


def thin_reason(event: Event, before: Backout) -> ThinReason | None:
    """The reason that an event had to give, if it is thin; otherwise None. `before` is the backout without the event.

    A reason that was given where none was needed is a note.
    """
    reason = _given(event, before)
    if event.kind == EventKind.REASON_COMPLETED or not is_thin(reason):
        return None
    return ThinReason(event.seq, _what(event), reason)


def _given(event: Event, before: Backout) -> str:
    """The reason somebody had to give: for what they did, for its order, or for contradicting the program."""
    payload = event.payload
    if payload is None:  # a newer program's kind: all that is known of it is that it may give a reason
        return str(event.data.get("reason") or "")
    if isinstance(payload, Begun):
        return payload.out_of_order or payload.despite_why
    if isinstance(payload, Done):
        return payload.out_of_order or (payload.note if payload.against_program else "")
    return str(getattr(payload, "reason", "")) if _had_to_be_given(payload, before) else ""


def _had_to_be_given(payload: Payload, before: Backout) -> bool:
    """Whether a gate would have refused what was done without its reason."""
    match payload:
        case Variable():
            return False
        case Opened():
            return payload.second
        case Added():
            return bool(before.plan.parts)
        case Verdict():
            required = [one for one in before.checks.values() if one.required]
            unproved = any(one.verdict is not CheckVerdict.PASS for one in required)
            return payload.outcome == Outcome.BACKED_OUT and unproved
        case Closed():
            return bool(payload.left_open)
        case Adopted():
            return True
        case Taken():
            return before.lease is not None
        case _:
            return True


def _what(event: Event) -> str:
    said = {name: getattr(event.payload, name, "") for name in _NAMES}
    return _WHAT.get(event.kind, f"event {event.seq}").format(**said)

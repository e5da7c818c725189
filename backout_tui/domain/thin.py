"""Thin reasons: three words are enough in the night, and what they were for is named when they are to be completed."""

from __future__ import annotations

from backout_tui.domain.backout import ThinReason
from backout_tui.domain.events import Event
from backout_tui.domain.judgement import is_thin

_WHAT = {
    "StepSkipped": "skipping step {step}",
    "StepWorkedAround": "working around step {step}",
    "StepNotNeeded": "calling step {step} not needed",
    "StepChanged": "changing step {step}",
    "StepAdded": "adding step {step}",
    "StepMoved": "moving step {step}",
    "StepReopened": "reopening step {step}",
    "StepStarted": "running step {step} out of order",
    "StepShown": "showing step {step} out of order",
    "StepDone": "saying that step {step} is done",
    "StepFailed": "saying that step {step} has failed",
    "StepResolved": "saying what is true of step {step}",
    "OptionChosen": "choosing {option}",
    "VariableSet": "setting {name}",
    "GlassBroken": "breaking the glass ({what})",
    "Decided": "the decision",
    "VerdictGiven": "the verdict",
    "ControlsTaken": "taking over the controls",
    "BackoutOpened": "the start",
    "BackoutClosed": "closing",
    "BackoutReopened": "reopening the backout",
}


def thin_reason(event: Event) -> ThinReason | None:
    """The reason that an event gives, when it is thin; None when it is not, or when there is none."""
    reason = _given(event)
    if event.kind == "ReasonCompleted" or not is_thin(reason):
        return None
    return ThinReason(event.seq, _what(event), reason)


def _given(event: Event) -> str:
    """What somebody gave as a reason: for what they did, for its order, or for their word against the program's."""
    data = event.data
    given = data.get("reason") or data.get("out_of_order") or (data.get("note") if data.get("against_program") else "")
    return str(given or "")


def _what(event: Event) -> str:
    said = {name: event.data.get(name, "") for name in ("step", "option", "name", "what")}
    return _WHAT.get(event.kind, f"event {event.seq}").format(**said)

"""Steps by the program: claimed, finished, not started after all, in doubt; shown in a rehearsal."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.folding import attempts
from backout_tui.domain.folding.steps import reordered, with_step
from backout_tui.domain.items import StepStatus


def _started(backout: Backout, event: Event) -> Backout:
    number = event.data["step"]
    backout = reordered(backout, event)
    begun = attempts.begun(backout.steps[number].attempts, event)
    return with_step(
        backout, number, state=StepStatus.RUNNING, attempts=begun, reason="", by=event.actor.name, ended_at=None
    )


def _ended(backout: Backout, event: Event, state: StepStatus, attempt_state: str) -> Backout:
    number = event.data["step"]
    step = backout.steps[number]
    changed = attempts.ended(step.attempts, event, attempt_state)
    # What a person resolved stands: a late outcome is kept with its attempt and does not overrule them.
    if step.state not in (StepStatus.RUNNING, StepStatus.IN_DOUBT) or not attempts.is_current(step.attempts, event):
        return with_step(backout, number, attempts=changed)
    if state is StepStatus.DONE and changed[-1].captured:
        name, value = changed[-1].captured
        backout = replace(backout, variables={**backout.variables, name: value})
    ended_at = changed[-1].ended_at if state in (StepStatus.DONE, StepStatus.FAILED) else None
    return with_step(
        backout, number, state=state, attempts=changed, reason=event.data.get("why", ""), ended_at=ended_at
    )


def _finished(backout: Backout, event: Event) -> Backout:
    done = event.data["result"] == "done"
    return _ended(backout, event, StepStatus.DONE if done else StepStatus.FAILED, "done" if done else "failed")


def _not_started(backout: Backout, event: Event) -> Backout:
    return _ended(backout, event, StepStatus.PENDING, "not_started")


def _in_doubt(backout: Backout, event: Event) -> Backout:
    return _ended(backout, event, StepStatus.IN_DOUBT, "in_doubt")


def _stop_asked(backout: Backout, event: Event) -> Backout:
    number = event.data["step"]
    return with_step(backout, number, attempts=attempts.stop_asked(backout.steps[number].attempts, event))


def _shown(backout: Backout, event: Event) -> Backout:
    number = event.data["step"]
    backout = reordered(backout, event)
    begun = attempts.begun(backout.steps[number].attempts, event)
    shown = (*begun[:-1], replace(begun[-1], state="shown", ended_at=event.when))
    return with_step(
        backout, number, state=StepStatus.DONE, attempts=shown, reason="shown, not run: a rehearsal",
        by=event.actor.name, ended_at=event.when,
    )  # fmt: skip


APPLY = {
    "StepStarted": _started,
    "StepFinished": _finished,
    "StepNotStarted": _not_started,
    "StepInDoubt": _in_doubt,
    "StepStopAsked": _stop_asked,
    "StepShown": _shown,
}

"""Steps run by the program: claimed, finished, not started after all, in doubt, shown in a rehearsal."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.folding import fold_attempts
from backout_tui.domain.backout.folding.fold_steps import reordered, with_step
from backout_tui.domain.backout.payload import OfStep
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.step_payloads import Begun, Declared, Ended, Finished
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus, StepStatus
from backout_tui.domain.values import replace


def _started(backout: Backout, event: Event) -> Backout:
    said = event.says(Begun)
    number = said.step
    backout = reordered(backout, event, said)
    begun = fold_attempts.begun(backout.steps[number].attempts, event, said)
    return with_step(
        backout, number, state=StepStatus.RUNNING, attempts=begun, reason="", by=event.actor.name, ended_at=None
    )


def _ended(backout: Backout, event: Event, state: StepStatus, attempt_state: AttemptStatus) -> Backout:
    said = event.says(Ended)
    number = said.step
    step = backout.steps[number]
    changed = fold_attempts.ended(step.attempts, event, attempt_state)
    # What a person resolved stands: a late outcome is kept with its attempt and doesn't overrule them.
    if step.state not in (StepStatus.RUNNING, StepStatus.IN_DOUBT) or not fold_attempts.is_current(
        step.attempts, event
    ):
        return with_step(backout, number, attempts=changed)
    if state is StepStatus.DONE and changed[-1].captured:
        name, value = changed[-1].captured
        backout = replace(backout, variables={**backout.variables, name: value})
    ended_at = changed[-1].ended_at if state in (StepStatus.DONE, StepStatus.FAILED) else None
    ran = {} if state is StepStatus.PENDING else {"ran": event.seq}
    return with_step(backout, number, state=state, attempts=changed, reason=said.why, ended_at=ended_at, **ran)


def _finished(backout: Backout, event: Event) -> Backout:
    done = event.says(Finished).result == "done"
    return _ended(
        backout,
        event,
        StepStatus.DONE if done else StepStatus.FAILED,
        AttemptStatus.DONE if done else AttemptStatus.FAILED,
    )


def _not_started(backout: Backout, event: Event) -> Backout:
    return _ended(backout, event, StepStatus.PENDING, AttemptStatus.NOT_STARTED)


def _in_doubt(backout: Backout, event: Event) -> Backout:
    return _ended(backout, event, StepStatus.IN_DOUBT, AttemptStatus.IN_DOUBT)


def _declared(backout: Backout, event: Event) -> Backout:
    step = backout.steps[event.says(Declared).step]
    changed = fold_attempts.declared(step.attempts, event)
    if step.state is not StepStatus.RUNNING or changed == step.attempts:
        return backout
    return with_step(
        backout, step.number, state=StepStatus.IN_DOUBT, attempts=changed, reason=changed[-1].why, ended_at=None,
        ran=event.seq,
    )  # fmt: skip


def _stop_asked(backout: Backout, event: Event) -> Backout:
    number = event.says(OfStep).step
    return with_step(backout, number, attempts=fold_attempts.stop_asked(backout.steps[number].attempts, event))


def _shown(backout: Backout, event: Event) -> Backout:
    said = event.says(Begun)
    number = said.step
    backout = reordered(backout, event, said)
    begun = fold_attempts.begun(backout.steps[number].attempts, event, said)
    shown = (*begun[:-1], replace(begun[-1], state=AttemptStatus.SHOWN, ended_at=event.when))
    return with_step(
        backout, number, state=StepStatus.DONE, attempts=shown, reason="shown, not run: a rehearsal",
        by=event.actor.name, ended_at=event.when,
    )  # fmt: skip


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.STEP_STARTED: _started,
    EventKind.STEP_FINISHED: _finished,
    EventKind.STEP_NOT_STARTED: _not_started,
    EventKind.STEP_IN_DOUBT: _in_doubt,
    EventKind.STEP_DECLARED_IN_DOUBT: _declared,
    EventKind.STEP_STOP_ASKED: _stop_asked,
    EventKind.STEP_SHOWN: _shown,
}

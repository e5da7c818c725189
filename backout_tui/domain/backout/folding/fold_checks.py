"""Checks: run as a command, or recorded by a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.folding import fold_attempts
from backout_tui.domain.backout.items import CheckState, Observation
from backout_tui.domain.backout.payload import Ending
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.step_payloads import (
    CheckBegun,
    CheckDeclared,
    CheckEnded,
    CheckFinished,
    CheckRecorded,
    CheckShown,
)
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus, CheckVerdict
from backout_tui.domain.values import replace


def _with_check(backout: Backout, id: str, **changes: Any) -> Backout:  # noqa: A002 - the contract's word for it
    return replace(backout, checks={**backout.checks, id: replace(backout.checks[id], **changes)})


def _observed(check: CheckState, event: Event, verdict: CheckVerdict, note: str, attempt: int = 0) -> dict[str, Any]:
    said = event.payload
    by = (said.begun_by if isinstance(said, Ending) else "") or event.actor.name  # a settler only found how it ended
    observation = Observation(verdict, note, by, event.when, attempt, event.seq)
    return {"verdict": verdict, "observations": (*check.observations, observation)}


def _recorded(backout: Backout, event: Event) -> Backout:
    said = event.says(CheckRecorded)
    return _with_check(
        backout, said.check, **_observed(backout.checks[said.check], event, CheckVerdict(said.verdict), said.note)
    )


def _started(backout: Backout, event: Event) -> Backout:
    said = event.says(CheckBegun)
    begun = fold_attempts.begun(backout.checks[said.check].attempts, event, said)
    return _with_check(backout, said.check, attempts=begun)


def _is_past(check: CheckState, event: Event) -> bool:
    """Whether the outcome comes after its attempt was declared in doubt and somebody has looked again since.

    What they saw stands: the outcome is kept with its attempt only.
    """
    one = next((one for one in check.attempts if one.intent == event.says(CheckEnded).intent), None)
    if one is None or one.declared is None:
        return False
    return not fold_attempts.is_current(check.attempts, event) or check.observations[-1].attempt != one.number


def _finished(backout: Backout, event: Event) -> Backout:
    said = event.says(CheckFinished)
    check, done = backout.checks[said.check], said.result == "done"
    changed = fold_attempts.ended(check.attempts, event, AttemptStatus.DONE if done else AttemptStatus.FAILED)
    if _is_past(check, event):
        return _with_check(backout, check.id, attempts=changed)
    # A command that could not be judged (stopped, timed out, never found) says nothing about the service.
    verdict = CheckVerdict.PASS if done else CheckVerdict.INCONCLUSIVE if said.inconclusive else CheckVerdict.FAIL
    observed = _observed(check, event, verdict, said.why, said.attempt)
    return _with_check(backout, check.id, attempts=changed, **observed)


def _not_started(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.says(CheckEnded).check]
    return _with_check(
        backout, check.id, attempts=fold_attempts.ended(check.attempts, event, AttemptStatus.NOT_STARTED)
    )


def _in_doubt(backout: Backout, event: Event) -> Backout:
    said = event.says(CheckEnded)
    check = backout.checks[said.check]
    changed = fold_attempts.ended(check.attempts, event, AttemptStatus.IN_DOUBT)
    if _is_past(check, event):
        return _with_check(backout, check.id, attempts=changed)
    note = "begun, and its outcome is unknown: run it again"
    observed = _observed(check, event, CheckVerdict.INCONCLUSIVE, note, said.attempt)
    return _with_check(backout, check.id, attempts=changed, **observed)


def _declared(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.says(CheckDeclared).check]
    changed = fold_attempts.declared(check.attempts, event)
    if changed == check.attempts:
        return backout
    observed = _observed(check, event, CheckVerdict.INCONCLUSIVE, changed[-1].why, changed[-1].number)
    return _with_check(backout, check.id, attempts=changed, **observed)


def _shown(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.says(CheckShown).check]
    return _with_check(backout, check.id, **_observed(check, event, CheckVerdict.PASS, "shown, not run: a rehearsal"))


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.CHECK_RECORDED: _recorded,
    EventKind.CHECK_STARTED: _started,
    EventKind.CHECK_FINISHED: _finished,
    EventKind.CHECK_NOT_STARTED: _not_started,
    EventKind.CHECK_IN_DOUBT: _in_doubt,
    EventKind.CHECK_DECLARED_IN_DOUBT: _declared,
    EventKind.CHECK_SHOWN: _shown,
}

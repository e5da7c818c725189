"""Probes: commands run to find out what is true of a step. They never change the step's state."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.folding import fold_attempts
from backout_tui.domain.backout.folding.fold_steps import with_step
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.step_payloads import Begun, Declared, Ended, Finished
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.values import replace


def _started(backout: Backout, event: Event) -> Backout:
    said = event.says(Begun)
    return with_step(backout, said.step, probes=fold_attempts.begun(backout.steps[said.step].probes, event, said))


def _ended(backout: Backout, event: Event, state: AttemptStatus) -> Backout:
    number = event.says(Ended).step
    return with_step(backout, number, probes=fold_attempts.ended(backout.steps[number].probes, event, state))


def _finished(backout: Backout, event: Event) -> Backout:
    return _ended(backout, event, AttemptStatus.DONE if event.says(Finished).result == "done" else AttemptStatus.FAILED)


def _not_started(backout: Backout, event: Event) -> Backout:
    return _ended(backout, event, AttemptStatus.NOT_STARTED)


def _in_doubt(backout: Backout, event: Event) -> Backout:
    return _ended(backout, event, AttemptStatus.IN_DOUBT)


def _declared(backout: Backout, event: Event) -> Backout:
    number = event.says(Declared).step
    return with_step(backout, number, probes=fold_attempts.declared(backout.steps[number].probes, event))


def _shown(backout: Backout, event: Event) -> Backout:
    said = event.says(Begun)
    begun = fold_attempts.begun(backout.steps[said.step].probes, event, said)
    shown = replace(begun[-1], state=AttemptStatus.SHOWN, ended_at=event.when)
    return with_step(backout, said.step, probes=(*begun[:-1], shown))


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.PROBE_STARTED: _started,
    EventKind.PROBE_FINISHED: _finished,
    EventKind.PROBE_NOT_STARTED: _not_started,
    EventKind.PROBE_IN_DOUBT: _in_doubt,
    EventKind.PROBE_DECLARED_IN_DOUBT: _declared,
    EventKind.PROBE_SHOWN: _shown,
}

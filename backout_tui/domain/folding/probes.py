"""Probes: what was run to find out what is true of a step. They never change the step's state."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.folding import attempts
from backout_tui.domain.folding.steps import with_step
from backout_tui.domain.items import Attempt


def _with_probes(backout: Backout, event: Event, probes: tuple[Attempt, ...]) -> Backout:
    return with_step(backout, event.data["step"], probes=probes)


def _probes(backout: Backout, event: Event) -> tuple[Attempt, ...]:
    step = backout.steps.get(event.data["step"])
    return step.probes if step is not None else ()


def _started(backout: Backout, event: Event) -> Backout:
    return _with_probes(backout, event, attempts.begun(_probes(backout, event), event))


def _finished(backout: Backout, event: Event) -> Backout:
    state = "done" if event.data["result"] == "done" else "failed"
    return _with_probes(backout, event, attempts.ended(_probes(backout, event), event, state))


def _not_started(backout: Backout, event: Event) -> Backout:
    return _with_probes(backout, event, attempts.ended(_probes(backout, event), event, "not_started"))


def _in_doubt(backout: Backout, event: Event) -> Backout:
    return _with_probes(backout, event, attempts.ended(_probes(backout, event), event, "in_doubt"))


def _shown(backout: Backout, event: Event) -> Backout:
    begun = attempts.begun(_probes(backout, event), event)
    return _with_probes(backout, event, (*begun[:-1], replace(begun[-1], state="shown", ended_at=event.when)))


APPLY = {
    "ProbeStarted": _started,
    "ProbeFinished": _finished,
    "ProbeNotStarted": _not_started,
    "ProbeInDoubt": _in_doubt,
    "ProbeShown": _shown,
}

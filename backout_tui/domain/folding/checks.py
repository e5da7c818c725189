"""Checks: run by a command, or recorded by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.domain.folding import attempts
from backout_tui.domain.items import CheckState, Observation


def _with_check(backout: Backout, id: str, **changes: Any) -> Backout:  # noqa: A002 - the contract's word for it
    return replace(backout, checks={**backout.checks, id: replace(backout.checks[id], **changes)})


def _observed(check: CheckState, event: Event, verdict: str, note: str, attempt: int = 0) -> dict[str, Any]:
    observation = Observation(verdict, note, event.actor.name, event.when, attempt)
    return {"verdict": verdict, "observations": (*check.observations, observation)}


def _recorded(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.data["check"]]
    return _with_check(backout, check.id, **_observed(check, event, event.data["verdict"], event.data.get("note", "")))


def _started(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.data["check"]]
    return _with_check(backout, check.id, attempts=attempts.begun(check.attempts, event))


def _finished(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.data["check"]]
    done = event.data["result"] == "done"
    changed = attempts.ended(check.attempts, event, "done" if done else "failed")
    # A command that could not be judged (stopped, timed out, never found) says nothing about the service.
    verdict = "pass" if done else "inconclusive" if event.data.get("inconclusive") else "fail"
    observed = _observed(check, event, verdict, event.data.get("why", ""), event.data["attempt"])
    return _with_check(backout, check.id, attempts=changed, **observed)


def _not_started(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.data["check"]]
    return _with_check(backout, check.id, attempts=attempts.ended(check.attempts, event, "not_started"))


def _in_doubt(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.data["check"]]
    changed = attempts.ended(check.attempts, event, "in_doubt")
    note = "begun, and its outcome is unknown: run it again"
    observed = _observed(check, event, "inconclusive", note, event.data["attempt"])
    return _with_check(backout, check.id, attempts=changed, **observed)


def _shown(backout: Backout, event: Event) -> Backout:
    check = backout.checks[event.data["check"]]
    return _with_check(backout, check.id, **_observed(check, event, "pass", "shown, not run: a rehearsal"))


APPLY = {
    "CheckRecorded": _recorded,
    "CheckStarted": _started,
    "CheckFinished": _finished,
    "CheckNotStarted": _not_started,
    "CheckInDoubt": _in_doubt,
    "CheckShown": _shown,
}

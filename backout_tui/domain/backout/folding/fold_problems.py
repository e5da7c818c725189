"""What went wrong: logged, changed, assigned, resolved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from backout_tui.domain.backout.choices import ProblemStatus
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.payload import told
from backout_tui.domain.backout.payloads.backout_payloads import (
    Assigned,
    ProblemChanged,
    ProblemLogged,
    ProblemResolved,
)
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout, Problem
from backout_tui.domain.values import replace

_FIELDS = ("title", "severity", "kind", "seen", "detail", "assignee", "output")


def _logged(backout: Backout, event: Event) -> Backout:
    said = event.says(ProblemLogged)
    problem = Problem(id=said.problem, logged_at=event.when, by=event.actor.name, **told(said, *_FIELDS))
    return replace(backout, problems=(*backout.problems, problem))


def _changed_to(backout: Backout, subject: str, **changes: Any) -> Backout:
    problems = tuple(replace(one, **changes) if one.id == subject else one for one in backout.problems)
    return replace(backout, problems=problems)


def _changed(backout: Backout, event: Event) -> Backout:
    said = event.says(ProblemChanged)
    return _changed_to(backout, said.problem, **told(said, *_FIELDS))


def _assigned(backout: Backout, event: Event) -> Backout:
    said = event.says(Assigned)
    return _changed_to(backout, said.problem, assignee=said.assignee)


def _resolved(backout: Backout, event: Event) -> Backout:
    said = event.says(ProblemResolved)
    return _changed_to(backout, said.problem, status=ProblemStatus.RESOLVED, note=said.note)


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.PROBLEM_LOGGED: _logged,
    EventKind.PROBLEM_CHANGED: _changed,
    EventKind.PROBLEM_ASSIGNED: _assigned,
    EventKind.PROBLEM_RESOLVED: _resolved,
}

"""What went wrong: logged, changed, assigned, resolved."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from backout_tui.domain.backout import Backout, Problem, plain
from backout_tui.domain.events import Event

_FIELDS = ("title", "severity", "kind", "seen", "detail", "assignee", "output")


def _logged(backout: Backout, event: Event) -> Backout:
    fields: dict[str, Any] = plain(event.data, *_FIELDS)
    problem = Problem(id=event.data["problem"], logged_at=event.when, by=event.actor.name, **fields)
    return replace(backout, problems=(*backout.problems, problem))


def _changed_to(backout: Backout, event: Event, **changes: Any) -> Backout:
    subject = event.data["problem"]
    problems = tuple(replace(one, **changes) if one.id == subject else one for one in backout.problems)
    return replace(backout, problems=problems)


def _changed(backout: Backout, event: Event) -> Backout:
    return _changed_to(backout, event, **plain(event.data, *_FIELDS))


def _assigned(backout: Backout, event: Event) -> Backout:
    return _changed_to(backout, event, assignee=event.data["assignee"])


def _resolved(backout: Backout, event: Event) -> Backout:
    return _changed_to(backout, event, status="resolved", note=event.data.get("note", ""))


APPLY = {
    "ProblemLogged": _logged,
    "ProblemChanged": _changed,
    "ProblemAssigned": _assigned,
    "ProblemResolved": _resolved,
}

"""Problems: what went wrong, logged as critical by default, changed, assigned and resolved."""

from __future__ import annotations

from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs.ids import numbered, problem_of, said, stranger
from backout_tui.engine.verbs.table.problem_table import KINDS, SEEN, SEVERITIES
from backout_tui.errors import BackoutError

_FIELDS = {"title", "severity", "kind", "seen", "detail", "assignee", "output"}
_CHOICES = {"severity": SEVERITIES, "kind": KINDS, "seen": SEEN}


def log(
    op: Operator,
    title: str,
    *,
    severity: str = "critical",
    kind: str = "fault",
    seen: str = "after",
    detail: str = "",
    assign: str = "",
    output: str = "",
) -> Receipt:
    """Log a problem; `output` is the SHA-256 of a kept output that shows it."""
    fields = {
        "title": said(title, "the problem's title"),
        **_chosen(severity=severity, kind=kind, seen=seen),
        "detail": detail,
        "assignee": assign.strip(),
        **({"output": output} if output else {}),
    }
    created = ""

    def decide(backout: Backout) -> list[Draft]:
        nonlocal created
        created = numbered("P", [problem.id for problem in backout.problems])
        known = stranger(backout, assign, op.actor.name)
        return [Draft(EventKind.PROBLEM_LOGGED, {"problem": created, **fields, **known})]

    receipt = op.append(decide)
    return Receipt(receipt.event, created, receipt.backout)


def change(op: Operator, problem_id: str, **fields: str) -> Receipt:
    """Change a problem's title, severity, kind, seen, detail, assignee or output."""
    if not fields or not fields.keys() <= _FIELDS:
        raise BackoutError("nothing to change was given", todo=f"Give one of: {', '.join(sorted(_FIELDS))}.")
    chosen = {name: value for name, value in fields.items() if name in _CHOICES}
    _chosen(**chosen)
    if "title" in fields:
        fields["title"] = said(fields["title"], "the problem's title")

    def decide(backout: Backout) -> list[Draft]:
        known = stranger(backout, fields.get("assignee", ""), op.actor.name)
        return [Draft(EventKind.PROBLEM_CHANGED, {"problem": problem_of(backout, problem_id).id, **fields, **known})]

    return op.append(decide)


def assign(op: Operator, problem_id: str, name: str) -> Receipt:
    """Assign a problem to a member of the team."""
    assignee = said(name, "the name")

    def decide(backout: Backout) -> list[Draft]:
        known = stranger(backout, assignee, op.actor.name)
        data = {"problem": problem_of(backout, problem_id).id, "assignee": assignee, **known}
        return [Draft(EventKind.PROBLEM_ASSIGNED, data)]

    return op.append(decide)


def resolve(op: Operator, problem_id: str, note: str = "") -> Receipt:
    """Record that a problem is resolved."""

    def decide(backout: Backout) -> list[Draft]:
        return [
            Draft(EventKind.PROBLEM_RESOLVED, {"problem": problem_of(backout, problem_id).id, "note": note.strip()})
        ]

    return op.append(decide)


def _chosen(**choices: str) -> dict[str, str]:
    for name, value in choices.items():
        if value not in _CHOICES[name]:
            raise BackoutError(f"there is no {name} {value}", todo=f"It is one of: {', '.join(_CHOICES[name])}.")
    return choices

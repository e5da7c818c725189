"""Opening, closing, notes, variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backout_tui.reports.sentences.pieces import Sentence, joined, labelled, listed, text, with_reason


def _opened(data: Mapping[str, Any]) -> str:
    release, plan = _inner(data, "release"), _inner(data, "plan")
    name = f"{text(release, 'name')} {text(release, 'version')}".strip()
    where = f" in {text(release, 'environment')}" if text(release, "environment") else ""
    what = f"backout of {name} to {text(release, 'returns_to')}{where}"
    opened = f"opened the {what}"
    if text(data, "mode") == "rehearsal":
        opened = f"opened a rehearsal of the {what}: {_rehearsed(text(data, 'rehearsed_in'))}, nothing is sent"
    has_plan = bool(_inner(data, "content").get("parts"))
    return joined(
        opened,
        f"plan {text(plan, 'id')} revision {text(plan, 'revision')}" if plan.get("id") else "",
        "the plan is not approved" if has_plan and not plan.get("approved") else "",
        "" if has_plan else "there is no plan",
        labelled("deployed at", text(data, "deployed_at")),
        labelled("because", text(data, "reason")),
    )


def _rehearsed(where: str) -> str:
    return f"what says so runs in {where}" if where else "nothing is run"


def _inner(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    return value if isinstance(value, Mapping) else {}


def _closed(data: Mapping[str, Any]) -> str:
    outcome = text(data, "outcome")
    left_open = data.get("left_open")
    return joined(
        f"closed the backout as {outcome}" if outcome else "closed the backout",
        labelled("left open", listed(left_open)) if isinstance(left_open, list) else "",
        labelled("because", text(data, "reason")),
    )


SENTENCES: Mapping[str, Sentence] = {
    "BackoutOpened": _opened,
    "DeployedAtSet": lambda data: (
        f"said when the release was deployed: {text(data, 'deployed_at')}"
        if text(data, "deployed_at")
        else "was asked when the release was deployed, and does not know"
    ),
    "GlassBroken": lambda data: with_reason(f"BREAK-GLASS to {text(data, 'what')}", text(data, "reason")),
    "VariableSet": lambda data: with_reason(
        f"set the variable {text(data, 'name')} to {text(data, 'value')}", text(data, "reason")
    ),
    "NoteAdded": lambda data: f"note: {text(data, 'text')}",
    "ReasonCompleted": lambda data: with_reason(
        f"completed the reason of event {text(data, 'event')}", text(data, "reason")
    ),
    "BackoutClosed": _closed,
    "BackoutReopened": lambda data: with_reason("reopened the backout", text(data, "reason")),
}

"""Problems, the decision, calls, the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backout_tui.domain.authority import OTHER, decider_words
from backout_tui.reports.sentences.pieces import Sentence, hour, joined, labelled, text, with_reason

_FIELDS = {"title": "title", "severity": "severity", "kind": "kind", "seen": "seen", "detail": "detail"}


def _logged(data: Mapping[str, Any]) -> str:
    severity = text(data, "severity")
    return joined(
        f"logged {text(data, 'problem')}{', ' + severity if severity else ''}: {text(data, 'title')}",
        "judged unfit for service" if data.get("kind") == "judged-unfit" else "",
        "seen during the deployment" if data.get("seen") == "during" else "",
        labelled("assigned to", text(data, "assignee")).replace(":", "", 1),
        "with an output" if data.get("output") else "",
    )


def _changed(data: Mapping[str, Any]) -> str:
    changes = [labelled(label, text(data, name)) for name, label in _FIELDS.items() if name in data]
    assigned = f"assigned to {text(data, 'assignee') or 'nobody'}" if "assignee" in data else ""
    attached = "an output attached" if data.get("output") else ""
    return with_reason(f"changed {text(data, 'problem')}", joined(*changes, assigned, attached))


def _decided(data: Mapping[str, Any]) -> str:
    kind = {"back-out": "back out", "fix-forward": "fix forward", "stand-down": "stand down"}
    decided = text(data, "kind")
    return with_reason(
        f"{text(data, 'by')} decided to {kind.get(decided, decided)}",
        text(data, "reason"),
        labelled("asked", text(data, "question")),
        labelled("agreed", text(data, "agreed")),
        _as_whom(data),
        "break-glass" if data.get("break_glass") else "",
    )


def _as_whom(data: Mapping[str, Any]) -> str:
    if not data.get("named_authoriser", True):
        return decider_words(OTHER, 0)
    early = data.get("early_s", 0)
    return decider_words(text(data, "role"), early if isinstance(early, int) else 0)


def _called(data: Mapping[str, Any]) -> str:
    results = {"reached": "reached", "voicemail": "left a voicemail", "no-answer": "no answer"}
    result, follow_up = text(data, "result"), text(data, "follow_up")
    return joined(
        f"called {text(data, 'name')}: {results.get(result, result)}",
        text(data, "note"),
        f"to be called again at {hour(follow_up)}" if follow_up else "",
    )


SENTENCES: Mapping[str, Sentence] = {
    "ProblemLogged": _logged,
    "ProblemChanged": _changed,
    "ProblemAssigned": lambda data: f"assigned {text(data, 'problem')} to {text(data, 'assignee')}",
    "ProblemResolved": lambda data: with_reason(f"resolved {text(data, 'problem')}", text(data, "note")),
    "Decided": _decided,
    "CallLogged": _called,
    "VerdictGiven": lambda data: with_reason(f"verdict: {text(data, 'outcome')}", text(data, "reason")),
}

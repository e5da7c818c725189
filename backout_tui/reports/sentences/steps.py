"""Steps by a person's word: done, failed, left out, changed, added, moved; options and conditions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backout_tui.reports.sentences.pieces import Sentence, beside, joined, labelled, text, with_reason


def _step(data: Mapping[str, Any]) -> str:
    return f"step {text(data, 'step')}"


def _by_reason(verb: str) -> Sentence:
    return lambda data: with_reason(f"{verb} {_step(data)}", text(data, "reason"), beside(data))


def _done(data: Mapping[str, Any]) -> str:
    against = "a person's word against the program's" if data.get("against_program") else ""
    return with_reason(
        f"{_step(data)} is done",
        text(data, "note") or text(data, "reason"),
        against,
        labelled("out of order", text(data, "out_of_order")),
        beside(data),
    )


def _changed(data: Mapping[str, Any]) -> str:
    return joined(
        with_reason(f"changed {_step(data)}", text(data, "reason")),
        labelled("title", text(data, "title")),
        labelled("command", text(data, "command")),
        labelled("instruction", text(data, "instruction")),
        beside(data),
    )


def _added(data: Mapping[str, Any]) -> str:
    after = text(data, "after")
    return joined(
        f"added {_step(data)}{' after ' + after if after else ''}: {text(data, 'title')}",
        labelled("command", text(data, "command")),
        labelled("because", text(data, "reason")),
        beside(data),
    )


def _resolved(data: Mapping[str, Any]) -> str:
    true = {"done": "it is done", "failed": "it has failed", "not-started": "it never began"}
    said = text(data, "as")
    return with_reason(f"said what is true of {_step(data)}, {true.get(said, said)}", text(data, "reason"))


SENTENCES: Mapping[str, Sentence] = {
    "StepDone": _done,
    "StepFailed": lambda data: with_reason(f"{_step(data)} has failed", text(data, "reason")),
    "StepSkipped": _by_reason("skipped"),
    "StepWorkedAround": _by_reason("worked around"),
    "StepNotNeeded": lambda data: with_reason(f"{_step(data)} is not needed", text(data, "reason"), beside(data)),
    "StepReopened": _by_reason("reopened"),
    "StepResolved": _resolved,
    "StepChanged": _changed,
    "StepAdded": _added,
    "StepMoved": lambda data: with_reason(
        f"moved {_step(data)} behind {text(data, 'after')}", text(data, "reason"), beside(data)
    ),
    "OptionChosen": lambda data: with_reason(
        f"chose the option {text(data, 'option')}", text(data, "reason"), beside(data)
    ),
    "ConditionAnswered": lambda data: (
        f"answered the condition of {text(data, 'part') or _step(data)}: {text(data, 'answer')}"
    ),
}

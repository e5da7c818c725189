"""The log in words, one calm line for each event: for the screen, for `backout-tui log`, and for the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC

from backout_tui.domain.events import Event
from backout_tui.domain.text import clean_line
from backout_tui.reports.sentences import attempts, controls, messages, opening, problems, steps
from backout_tui.reports.sentences.pieces import Sentence, text

SENTENCES: Mapping[str, Sentence] = {
    **opening.SENTENCES,
    **controls.SENTENCES,
    **problems.SENTENCES,
    **steps.SENTENCES,
    **attempts.SENTENCES,
    **messages.SENTENCES,
}
_LONGEST_UNKNOWN = 300
"""Characters shown of an event that a newer program wrote: its data may be of any size."""


def sentence(event: Event) -> str:
    """What happened, without who and when. One line, inert, whatever the record holds."""
    known = SENTENCES.get(event.kind)
    return clean_line(known(event.data) if known else _unknown(event))


def about(event: Event) -> str:
    """What it concerns: `step 4`, `P1`, `check A`, `M2`, a person; "" for what concerns the whole."""
    data = event.data
    for name, prefix in (("step", "step "), ("check", "check "), ("problem", ""), ("message", "")):
        if said := text(data, name):
            return clean_line(f"{prefix}{said}")
    named = {"CallLogged": "name", "VariableSet": "name", "OptionChosen": "option"}.get(event.kind, "")
    return clean_line(f"event {text(data, 'event')}" if event.kind == "ReasonCompleted" else text(data, named))


def line(event: Event) -> str:
    """The whole line: its place in the log, when in UTC, who, what."""
    when = event.when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{event.seq:>4}  {when}  {clean_line(event.actor.name)}  {sentence(event)}"


def _unknown(event: Event) -> str:
    data = json.dumps(dict(event.data), ensure_ascii=False, sort_keys=True, separators=(", ", ": "), default=str)
    shown = data if len(data) <= _LONGEST_UNKNOWN else f"{data[:_LONGEST_UNKNOWN]}…"
    return f"{event.kind} {shown}" if event.data else event.kind

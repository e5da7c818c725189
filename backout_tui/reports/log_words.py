"""The log in words, one calm line for each event, for the screen, `backout-tui log` and the report."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC

from backout_tui.domain.backout.events import Event, spoken_of
from backout_tui.domain.backout.payload import Ending
from backout_tui.domain.backout.payloads.backout_payloads import Called, Reason, Variable
from backout_tui.domain.backout.payloads.step_payloads import OptionChosen
from backout_tui.domain.damage import Unfit
from backout_tui.domain.printed_ends import Ends
from backout_tui.domain.text import clean_line
from backout_tui.reports.sentences import (
    attempt_sentences,
    control_sentences,
    message_sentences,
    opening_sentences,
    problem_sentences,
    step_sentences,
)
from backout_tui.reports.sentences.piece_sentences import Sentence, joined

SENTENCES: Mapping[str, Sentence] = {
    **opening_sentences.SENTENCES,
    **control_sentences.SENTENCES,
    **problem_sentences.SENTENCES,
    **step_sentences.SENTENCES,
    **attempt_sentences.SENTENCES,
    **message_sentences.SENTENCES,
}
_LONGEST_UNKNOWN = 300
"""Characters shown of an event that a newer program wrote; its data may have any size."""


def sentence(event: Event) -> str:
    """Say what happened, without who and when, on one line without control characters, whatever the record holds."""
    try:
        said, known = event.payload, SENTENCES.get(event.kind)
    except Unfit:
        said, known = None, None
    words = _unknown(event) if known is None else known(event)
    whose = said.begun_by if isinstance(said, Ending) and said.settled else ""
    return clean_line(joined(words, f"found when the backout was opened; begun by {whose}" if whose else ""))


def about(event: Event) -> str:
    """What the event concerns: `step 4`, `P1`, `check A`, `M2`, a person; "" when it concerns the whole backout."""
    if (spoken := spoken_of(event)) is not None:
        sort, name = spoken
        return clean_line(name if sort in ("problem", "message") else f"{sort} {name}")
    try:
        said = event.payload
    except Unfit:
        return ""
    if isinstance(said, Reason):
        return f"event {said.event}"
    if isinstance(said, Called | Variable):
        return clean_line(said.name)
    return clean_line(said.option) if isinstance(said, OptionChosen) else ""


def line(event: Event) -> str:
    """The whole line: its place in the log, the time in UTC, who, and what."""
    when = event.when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    return f"{event.seq:>4}  {when}  {clean_line(event.actor.said)}  {sentence(event)}"


def printed(event: Event, ends: Ends) -> str:
    """What the command printed last, to stand at the end of the line that says how it ended; "" for other events."""
    try:
        said = event.payload
    except Unfit:
        return ""
    end = ends.get(said.intent, ()) if isinstance(said, Ending) else ()
    return clean_line(f"; printed last: {' ⏎ '.join(end)}") if end else ""


def _unknown(event: Event) -> str:
    data = json.dumps(dict(event.data), ensure_ascii=False, sort_keys=True, separators=(", ", ": "), default=str)
    shown = data if len(data) <= _LONGEST_UNKNOWN else f"{data[:_LONGEST_UNKNOWN]}…"
    return f"{event.kind} {shown}" if event.data else event.kind

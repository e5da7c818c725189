"""What was left open, which reasons are too short, the whole log, and how to check that it is complete."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.judgement import said_in
from backout_tui.domain.rules.outstanding import left_open
from backout_tui.reports.judgement_words import by_the_plan
from backout_tui.reports.literal import table
from backout_tui.reports.log_words import sentence
from backout_tui.reports.pen import Pen, when


def not_sound(pen: Pen, said: Sequence[str]) -> Iterator[str]:
    """Warn first that nothing below can be relied on, and say why."""
    if said:
        yield f"> **{pen.line(said[0])}**"
        yield from (line for one in said[1:] for line in (">", f"> {pen.line(one.strip())}"))


def open_ends(pen: Pen, backout: Backout) -> Iterator[str]:
    """What is open now, whether or not the backout was closed despite it."""
    yield "## Left open"
    yield ""
    left = left_open(backout)
    yield from (f"- {pen.line(one)}" for one in left)
    if not left:
        yield "Nothing."
    yield from by_the_plan(pen, "After the backout", said_in(backout.plan.after))


def thin_reasons(pen: Pen, backout: Backout, events: Sequence[Event]) -> Iterator[str]:
    """Reasons of fewer than three words that nobody has completed since."""
    if backout.thin:
        yield "## Thin reasons"
        yield ""
        yield "Accepted in the night, and worth a sentence more:"
        yield ""
        said = {event.seq: event for event in events}
        for seq in backout.thin:
            what = f": {pen.line(sentence(said[seq]))}" if seq in said else ""
            yield f"- event {seq}{what}"


def log(pen: Pen, events: Sequence[Event]) -> Iterator[str]:
    """Every event, in order."""
    yield "## The log"
    yield ""
    rows = [(str(one.seq), when(one.when), pen.line(one.actor.said), pen.line(sentence(one))) for one in events]
    yield from table(("Event", "At (UTC)", "Who", "What"), rows)


def proof(backout: Backout) -> Iterator[str]:
    """How to find out whether this is the record that was written that night."""
    yield "## How to check this record"
    yield ""
    yield "Every event carries the hash of the one before it. The head below names the last event of this report; the"
    yield "same heads stand in the footer of every message that was sent."
    yield ""
    yield "```sh"
    yield f"backout-tui verify {backout.id} --anchor {backout.head}"
    yield "```"
    yield ""
    yield "It names any event that was changed, moved or removed. That a whole log is missing, or everything after an"
    yield "event, can be found only against a head that left the host: this report, or a message."

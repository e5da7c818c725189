"""The report for the next day, as Markdown: what happened, what was not done as planned and why, can it be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backout_tui.domain.backout import Backout
from backout_tui.domain.events import Event
from backout_tui.reports.pen import Pen
from backout_tui.reports.sections import people, record, steps, summary


def report(backout: Backout, events: Sequence[Event]) -> str:
    """The whole report of `backout`, whose log is `events`. Text from outside reads literally, whatever it holds."""
    pen = Pen.of(backout)
    sections: Iterable[Iterable[str]] = (
        summary.title(pen, backout),
        summary.glass(pen, backout),
        summary.summary(pen, backout, events),
        summary.problems(pen, backout),
        summary.decision(pen, backout),
        steps.as_run(pen, backout),
        steps.rehearsed(pen, backout),
        steps.deviations(pen, backout),
        people.verification(pen, backout),
        people.communication(pen, backout),
        record.open_ends(pen, backout),
        record.thin_reasons(pen, backout, events),
        record.log(pen, events),
        record.proof(backout),
    )
    written = ("\n".join(section) for section in sections)
    return "\n\n".join(section for section in written if section) + "\n"

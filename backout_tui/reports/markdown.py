"""The report for the next day, as Markdown: what happened, what differed from the plan and why, can it be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.printed_ends import NO_ENDS, Ends
from backout_tui.reports.pen import Pen
from backout_tui.reports.sections import people_section, record_section, steps_section, summary_section


def report(backout: Backout, events: Sequence[Event], not_sound: Sequence[str] = (), ends: Ends = NO_ENDS) -> str:
    """Return the whole report of `backout`, whose log is `events`. Text from outside always reads literally.

    `not_sound` is the warning to show first when the log is not what was written. `ends` is what the commands that did
    not succeed printed last.
    """
    pen = Pen.of(backout)
    sections: Iterable[Iterable[str]] = (
        record_section.not_sound(pen, not_sound),
        summary_section.title(pen, backout),
        summary_section.glass(pen, backout),
        summary_section.summary(pen, backout, events),
        summary_section.problems(pen, backout),
        summary_section.decision(pen, backout),
        steps_section.as_run(pen, backout, ends),
        steps_section.rehearsed(pen, backout),
        steps_section.deviations(pen, backout),
        people_section.verification(pen, backout),
        people_section.communication(pen, backout),
        record_section.open_ends(pen, backout),
        record_section.thin_reasons(pen, backout, events),
        record_section.log(pen, events),
        record_section.proof(backout),
    )
    written = ("\n".join(section) for section in sections)
    return "\n\n".join(section for section in written if section) + "\n"

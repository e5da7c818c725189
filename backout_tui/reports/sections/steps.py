"""As planned beside as run; the attempts that did not succeed; where and why it departed from the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backout_tui.domain.backout import Backout
from backout_tui.domain.clock import took_s
from backout_tui.domain.flatten import steps_of
from backout_tui.domain.items import Attempt, StepState
from backout_tui.domain.spans import estimate_words
from backout_tui.domain.ways import folded_words, is_folded
from backout_tui.reports.literal import table
from backout_tui.reports.pen import Pen, span, when


def as_run(pen: Pen, backout: Backout) -> Iterator[str]:
    """Every step: what the plan said beside what became of it."""
    yield "## As planned, as run"
    yield ""
    planned = steps_of(backout.plan)
    if backout.chosen_option:
        yield f"Of the plan's options this one was chosen: {pen.line(backout.chosen_option)}."
        for option in backout.options:
            if option != backout.chosen_option:
                yield ""
                yield f"{pen.line(folded_words(backout, option))}."
        yield ""
    if not backout.steps:
        yield "There were no steps."
    in_play = [step for step in backout.steps.values() if not is_folded(backout, step)]
    rows = [_row(pen, step, planned.get(step.number)) for step in in_play]
    yield from table(
        ("Step", "As planned", "Planned", "Took", "Ended (UTC)", "State", "Attempts", "By", "Reason or note"), rows
    )
    tried = [(step, attempt) for step in backout.leaves for attempt in step.attempts if attempt.state != "done"]
    if tried:
        yield ""
        yield "Attempts that did not end as done:"
        yield ""
        headings = ("Step", "Attempt", "Started (UTC)", "Took", "Ended as", "Exit", "Why")
        yield from table(headings, (_attempt(pen, step, attempt) for step, attempt in tried))


def _row(pen: Pen, step: StepState, planned: StepState | None) -> tuple[str, ...]:
    title = pen.line(planned.title if planned is not None else step.title)
    if planned is None:
        title = f"*added:* {title}"
    elif step.origin == "changed":
        title = f"{title} *(changed)*"
    took = took_s(step)
    return (
        pen.line(step.number),
        title if not step.parent else f"· {title}",
        _estimate(step),
        span(took) if took is not None else "",
        when(step.ended_at),
        step.state.value.replace("_", " "),
        str(len(step.attempts)) if step.attempts else "",
        pen.line(step.by),
        pen.line(step.reason),
    )


def _estimate(step: StepState) -> str:
    if step.estimate is None:
        return ""
    typical, bad = estimate_words(step.estimate.typical_s), estimate_words(step.estimate.bad_s)
    return typical if typical == bad else f"{typical} to {bad}"


def _attempt(pen: Pen, step: StepState, attempt: Attempt) -> tuple[str, ...]:
    return (
        pen.line(step.number),
        str(attempt.number),
        when(attempt.started_at),
        span(attempt.duration_ms // 1000) if attempt.duration_ms is not None else "",
        pen.line(attempt.state.replace("_", " ")),
        "" if attempt.exit_code is None else str(attempt.exit_code),
        pen.line(attempt.why),
    )


def deviations(pen: Pen, backout: Backout) -> Iterator[str]:
    """Where it departed from the plan, each with its reason; and the commands that were changed or added."""
    yield "## Deviations from the plan"
    yield ""
    if not backout.deviations:
        yield "None."
    rows = [
        (
            pen.line(one.step),
            pen.line(one.kind.replace("_", " ")),
            pen.line(one.reason),
            pen.line(one.by),
            when(one.at),
            str(one.event),
        )
        for one in backout.deviations
    ]
    yield from table(("Step", "Deviation", "Reason", "By", "At (UTC)", "Event"), rows)
    yield from _commands(pen, backout, steps_of(backout.plan))


def _commands(pen: Pen, backout: Backout, planned: Mapping[str, StepState]) -> Iterator[str]:
    for step in backout.leaves:
        before = planned[step.number].command if step.number in planned else ""
        if step.command and step.command != before:
            yield ""
            yield f"Step {pen.line(step.number)}, the command as it stands in this backout:"
            yield ""
            yield from pen.block(step.command)
            if before:
                yield ""
                yield "as the plan has it:"
                yield ""
                yield from pen.block(before)

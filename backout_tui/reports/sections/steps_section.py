"""The steps as planned and as run, the attempts that did not succeed, and each deviation with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from backout_tui.domain.backout.as_run import run_order
from backout_tui.domain.backout.changed_steps import changes
from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import Attempt, StepState
from backout_tui.domain.backout.order import folded_words, is_folded
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.backout.states import AttemptStatus
from backout_tui.domain.clock.forecast import took_s
from backout_tui.domain.printed_ends import Ends
from backout_tui.domain.rules.doubt import probe_words
from backout_tui.domain.spans import about
from backout_tui.reports.deviation_words import kind_words, overtaken_words
from backout_tui.reports.judgement_words import before, by_the_plan
from backout_tui.reports.literal import table
from backout_tui.reports.pen import Pen, when


def as_run(pen: Pen, backout: Backout, ends: Ends) -> Iterator[str]:
    """Every step: what the plan said beside what happened to it."""
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
    yield from by_the_plan(pen, "Before you start", before(backout))
    yield from _not_done(pen, backout, ends)
    yield from _probes(pen, backout)


def _not_done(pen: Pen, backout: Backout, ends: Ends) -> Iterator[str]:
    """The attempts that did not end as done, and what each of them printed last."""
    tried = [
        (step, attempt)
        for step in backout.leaves
        for attempt in step.attempts
        if attempt.state is not AttemptStatus.DONE
    ]
    if not tried:
        return
    yield ""
    yield "Attempts that did not end as done:"
    yield ""
    headings = ("Step", "Attempt", "Started (UTC)", "Took", "Ended as", "Exit", "Why")
    yield from table(headings, (_attempt(pen, step, attempt) for step, attempt in tried))
    for step, attempt in tried:
        if end := ends.get(attempt.intent):
            yield ""
            yield f"Step {pen.line(step.number)}, attempt {attempt.number}, printed last:"
            yield ""
            yield from pen.block("\n".join(end))


def _probes(pen: Pen, backout: Backout) -> Iterator[str]:
    """The probes that were run to find out what is true of a step; their output says more than their exit code."""
    probed = [(step, probe) for step in backout.leaves for probe in step.probes]
    if not probed:
        return
    yield ""
    yield "Probes, which change nothing of their step:"
    yield ""
    rows = [
        (
            pen.line(step.number),
            when(probe.started_at),
            pen.line(probe.command),
            pen.line(probe_words(probe)),
            pen.line(probe.last.rpartition("\n")[2]),
        )
        for step, probe in probed
    ]
    yield from table(("Step", "Run at (UTC)", "Probe", "What it came to", "Its last line"), rows)


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
        about(took) if took is not None else "",
        when(step.ended_at),
        step.state.words,
        str(len(step.attempts)) if step.attempts else "",
        pen.line(step.by),
        pen.line(step.reason),
    )


def _estimate(step: StepState) -> str:
    if step.estimate is None:
        return ""
    typical, bad = about(step.estimate.typical_s), about(step.estimate.bad_s)
    return typical if typical == bad else f"{typical} to {bad}"


def _attempt(pen: Pen, step: StepState, attempt: Attempt) -> tuple[str, ...]:
    return (
        pen.line(step.number),
        str(attempt.number),
        when(attempt.started_at),
        about(attempt.duration_ms // 1000) if attempt.duration_ms is not None else "",
        pen.line(attempt.state.words),
        "" if attempt.exit_code is None else str(attempt.exit_code),
        pen.line(attempt.why),
    )


def rehearsed(pen: Pen, backout: Backout) -> Iterator[str]:
    """For a rehearsal: which steps really ran, by which command, and how long that took beside the estimate."""
    if backout.live:
        return
    yield "## What was rehearsed"
    yield ""
    rows = [(pen.line(step.number), pen.line(step.title), *_rehearsed(step)) for step in backout.leaves]
    yield from table(("Step", "", "How", "Result", "Took", "Estimate"), rows)


def _rehearsed(step: StepState) -> tuple[str, str, str, str]:
    attempt, took = step.attempt, took_s(step)
    if attempt is None:
        return "by hand" if step.kind is StepKind.MANUAL and step.settled else "", "", "", _estimate(step)
    if attempt.state is AttemptStatus.SHOWN:
        return "shown", "", "", _estimate(step)
    how = "run" if attempt.command == step.command else "its rehearsal command"
    return how, attempt.state.words, about(took) if took is not None else "", _estimate(step)


def deviations(pen: Pen, backout: Backout) -> Iterator[str]:
    """Each deviation from the plan with its reason, and the commands that were changed or added."""
    yield "## Deviations from the plan"
    yield ""
    if not backout.deviations:
        yield "None."
    planned = steps_of(backout.plan)
    rows = [_deviation(pen, one, backout.steps.get(one.step), planned) for one in backout.deviations]
    headings = ("Step", "Deviation", "Reason", "Agreed with", "Problem", "By", "At (UTC)", "Event")
    yield from table(headings, rows)
    for number in run_order(backout):
        yield from _changes(pen, backout.steps[number], planned.get(number))


def _deviation(pen: Pen, one: Deviation, step: StepState | None, planned: Mapping[str, StepState]) -> tuple[str, ...]:
    return (
        pen.line(one.step),
        pen.line(kind_words(one, step, planned)),
        pen.line(", ".join(filter(None, (one.why, overtaken_words(one))))),
        pen.line(one.agreed),
        pen.line(one.problem),
        pen.line(one.by),
        when(one.at),
        str(one.event),
    )


def _changes(pen: Pen, step: StepState, planned: StepState | None) -> Iterator[str]:
    """What changed, line by line; for an added step, its command."""
    for one in changes(planned or StepState(step.number, step.title), step):
        against = " against the plan's" if planned is not None else ", added in this backout"
        signs = ": `-` as planned, `+` in this backout" if planned is not None else ""
        yield ""
        yield f"Step {pen.line(step.number)}, the {one.part}{against}{signs}:"
        yield ""
        yield from pen.block("\n".join(one.lines) if planned is not None else one.after)

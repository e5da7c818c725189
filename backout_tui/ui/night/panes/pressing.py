"""What is told about a thing in doubt or a failed step: what is known, and what can be done about it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.items import Attempt, StepState
from backout_tui.domain.backout.runs import Away, Run, under_way
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.moments import hour
from backout_tui.domain.rules.doubt import Doubt, Life, doubts, life_words, probe_words
from backout_tui.domain.spans import span_words
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.text_view import Line

Lives = Mapping[str, Life]
"""What is known now of the processes of what is in doubt, by the attempts' intents."""
NOTHING_KNOWN: Lives = MappingProxyType({})
"""Nothing is known of any of them."""


def doubt_of(backout: Backout, item: Item | None) -> Doubt | None:
    """The doubt about `item`; None when there is none."""
    return next((one for one in doubts(backout) if one.item == item), None)


def doubt_lines(backout: Backout, doubt: Doubt, at: datetime, lives: Lives) -> list[Line]:
    """The command, when and where it was started, whether it is still alive, and the keys."""
    kind, name = doubt.item
    if doubt.attempt is None:
        return _message_lines(backout, name)
    lines = [_command(doubt.attempt.command), *_begun(doubt.attempt, at, lives)]
    if kind == "step":
        step = backout.steps[name]
        return [*lines, *_probe(step, at), *_ways_out(step)]
    return [*lines, Line("v runs it again; Enter goes back to the rows.", "strong")]


def _begun(attempt: Attempt, at: datetime, lives: Lives) -> Iterator[Line]:
    ago = span_words((at - attempt.started_at).total_seconds())
    begun = hour(attempt.started_at, at, exact=True, zoned=True)
    yield Line(f"begun:   {begun} on {attempt.host}, {ago} ago, as run {attempt.number}")
    life = lives.get(attempt.intent, Life.UNKNOWN)
    yield Line(f"now:     {life_words(life, attempt)}", "warning" if life is not Life.GONE else "")
    if attempt.why:
        yield Line(f"why:     {attempt.why}")


def _probe(step: StepState, at: datetime) -> Iterator[Line]:
    probe = step.last_probe
    if probe is not None:
        tone = {"done": "done", "failed": "failed"}.get(probe.state, "warning")
        yield Line(f"probe:   {hour(probe.started_at, at)} {probe_words(probe)}", tone)
        yield from (Line(f"         {line}") for line in probe.last.split("\n") if probe.last)


def _ways_out(step: StepState) -> Iterator[Line]:
    yield Line("Enter says what is true: d done, f failed, u not started.", "strong")
    yield (
        Line(f"v runs its probe: {step.probe}") if step.probe else Line("It has no probe: look there yourself.", "dim")
    )
    if step.says("safe to repeat"):
        yield Line("r runs it again: the plan says that it is safe to repeat.")
    else:
        yield Line("It is not run again: the plan does not say that it is safe to repeat.", "dim")


def _message_lines(backout: Backout, name: str) -> list[Line]:
    message = backout.messages[name]
    told = [
        Line(f"  {one.name}: {one.state.replace('_', ' ')}{': ' + one.detail if one.detail else ''}")
        for one in message.recipients
    ]
    ask = Line("Ask them. Enter says whether it arrived; it is not sent again by itself.", "strong")
    return [Line(f"“{message.sent_subject or message.title}” by {message.by}", "strong"), *told, ask]


def beyond_of(backout: Backout, item: Item | None, away: Away) -> Run | None:
    """The run of `item` that is out of reach; None when there is none."""
    return next((run for run in under_way(backout) if run.item == item and run.attempt.intent in away), None)


def beyond_lines(run: Run, at: datetime, away: Away) -> Iterator[Line]:
    """Where it runs, since when, why it cannot be asked, and what can be done."""
    attempt, beyond = run.attempt, away[run.attempt.intent]
    ago = span_words((at - attempt.started_at).total_seconds())
    if attempt.command:
        yield _command(attempt.command)
    yield Line(f"begun:   {hour(attempt.started_at, at, exact=True, zoned=True)} on {beyond.host}, {ago} ago")
    yield Line(f"now:     nobody can see from here: {beyond.why}", "warning")
    yield Line("Look there. If nobody can, Enter declares it in doubt, with a reason.", "strong")
    yield Line("Its own outcome is still recorded, should it come.", "dim")


def failed_lines(step: StepState, attempt: Attempt | None, at: datetime) -> list[Line]:
    """The command, what the plan says to do, and how to go on."""
    otherwise = step.fact("if it fails")
    lines = [_command(attempt.command)] if attempt is not None else []
    if step.reason:
        lines.append(Line(f"failed:  {step.reason}", "failed"))
    lines += [Line(f"if it fails: {otherwise}", "warning")] if otherwise else []
    again = "r run again   " if step.kind is StepKind.COMMAND else "d done   "
    probe = "   v probe" if step.probe else ""
    return [*lines, *_probe(step, at), Line(f"{again}w work around   s skip{probe}", "strong")]


def _command(command: str) -> Line:
    first, *more = command.strip().split("\n")
    return Line(f"$ {first}{' …' if more else ''}", "strong")

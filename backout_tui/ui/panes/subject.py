"""What the detail pane shows: what was opened, else what runs, has failed or is next. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from backout_tui.domain.backout import Backout
from backout_tui.domain.clock import NOT_SILENT, Silent
from backout_tui.domain.doubt import Doubt
from backout_tui.domain.items import Attempt, StepStatus
from backout_tui.domain.next_wish import Wish
from backout_tui.domain.remembered import once_for_steps
from backout_tui.ui.board import KeptOutput
from backout_tui.ui.panes.pressing import NOTHING_KNOWN, Lives, doubt_lines, doubt_of, failed_lines
from backout_tui.ui.panes.stories import story_of
from backout_tui.ui.situation import Item
from backout_tui.ui.text_view import Line


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to show: its title, its story, and the attempt whose output belongs to it.

    `follows`: the end of the output matters more than the beginning of the story. `matters`: it is worth its place
    where there is little. `pinned`: the story stays in view over the end of the output.
    """

    item: Item | None
    title: str
    story: tuple[Line, ...] = ()
    attempt: Attempt | None = None
    follows: bool = False
    matters: bool = True
    pinned: bool = False


def opened(
    backout: Backout, item: Item, at: datetime, silent: Silent = NOT_SILENT, lives: Lives = NOTHING_KNOWN
) -> Subject:
    """What Enter opened, whole; of what is in doubt, what is known and what can be said of it."""
    if (doubt := doubt_of(backout, item)) is not None:
        return _doubt(backout, doubt, at, lives)
    title, story = story_of(backout, item, at, silent)
    attempt = attempt_of(backout, item)
    return Subject(item, title, tuple(story), attempt, follows=attempt is not None and attempt.state == "running")


def of_now(backout: Backout, wish: Wish, at: datetime) -> Subject:
    """What runs or has gone wrong; else what has to be done by hand; else the newest output; else what is next."""
    for item in _under_way(backout):
        attempt = attempt_of(backout, item)
        if item[0] == "step" and backout.steps[item[1]].state is StepStatus.FAILED and backout.backs_out:
            return _failed(backout, item, attempt, at)
        if attempt is not None:
            return _output(item, attempt)
    if (by_hand := _by_hand(backout, wish)) is not None:
        return by_hand
    if (newest := _newest(backout)) is not None and backout.closed_at is None:
        return _output(*newest)
    if wish.on is not None:
        return replace(opened(backout, wish.on, at), matters=False)
    return Subject(None, "Nothing opened", (Line("Enter opens what the cursor is on.", "dim"),), matters=False)


def _doubt(backout: Backout, doubt: Doubt, at: datetime, lives: Lives) -> Subject:
    kind, name = doubt.item
    what = backout.messages[name].title if kind == "message" else f"{kind.capitalize()} {name}"
    story = [*doubt_lines(backout, doubt, at, lives)]
    story += [Line("It printed:", "heading")] if doubt.attempt is not None and doubt.attempt.output else []
    return Subject(doubt.item, f"IN DOUBT · {what}", tuple(story), doubt.attempt, follows=True, pinned=True)


def _failed(backout: Backout, item: Item, attempt: Attempt | None, at: datetime) -> Subject:
    story = failed_lines(backout.steps[item[1]], attempt, at)
    return Subject(item, f"Step {item[1]} · failed", tuple(story), attempt, follows=True, pinned=True)


def _by_hand(backout: Backout, wish: Wish) -> Subject | None:
    """What the plan says of the manual step that is next."""
    step = backout.steps.get(wish.on[1]) if wish.on is not None and wish.on[0] == "step" else None
    if step is None or step.kind != "manual" or not step.instruction:
        return None
    lines = tuple(Line(line) for line in step.instruction.strip("\n").split("\n"))
    return Subject(wish.on, f"Step {step.number} · by hand", lines)


def _output(item: Item, attempt: Attempt) -> Subject:
    name = f"{'Step' if item[0] == 'step' else 'Check'} {item[1]}"
    return Subject(item, f"{name} · output", (_first_line(attempt),), attempt, follows=True)


def attempt_of(backout: Backout, item: Item) -> Attempt | None:
    """The attempt whose output belongs to `item`: its newest, or the one that is attached to a problem."""
    kind, name = item
    if kind == "step" and name in backout.steps:
        return backout.steps[name].attempt
    if kind == "check" and name in backout.checks:
        return backout.checks[name].attempt
    problem = backout.problem(name) if kind == "problem" else None
    if problem is None or not problem.output:
        return None
    return next((attempt for _, attempt in _attempts(backout) if attempt.output == problem.output), None)


def kept_output(backout: Backout, subject: Subject | None) -> KeptOutput | None:
    """The finished output that is shown, else the newest one."""
    kept = [(item, attempt) for item, attempt in _attempts(backout) if attempt.output]
    if not kept:
        return None
    shown = subject.attempt.intent if subject is not None and subject.attempt is not None else ""
    newest = max(kept, key=lambda one: one[1].ended_at or one[1].started_at)
    (kind, name), attempt = next((one for one in kept if one[1].intent == shown), newest)
    return KeptOutput(f"{kind} {name}", attempt.output)


def _newest(backout: Backout) -> tuple[Item, Attempt] | None:
    """The attempt that was begun last, unless it only showed its command."""
    begun = [one for one in _attempts(backout) if one[1].state not in ("shown", "not_started")]
    return max(begun, key=lambda one: one[1].started_at, default=None)


def _attempts(backout: Backout) -> Iterator[tuple[Item, Attempt]]:
    yield from _step_attempts(backout)
    for check in backout.checks.values():
        yield from ((("check", check.id), attempt) for attempt in check.attempts)


@once_for_steps
def _step_attempts(backout: Backout) -> tuple[tuple[Item, Attempt], ...]:
    return tuple((("step", step.number), attempt) for step in backout.leaves for attempt in step.attempts)


def _under_way(backout: Backout) -> Iterator[Item]:
    """Running first, then in doubt, then failed."""
    for state in (StepStatus.RUNNING, StepStatus.IN_DOUBT, StepStatus.FAILED):
        yield from (("step", step.number) for step in backout.leaves_in(state))
        if state is StepStatus.RUNNING:
            yield from (("check", check.id) for check in backout.checks.values() if check.running)


def _first_line(attempt: Attempt) -> Line:
    first, *more = attempt.command.strip().split("\n")
    return Line(f"$ {first}{' …' if more else ''}", "strong")

"""What the detail pane shows: what was opened, else what is running, has failed or is next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.items import Attempt
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away, Run, named
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import ATTEMPT, AttemptStatus, StepStatus
from backout_tui.domain.clock.forecast import NOT_SILENT, Silent
from backout_tui.domain.rules.doubt import Doubt
from backout_tui.domain.rules.next_wish import Wish
from backout_tui.domain.values import replace
from backout_tui.ui.night.board import KeptOutput
from backout_tui.ui.night.panes.pressing import (
    NOTHING_KNOWN,
    Lives,
    beyond_lines,
    beyond_of,
    doubt_lines,
    doubt_of,
    failed_lines,
)
from backout_tui.ui.night.panes.stories import story_of
from backout_tui.ui.night.situation import Item
from backout_tui.ui.widgets.text_view import Line


class Subject(Struct, frozen=True):
    """One item to show: its title, its story, and the attempt whose output belongs to it.

    `follows`: the end of the output matters more than the start of the story. `matters`: it deserves its place on a
    small screen. `pinned`: the story stays in view over the end of the output.
    """

    item: Item | None
    title: str
    story: tuple[Line, ...] = ()
    attempt: Attempt | None = None
    follows: bool = False
    matters: bool = True
    pinned: bool = False


def opened(
    backout: Backout,
    item: Item,
    at: datetime,
    silent: Silent = NOT_SILENT,
    lives: Lives = NOTHING_KNOWN,
    away: Away = ALL_IN_REACH,
) -> Subject:
    """What Enter opened, in full; for something in doubt, what is known and what can be said about it."""
    if (doubt := doubt_of(backout, item)) is not None:
        return _doubt(backout, doubt, at, lives)
    if (beyond := beyond_of(backout, item, away)) is not None:
        return _beyond(backout, beyond, at, away)
    title, story = story_of(backout, item, at, silent)
    attempt = attempt_of(backout, item)
    return Subject(
        item, title, tuple(story), attempt, follows=attempt is not None and attempt.state is AttemptStatus.RUNNING
    )


def with_words(subject: Subject, awaiting: Mapping[str, str], unsound: Mapping[Item, str]) -> Subject:
    """Put warnings before the story: its record is not what was written, or its end cannot be recorded yet."""
    word = awaiting.get(subject.attempt.intent, "") if subject.attempt is not None else ""
    fault = unsound.get(subject.item, "") if subject.item is not None else ""
    words = [Line(f"NOT SOUND: {fault}. What stands here may not be what happened.", "failed")] if fault else []
    words += [Line(word, "warning")] if word else []
    return replace(subject, story=(*words, *subject.story), pinned=True) if words else subject


def of_now(backout: Backout, wish: Wish, at: datetime, away: Away = ALL_IN_REACH) -> Subject:
    """What is running or has failed; else what must be done by hand; else the newest output; else what is next."""
    if wish.on is not None and (run := beyond_of(backout, wish.on, away)) is not None:
        return _beyond(backout, run, at, away)
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


def _beyond(backout: Backout, run: Run, at: datetime, away: Away) -> Subject:
    """A run out of reach: its output cannot be seen from here."""
    title = f"OUT OF REACH · {named(backout, run)} on {away[run.attempt.intent].host}"
    return Subject(run.item, title, tuple(beyond_lines(run, at, away)), pinned=True)


def _failed(backout: Backout, item: Item, attempt: Attempt | None, at: datetime) -> Subject:
    story = failed_lines(backout.steps[item[1]], attempt, at)
    return Subject(item, f"Step {item[1]} · failed", tuple(story), attempt, follows=True, pinned=True)


def _by_hand(backout: Backout, wish: Wish) -> Subject | None:
    """What the plan says about the manual step that is next."""
    step = backout.steps.get(wish.on[1]) if wish.on is not None and wish.on[0] == "step" else None
    if step is None or step.kind is not StepKind.MANUAL or not step.instruction:
        return None
    lines = tuple(Line(line) for line in step.instruction.strip("\n").split("\n"))
    return Subject(wish.on, f"Step {step.number} · by hand", lines)


def _output(item: Item, attempt: Attempt) -> Subject:
    name = f"{'Step' if item[0] == 'step' else 'Check'} {item[1]}"
    return Subject(item, f"{name} · output", (_first_line(attempt),), attempt, follows=True)


def attempt_of(backout: Backout, item: Item) -> Attempt | None:
    """The attempt whose output belongs to `item`: its newest, or the one attached to a problem."""
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
    """The finished output that is shown, or else the newest one."""
    kept = [(item, attempt) for item, attempt in _attempts(backout) if attempt.output]
    if not kept:
        return None
    shown = subject.attempt.intent if subject is not None and subject.attempt is not None else ""
    newest = max(kept, key=lambda one: one[1].ended_at or one[1].started_at)
    (kind, name), attempt = next((one for one in kept if one[1].intent == shown), newest)
    return KeptOutput(f"{kind} {name}", attempt.output)


def _newest(backout: Backout) -> tuple[Item, Attempt] | None:
    """The attempt that was started last, unless it only showed its command."""
    begun = [one for one in _attempts(backout) if ATTEMPT[one[1].state].ran]
    return max(begun, key=lambda one: one[1].started_at, default=None)


def _attempts(backout: Backout) -> Iterator[tuple[Item, Attempt]]:
    yield from _step_attempts(backout)
    for check in backout.checks.values():
        yield from ((("check", check.id), attempt) for attempt in check.attempts)


@once_for_steps
def _step_attempts(backout: Backout) -> tuple[tuple[Item, Attempt], ...]:
    return tuple((("step", step.number), attempt) for step in backout.leaves for attempt in step.attempts)


def _under_way(backout: Backout) -> Iterator[Item]:
    """The running items first, then those in doubt, then the failed ones."""
    for state in (StepStatus.RUNNING, StepStatus.IN_DOUBT, StepStatus.FAILED):
        yield from (("step", step.number) for step in backout.leaves_in(state))
        if state is StepStatus.RUNNING:
            yield from (("check", check.id) for check in backout.checks.values() if check.running)


def _first_line(attempt: Attempt) -> Line:
    first, *more = attempt.command.strip().split("\n")
    return Line(f"$ {first}{' …' if more else ''}", "strong")

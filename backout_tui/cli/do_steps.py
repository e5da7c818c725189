"""The verbs about steps."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import click

from backout_tui.cli import asking
from backout_tui.cli.speech import tell
from backout_tui.cli.verb import (
    AGREED,
    BREAK_GLASS,
    MUST_REASON,
    NOTE,
    PROBLEM,
    REASON,
    STEP,
    WAIT,
    YES,
    Param,
    Verb,
    verb,
)
from backout_tui.domain.step_changes import changes, changes_to_plan
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs import probing, running, steps
from backout_tui.engine.verbs.beside import Beside
from backout_tui.engine.verbs.ids import step_of


def deviation(name: str, *params: Param) -> Callable[[Callable[..., Verb]], click.Command]:
    """A verb whose reason may say who agreed and which problem it is for: its function takes them as `beside`."""

    def made(function: Callable[..., Verb]) -> click.Command:
        @functools.wraps(function)
        def with_beside(*, agreed: str, problem: str, **given: Any) -> Verb:
            return function(**given, beside=Beside(agreed, problem))

        return verb(name, *params, AGREED, PROBLEM)(with_beside)

    return made


@deviation("step-run", STEP, YES, WAIT, REASON, BREAK_GLASS)
def step_run(step: str, yes: bool, reason: str, break_glass: bool, beside: Beside) -> Verb:
    """Run a step's command."""

    def run(op: Operator) -> Receipt:
        running.refuse_run(op, step, reason=reason, break_glass=break_glass)
        beside.entries(op.backout)  # a problem that is not there is told before anything is asked
        shown = asking.agreed_to_run(op, step, yes=yes)
        return running.run(op, step, reason=reason, beside=beside, break_glass=break_glass, shown=shown)

    return run


@verb("step-probe", STEP, YES, WAIT)
def step_probe(step: str, yes: bool) -> Verb:
    """Run the probe of a step that was begun: it finds out what is true, and changes nothing."""

    def run(op: Operator) -> Receipt:
        probing.refuse_run(op, step)
        return probing.run(op, step, shown=asking.agreed_to_probe(op, step, yes=yes))

    return run


@verb("step-stop", STEP)
def step_stop(step: str) -> Verb:
    """Stop a step's command: TERM, then KILL, to all that it started."""
    return lambda op: running.stop(op, step)


@deviation("step-done", STEP, NOTE, REASON, BREAK_GLASS)
def step_done(step: str, note: str, reason: str, break_glass: bool, beside: Beside) -> Verb:
    """Say that a step is done; of a command or a failed step with a note, against the program."""
    return lambda op: steps.done(op, step, note, reason, beside=beside, break_glass=break_glass)


@verb("step-fail", STEP, MUST_REASON)
def step_fail(step: str, reason: str) -> Verb:
    """Say that a step has failed."""
    return lambda op: steps.fail(op, step, reason)


@deviation("step-skip", STEP, MUST_REASON, BREAK_GLASS)
def step_skip(step: str, reason: str, break_glass: bool, beside: Beside) -> Verb:
    """Leave a step out."""
    return lambda op: steps.skip(op, step, reason, beside=beside, break_glass=break_glass)


@deviation("step-workaround", STEP, MUST_REASON, BREAK_GLASS)
def step_workaround(step: str, reason: str, break_glass: bool, beside: Beside) -> Verb:
    """Say that what a step is for was reached in another way."""
    return lambda op: steps.work_around(op, step, reason, beside=beside, break_glass=break_glass)


@deviation("step-not-needed", STEP, MUST_REASON, BREAK_GLASS)
def step_not_needed(step: str, reason: str, break_glass: bool, beside: Beside) -> Verb:
    """Say that a step is not needed."""
    return lambda op: steps.not_needed(op, step, reason, beside=beside, break_glass=break_glass)


@verb("step-reopen", STEP, MUST_REASON)
def step_reopen(step: str, reason: str) -> Verb:
    """Open again what was skipped or not needed."""
    return lambda op: steps.reopen(op, step, reason)


@deviation(
    "step-change",
    STEP,
    click.option("--title", metavar="T"),
    click.option("--command", metavar="T"),
    click.option("--instruction", metavar="T"),
    MUST_REASON,
)
def step_change(
    step: str, title: str | None, command: str | None, instruction: str | None, reason: str, beside: Beside
) -> Verb:
    """Change a step in this backout; the plan stays as it is. What it changes is told, line by line."""

    def change(op: Operator) -> Receipt:
        before = step_of(op.refresh(), step)
        receipt = steps.change(
            op, step, title=title, command=command, instruction=instruction, reason=reason, beside=beside
        )
        after = receipt.backout.steps[before.number]
        for one in changes_to_plan(receipt.backout, after.number) or changes(before, after):
            tell(f"{one.part} of step {after.number}, in this backout only:")
            tell("\n".join(f"    {line}" for line in one.lines))
        return receipt

    return change


@deviation(
    "step-add",
    click.argument("title"),
    click.option("--after", default="", metavar="STEP", help="Behind this step; else at the end."),
    click.option("--command", default="", metavar="T"),
    click.option("--instruction", default="", metavar="T"),
    REASON,
)
def step_add(title: str, after: str, command: str, instruction: str, reason: str, beside: Beside) -> Verb:
    """Add a step to this backout."""
    return lambda op: steps.add(
        op, title, after=after, command=command, instruction=instruction, reason=reason, beside=beside
    )


@deviation("step-move", STEP, click.option("--after", required=True, metavar="STEP"), MUST_REASON)
def step_move(step: str, after: str, reason: str, beside: Beside) -> Verb:
    """Move a step behind another; it keeps its number."""
    return lambda op: steps.move(op, step, after, reason, beside)


@verb("step-resolve", STEP, click.argument("truth", type=click.Choice(["done", "failed", "not-started"])), MUST_REASON)
def step_resolve(step: str, truth: str, reason: str) -> Verb:
    """Say what is true of a step in doubt."""
    return lambda op: steps.resolve(op, step, truth, reason)


@verb("step-condition", STEP, click.argument("answer", type=click.Choice(["yes", "no"])))
def step_condition(step: str, answer: str) -> Verb:
    """Answer a step's `only if`."""
    return lambda op: steps.answer(op, step, answer)


@deviation("option-choose", click.argument("name"), MUST_REASON)
def option_choose(name: str, reason: str, beside: Beside) -> Verb:
    """Choose one of the plan's options."""
    return lambda op: steps.choose_option(op, name, reason, beside)


@verb("var-set", click.argument("name"), click.argument("value"), REASON)
def var_set(name: str, value: str, reason: str) -> Verb:
    """Give a variable its value in this backout."""
    return lambda op: steps.set_variable(op, name, value, reason)


COMMANDS = (
    step_run, step_probe, step_stop, step_done, step_fail, step_skip, step_workaround, step_not_needed, step_reopen,
    step_change, step_add, step_move, step_resolve, step_condition, option_choose, var_set,
)  # fmt: skip

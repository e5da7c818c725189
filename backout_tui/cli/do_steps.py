"""The verbs about steps."""

from __future__ import annotations

import click

from backout_tui.cli import asking
from backout_tui.cli.verb import BREAK_GLASS, MUST_REASON, NOTE, REASON, STEP, WAIT, YES, Verb, verb
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs import probing, running, steps


@verb("step-run", STEP, YES, WAIT, REASON, BREAK_GLASS)
def step_run(step: str, yes: bool, reason: str, break_glass: bool) -> Verb:
    """Run a step's command."""

    def run(op: Operator) -> Receipt:
        running.refuse_run(op, step, reason=reason, break_glass=break_glass)
        shown = asking.agreed_to_run(op, step, yes=yes)
        return running.run(op, step, reason=reason, break_glass=break_glass, shown=shown)

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


@verb("step-done", STEP, NOTE, REASON, BREAK_GLASS)
def step_done(step: str, note: str, reason: str, break_glass: bool) -> Verb:
    """Say that a step is done; of a command or a failed step with a note, against the program."""
    return lambda op: steps.done(op, step, note, reason, break_glass=break_glass)


@verb("step-fail", STEP, MUST_REASON)
def step_fail(step: str, reason: str) -> Verb:
    """Say that a step has failed."""
    return lambda op: steps.fail(op, step, reason)


@verb("step-skip", STEP, MUST_REASON, BREAK_GLASS)
def step_skip(step: str, reason: str, break_glass: bool) -> Verb:
    """Leave a step out."""
    return lambda op: steps.skip(op, step, reason, break_glass=break_glass)


@verb("step-workaround", STEP, MUST_REASON, BREAK_GLASS)
def step_workaround(step: str, reason: str, break_glass: bool) -> Verb:
    """Say that what a step is for was reached in another way."""
    return lambda op: steps.work_around(op, step, reason, break_glass=break_glass)


@verb("step-not-needed", STEP, MUST_REASON, BREAK_GLASS)
def step_not_needed(step: str, reason: str, break_glass: bool) -> Verb:
    """Say that a step is not needed."""
    return lambda op: steps.not_needed(op, step, reason, break_glass=break_glass)


@verb("step-reopen", STEP, MUST_REASON)
def step_reopen(step: str, reason: str) -> Verb:
    """Open again what was skipped or not needed."""
    return lambda op: steps.reopen(op, step, reason)


@verb(
    "step-change",
    STEP,
    click.option("--title", metavar="T"),
    click.option("--command", metavar="T"),
    click.option("--instruction", metavar="T"),
    MUST_REASON,
)
def step_change(step: str, title: str | None, command: str | None, instruction: str | None, reason: str) -> Verb:
    """Change a step in this backout; the plan stays as it is."""
    return lambda op: steps.change(op, step, title=title, command=command, instruction=instruction, reason=reason)


@verb(
    "step-add",
    click.argument("title"),
    click.option("--after", default="", metavar="STEP", help="Behind this step; else at the end."),
    click.option("--command", default="", metavar="T"),
    click.option("--instruction", default="", metavar="T"),
    REASON,
)
def step_add(title: str, after: str, command: str, instruction: str, reason: str) -> Verb:
    """Add a step to this backout."""
    return lambda op: steps.add(op, title, after=after, command=command, instruction=instruction, reason=reason)


@verb("step-move", STEP, click.option("--after", required=True, metavar="STEP"), MUST_REASON)
def step_move(step: str, after: str, reason: str) -> Verb:
    """Move a step behind another; it keeps its number."""
    return lambda op: steps.move(op, step, after, reason)


@verb("step-resolve", STEP, click.argument("truth", type=click.Choice(["done", "failed", "not-started"])), MUST_REASON)
def step_resolve(step: str, truth: str, reason: str) -> Verb:
    """Say what is true of a step in doubt."""
    return lambda op: steps.resolve(op, step, truth, reason)


@verb("step-condition", STEP, click.argument("answer", type=click.Choice(["yes", "no"])))
def step_condition(step: str, answer: str) -> Verb:
    """Answer a step's `only if`."""
    return lambda op: steps.answer(op, step, answer)


@verb("option-choose", click.argument("name"), MUST_REASON)
def option_choose(name: str, reason: str) -> Verb:
    """Choose one of the plan's options."""
    return lambda op: steps.choose_option(op, name, reason)


@verb("var-set", click.argument("name"), click.argument("value"), REASON)
def var_set(name: str, value: str, reason: str) -> Verb:
    """Give a variable its value in this backout."""
    return lambda op: steps.set_variable(op, name, value, reason)


COMMANDS = (
    step_run, step_probe, step_stop, step_done, step_fail, step_skip, step_workaround, step_not_needed, step_reopen,
    step_change, step_add, step_move, step_resolve, step_condition, option_choose, var_set,
)  # fmt: skip

"""What some verbs need on the command line beyond their rows: show what will run or be sent, ask, print more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from backout_tui.cli import asking
from backout_tui.cli.speech import tell
from backout_tui.domain.backout.changed_steps import changes, changes_to_plan, judged_by
from backout_tui.domain.plan.judgement import said_in
from backout_tui.domain.text import clean_line
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs import (
    adoption_verbs,
    check_verbs,
    control_verbs,
    message_verbs,
    probe_verbs,
    run_verbs,
    step_verbs,
)
from backout_tui.engine.verbs.beside import Beside
from backout_tui.engine.verbs.ids import step_of


def _run_step(op: Operator, step: str, *, yes: bool, break_glass: bool, beside: Beside, reason: str = "") -> Receipt:
    run_verbs.refuse_run(op, step, reason=reason, break_glass=break_glass)
    beside.entries(op.backout)  # report a missing problem before asking anything
    shown = asking.agreed_to_run(op, step, yes=yes)
    return run_verbs.run(op, step, reason=reason, beside=beside, break_glass=break_glass, shown=shown)


def _run_probe(op: Operator, step: str, *, yes: bool, reason: str = "") -> Receipt:
    probe_verbs.refuse_run(op, step, reason=reason)
    return probe_verbs.run(op, step, reason=reason, shown=asking.agreed_to_probe(op, step, yes=yes))


def _run_check(op: Operator, check: str, *, reason: str = "") -> Receipt:
    if check != "all":
        check_verbs.refuse_run(op, check, reason=reason)
    asking.secrets_for_checks(op, check)
    return check_verbs.run_all(op, reason=reason) if check == "all" else check_verbs.run(op, check, reason=reason)


def _send_message(op: Operator, title: str, *, yes: bool) -> Receipt:
    message_verbs.refuse_send(op, title)
    return message_verbs.send(op, title, shown=asking.agreed_to_send(op, title, yes=yes))


def _change_step(op: Operator, step: str, *, no_expect: bool, expects: tuple[str, ...] = (), **given: Any) -> Receipt:
    if expects and no_expect:
        raise click.UsageError("--expect and --no-expect exclude each other")
    before = step_of(op.refresh(), step)
    receipt = step_verbs.change(op, step, expects=expects if expects or no_expect else None, **given)
    after = receipt.backout.steps[before.number]
    for one in changes_to_plan(receipt.backout, after.number) or changes(before, after):
        tell(f"{one.part} of step {after.number}, in this backout only:")
        tell("\n".join(f"    {line}" for line in one.lines))
    tell(clean_line(judged_by(before, after)))
    return receipt


def _take_over(op: Operator, *, ask: bool, adopt: bool, reason: str = "") -> Receipt:
    if adopt:
        return adoption_verbs.adopt(op, reason)
    if not (ask or reason.strip()):
        raise click.UsageError("give --reason: why you take the controls; or --ask for them")
    return control_verbs.ask(op, reason) if ask else control_verbs.take_over(op, reason)


def _brief(op: Operator) -> Iterator[str]:
    from backout_tui.reports.brief import brief

    yield ""
    yield from brief(op.backout, op.desk.clock.now())


def _after(op: Operator) -> Iterator[str]:
    if after := said_in(op.backout.plan.after):
        yield "Before closing, the plan says for after the backout:"
        yield from (clean_line(f"  - {line}") for line in after)
    yield from _judged(op)


def _judged(op: Operator) -> Iterator[str]:
    from backout_tui.domain.rules.afterwards import verdict_words

    for words in verdict_words(op.backout):
        yield clean_line(f"! {words}")


SPECIAL: Mapping[str, Callable[..., Receipt]] = {
    "step-run": _run_step,
    "step-probe": _run_probe,
    "check-run": _run_check,
    "message-send": _send_message,
    "step-change": _change_step,
    "take-over": _take_over,
}
"""The verbs that do more here than call their function, by id."""

AFTERWARDS: Mapping[str, Callable[[Operator], Iterator[str]]] = {
    "agree": _brief,
    "hand-over": _brief,
    "verdict": _after,
    "close": _judged,
}
"""What is printed for people after a verb was done."""

"""Whether a step's `for each`, `until` and `capture` can work, and whether its command ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from backout_tui.domain.backout import capturing, repeating
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage
from backout_tui.domain.plan import loops
from backout_tui.domain.plan.criteria import why_no_command
from backout_tui.domain.plan.plan import Plan, Step
from backout_tui.domain.shell.endless import endless

_NO_COMMAND = "this step has no command of its own"


def about_doing(plan: Plan) -> Iterator[Finding]:
    """for-each-form, until-form, capture-form, probe-form."""
    for step in plan.every_step():
        for rule, key, wrong in (
            ("for-each-form", loops.FOR_EACH, loops.why_no_items(step)),
            ("until-form", repeating.UNTIL, _of_tries(step)),
            ("capture-form", capturing.CAPTURE, _of_capture(plan, step)),
            ("probe-form", "probe", why_no_command(step, "probe")),
            ("probe-form", "rehearse", why_no_command(step, "rehearse")),
        ):
            if wrong:
                line = next((fact.line for fact in step.facts if fact.key == key), step.line)
                yield finding(rule, line, f"step {step.number}", wrong)
    yield from _of_variables(plan)


def _of_tries(step: Step) -> str:
    if wrong := repeating.why_not_read(step):
        return wrong
    tried = step.fact(repeating.UNTIL) is not None
    return f"{_NO_COMMAND}: so there is nothing to repeat" if tried and not step.commands else ""


def _of_capture(plan: Plan, step: Step) -> str:
    if wrong := capturing.why_not_captured(plan, step):
        return wrong
    captures = step.fact(capturing.CAPTURE) is not None
    return f"{_NO_COMMAND}: so there is no output to keep a line of" if captures and not step.commands else ""


def _of_variables(plan: Plan) -> Iterator[Finding]:
    """Variables that name a step that doesn't capture them."""
    steps = {step.number: step for step in plan.every_step()}
    for name, number in capturing.captured_by(plan).items():
        step = steps.get(number) or steps.get(number.rpartition(".")[0]) or steps.get(number.partition("[")[0])
        variable = next((one for one in plan.variables if one.name == name), None)
        if step is not None and variable is not None and capturing.capture_of(step) != name:
            message = f"step {number} does not capture {name}: write `- capture: {name}` below its heading"
            yield finding("capture-form", variable.line, f"variable {name}", message)


def about_ends(scripts: Iterable[Passage]) -> Iterator[Finding]:
    """never-ends."""
    for script in scripts:
        for line, what in endless(script.text, script.line or 1):
            text = f"`{what}` does not end by itself: take that off, or put `timeout 60` before it"
            yield finding("never-ends", line if script.line else 0, script.item, text)

"""Whether what a plan says of how a step is done can be done: its items, its tries, what is captured."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain import capturing, loops, repeating
from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan import Plan, Step

_NO_COMMAND = "this step has no command of its own"


def about_doing(plan: Plan) -> Iterator[Finding]:
    """for-each-form, until-form, capture-form."""
    for step in plan.every_step():
        for rule, key, wrong in (
            ("for-each-form", loops.FOR_EACH, loops.why_no_items(step)),
            ("until-form", repeating.UNTIL, _of_tries(step)),
            ("capture-form", capturing.CAPTURE, _of_capture(plan, step)),
        ):
            if wrong:
                line = next((fact.line for fact in step.facts if fact.key == key), step.line)
                yield finding(rule, line, f"step {step.number}", wrong)
    yield from _of_variables(plan)


def _of_tries(step: Step) -> str:
    if wrong := repeating.why_not_read(step):
        return wrong
    tried = step.fact(repeating.UNTIL) is not None
    return f"{_NO_COMMAND}: nothing is tried until it is so" if tried and not step.commands else ""


def _of_capture(plan: Plan, step: Step) -> str:
    if wrong := capturing.why_not_captured(plan, step):
        return wrong
    captures = step.fact(capturing.CAPTURE) is not None
    return f"{_NO_COMMAND}: there is no output of which a line could be kept" if captures and not step.commands else ""


def _of_variables(plan: Plan) -> Iterator[Finding]:
    """The variables that say which step captures them, and that step does not."""
    steps = {step.number: step for step in plan.every_step()}
    for name, number in capturing.captured_by(plan).items():
        step = steps.get(number) or steps.get(number.rpartition(".")[0]) or steps.get(number.partition("[")[0])
        variable = next((one for one in plan.variables if one.name == name), None)
        if step is not None and variable is not None and capturing.capture_of(step) != name:
            message = f"step {number} does not capture {name}: write `- capture: {name}` below its heading"
            yield finding("capture-form", variable.line, f"variable {name}", message)

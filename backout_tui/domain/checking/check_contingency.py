"""Whether a plan says what to do after a point of no return."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.plan import Plan, Step
from backout_tui.domain.plan.readiness import says_something


def about_contingency(plan: Plan) -> Iterator[Finding]:
    """no-contingency: a step has no way back, and neither it nor the plan says what to do if it fails."""
    if plan.contingency is not None and says_something(plan.contingency.body):
        return
    for step in plan.top_steps():
        yield from _step(step)


def _step(step: Step) -> Iterator[Finding]:
    if says_something(step.fact("if it fails") or ""):
        return
    fact = next((one for one in step.facts if one.key in ("point of no return", "irreversible")), None)
    if fact is not None and step.says(fact.key):
        text = (
            "there is no way back after this step, and nothing says what to do when it fails: "
            "write `- if it fails: ...`, or the section `## If the backout fails`"
        )
        yield finding("no-contingency", fact.line, f"step {step.number}", text)
    for child in step.children:
        yield from _step(child)

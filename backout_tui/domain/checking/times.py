"""Whether the plan has its estimates, and they fit its window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.loops import estimate_of
from backout_tui.domain.plan.plan import Check, Fact, Plan, Step
from backout_tui.domain.spans import Estimate, about, seconds

_AFTER_DEPLOY = re.compile(r"^(.*?)\s*after\s+(?:the\s+)?deploy", re.IGNORECASE)


def about_times(plan: Plan) -> Iterator[Finding]:
    """no-estimate, over-window: both only if the plan gives a window."""
    window = next((fact for fact in plan.facts if fact.key == "window" and fact.value), None)
    if window is None:
        return
    for step in plan.top_steps():
        yield from _without_estimate(step)
    match = _AFTER_DEPLOY.match(window.value)
    span = seconds(match[1]) if match else None
    if span is not None:
        yield from _over(plan, window, span)


def _without_estimate(step: Step) -> Iterator[Finding]:
    """The steps without any estimate; a group's estimate covers its sub-steps."""
    if any(fact.key == "estimate" for fact in step.facts):
        return
    if not step.children:
        text = "this step has no estimate, and the plan has a window to fit: write `- estimate: 5 min`"
        yield finding("no-estimate", step.line, f"step {step.number}", text)
    for child in step.children:
        yield from _without_estimate(child)


def _over(plan: Plan, window: Fact, span: int) -> Iterator[Finding]:
    """What doesn't fit: typically with the longest watch, in the bad case with every watch one after the other."""
    steps = _whole(plan)
    watches = [_watch(check) for check in plan.checks]
    typical, bad = steps.typical_s + max(watches, default=0), steps.bad_s + sum(watches)
    if typical <= span and bad <= span:
        return
    over = typical if typical > span else bad
    case = "typically" if typical > span else "in the bad case"
    text = (
        f"the steps and watches take {about(over)} {case}, and the window is {about(span)}: "
        "shorten them, or agree on a longer window"
    )
    yield finding("over-window", window.line, "", text, severity="error" if typical > span else "warning")


def _whole(plan: Plan) -> Estimate:
    """All steps one after the other; of exclusive options, only the longest."""
    options = [_sum(part.steps) for part in plan.parts if part.kind == "option"]
    others = [_sum(part.steps) for part in plan.parts if part.kind != "option"]
    typical = sum(one.typical_s for one in others) + max((one.typical_s for one in options), default=0)
    bad = sum(one.bad_s for one in others) + max((one.bad_s for one in options), default=0)
    return Estimate(typical, bad)


def _sum(steps: Iterable[Step]) -> Estimate:
    times = [estimate_of(step) or _sum(step.children) for step in steps]
    return Estimate(sum(one.typical_s for one in times), sum(one.bad_s for one in times))


def _watch(check: Check) -> int:
    """How many seconds a check is watched after the backout."""
    if (check.fact("when") or "after").strip().lower() == "before":
        return 0
    return seconds((check.fact("watch") or "").partition(",")[0]) or 0

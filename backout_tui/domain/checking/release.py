"""Whether the plan says what is backed out, and to what, and takes every component of it back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.checking.passages import Passage, passages
from backout_tui.domain.plan.plan import Component, Plan

_ALL = re.compile(
    r"\b(?:all|every|each|both) (?:of the )?(?:\w+ )?(?:components?|services?|parts?|deployments?)\b", re.IGNORECASE
)
_WORD = re.compile(r"[-_./\s]+")


def about_release(plan: Plan) -> Iterator[Finding]:
    """no-release, no-return."""
    if not plan.fact("release"):
        yield finding("no-release", 1, "", "the plan names no release: write `- release: NAME VERSION` below the title")
    if not plan.fact("returns to"):
        message = "the plan does not say which version it returns to: write `- returns to: VERSION` below the title"
        yield finding("no-return", 1, "", message)


def about_components(plan: Plan) -> Iterator[Finding]:
    """component-not-reversed: each component that changes with the release is named by a step, or by a value of one."""
    changing = [one for one in plan.components if _changes(one)]
    if not changing or not any(plan.top_steps()):
        return
    steps = [one for one in passages(plan) if one.item.startswith("step ")]
    said = "\n".join(_said(plan, one) for one in steps)
    if _ALL.search(said):
        return
    for one in changing:
        if not any(_is_named(name, said) for name in _names(plan, one)):
            text = f"no step takes the component {one.component} back: add the step, or take the component out"
            yield finding("component-not-reversed", one.line, "", text)


def _names(plan: Plan, one: Component) -> list[str]:
    """What steps may call it: its name, or the words of it that the service's own name does not have."""
    words = [word for word in _WORD.split(one.component.casefold()) if len(word) > 1]
    own = {*_WORD.split(plan.release[0].casefold()), "agent", "api", "app", "service"}
    return [one.component.strip(), *([word for word in words if word not in own] or words)]


def _is_named(name: str, said: str) -> bool:
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(name)}s?(?![A-Za-z0-9])", said, re.IGNORECASE) is not None


def _changes(one: Component) -> bool:
    """Whether the release changes it: one that returns to the version it has was not deployed."""
    return bool(one.component.strip()) and (not one.version or one.version != one.returns_to)


def _said(plan: Plan, one: Passage) -> str:
    """The text of a step with the values of the variables that it uses."""
    values = (known.value for known in plan.variables if known.value and re.search(rf"\b{known.name}\b", one.text))
    return "\n".join((one.text, *values))

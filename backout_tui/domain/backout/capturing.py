"""`capture: NAME`: the last line that a command prints becomes a variable for later steps. contract.md section 7.

Its value is data: it reaches a shell only as an environment variable, never as text of a script.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from backout_tui.domain.plan.plan import Plan, Step, WithFacts

CAPTURE = "capture"
LONGEST = 4096  # bytes of UTF-8: an environment has no room for many values longer than this
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_FLAG = "captured by "


def capture_of(step: WithFacts) -> str:
    """The variable that the step captures; "" if it captures none."""
    return (step.fact(CAPTURE) or "").strip().removeprefix("$")


def why_not_captured(plan: Plan, step: WithFacts) -> str:
    """What is wrong with the step's `capture`; "" if nothing is."""
    if step.fact(CAPTURE) is None:
        return ""
    name = capture_of(step)
    if not _NAME.fullmatch(name):
        return f"`capture: {name}` is not a valid name for a variable: it is made of letters, digits and `_`"
    if any(one.secret and one.name == name for one in plan.variables):
        return f"{name} is a secret, and what is captured stands in the log: capture it under another name"
    return ""


def captured_by(plan: Plan) -> Mapping[str, str]:
    """The number of the step that captures each variable, by the variable's name, as the steps or the variables say."""
    said = {capture_of(step): step.number for step in _steps(plan) if capture_of(step)}
    return said | {one.name: one.flag.removeprefix(_FLAG) for one in plan.variables if one.flag.startswith(_FLAG)}


def _steps(plan: Plan) -> tuple[Step, ...]:
    return tuple(plan.every_step())


def last_line(text: str) -> str:
    """The last line of an output that is not blank, stripped; "" if there is none."""
    return next((line.strip() for line in reversed(text.split("\n")) if line.strip()), "")


def why_no_value(name: str, value: str, *, masked: bool) -> str:
    """Why `value` cannot become the variable `name`; "" if it can. `masked` means it may hold a secret."""
    if not value:
        return f"it printed nothing that could be kept as {name}"
    if masked:
        return f"its last line holds a secret, and cannot be kept as {name}"
    size = len(value.encode("utf-8", "replace"))
    return f"its last line is too long to be kept as {name}: {size} bytes, at most {LONGEST}" if size > LONGEST else ""

"""Whether each check asserts something: whether it can fail, and says what must be true."""

from __future__ import annotations

import re
from collections.abc import Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.plan import Check, CheckKind, Plan
from backout_tui.domain.plan.readiness import says_something
from backout_tui.domain.shell.failing import can_fail
from backout_tui.domain.shell.shell_commands import commands_of

_EXPECT = re.compile(r"^[ \t]*expect\s*:\s*\S", re.IGNORECASE | re.MULTILINE)


def about_assertions(plan: Plan) -> Iterator[Finding]:
    """asserts-nothing."""
    listed = any(remark.rule == "list-checks" for remark in plan.remarks)
    for check in plan.checks:
        if trouble := _trouble(check, listed=listed):
            yield finding("asserts-nothing", _line(check), f"check {check.letter}", trouble)


def _trouble(check: Check, *, listed: bool) -> str:
    """Why the check asserts nothing, and how to fix it; "" if it asserts something."""
    if check.kind is CheckKind.MANUAL:
        if says_something(check.body) or _is_criterion(check.title, listed=listed):
            return ""
        return "this check does not say what must be true: write it below the heading, so that two people agree"
    if check.kind is not CheckKind.COMMAND:
        if any(_EXPECT.search(block.text) for block in check.blocks if block.kind == "fence"):
            return ""
        return "nothing is expected of the answer: add a line `expect: ...` to the fence, as in `expect: status = 200`"
    if check.expected or any(_can_fail(block.text, block.language) for block in check.commands):
        return ""
    return "this command cannot fail, whatever is true: write `Expect:` with what it must print, or let it fail"


def _is_criterion(title: str, *, listed: bool) -> bool:
    """Whether the title alone can be true or false: it has a figure in it, or is a list item."""
    return says_something(title) and (listed or any(char.isdigit() for char in title))


def _can_fail(script: str, language: str) -> bool:
    return not commands_of(script) or can_fail(script, pipefail=language == "bash")


def _line(check: Check) -> int:
    return next((block.line for block in check.blocks if block.kind == "fence"), check.line)

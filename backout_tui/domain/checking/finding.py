"""Findings: what one rule says about one place in a plan."""

from __future__ import annotations

from msgspec import Struct

from backout_tui.domain.checking.rules import severity_of


class Finding(Struct, frozen=True):
    """One finding. `item` is what it is about (`step 2`, `contact NAME`, or ""); `line` is 1-based, 0 for none."""

    rule: str
    severity: str
    line: int
    item: str
    message: str


class Silenced(Struct, frozen=True):
    """A finding that the plan silences, and why."""

    finding: Finding
    reason: str


class Checked(Struct, frozen=True):
    """Everything found in a plan: what is reported, and what its own text silences."""

    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no error is left."""
        return all(one.severity != "error" for one in self.findings)


def finding(rule: str, line: int, item: str, message: str, *, severity: str = "") -> Finding:
    """A finding of `rule`, with the rule's severity unless another is given."""
    return Finding(rule, severity or severity_of(rule), line, item, message)

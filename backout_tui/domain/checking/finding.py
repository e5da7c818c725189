"""Findings: what one rule says of one place in a plan."""

from __future__ import annotations

from dataclasses import dataclass

from backout_tui.domain.checking.rules import severity_of


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. `item` is what it is about (`step 2`, `contact NAME`, or ""); `line` is 1-based, 0 for none."""

    rule: str
    severity: str
    line: int
    item: str
    message: str


@dataclass(frozen=True, slots=True)
class Silenced:
    """A finding that the plan asks not to be told of, and why."""

    finding: Finding
    reason: str


@dataclass(frozen=True, slots=True)
class Checked:
    """All that was found in a plan: what is to be told, and what its own text silences."""

    findings: tuple[Finding, ...]
    silenced: tuple[Silenced, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether no error is left."""
        return all(one.severity != "error" for one in self.findings)


def finding(rule: str, line: int, item: str, message: str, *, severity: str = "") -> Finding:
    """A finding of `rule`, as severe as the rule is unless it is said otherwise."""
    return Finding(rule, severity or severity_of(rule), line, item, message)

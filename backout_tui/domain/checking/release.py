"""Whether the plan says what is backed out, and to what."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.checking.finding import Finding, finding
from backout_tui.domain.plan.plan import Plan


def about_release(plan: Plan) -> Iterator[Finding]:
    """no-release, no-return."""
    if not plan.fact("release"):
        yield finding("no-release", 1, "", "the plan names no release: write `- release: NAME VERSION` below the title")
    if not plan.fact("returns to"):
        message = "the plan does not say which version it returns to: write `- returns to: VERSION` below the title"
        yield finding("no-return", 1, "", message)

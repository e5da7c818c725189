"""Which steps and checks will be refused when their turn comes, because nobody could judge them: told at the start."""

from __future__ import annotations

from collections.abc import Iterator

from backout_tui.domain.backout import flatten
from backout_tui.domain.backout.choices import Mode, StepKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan import loops
from backout_tui.domain.plan.plan import CheckKind, Plan
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.obstacles import unreadable


def refused_later(plan: Plan, *, live: bool = True) -> tuple[str, ...]:
    """The gates' own words, each fault once, even if a loop repeats it."""
    return tuple(dict.fromkeys(_refusals(loops.spelt_out(plan), live=live)))


def _refusals(plan: Plan, *, live: bool) -> Iterator[str]:
    steps, checks = flatten.steps_of(plan), flatten.checks_of(plan)
    backout = Backout(0, mode=Mode.LIVE if live else Mode.REHEARSAL, plan=plan, steps=steps, checks=checks)
    told: set[str] = set()
    for step in steps.values():
        refusal = unreadable(backout, step) if step.kind is StepKind.COMMAND else None
        about = str(step.unread[0]) if step.unread else ""
        if refusal is not None and about not in told:
            yield refusal.words
        told |= {about} - {""}
    for check in checks.values():
        if check.unread and check.kind is CheckKind.COMMAND and (refusal := gates.why_not_run_check(check)) is not None:
            yield refusal.words

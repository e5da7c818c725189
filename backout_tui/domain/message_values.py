"""What `{name}` in a message reads: facts of the backout as they stand. contract.md section 7."""

from __future__ import annotations

from datetime import UTC, datetime

from backout_tui.domain import clock, ways
from backout_tui.domain.backout import Backout
from backout_tui.domain.messages import variable_values
from backout_tui.domain.past import NO_PAST, Past


def values(backout: Backout, now: datetime, past: Past = NO_PAST) -> dict[str, str]:
    """The values by name; "" for what is not known yet. Times are UTC: the readers sit in several zones."""
    release, decision, verdict = backout.release, backout.decision, backout.verdict
    settled, of_all = ways.done_of(backout)
    closes = clock.window_closes(backout)
    return {
        **variable_values(backout.plan.variables, backout.variables),
        "release": str(release),
        "name": release.name,
        "version": release.version,
        "returns_to": release.returns_to,
        "environment": release.environment,
        "mode": backout.mode,
        "window": _hour(closes) or (backout.plan.fact("window") or ""),
        "finish": _finish(backout, now, past),
        "decision": decision.kind if decision else "",
        "decided_by": decision.by if decision else "",
        "problems": "; ".join(f"{problem.id} {problem.title}" for problem in backout.problems),
        "steps_done": str(settled),
        "steps_total": str(of_all),
        "deviations": _deviations(backout),
        "outcome": verdict.outcome if verdict else "",
        "operator": backout.operator,
        "head": backout.head,
    }


def _finish(backout: Backout, now: datetime, past: Past) -> str:
    """`03:31 UTC`; while a step says nothing of how long it takes, `not before 03:31 UTC`."""
    finish = _hour(clock.finish(backout, now, past))
    return f"not before {finish}" if finish and clock.ahead(backout, now, past).unknown else finish


def _hour(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%H:%M UTC") if moment is not None else ""


def _deviations(backout: Backout) -> str:
    told = [f"step {one.step} {one.kind.replace('_', ' ')}: {one.reason}" for one in backout.deviations]
    return "; ".join(told) if told else "none"

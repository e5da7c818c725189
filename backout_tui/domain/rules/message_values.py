"""The value of each `{name}` in a message: facts of the backout as they stand. contract.md section 7."""

from __future__ import annotations

from datetime import datetime

from backout_tui.domain.backout.capturing import captured_by
from backout_tui.domain.backout.choices import ProblemStatus
from backout_tui.domain.backout.order import done_of
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.clock import forecast
from backout_tui.domain.clock.past import NO_PAST, Past
from backout_tui.domain.moments import hour_utc
from backout_tui.domain.plan.judgement import affects_words
from backout_tui.domain.plan.texts import variable_values


def values(backout: Backout, now: datetime, past: Past = NO_PAST) -> dict[str, str]:
    """The values by name; "" if not known yet. Times are UTC, because the readers are in several zones."""
    release, decision, verdict = backout.release, backout.decision, backout.verdict
    settled, of_all = done_of(backout)
    closes = forecast.window_closes(backout)
    return {
        **dict.fromkeys(captured_by(backout.plan), ""),
        **backout.variables,
        **variable_values(backout.plan.variables, backout.variables),
        "release": str(release),
        "name": release.name,
        "version": release.version,
        "returns_to": release.returns_to,
        "environment": release.environment,
        "mode": backout.mode,
        "window": _hour(closes, now) or (backout.plan.fact("window") or ""),
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
        "affects": affects_words(backout.plan) or "nothing else",
        "change": backout.plan.fact("change") or "",
        "next_update": "",
        **_problem(backout),
    }


def _problem(backout: Backout) -> dict[str, str]:
    """The first problem that is still open, and who is to mend it."""
    first = next((one for one in backout.problems if one.status is not ProblemStatus.RESOLVED), None)
    return {
        "problem": f"{first.id} {first.title}" if first else "",
        "assignee": (first.assignee or "nobody yet") if first else "",
    }


def _finish(backout: Backout, now: datetime, past: Past) -> str:
    """`03:31 UTC`; or `not before 03:31 UTC` while the time of some step is unknown."""
    finish = _hour(forecast.finish(backout, now, past), now)
    return f"not before {finish}" if finish and forecast.ahead(backout, now, past).unknown else finish


def _hour(moment: datetime | None, now: datetime) -> str:
    return hour_utc(moment, now) if moment is not None else ""


def _deviations(backout: Backout) -> str:
    told = [f"step {one.step} {one.kind.replace('_', ' ')}: {one.reason}" for one in backout.deviations]
    return "; ".join(told) if told else "none"

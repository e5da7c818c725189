"""Creates a plan from the answers to the nine questions, and stores it as a revision."""

from __future__ import annotations

from backout_tui.domain.plan.answers import Answers, plan_of
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.refusal import REASON
from backout_tui.domain.rules import plan_gates
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import refuse
from backout_tui.store.log.rows import PlanRevision


def new_plan(desk: Desk, answers: Answers, *, reason: str = "") -> PlanRevision:
    """Store the plan that `answers` make.

    Raises Refused when the release already has a plan with steps, unless there is a `reason`; BackoutError when it
    cannot be stored.
    """
    from backout_tui.planfile.reading.reader import read_plan

    refuse_second(desk, answers, reason=reason)
    text = text_of(answers)
    return plans.keep(desk, plans.Found(text, read_plan(text), "the answers"), reason=reason)


def text_of(answers: Answers) -> str:
    """The text of the plan that `answers` make, as it is stored."""
    from backout_tui.planfile.writing.keeping import kept_text

    return kept_text(plan_of(answers), "the answers")


def refuse_second(desk: Desk, answers: Answers, *, reason: str = "") -> None:
    """Raise Refused when a plan for the same release and environment already has steps, unless there is a `reason`."""
    lifted = {REASON} if reason.strip() else set()
    refuse(plan_gates.why_not_new_plan(_with_steps(desk, plan_of(answers)), lifted))


def _with_steps(desk: Desk, plan: Plan) -> int | None:
    """The newest plan with steps for the release and environment of `plan`."""
    from backout_tui.planfile.reading.reader import read_plan

    name, version = plan.release
    environment = plan.fact("environment") or ""
    rows = desk.reader.plan_revisions(name=name, version=version, environment=environment) if desk.exists else []
    same = [one for one in rows if (one.name, one.version, one.environment) == (name, version, environment)]
    return next((one.plan_id for one in reversed(same) if any(read_plan(one.text).top_steps())), None)

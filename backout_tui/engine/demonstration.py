"""The demo: a live backout of the shipped sample in a temporary folder, with a few other plans.

Its commands are harmless, and its mail is shown instead of sent.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.prerequisites import prerequisites
from backout_tui.domain.values import replace
from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning import copying, reviewing
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import decision_verbs, prerequisite_verbs, problem_verbs, run_verbs, step_verbs

DEPLOYED_BEFORE = timedelta(minutes=70)


def opened(desk: Desk, folder: Path, sample: str) -> Operator:
    """Start a backout of the plan text `sample` in `folder`, with its database and a small cluster for the commands.

    It uses a new desk instead of `desk`; the caller closes it.
    """
    site = folder / "site"
    (site / "cluster").mkdir(parents=True)
    (site / "cluster" / "version").write_text("4.12.0\n", encoding="utf-8")
    plan = folder / "payments-api.md"
    plan.write_text(sample, encoding="utf-8")
    # It has no settings folder either: the demo has its own people, whatever the operator's contacts.toml says.
    at = replace(desk, database=folder / "demo.sqlite", cwd=site, settings=replace(desk.settings, path=None))
    with ExitStack() as undo:
        undo.callback(at.close)
        # The plan is approved, so that the demo's screen is as quiet as that of a well-prepared night.
        plans.approve(at, plans.keep(at, plans.find(at, str(plan))), "release manager")
        op = starting.start(at, str(plan), Start(deployed_at=desk.clock.now() - DEPLOYED_BEFORE, sends_mail=False))
        undo.pop_all()
    return op


def add_other_plans(at: Desk, folder: Path, sample: str) -> None:
    """Store the previous release's plan, rehearsed, and the next release's, copied from tonight's and half reviewed.

    `at` is a separate desk on the demo's database: this takes two seconds, and nobody should wait for it.
    """
    earlier = folder / "payments-api-4.11.3.md"
    text = sample.replace("4.11.3", "4.11.0").replace("4.12.0", "4.11.3").replace("20-40 s", "30-60 s")
    earlier.write_text(text, encoding="utf-8")
    plans.approve(at, plans.keep(at, plans.find(at, str(earlier))), "release manager")
    _rehearse(starting.start(at, str(earlier), Start(rehearsal=True)))
    copy = copying.copy(at, plans.find(at, "1"), "payments-api 4.13.0", returns_to="4.12.0")
    reviewing.confirm_unchanged(at, plans.stored(at, copy), "deployment engineer")


def _rehearse(op: Operator) -> None:
    """Go through the plan as on the day of its rehearsal, when one step turned out not to be needed."""
    problem_verbs.log(op, "an exercise: 5xx on /charge")
    decision_verbs.decide(op, by="release manager", reason="the exercise says so")
    for one in prerequisites(op.backout):
        prerequisite_verbs.answer(op, one.number, "yes")
    for step in op.backout.leaves:
        if step.title == "Clear the cache":
            step_verbs.not_needed(op, step.number, "the cache is empty in the rehearsal")
        elif step.kind is StepKind.COMMAND:
            run_verbs.run(op, step.number)
        else:
            step_verbs.done(op, step.number)
    decision_verbs.close(op, outcome="backed-out", reason="a rehearsal: nothing is checked, nobody is told")
    op.session.end()

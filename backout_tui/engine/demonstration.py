"""The demo: a live backout of the shipped sample in a temporary folder, and other plans beside it.

Its commands are harmless, its mail is shown and not sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning import copying, reviewing
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import decisions, problems, running, steps

DEPLOYED_BEFORE = timedelta(minutes=70)


def opened(desk: Desk, folder: Path, sample: str) -> Operator:
    """A backout of the plan text `sample`, in `folder`: the database, and a small cluster for the commands."""
    site = folder / "site"
    (site / "cluster").mkdir(parents=True)
    (site / "cluster" / "version").write_text("4.12.0\n", encoding="utf-8")
    plan = folder / "payments-api.md"
    plan.write_text(sample, encoding="utf-8")
    # No settings' folder either: the demo's people are its own, whoever stands in the operator's contacts.toml.
    at = replace(desk, database=folder / "demo.sqlite", cwd=site, settings=replace(desk.settings, path=None))
    # An approved plan: the demo's screen is as quiet as that of a night that was prepared.
    plans.approve(at, plans.keep(at, plans.find(at, str(plan))), "release manager")
    how = Start(deployed_at=desk.clock.now() - DEPLOYED_BEFORE, sends_mail=False)
    return starting.start(at, str(plan), how)


def add_other_plans(at: Desk, folder: Path, sample: str) -> None:
    """Store the plan of the release before, rehearsed, and the next release's, copied from tonight's and half reviewed.

    `at` is a desk of its own on the demo's database: it takes two seconds, which nobody waits for.
    """
    earlier = folder / "payments-api-4.11.3.md"
    text = sample.replace("4.11.3", "4.11.0").replace("4.12.0", "4.11.3").replace("20-40 s", "30-60 s")
    earlier.write_text(text, encoding="utf-8")
    plans.approve(at, plans.keep(at, plans.find(at, str(earlier))), "release manager")
    _rehearse(starting.start(at, str(earlier), Start(rehearsal=True)))
    copy = copying.copy(at, plans.find(at, "1"), "payments-api 4.13.0", returns_to="4.12.0")
    reviewing.confirm_unchanged(at, plans.stored(at, copy), "deployment engineer")


def _rehearse(op: Operator) -> None:
    """Go through the plan as on the day of its rehearsal: one step turned out to be not needed."""
    problems.log(op, "an exercise: 5xx on /charge")
    decisions.decide(op, by="release manager", reason="the exercise says so")
    for step in op.backout.leaves:
        if step.title == "Clear the cache":
            steps.not_needed(op, step.number, "the cache is empty in the rehearsal")
        elif step.kind == "command":
            running.run(op, step.number)
        else:
            steps.done(op, step.number)
    decisions.close(op, outcome="backed-out", reason="a rehearsal: nothing is checked, nobody is told")
    op.session.end()

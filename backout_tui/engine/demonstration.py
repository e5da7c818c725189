"""The demo: a live backout of the shipped sample in a temporary folder; its commands are harmless, mail is shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.starting import Start

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

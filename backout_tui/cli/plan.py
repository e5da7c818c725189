"""`backout-tui plan ...`: the commands about plans, each in a file with its likes."""

from __future__ import annotations

import click

from backout_tui.cli import plan_check, plan_keeping, plan_list, plan_new, plan_show


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def plan() -> None:
    """Backout plans: what they say, what they leave open, which there are."""


for _command in (
    *plan_new.COMMANDS,
    *plan_show.COMMANDS,
    *plan_check.COMMANDS,
    *plan_list.COMMANDS,
    *plan_keeping.COMMANDS,
):
    plan.add_command(_command)

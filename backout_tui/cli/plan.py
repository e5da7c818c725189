"""`backout-tui plan ...`: the commands about plans, each in a file with its likes."""

from __future__ import annotations

import click

from backout_tui.cli import (
    plan_check,
    plan_diff,
    plan_edit,
    plan_export,
    plan_foldback,
    plan_keeping,
    plan_list,
    plan_new,
    plan_review,
    plan_show,
)

_FAMILIES = (
    plan_new,
    plan_show,
    plan_check,
    plan_list,
    plan_keeping,
    plan_review,
    plan_diff,
    plan_edit,
    plan_export,
    plan_foldback,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def plan() -> None:
    """Backout plans: what they say, what they leave open, which there are."""


for _family in _FAMILIES:
    for _command in _family.COMMANDS:
        plan.add_command(_command)

"""`backout-tui plan ...`: the group of the commands about plans."""

from __future__ import annotations

import click

from backout_tui.cli.plan import (
    plan_check,
    plan_diff,
    plan_edit,
    plan_export,
    plan_foldback,
    plan_handover,
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
    plan_handover,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def plan() -> None:
    """Work with plans: write, copy, check, approve."""


for _family in _FAMILIES:
    for _command in _family.COMMANDS:
        plan.add_command(_command)

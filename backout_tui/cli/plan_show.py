"""`plan show`: what a plan says, as it was understood."""

from __future__ import annotations

import click

from backout_tui.cli.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.engine import plans
from backout_tui.errors import EXIT_DONE


@click.command("show")
@PLAN
@AS_JSON
@click.pass_obj
def show(surroundings: Surroundings, plan_: str, as_json: bool) -> int:
    """What PLAN says, as it was understood."""
    from backout_tui.reports import plan_json, plan_words

    found = plans.find(surroundings.desk(), plan_)
    if as_json:
        say_json(plan_json.plan_json(found.plan))
    else:
        say("\n".join(plan_words.lines(found.plan)))
    return EXIT_DONE


COMMANDS = (show,)

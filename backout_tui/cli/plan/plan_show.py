"""`plan show`: shows a plan as the program understood it."""

from __future__ import annotations

from typing import Any

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.engine import plans
from backout_tui.engine.planning import rehearsals
from backout_tui.engine.planning.contacts import resolved
from backout_tui.errors import EXIT_DONE


@click.command("show")
@PLAN
@AS_JSON
@click.pass_obj
def show(surroundings: Surroundings, plan_: str, as_json: bool) -> int:
    """Show PLAN as it was understood.

    For a stored plan, also show who stored, confirmed and approved it.
    """
    from backout_tui.reports import plan_json, plan_stored, plan_words

    desk = surroundings.reading_desk()
    found = plans.find(desk, plan_)
    plan, stored, asked = resolved(desk, found.plan), _stored(found), rehearsals.asked(desk, found)
    if as_json:
        say_json({**plan_json.plan_json(plan, asked), "stored": stored})
        return EXIT_DONE
    say("\n".join(plan_words.lines(plan, asked)))
    if stored is not None:
        say("\n".join(["", *plan_stored.lines(stored, found.record)]))
    return EXIT_DONE


def _stored(found: plans.Found) -> dict[str, Any] | None:
    from backout_tui.reports.plan_stored import stored_json

    if (one := found.revision) is None:
        return None
    return stored_json(one.plan_id, one.revision, one.sha256, found.record, found.unconfirmed, approved=found.approved)


COMMANDS = (show,)

"""`plan copy`, `confirm`, `drop`: reuses a plan for another release and removes what speaks of the old one."""

from __future__ import annotations

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import complain, say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.planning import copying, foldback, reviewing
from backout_tui.errors import EXIT_DONE


@click.command("copy")
@PLAN
@click.option("--to", required=True, metavar='"NAME V"', help="The release that the copy is for.")
@click.option("--returns-to", default="", metavar="V", help="The version it returns to; left open by default.")
@click.option("--environment", default="", metavar="E", help="Another environment than the plan's.")
@click.option("--team", default="", metavar="T", help="The team; left open for another service.")
@AS_JSON
@click.pass_obj
def copy(
    surroundings: Surroundings, plan_: str, to: str, returns_to: str, environment: str, team: str, as_json: bool
) -> int:
    """Copy PLAN for another release, every item unconfirmed."""
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    revision = copying.copy(desk, found, to, returns_to=returns_to, environment=environment, team=team)
    if (words := foldback.not_folded_of(desk, found)) and found.revision is not None:
        complain(f"of plan {found.revision.plan_id} {words}", hint="See: backout-tui plan fold-back --help")
    copied = plans.stored(desk, revision)
    if as_json:
        left = [item.label for item in copied.unconfirmed]
        document = {"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256}
        say_json({**document, "derived_from": str(copied.record.source), "unconfirmed": left})
        return EXIT_DONE
    name = clean_line(f"{revision.name} {revision.version}")
    say(f"plan {revision.plan_id}, revision {revision.revision}: {name}, derived from {copied.record.source}")
    say(f"{len(copied.unconfirmed)} items to confirm: backout-tui plan confirm {revision.plan_id} ITEM --by NAME")
    return EXIT_DONE


@click.command("confirm")
@PLAN
@click.argument("item")
@click.option("--by", required=True, metavar="NAME", help="Who confirms that it is right for this release.")
@AS_JSON
@click.pass_obj
def confirm(surroundings: Surroundings, plan_: str, item: str, by: str, as_json: bool) -> int:
    """Confirm ITEM of PLAN, or all-unchanged.

    ITEM is `step 2`, `command 2`, `check A`, `contact NAME`, and so on. all-unchanged confirms each item that says
    what it said in the plan it was copied from, and in which no error is found.
    """
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    if item == reviewing.ALL_UNCHANGED:
        done = reviewing.confirm_unchanged(desk, found, by)
    else:
        one = reviewing.item_named(found, item)
        done = reviewing.confirm(desk, found, one, by)
        for wrong in reviewing.errors_in(desk, found, one):
            complain(clean_line(f"the check finds wrong in {one.label}: {wrong}"))
    left = plans.stored(desk, reviewing.revision_of(found)).unconfirmed
    if as_json:
        say_json({"confirmed": [one.label for one in done.items], "unconfirmed": [one.label for one in left]})
        return EXIT_DONE
    for one in done.items:
        say(clean_line(f"confirmed  {one.label}: {one.title}"))
    for one, why in done.left:
        say(clean_line(f"left open  {one.label}: {why}"))
    say(f"{len(left)} left to confirm" if left else "nothing is left to confirm")
    return EXIT_DONE


@click.command("drop")
@PLAN
@click.argument("item")
@click.option("--reason", default="", metavar="T", help="Why.")
@AS_JSON
@click.pass_obj
def drop(surroundings: Surroundings, plan_: str, item: str, reason: str, as_json: bool) -> int:
    """Take ITEM out of PLAN.

    The plan without it becomes the next revision.
    """
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    dropped = reviewing.item_named(found, item)
    revision = reviewing.drop(desk, found, dropped, reason)
    if as_json:
        document = {"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256}
        say_json({**document, "dropped": dropped.label})
    else:
        what = clean_line(f"{dropped.label}: {dropped.title}")
        say(f"plan {revision.plan_id}, revision {revision.revision}: without {what}")
    return EXIT_DONE


COMMANDS = (copy, confirm, drop)

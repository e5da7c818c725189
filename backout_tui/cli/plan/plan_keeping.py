"""`plan import` and `plan approve`: stores plans as revisions, and approves them."""

from __future__ import annotations

import sys
from typing import Any

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import ask, complain, say, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.planning import approving
from backout_tui.errors import EXIT_DONE, BackoutError, Refused


@click.command("import")
@click.argument("file")
@click.option("--release", default="", metavar='"NAME V"')
@click.option("--returns-to", default="", metavar="V")
@click.option("--environment", default="", metavar="E")
@click.option("--reason", default="", metavar="T", help="Why there is a new revision.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@AS_JSON
@click.pass_obj
def import_(surroundings: Surroundings, /, file: str, yes: bool, as_json: bool, **said: Any) -> int:
    """Store FILE (or - for standard input) as a plan.

    If the same release has a plan already, FILE becomes its next revision.
    """
    desk = surroundings.desk()
    if not plans.is_file(file):
        raise BackoutError("there is no such file", where=file, todo="Give a path (./plan.md), or - to read it.")
    found = plans.find(desk, file)
    if not yes and file != "-" and not as_json:
        _agree_to_what_was_understood(found)
    revision = plans.keep(desk, found, **said)
    if as_json:
        say_json({"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256})
    else:
        say(f"plan {revision.plan_id}, revision {revision.revision}: {revision.name} {revision.version}")
    return EXIT_DONE


def _agree_to_what_was_understood(found: plans.Found) -> None:
    remarks = found.plan.remarks
    if not remarks:
        return
    for remark in remarks:
        tell(clean_line(f"{found.where}:{remark.line}: {remark.message}"))
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    ask(f"{len(remarks)} remarks. Import it so? [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("Not agreed: nothing was stored.")


@click.command("approve")
@PLAN
@click.option("--by", required=True, metavar="NAME", help="Who approves it.")
@click.option("--reason", default="", metavar="T", help="Why it is approved although plan check finds errors.")
@AS_JSON
@click.pass_obj
def approve(surroundings: Surroundings, plan_: str, by: str, reason: str, as_json: bool) -> int:
    """Approve exactly the newest text of a stored PLAN.

    This is refused while an item is unconfirmed. It is also refused while plan check finds errors that the plan does
    not silence, unless --reason says why; the reason stands in the plan's log, in plan show and in the report.
    """
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    if found.revision is None:
        raise BackoutError("only a stored plan can be approved", where=found.where, todo="Import it first.")
    errors = approving.approve(desk, found, by, reason)
    if errors:
        complain(f"approved despite: {', '.join(errors)}", hint=f"See: backout-tui plan check {found.revision.plan_id}")
    if as_json:
        say_json(
            {
                "id": found.revision.plan_id,
                "revision": found.revision.revision,
                "approved_by": by,
                "sha256": found.revision.sha256,
                **({"despite": list(errors)} if errors else {}),
            }
        )
    else:
        say(f"plan {found.revision.plan_id}, revision {found.revision.revision}: approved by {clean_line(by)}")
        say(f"sha256 {found.revision.sha256}")
    return EXIT_DONE


COMMANDS = (import_, approve)

"""`plan fold-back`: turns a backout's deviations into a plan revision; each of them must be confirmed."""

from __future__ import annotations

import click

from backout_tui.cli.plan.plan_options import AS_JSON
from backout_tui.cli.read.sources import number
from backout_tui.cli.speech import complain, say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import foldback
from backout_tui.errors import EXIT_DONE


@click.command("fold-back")
@click.argument("backout")
@click.option("--dismiss", is_flag=True, help="Leave the plan as it is; needs --reason.")
@click.option("--reason", default="", metavar="T", help="Why they are dismissed.")
@click.option("--into", default="", metavar="PLAN", help="Another plan than the one that ran: a copy made meanwhile.")
@AS_JSON
@click.pass_obj
def fold_back(surroundings: Surroundings, backout: str, dismiss: bool, reason: str, into: str, as_json: bool) -> int:
    """Turn the deviations of BACKOUT into a plan revision.

    Changed and added steps are taken over, moved steps stand where they were run, and skipped steps bear a note.
    What never ran is left out. Confirm, edit or drop each of them before the revision is approved. --dismiss leaves the
    plan as it is.
    """
    desk, backout_id = surroundings.desk(), number(backout)
    if dismiss:
        return _dismiss(desk, backout_id, reason, into, as_json=as_json)
    made = foldback.fold_back(desk, backout_id, into)
    revision = made.revision
    if as_json:
        document = {"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256}
        labels = [item.label for item in made.items]
        say_json({**document, "backout": backout_id, "unconfirmed": labels, "left": list(made.left)})
    else:
        say(f"plan {revision.plan_id}, revision {revision.revision}: with the deviations of backout {backout_id}")
        for item in made.items:
            say(clean_line(f"to confirm  {item.label}: {item.title}"))
        say(f"confirm each: backout-tui plan confirm {revision.plan_id} ITEM --by NAME")
    for one in made.left:
        complain(clean_line(f"left out: {one}"))
    return EXIT_DONE


def _dismiss(desk: Desk, backout_id: int, reason: str, into: str, *, as_json: bool) -> int:
    left = foldback.dismiss(desk, backout_id, reason, into)
    if as_json:
        say_json({"backout": backout_id, "dismissed": len(left.deviations)})
    else:
        say(f"dismissed: {left}")
    return EXIT_DONE


COMMANDS = (fold_back,)

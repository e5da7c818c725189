"""`plan hand-over`: hands a plan over to the people who support production."""

from __future__ import annotations

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import complain, say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.backout.payloads.plan_payloads import hand_over_words
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.planning import handing_over
from backout_tui.engine.planning.reviewing import revision_of
from backout_tui.errors import EXIT_DONE


@click.command("hand-over")
@PLAN
@click.option("--to", required=True, metavar="NAME", help="The people who support production.")
@click.option("--accepted-by", default="", metavar="NAME", help="Who of them accepted it; can be added later.")
@AS_JSON
@click.pass_obj
def hand_over(surroundings: Surroundings, plan_: str, to: str, accepted_by: str, as_json: bool) -> int:
    """Record that PLAN was handed over to the people who support production.

    Its start and its report say to whom, and who accepted it. Say it again with --accepted-by once they did.
    """
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    said, revision = handing_over.hand_over(desk, found, to, accepted_by), revision_of(found)
    if not found.approved:
        complain("this plan is not approved", hint=f"Approve it: backout-tui plan approve {revision.plan_id} --by NAME")
    if as_json:
        document = {"id": revision.plan_id, "revision": said.revision, "to": said.to, "by": said.by}
        say_json({**document, "accepted_by": said.accepted_by or None})
    else:
        words = hand_over_words(said, revision.revision)
        say(clean_line(f"plan {revision.plan_id}, revision {revision.revision}: {words}"))
    return EXIT_DONE


COMMANDS = (hand_over,)

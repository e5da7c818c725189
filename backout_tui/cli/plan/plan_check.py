"""`plan check`: what is wrong with a plan, and which of the nine questions it leaves open."""

from __future__ import annotations

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.errors import EXIT_DONE, EXIT_NO, BackoutError


@click.command("check")
@PLAN
@click.option("--live", is_flag=True, help="Also try its links and look for its programs.")
@click.option("--silence", "rule", default="", metavar="RULE", help="Silence RULE in this plan; needs --reason.")
@click.option("--item", default="", metavar="ITEM", help="Silence it only at this item: step 2, check A, ...")
@click.option("--reason", default="", metavar="TEXT", help="Why it is silenced.")
@AS_JSON
@click.pass_obj
def check(surroundings: Surroundings, plan_: str, live: bool, rule: str, item: str, reason: str, as_json: bool) -> int:
    """Say what is wrong with PLAN.

    It names each finding by item and line, and the nine questions that PLAN leaves open. It exits with 1 when it finds
    errors. `backout-tui help rules` explains the rules. With --silence it stores a new revision of a stored PLAN, whose
    own text says which finding is meant as it is.
    """
    desk = surroundings.desk() if rule else surroundings.reading_desk()
    found = plans.find(desk, plan_)
    if rule:
        return _silence(desk, found, rule, item, reason, live=live, as_json=as_json)
    if item or reason:
        raise BackoutError("the rule to silence is missing", todo="Name the rule with --silence RULE.")
    return _tell(desk, found, live=live, as_json=as_json)


def _tell(desk: Desk, found: plans.Found, *, live: bool, as_json: bool) -> int:
    from backout_tui.engine.planning import checking, rehearsals
    from backout_tui.reports import check_words
    from backout_tui.reports.plan_json import check_json

    checked, asked = checking.check(desk, found, live=live), rehearsals.asked(desk, found)
    if as_json:
        say_json(check_json(checked.findings, asked, checked.silenced))
    else:
        say("\n".join(check_words.lines(clean_line(found.where), checked, asked)))
    return EXIT_DONE if checked.ok else EXIT_NO


def _silence(desk: Desk, found: plans.Found, rule: str, item: str, reason: str, *, live: bool, as_json: bool) -> int:
    from backout_tui.engine.planning.silencing import silence

    revision = silence(desk, found, rule, item, reason, live=live)
    if as_json:
        say_json({"id": revision.plan_id, "revision": revision.revision, "sha256": revision.sha256})
        return EXIT_DONE
    approved = "; it has to be approved again" if found.approved else ""
    at = f" at {item}" if item else ""
    say(f"plan {revision.plan_id}, revision {revision.revision}: {rule}{at} is silenced{approved}")
    return EXIT_DONE


COMMANDS = (check,)

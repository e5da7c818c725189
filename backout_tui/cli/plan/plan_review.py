"""`plan copy`, `confirm`, `drop`: reuses a plan for another release and removes what speaks of the old one."""

from __future__ import annotations

import sys

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import ask, complain, say, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import copying, foldback, reviewing
from backout_tui.errors import EXIT_DONE, BackoutError, Refused


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
@click.argument("item", default="")
@click.option("--by", default="", metavar="NAME", help="Who confirms that it is right for this release.")
@click.option("--no", "wrong", is_flag=True, help="It is not right: it stays open until it is changed or dropped.")
@click.option("--take-back", "back", is_flag=True, help="Take back the last answer, or the last drop; without ITEM.")
@click.option("--yes", is_flag=True, help="Do not ask before all-unchanged.")
@AS_JSON
@click.pass_obj
def confirm(
    surroundings: Surroundings, plan_: str, item: str, by: str, wrong: bool, back: bool, yes: bool, as_json: bool
) -> int:
    """Confirm ITEM of PLAN, or all-unchanged.

    ITEM is `step 2`, `command 2`, `check A`, `contact NAME`, `window`, `risks`, `warning 1`, and so on. A warning asks
    whether a word that the copy took over is right: confirm it, or answer with --no. all-unchanged shows what it would
    confirm and asks once: each item that says what it said in the plan it was copied from, and in which no error is
    found.
    """
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    if back:
        return _take_back(desk, found, as_json=as_json)
    if not item:
        raise BackoutError("the item is missing", todo="Write: plan confirm PLAN ITEM|all-unchanged --by NAME")
    if item == reviewing.ALL_UNCHANGED:
        _ask_once(reviewing.to_confirm_unchanged(desk, found), ask_them=not yes and not as_json)
        done = reviewing.confirm_unchanged(desk, found, by)
    else:
        one = reviewing.item_named(found, item)
        done = (reviewing.deny if wrong else reviewing.confirm)(desk, found, one, by)
        for error in reviewing.errors_in(desk, found, one):
            complain(clean_line(f"the check finds wrong in {one.label}: {error}"))
    return _say_answers(desk, found, done, wrong=wrong, as_json=as_json)


def _say_answers(desk: Desk, found: plans.Found, done: reviewing.Confirmed, *, wrong: bool, as_json: bool) -> int:
    left = plans.stored(desk, reviewing.revision_of(found)).unconfirmed
    if as_json:
        labels = [one.label for one in done.items]
        say_json({"denied" if wrong else "confirmed": labels, "unconfirmed": [one.label for one in left]})
        return EXIT_DONE
    for one in done.items:
        say(clean_line(f"{'not right' if wrong else 'confirmed'}  {one.label}: {one.title}"))
    for one, why in done.left:
        say(clean_line(f"left open  {one.label}: {why}"))
    say(f"{len(left)} left to confirm" if left else "nothing is left to confirm")
    return EXIT_DONE


def _take_back(desk: Desk, found: plans.Found, *, as_json: bool) -> int:
    said = reviewing.take_back(desk, found)
    left = plans.find(desk, str(reviewing.revision_of(found).plan_id)).unconfirmed
    if as_json:
        say_json({"taken_back": said, "unconfirmed": [one.label for one in left]})
    else:
        say(clean_line(f"taken back: {said}; {len(left)} left to confirm"))
    return EXIT_DONE


def _ask_once(wanted: reviewing.Confirmed, *, ask_them: bool) -> None:
    """Show on a terminal what would be confirmed, and ask once."""
    if not ask_them or not wanted.items or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return
    for one in wanted.items:
        tell(clean_line(f"{one.label}: {one.title}"))
    ask(f"Confirm these {len(wanted.items)} as they are? {len(wanted.left)} are left open. [y/N] ")
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise Refused("Not agreed: nothing was confirmed.")


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

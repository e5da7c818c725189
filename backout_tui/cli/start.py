"""`backout-tui start`: starts a backout from a plan, from a file, or without a plan."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

from backout_tui.cli.asking import values_at_start
from backout_tui.cli.speech import ask, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.cli.typed_moments import past_moment
from backout_tui.domain.backout.payloads.plan_payloads import hand_over_words
from backout_tui.domain.rules.refused_later import refused_later
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning.former_reading import read_otherwise_now
from backout_tui.engine.starting import Start
from backout_tui.errors import EXIT_DONE, Refused


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("plan", required=False)
@click.option("--release", metavar='"NAME V"', help="The release to back out, when no plan exists.")
@click.option("--returns-to", metavar="V", help="The version it returns to.")
@click.option("--environment", metavar="E", help="Where the release runs; in a rehearsal, where it is rehearsed.")
@click.option("--rehearsal", is_flag=True, help="Send nothing, and show what would run.")
@click.option("--reason", default="", metavar="T", help="Why a second backout, or why you break the glass.")
@click.option("--break-glass", is_flag=True, help="Start a stored plan live that is not approved.")
@click.option("--deployed-at", metavar="T", help="When the release was deployed: `20 min ago`, `01:50`, a full time.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="The value of a variable.")
@click.option("--yes", is_flag=True, help="Confirm what is read otherwise than when the plan was approved.")
@click.option("--json", "as_json", is_flag=True, help="No screen: print what `show --json` prints.")
@click.pass_obj
def start(surroundings: Surroundings, /, plan: str | None, release: str | None, as_json: bool, **given: Any) -> int:
    """Start a backout of PLAN, and open the dashboard on it.

    PLAN is a number, NAME VERSION[@ENVIRONMENT], or a file.
    """
    if (plan is None) == (release is None):
        raise click.UsageError("give a PLAN, or --release with --returns-to when there is none")
    if plan is not None and (given["returns_to"] or (given["environment"] and not given["rehearsal"])):
        raise click.UsageError("--returns-to and --environment belong to --release: a PLAN says them itself")
    if release is not None and not (given["returns_to"] or "").strip():
        raise click.UsageError("--release needs --returns-to: the version that the release returns to")
    if not as_json and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Refused("There is no terminal for the dashboard. Start with --json, then use: backout-tui do")
    desk = surroundings.desk()
    how = _how({**given, "plan": plan}, desk.clock.now())
    if plan is not None:
        found = plans.find(desk, plan)
        _tell_what_is_refused(found, how)
        how = replace(how, read_anew=given["yes"] or _read_anew(desk, found))
        asked = {} if as_json else values_at_start(found.plan, how.variables)
        op = starting.start_found(desk, found, replace(how, variables={**how.variables, **asked}))
    else:
        op = starting.start_without_plan(desk, release or "", given["returns_to"], given["environment"] or "", how)
    return _shown(op) if as_json else _dashboard(op)


def _tell_what_is_refused(found: plans.Found, how: Start) -> None:
    """Print what will be refused in this plan, before the screen covers the terminal, while there is time to fix it."""
    if found.revision is not None and (said := found.record.handed_over) is not None:
        tell(clean_line(f"{found.where} was {hand_over_words(said, found.revision.revision)}"))
    for words in refused_later(found.plan, live=not how.rehearsal):
        tell(clean_line(f"{found.where}: {words}"))


def _read_anew(desk: Desk, found: plans.Found) -> bool:
    """Show what is read otherwise than when the plan was approved, and ask; without a terminal nothing is confirmed."""
    otherwise = read_otherwise_now(desk, found)
    if not otherwise or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    tell("The plan was approved when its fences were read otherwise:")
    for words in otherwise:
        tell(clean_line(f"  {words}"))
    ask("Start it as it is read now? [y/N] ")
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _how(given: Mapping[str, Any], now: datetime) -> Start:
    pairs = [one.partition("=") for one in given["settings"]]
    if wrong := [name for name, equals, _ in pairs if not (name and equals)]:
        raise click.UsageError(f"--set takes NAME=VALUE, not {wrong[0]}")
    deployed = given["deployed_at"]
    return Start(
        rehearsal=given["rehearsal"],
        rehearsed_in=(given["environment"] or "").strip() if given["rehearsal"] and given["plan"] else "",
        reason=given["reason"],
        break_glass=given["break_glass"],
        deployed_at=past_moment(deployed, now) if deployed else None,
        variables={name: value for name, _, value in pairs},
    )


def _shown(op: Operator) -> int:
    from backout_tui.domain.clock.clock_reading import read
    from backout_tui.reports.show_json import show_json

    say_json(show_json(op.backout, read(op.backout, op.desk.clock.now(), op.learn_past())))
    op.close()
    return EXIT_DONE


def _dashboard(op: Operator) -> int:
    from backout_tui.cli.dashboards import run

    return run(op.desk, op.backout.id)

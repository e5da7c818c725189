"""`plan diff`: what two plans say differently, by item."""

from __future__ import annotations

import click

from backout_tui.cli.plan.plan_options import AS_JSON
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.plan.differences import differences
from backout_tui.engine import plans
from backout_tui.engine.planning import comparing
from backout_tui.errors import EXIT_DONE


@click.command("diff")
@click.argument("first", metavar="A")
@click.argument("second", metavar="B", required=False)
@AS_JSON
@click.pass_obj
def diff(surroundings: Surroundings, first: str, second: str | None, as_json: bool) -> int:
    """Say what changed from plan A to plan B, by item.

    Without B, it compares A with the plan that A was copied from, or else with the revision before.
    """
    from backout_tui.reports import plan_diff_words

    desk = surroundings.reading_desk()
    after = plans.find(desk, second or first)
    before = plans.find(desk, first) if second else comparing.predecessor_or_error(desk, after)
    found = differences(before.plan, after.plan)
    if as_json:
        say_json(
            {"from": comparing.name_of(before), "to": comparing.name_of(after), **plan_diff_words.diff_json(found)}
        )
        return EXIT_DONE
    say(f"from {comparing.name_of(before)} to {comparing.name_of(after)}")
    for line in plan_diff_words.lines(found):
        say(line)
    return EXIT_DONE


COMMANDS = (diff,)

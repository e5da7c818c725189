"""The verbs about the controls."""

from __future__ import annotations

from collections.abc import Iterator

import click

from backout_tui.cli.verb import REASON, Verb, verb
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import controls


def _brief(op: Operator) -> Iterator[str]:
    from backout_tui.reports.brief import brief

    yield ""
    yield from brief(op.backout, op.desk.clock.now())


@verb(
    "take-over",
    REASON,
    click.option("--ask", is_flag=True, help="Only ask whoever has them: they agree with one key, or `do ... agree`."),
)
def take_over(reason: str, ask: bool) -> Verb:
    """Take the controls, with a reason; or only ask for them."""
    if not (ask or reason.strip()):
        raise click.UsageError("give --reason: why you take the controls; or --ask for them")
    return lambda op: controls.ask(op, reason) if ask else controls.take_over(op, reason)


@verb(
    "hand-over",
    click.option("--to", default="", metavar="NAME", help="Who takes them; whoever comes when nobody is named."),
    then=_brief,
)
def hand_over(to: str) -> Verb:
    """Give the controls up, and print the brief for whoever comes."""
    return lambda op: controls.hand_over(op, to)


@verb("agree", then=_brief)
def agree() -> Verb:
    """Give the controls to whoever asked for them last, and print the brief for them."""
    return controls.agree


@verb("keep")
def keep() -> Verb:
    """Keep the controls, and say so to whoever asked for them last."""
    return controls.keep


COMMANDS = (take_over, hand_over, agree, keep)

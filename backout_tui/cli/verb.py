"""How one verb of `backout-tui do` becomes a command: open, do one thing, say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import click

from backout_tui.cli import waiting
from backout_tui.cli.sources import number
from backout_tui.cli.speech import say, say_json
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.text import clean_line
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.errors import EXIT_DONE, EXIT_NO

Verb = Callable[[Operator], Receipt]
Param = Callable[[Any], Any]

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
STEP = click.argument("step")
REASON = click.option("--reason", default="", metavar="T", help="Why.")
MUST_REASON = click.option("--reason", required=True, metavar="T", help="Why.")
BREAK_GLASS = click.option("--break-glass", is_flag=True, help="Lift the gate; it stands first in the review.")
AGREED = click.option("--agreed", default="", metavar="NAME", help="Who agreed to it.")
PROBLEM = click.option("--problem", default="", metavar="P", help="The problem that it is for.")
NOTE = click.option("--note", default="", metavar="T", help="What you saw.")
WAIT = click.option("--wait", is_flag=True, help="Wait for the outcome; exit 1 when it is not good.")
YES = click.option("--yes", is_flag=True, help="Do it without asking.")


@dataclass
class Doing:
    """Which backout, as whom; `as_json` when `--json` stands before the verb."""

    surroundings: Surroundings
    backout: str
    as_json: bool = False


def verb(
    name: str, *params: Param, then: Callable[[Operator], Iterable[str]] | None = None
) -> Callable[[Callable[..., Verb]], click.Command]:
    """Make a command `name` from a function that takes the options and gives the verb to perform.

    `then` gives more lines for people to read behind what happened.
    """

    def made(function: Callable[..., Verb]) -> click.Command:
        @click.pass_obj
        def command(doing: Doing, /, as_json: bool, wait: bool = False, **given: Any) -> int:
            silent = as_json or doing.as_json
            return _perform(doing, function(**given), as_json=silent, wait=wait, then=None if silent else then)

        wrapped: Any = command
        for param in reversed((*params, AS_JSON)):
            wrapped = param(wrapped)
        return click.command(name, help=function.__doc__)(wrapped)

    return made


def _perform(
    doing: Doing, done: Verb, *, as_json: bool, wait: bool, then: Callable[[Operator], Iterable[str]] | None
) -> int:
    op = Operator.open(doing.surroundings.desk(), number(doing.backout))
    try:
        before, receipt, good = op.backout.seq, done(op), True
        if wait:
            receipt, good = waiting.until_over(op, receipt, before)
        _report(receipt, as_json=as_json)
        for line in then(op) if then is not None else ():
            say(line)
        return EXIT_DONE if good else EXIT_NO
    finally:
        op.close()


def _report(receipt: Receipt, *, as_json: bool) -> None:
    event, backout = receipt.event, receipt.backout
    if as_json:
        told = {"seq": event.seq, "kind": event.kind} if event else None
        say_json({"event": told, "created": receipt.created, "state": backout.phase.value})
        return
    from backout_tui.reports.log_words import sentence

    what = clean_line(sentence(event)) if event else "nothing changed"
    say(f"{receipt.created + ': ' if receipt.created else ''}{what}  (log head {backout.head})")

"""Turns a verb's row into a command: open the backout, do one thing, print the result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import click

from backout_tui.cli.do import waiting
from backout_tui.cli.do.special_verbs import AFTERWARDS, SPECIAL
from backout_tui.cli.read.sources import number
from backout_tui.cli.speech import say, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.cli.typed_moments import future_moment, past_moment
from backout_tui.domain.backout.events import spoken_of
from backout_tui.domain.backout.payloads.step_payloads import Outcome
from backout_tui.domain.plan.near_names import remark
from backout_tui.domain.plan.plan import split_names
from backout_tui.domain.text import clean_line
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.outputs import ends_of
from backout_tui.engine.verbs.beside import Beside
from backout_tui.engine.verbs.table.verb import Kind, Verb, VerbField
from backout_tui.errors import EXIT_DONE, EXIT_NO

_AS_JSON = click.Option(["--json", "as_json"], is_flag=True, help="Print one JSON document.")
_BESIDE = (
    click.Option(["--agreed"], default="", metavar="NAME", help="Who agreed to it."),
    click.Option(["--problem"], default="", metavar="P", help="The problem that it is for."),
)
_GLASS = click.Option(["--break-glass"], is_flag=True, help="Lift the gate; it stands first in the review.")
_FEW = 3
"""Choices that the usage line can name; what more there are, an error names."""
_METAVAR = {"message": "TITLE"}
_WAIT = click.Option(["--wait"], is_flag=True, help="Wait for the outcome; exit 1 when it is not good.")
_YES = click.Option(["--yes"], is_flag=True, help="Do it without asking.")


class _Positional(click.Argument):
    """An argument that an error calls by its name; the usage line shows its few choices instead."""

    def get_error_hint(self, ctx: click.Context | None) -> str:  # noqa: ARG002 - click's signature
        return f"'{(self.name or '').upper()}'"


@dataclass
class Doing:
    """Which backout to act on, and as whom; `as_json` is set when `--json` stands before the verb."""

    surroundings: Surroundings
    backout: str
    as_json: bool = False


def command_of(verb: Verb) -> click.Command:
    """Build the command of a row: its options are the row's fields, its help is the row's help."""

    @click.pass_obj
    def command(doing: Doing, /, as_json: bool, wait: bool = False, **given: Any) -> int:
        return _perform(doing, verb, given, as_json=as_json or doing.as_json, wait=wait)

    words = f"{verb.help}\n\n{verb.more}" if verb.more else verb.help
    return click.Command(verb.id, callback=command, help=words, params=_params(verb))


def _params(verb: Verb) -> list[click.Parameter]:
    on = [click.Argument([verb.on], metavar=_METAVAR.get(verb.on))] if verb.on else []
    beside = _BESIDE if verb.deviation else ()
    flags = [(verb.glass, _GLASS), (verb.agrees, _YES), (verb.waits, _WAIT)]
    fields = [_param(one) for one in verb.fields if one.in_line]
    return [*on, *fields, *beside, *(option for wanted, option in flags if wanted), _AS_JSON]


def _param(field: VerbField) -> click.Parameter:
    name = field.option or field.name
    choice = click.Choice(field.choices) if field.choices else None
    given: dict[str, Any] = {"type": click.INT if field.kind is Kind.NUMBER else choice}
    given |= {"default": field.default} if field.default else {}
    given |= {"is_flag": True} if field.kind is Kind.FLAG else {}
    if field.positional:
        metavar = None if 0 < len(field.choices) <= _FEW else field.metavar or name.upper()
        return _Positional([field.name], required=not field.default, metavar=metavar, **given)
    return click.Option(
        [f"--{name.replace('_', '-')}", field.name],
        required=field.required and not field.default,
        metavar=field.metavar or None,
        multiple=field.kind is Kind.MANY,
        help=field.help or None,
        show_default=True,
        **given,
    )


def _perform(doing: Doing, verb: Verb, given: dict[str, Any], *, as_json: bool, wait: bool) -> int:
    op = Operator.open(doing.surroundings.desk(), number(doing.backout))
    try:
        before, receipt, good = op.backout.seq, _do(op, verb, given), True
        if wait:
            receipt, good = waiting.until_over(op, receipt, before)
        _report(receipt, as_json=as_json)
        for line in () if as_json else (*_printed(op, receipt), *_afterwards(verb, op)):
            say(line)
        return EXIT_DONE if good else EXIT_NO
    finally:
        op.close()


def _do(op: Operator, verb: Verb, given: dict[str, Any]) -> Receipt:
    """Do the verb with the options that were given; its function decides about those that were not."""
    people = [given[one.name] for one in verb.fields if one.contact and given.get(one.name)]
    on = [given.pop(verb.on)] if verb.on else []
    beside = {"beside": Beside(given.pop("agreed"), given.pop("problem"))} if verb.deviation else {}
    kinds = {field.name: field.kind for field in verb.fields}
    said = {name: _value(op, kinds.get(name), value) for name, value in given.items() if value not in (None, ())}
    function: Callable[..., Receipt] = SPECIAL.get(verb.id) or verb.function
    receipt = function(op, *on, **said, **beside)
    for words in (remark(op.backout.plan, name, [op.actor.name]) for name in people):
        if words:
            tell(words)
    return receipt


def _value(op: Operator, kind: Kind | None, given: Any) -> Any:
    """Convert what was typed to what the verb's function takes. Raises BackoutError for text that is not a time."""
    if kind is Kind.PEOPLE:
        return split_names(given)
    if kind is Kind.AHEAD:
        return future_moment(given, op.desk.clock.now()) if given else None
    if kind is Kind.BEHIND:
        return None if given == "unknown" else past_moment(given, op.desk.clock.now())
    return given


def _printed(op: Operator, receipt: Receipt) -> Iterable[str]:
    """What a command that did not succeed printed last, and how to read the rest."""
    event = receipt.event
    said = event.payload if event is not None else None
    if event is None or not isinstance(said, Outcome) or (spoken := spoken_of(event)) is None:
        return
    if end := ends_of(op.desk, receipt.backout).get(said.intent, ()):
        yield from (clean_line(f"  | {line}") for line in end)
        yield f"All that it printed: backout-tui output {receipt.backout.id} {clean_line(spoken[1])}"


def _afterwards(verb: Verb, op: Operator) -> Iterable[str]:
    return AFTERWARDS[verb.id](op) if verb.id in AFTERWARDS else ()


def _report(receipt: Receipt, *, as_json: bool) -> None:
    event, backout = receipt.event, receipt.backout
    if as_json:
        told = {"seq": event.seq, "kind": event.kind} if event else None
        say_json({"event": told, "created": receipt.created, "state": backout.phase.value})
        return
    from backout_tui.reports.log_words import sentence

    what = clean_line(sentence(event)) if event else "nothing changed"
    say(f"{receipt.created + ': ' if receipt.created else ''}{what}  (log head {backout.head})")

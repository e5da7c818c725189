"""The verbs about checks, messages, calls and notes."""

from __future__ import annotations

import click

from backout_tui.cli import asking
from backout_tui.cli.moments import deployment_moment, follow_up_moment
from backout_tui.cli.verb import MUST_REASON, NOTE, WAIT, YES, Verb, verb
from backout_tui.domain.plan import split_names
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs import calls, checks, deployment, messages, notes


@verb("check-run", click.argument("check"), WAIT)
def check_run(check: str) -> Verb:
    """Run a command check, or all of them."""

    def run(op: Operator) -> Receipt:
        if check != "all":
            checks.refuse_run(op, check)
        asking.secrets_for_checks(op, check)
        return checks.run_all(op) if check == "all" else checks.run(op, check)

    return run


@verb(
    "check-record",
    click.argument("check"),
    click.argument("verdict", type=click.Choice(checks.VERDICTS)),
    click.option("--note", required=True, metavar="T", help="What you saw."),
)
def check_record(check: str, verdict: str, note: str) -> Verb:
    """Record what you saw of a check."""
    return lambda op: checks.record(op, check, verdict, note)


@verb("message-send", click.argument("title"), YES, WAIT)
def message_send(title: str, yes: bool) -> Verb:
    """Send a message to those who have not got it."""

    def send(op: Operator) -> Receipt:
        messages.refuse_send(op, title)
        return messages.send(op, title, shown=asking.agreed_to_send(op, title, yes=yes))

    return send


@verb(
    "message-write",
    click.option("--to", required=True, metavar="A,B", help="Contacts or groups."),
    click.option("--by", default="email", metavar="CHANNEL", show_default=True),
    click.option("--text", required=True, metavar="T"),
)
def message_write(to: str, by: str, text: str) -> Verb:
    """Write a message on the spot; it is a draft until it is sent."""
    return lambda op: messages.write(op, split_names(to), by, text)


@verb(
    "message-resolve",
    click.argument("title"),
    click.argument("recipient"),
    click.argument("truth", type=click.Choice(["sent", "not-sent"])),
    MUST_REASON,
)
def message_resolve(title: str, recipient: str, truth: str, reason: str) -> Verb:
    """Say whether a message in doubt arrived."""
    return lambda op: messages.resolve(op, title, recipient, truth, reason)


@verb(
    "call-log",
    click.argument("name"),
    click.argument("result", type=click.Choice(calls.RESULTS)),
    NOTE,
    click.option("--follow-up", default="", metavar="WHEN", help="`10 min`, `03:40`, or an RFC 3339 time."),
)
def call_log(name: str, result: str, note: str, follow_up: str) -> Verb:
    """Log a phone call that you made."""

    def log(op: Operator) -> Receipt:
        when = follow_up_moment(follow_up, op.desk.clock.now()) if follow_up else None
        return calls.log(op, name, result, note, when)

    return log


@verb("deployed-at", click.argument("when", metavar="T"))
def deployed_at(when: str) -> Verb:
    """Say when the release was deployed: `01:50`, `20 min ago`, an RFC 3339 time; or `unknown`."""

    def say(op: Operator) -> Receipt:
        return deployment.say(op, None if when == "unknown" else deployment_moment(when, op.desk.clock.now()))

    return say


@verb("note", click.argument("text"))
def note(text: str) -> Verb:
    """Write a note into the log."""
    return lambda op: notes.add(op, text)


@verb("reason", click.argument("event", type=int), click.argument("text"))
def reason(event: int, text: str) -> Verb:
    """Complete the reason that event EVENT (its number in the log) gave."""
    return lambda op: notes.complete_reason(op, event, text)


COMMANDS = (
    check_run, check_record, message_send, message_write, message_resolve, call_log, deployed_at, note, reason,
)  # fmt: skip

"""Asks on the terminal before something runs or is sent, and refuses where there is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from backout_tui.cli.speech import ask, tell
from backout_tui.domain.plan.plan import CheckKind, Plan
from backout_tui.domain.spans import in_words
from backout_tui.domain.text import clean_line
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import check_verbs, message_verbs, probe_verbs, run_verbs
from backout_tui.engine.verbs.attempt_verbs import Preview
from backout_tui.engine.verbs.ids import step_of
from backout_tui.errors import Refused


def agreed_to_run(op: Operator, step: str, *, yes: bool) -> Preview:
    """Show exactly what will run, get agreement, and ask for its secrets. Raises Refused without agreement."""
    number, preview = step_of(op.backout, step).number, run_verbs.preview(op, step)
    return _agreed(op, f"Step {number}", number, preview, yes=yes)


def agreed_to_probe(op: Operator, step: str, *, yes: bool) -> Preview:
    """Do the same for a step's probe."""
    number, preview = step_of(op.backout, step).number, probe_verbs.preview(op, step)
    return _agreed(op, f"The probe of step {number}", number, preview, yes=yes)


def _agreed(op: Operator, what: str, number: str, preview: Preview, *, yes: bool) -> Preview:
    if not preview.runs:
        return preview
    if not yes:
        _need_terminal("runs a command")
        _show(what, preview)
        typed = number if preview.type_number else ""
        _agree(f"It cannot be undone. Type {typed} to run it: " if typed else "Run it? [y/N] ", typed)
    _ask_secrets(op, preview)
    return preview


def agreed_to_send(op: Operator, title: str, *, yes: bool) -> message_verbs.Letter:
    """Show exactly what will be sent and to whom, get agreement, and return that letter."""
    letter = message_verbs.preview(op, title)
    if yes or not op.backout.live or not op.backout.sends_mail or not letter.recipients:
        return letter
    _need_terminal("sends a message")
    tell(f"Subject: {clean_line(letter.subject)}\n\n{letter.body}")
    for one in letter.recipients:
        quiet = ", quiet hours" if one.quiet else ""
        tell(clean_line(f"  to {one.name} <{one.address}>  ({one.local_time}{quiet})"))
    for name, why in letter.unreachable:
        tell(clean_line(f"  not to {name}: {why}"))
    _agree("Send it? [y/N] ", "")
    return letter


def secrets_for_checks(op: Operator, check: str) -> None:
    """Ask for the secrets of the checks that are about to run."""
    wanted = (
        [one.id for one in op.backout.checks.values() if one.kind is CheckKind.COMMAND] if check == "all" else [check]
    )
    for one in wanted if op.backout.live else ():
        _ask_secrets(op, check_verbs.preview(op, one))


def values_at_start(plan: Plan, said: Mapping[str, str]) -> dict[str, str]:
    """Ask for the variables that the plan wants set at the start, except those already `said`.

    An empty answer leaves a variable open.
    """
    answers = {}
    for one in plan.variables:
        if one.asked_at_start and one.name not in said:
            ask(clean_line(f"{one.name} [{one.value}]: " if one.value else f"{one.name}: "))
            answers[one.name] = sys.stdin.readline().strip()
    return {name: value for name, value in answers.items() if value}


def _show(what: str, preview: Preview) -> None:
    place = f"on {preview.host} as {preview.user} in {preview.cwd}"
    seconds = preview.timeout_s or 0
    limit = f", stopped after {f'{seconds} s' if seconds < 120 else in_words(seconds)}" if seconds else ""
    tell(clean_line(f"{what} {place}, by {preview.shell}{limit}:") + "\n")
    tell("\n".join(f"    {line}" for line in preview.command.splitlines()) + "\n")
    if preview.changed:
        tell("Changed in this backout, against the plan's command:\n")
        tell("\n".join(f"    {line}" for line in preview.changed) + "\n")
    for besides in preview.besides:
        tell(clean_line(f"  {besides}"))
    for expected in preview.expects:
        tell(clean_line(f"  expects {expected}"))
    for warning in (*preview.warnings, *(f"plan check finds: {one}" for one in preview.wrong)):
        tell(clean_line(f"  ! {warning}"))


def _ask_secrets(op: Operator, preview: Preview) -> None:
    if not on_terminal():
        return  # the gate refuses later, and names the missing secret
    from backout_tui.cli.hidden import ask_hidden

    for name in preview.asked_secrets:
        if value := ask_hidden(f"{clean_line(name)} (not shown): "):
            op.desk.secrets.remember(name, value)


def _need_terminal(what: str) -> None:
    if not on_terminal():
        raise Refused(f"This {what}, and there is no terminal to ask on. Add --yes.")


def on_terminal() -> bool:
    """Whether somebody can read a question and answer it."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def _agree(question: str, number: str) -> None:
    ask(clean_line(question))
    answer = sys.stdin.readline().strip()
    agreed = answer == number if number else answer.lower() in ("y", "yes")
    if not agreed:
        raise Refused("Not agreed: nothing was done.")

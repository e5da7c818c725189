"""Asking on the terminal before something runs or leaves; refused where there is no terminal."""

from __future__ import annotations

import getpass
import sys

from backout_tui.cli.speech import tell
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import checks, messages, running
from backout_tui.engine.verbs.attempts import Preview
from backout_tui.engine.verbs.ids import step_of
from backout_tui.errors import Refused


def agreed_to_run(op: Operator, step: str, *, yes: bool) -> None:
    """Show exactly what would run, and have it agreed; ask for its secrets. Raises Refused when it is not agreed."""
    preview = running.preview(op, step)
    if not op.backout.live:
        return
    _ask_secrets(op, preview)
    if yes:
        return
    _need_terminal("runs a command")
    _show(step, preview)
    number = step_of(op.backout, step).number if preview.type_number else ""
    _agree(f"It cannot be undone. Type {number} to run it: " if number else "Run it? [y/N] ", number)


def agreed_to_send(op: Operator, title: str, *, yes: bool) -> None:
    """Show exactly what would be sent and to whom, and have it agreed."""
    if yes or not op.backout.live or not op.backout.sends_mail:
        return
    _need_terminal("sends a message")
    letter = messages.preview(op, title)
    tell(f"Subject: {letter.subject}\n\n{letter.body}")
    for one in letter.recipients:
        quiet = ", quiet hours" if one.quiet else ""
        tell(f"  to {one.name}  ({one.local_time}{quiet})")
    for name, why in letter.unreachable:
        tell(f"  not to {name}: {why}")
    _agree("Send it? [y/N] ", "")


def secrets_for_checks(op: Operator, check: str) -> None:
    """Ask for the secrets of the checks that are about to run."""
    wanted = [one.id for one in op.backout.checks.values() if one.kind == "command"] if check == "all" else [check]
    for one in wanted if op.backout.live else ():
        _ask_secrets(op, checks.preview(op, one))


def _show(step: str, preview: Preview) -> None:
    tell(f"Step {step} on {preview.host} as {preview.user} in {preview.cwd}, by {preview.shell}:\n")
    tell("\n".join(f"    {line}" for line in preview.command.splitlines()) + "\n")
    for warning in preview.warnings:
        tell(f"  ! {warning}")


def _ask_secrets(op: Operator, preview: Preview) -> None:
    for name in preview.asked_secrets:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            continue  # the gate refuses, and says which secret is missing
        if value := getpass.getpass(f"{name} (not shown): "):
            op.desk.secrets.remember(name, value)


def _need_terminal(what: str) -> None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(f"This {what}, and there is no terminal to ask on. Say --yes.")


def _agree(question: str, number: str) -> None:
    sys.stderr.write(question)
    sys.stderr.flush()
    answer = sys.stdin.readline().strip()
    agreed = answer == number if number else answer.lower() in ("y", "yes")
    if not agreed:
        raise Refused("Not agreed: nothing was done.")

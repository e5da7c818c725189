"""`plan edit`: opens a stored plan in the operator's own editor."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from backout_tui.cli.plan.plan_options import AS_JSON, PLAN
from backout_tui.cli.speech import ask, say, say_json, tell
from backout_tui.cli.surroundings import Surroundings
from backout_tui.domain.plan.remarks import Remark
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import editing
from backout_tui.engine.planning.editing import Draft, Outcome
from backout_tui.engine.plans import Found
from backout_tui.errors import EXIT_DONE, BackoutError


@click.command("edit")
@PLAN
@click.option("--item", default="", metavar="ITEM", help="Start at this item, if the editor can.")
@click.option("--reason", default="", metavar="T", help="Why; without it you are asked on a terminal.")
@AS_JSON
@click.pass_obj
def edit(surroundings: Surroundings, plan_: str, item: str, reason: str, as_json: bool) -> int:
    """Edit a stored PLAN in your VISUAL or EDITOR.

    What you save becomes the next revision. If the text cannot be read, nothing is stored: you are told the lines, and
    the next `plan edit` continues with what you typed.
    """
    desk = surroundings.desk()
    found = plans.find(desk, plan_)
    draft = editing.begin(desk, found)
    if draft.kept:
        tell(f"going on with what an earlier edit left in {draft.path}")
    outcome = _edited(desk, found, draft, item, reason)
    revision = outcome.revision
    if as_json:
        same = found.revision if revision is None else revision
        assert same is not None  # `begin` accepts only a stored plan
        document = {"id": same.plan_id, "revision": same.revision, "sha256": same.sha256}
        say_json({**document, "changed": revision is not None})
    elif revision is None:
        say("nothing was changed")
    else:
        say(f"plan {revision.plan_id}, revision {revision.revision}: stored, and not approved yet")
    return EXIT_DONE


def _edited(desk: Desk, found: Found, draft: Draft, item: str, reason: str) -> Outcome:
    """Open the editor until the text parses or the person gives up; the draft then stays, with its bad lines named."""
    line = editing.line_of(draft.path, item) if item else 0
    while True:
        _run_editor(desk, found, draft, line)
        outcome = editing.finish(desk, found, draft, reason or _asked_reason(found, draft))
        if not outcome.remarks:
            return outcome
        for remark in outcome.remarks:
            tell(clean_line(f"{draft.path}:{remark.line}: {remark.message}"))
        if not (_on_terminal() and _yes("Edit it again? [Y/n] ")):
            raise _not_stored(outcome.remarks, draft.path)
        line = outcome.remarks[0].line


def _run_editor(desk: Desk, found: Found, draft: Draft, line: int) -> None:
    """Open the operator's editor on the draft and wait for it. Raises BackoutError when it cannot run or fails."""
    command = editing.opening(desk, found, draft, line)
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - the operator's own editor, as EDITOR names it
    except OSError as error:
        todo = editing.what_is_kept(found, draft)
        raise BackoutError(f"the editor cannot be run: {error.strerror}", where=command[0], todo=todo) from error
    if done.returncode:
        raise BackoutError(
            f"the editor ended with {done.returncode}, so nothing was stored", todo=editing.what_is_kept(found, draft)
        )


def _asked_reason(found: Found, draft: Draft) -> str:
    """Ask on a terminal for the reason, once something has changed."""
    if not _on_terminal() or not editing.is_changed(found, draft):
        return ""
    ask("Why (one sentence)? ")
    return sys.stdin.readline().strip()


def _not_stored(remarks: Sequence[Remark], path: Path) -> BackoutError:
    count = "1 line does" if len(remarks) == 1 else f"{len(remarks)} lines do"
    return BackoutError(
        f"{count} not parse, so nothing was stored",
        where=f"{path}:{remarks[0].line}",
        todo="What you typed is kept there: `plan edit` goes on with it.",
    )


def _on_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _yes(question: str) -> bool:
    ask(question)
    return sys.stdin.readline().strip().lower() in ("", "y", "yes")


COMMANDS = (edit,)

"""Edits a plan in the operator's own editor; the screen gives up the terminal meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from backout_tui.domain.plan.remarks import Remark
from backout_tui.domain.text import clean_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import editing
from backout_tui.engine.planning.editing import Draft
from backout_tui.engine.plans import Found
from backout_tui.ui.desk.desk_screen import DeskScreen
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import TextField


async def edit_plan(screen: DeskScreen, number: str, item: str = "", line: int = 0) -> bool:
    """Edit the plan, starting at this item or line; return whether a new revision was stored. It says what happened."""
    begun = await screen.do(_begun, number, item, line)
    if begun is None:
        return False
    found, draft, command = begun
    while True:
        if (failed := _run(screen, command)) is not None:
            kept = await screen.do(lambda _: editing.what_is_kept(found, draft))
            screen.say(f"{failed} {kept or ''}".rstrip(), warning=True)
            return False
        reason = await _reason(screen, found, draft)
        if reason is None:
            screen.say(f"Nothing was stored. What you typed is kept in {draft.path}.", warning=True)
            return False
        outcome = await screen.do(editing.finish, found, draft, reason)
        if outcome is None:
            return False
        if not outcome.remarks:
            revision = outcome.revision
            screen.say("Nothing was changed." if revision is None else f"Stored as revision {revision.revision}.")
            return revision is not None
        if await screen.answer(_does_not_parse(outcome.remarks)) is None:
            screen.say(f"Nothing was stored. What you typed is kept in {draft.path}.", warning=True)
            return False


def _begun(desk: Desk, number: str, item: str, line: int) -> tuple[Found, Draft, Sequence[str]]:
    found = plans.find(desk, number)
    draft = editing.begin(desk, found)
    line = editing.line_of(draft.path, item) if item else line
    return found, draft, editing.opening(desk, found, draft, line)


def _run(screen: DeskScreen, command: Sequence[str]) -> str | None:
    """Run the editor in the terminal, which the screen gives up meanwhile; return what went wrong, or None."""
    try:
        code = screen.run_aside(command)
    except OSError as error:
        return f"The editor {command[0]} cannot be run: {error.strerror}."
    return f"The editor ended with {code}." if code else None


async def _reason(screen: DeskScreen, found: Found, draft: Draft) -> str | None:
    """Ask for the reason once something has changed; None when the person left."""
    if not await screen.do(lambda _: editing.is_changed(found, draft)):
        return ""
    dialog = Ask("Why is it changed?", [TextField("reason", "why")], verb="store it")
    dialog.subject = clean_line(str(draft.path.name))
    answers = await screen.answer(dialog)
    return None if answers is None else answers["reason"]


def _does_not_parse(remarks: Sequence[Remark]) -> Confirm:
    lines = tuple(clean_line(f"line {one.line}: {one.message}") for one in remarks)
    return Confirm("This does not parse, and is not stored", [Section("", lines)], verb="edit it again")

"""Edits a plan in the operator's own editor. A text that doesn't parse isn't stored, and nothing typed is lost."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.plan.remarks import Remark
from backout_tui.engine import plans
from backout_tui.engine.attempts.durable import open_private
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.reviewing import revision_of, store_next
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError
from backout_tui.store.file.place import beside
from backout_tui.store.log.rows import PlanRevision

DOES_NOT_PARSE = frozenset(
    {
        "duplicate-check", "duplicate-contact", "duplicate-message", "duplicate-step", "duplicate-variable",
        "criterion-form", "estimate-form", "expect-form", "fact-form", "fence-timeout", "late-fact", "misspelt-fact",
        "misspelt-section", "no-contact-name", "no-title", "quiet-form", "repeated-fact", "repeated-section",
        "secret-value", "table-cells", "too-deep", "unclosed-fence", "unknown-step", "variable-form",
        "when-form", "window-form",
    }
)  # fmt: skip
"""The reader's remarks that keep an edited plan from being stored, because part of it would mean something else."""
_JUMPS = frozenset({"vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "joe", "ed", "mg", "micro", "kak"})
"""Editors that take `+LINE`."""


class Draft(Struct, frozen=True):
    """A plan that is being edited: the file that the editor opens, and whether an earlier edit left it."""

    path: Path
    kept: bool


class Outcome(Struct, frozen=True):
    """The result of an edit: the new revision (None: nothing changed), or the remarks that prevent storing it."""

    revision: PlanRevision | None = None
    remarks: tuple[Remark, ...] = ()


def form_of(found: Found) -> str:
    """The plan's text in our form; unchanged if it already has that form or cannot be converted.

    Raises BackoutError when it cannot be converted and the facts given at its import would be lost.
    """
    from backout_tui.planfile.writing.keeping import kept_text

    alone = plans.says_the_same(found)
    if alone and not any(one.rule in _OTHER_FORMS for one in found.plan.remarks):
        return found.text
    try:
        return kept_text(found.plan, found.where)
    except BackoutError:
        if not alone:
            raise
        return found.text


_OTHER_FORMS = frozenset(
    {
        "list-checks", "list-steps", "loose-step", "nested-phase", "no-letter", "no-number", "number-form", "not-read",
        "unclosed-comment", "unclosed-fence", "unknown-column", "unknown-section",
    }
)  # fmt: skip


def begin(desk: Desk, found: Found) -> Draft:
    """Write the plan into a file for the editor, or go on with the file of an earlier edit. Raises BackoutError."""
    path, text = _draft_path(desk, revision_of(found)), form_of(found)
    if path.exists() and _read(path).strip():
        return Draft(path, kept=True)
    try:
        path.unlink(missing_ok=True)
        _write(path, text)
    except OSError as error:
        raise _cannot(error, path) from error
    return Draft(path, kept=False)


def command_of(environment: Mapping[str, str], path: Path, line: int = 0) -> list[str]:
    """The command that opens the file in the operator's editor: `VISUAL`, or `EDITOR`, or vi. Raises BackoutError."""
    import shlex
    import shutil

    said = environment.get("VISUAL") or environment.get("EDITOR") or "vi"
    try:
        words = shlex.split(said)
    except ValueError as error:
        raise BackoutError(f"the editor {said} cannot be understood", todo="Set EDITOR to a command.") from error
    if not words or shutil.which(words[0], path=environment.get("PATH")) is None:
        raise BackoutError(f"there is no editor {words[0] if words else said} here", todo="Set EDITOR to one you have.")
    jump = [f"+{line}"] if line and Path(words[0]).name in _JUMPS else []
    return [*words, *jump, str(path)]


def opening(desk: Desk, found: Found, draft: Draft, line: int = 0) -> list[str]:
    """As `command_of`, for a draft. When there is no editor, a draft in which nothing was typed is deleted."""
    try:
        return command_of(desk.whole_environment, draft.path, line)
    except BackoutError:
        what_is_kept(found, draft)
        raise


def line_of(path: Path, name: str) -> int:
    """The line, counted from 1, of the item `name` in the file; 0 when it isn't there."""
    from backout_tui.domain.plan.plan_items import items_of, named
    from backout_tui.planfile.reading.reader import read_plan

    return next((item.line for item in named(items_of(read_plan(_read(path))), name)), 0)


def finish(desk: Desk, found: Found, draft: Draft, reason: str = "") -> Outcome:
    """Store the edited text as the plan's next revision; the file is deleted only after that, or if nothing changed.

    Raises BackoutError when it cannot be read or stored: the file stays, and the error says where.
    """
    from backout_tui.planfile.reading.reader import read_plan

    revision, text = revision_of(found), _read(draft.path)
    if not is_changed(found, draft):
        draft.path.unlink(missing_ok=True)
        return Outcome()
    remarks = tuple(one for one in read_plan(text, draft.path.name).remarks if one.rule in DOES_NOT_PARSE)
    if remarks:
        return Outcome(remarks=remarks)
    try:
        stored = store_next(desk, revision, text, kind=EventKind.PLAN_EDITED, data={"reason": reason.strip()})
    except BackoutError as error:
        todo = f"{error.todo} What you typed is kept in {draft.path}."
        raise BackoutError(error.what, where=error.where, todo=todo) from error
    draft.path.unlink(missing_ok=True)
    return Outcome(stored)


def what_is_kept(found: Found, draft: Draft) -> str:
    """A sentence that says where unsaved typing is kept; "" when nothing was typed: then the file is deleted."""
    if is_changed(found, draft):
        return f"What you typed is kept in {draft.path}."
    draft.path.unlink(missing_ok=True)
    return ""


def is_changed(found: Found, draft: Draft) -> bool:
    """Whether the edited text differs from the plan's."""
    return _read(draft.path).strip() != form_of(found).strip()


def _draft_path(desk: Desk, revision: PlanRevision) -> Path:
    folder = beside(desk.database) / "drafts"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _cannot(error, folder) from error
    return folder / f"plan-{revision.plan_id}-from-revision-{revision.revision}.md"


def _write(path: Path, text: str) -> None:
    """Write a new draft completely, or leave none behind: half a plan must not pass for somebody's work."""
    try:
        with os.fdopen(open_private(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL), "wb") as file:
            file.write(text.encode())
    except OSError as error:
        if not isinstance(error, FileExistsError):  # that file is somebody else's
            path.unlink(missing_ok=True)
        raise


def _read(path: Path) -> str:
    """Read the draft with its own line endings: converted ones would look like a change to the plan."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BackoutError(
            "this is not UTF-8 text", where=str(path), todo="Save it as UTF-8. It stays there."
        ) from error
    except OSError as error:
        raise _cannot(error, path) from error


def _cannot(error: OSError, path: Path) -> BackoutError:
    what = f"the plan cannot be edited there: {(error.strerror or str(error)).lower()}"
    return BackoutError(what, where=str(path), todo="Check the folder's disk space and permissions.")

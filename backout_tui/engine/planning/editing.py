"""A plan in the operator's own editor: what does not parse is not stored, and nothing that was typed is lost."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backout_tui.domain.remarks import Remark
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.durable import open_private
from backout_tui.engine.planning.reviewing import revision_of, store_next
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError
from backout_tui.store.place import beside
from backout_tui.store.rows import PlanRevision

DOES_NOT_PARSE = frozenset(
    {
        "duplicate-check", "duplicate-contact", "duplicate-message", "duplicate-step", "duplicate-variable",
        "estimate-form", "expect-form", "fact-form", "fence-timeout", "late-fact", "misspelt-fact",
        "misspelt-section", "no-contact-name", "no-title", "quiet-form", "repeated-fact", "repeated-section",
        "secret-value", "table-cells", "too-deep", "unclosed-fence", "unknown-step", "variable-form",
        "when-form", "window-form",
    }
)  # fmt: skip
"""The reader's remarks that keep an edited plan from being stored: a part of it would mean something else."""
_JUMPS = frozenset({"vi", "vim", "nvim", "view", "nano", "emacs", "emacsclient", "joe", "ed", "mg", "micro", "kak"})
"""The editors that take `+LINE`."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A plan that is being edited: the file that the editor opens, and whether it was kept from an earlier time."""

    path: Path
    kept: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an edit: the new revision (None: nothing changed), or what keeps it from being stored, by line."""

    revision: PlanRevision | None = None
    remarks: tuple[Remark, ...] = ()


def form_of(found: Found) -> str:
    """The plan's text in our form: as it was written where that is our form already."""
    from backout_tui.planfile.writer import write_plan

    in_form = not any(one.rule in _OTHER_FORMS for one in found.plan.remarks)
    return found.text if in_form and plans.says_the_same(found) else write_plan(found.plan)


_OTHER_FORMS = frozenset(
    {
        "list-checks", "list-steps", "loose-step", "nested-phase", "no-letter", "no-number", "number-form", "not-read",
        "unclosed-comment", "unclosed-fence", "unknown-column", "unknown-section",
    }
)  # fmt: skip


def begin(desk: Desk, found: Found) -> Draft:
    """Write the plan into a file for the editor, or go on with what an earlier edit left. Raises BackoutError."""
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
    """How the operator's editor is called on the file: `VISUAL`, else `EDITOR`, else vi. Raises BackoutError."""
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
    """As `command_of`, of a draft: one in which nothing was typed goes when there is no editor for it."""
    try:
        return command_of(desk.whole_environment, draft.path, line)
    except BackoutError:
        what_is_kept(found, draft)
        raise


def line_of(path: Path, name: str) -> int:
    """The line, from 1, at which the item `name` stands in the file; 0 when it is not there."""
    from backout_tui.domain.plan_items import items_of, named
    from backout_tui.planfile.reader import read_plan

    return next((item.line for item in named(items_of(read_plan(_read(path))), name)), 0)


def finish(desk: Desk, found: Found, draft: Draft, reason: str = "") -> Outcome:
    """Store what the editor left as the plan's next revision; the file goes only once that is done, or nothing changed.

    Raises BackoutError when it cannot be read or stored: the file stays, and the error says where.
    """
    from backout_tui.planfile.reader import read_plan

    revision, text = revision_of(found), _read(draft.path)
    if not is_changed(found, draft):
        draft.path.unlink(missing_ok=True)
        return Outcome()
    remarks = tuple(one for one in read_plan(text, draft.path.name).remarks if one.rule in DOES_NOT_PARSE)
    if remarks:
        return Outcome(remarks=remarks)
    try:
        stored = store_next(desk, revision, text, kind="PlanEdited", data={"reason": reason.strip()})
    except BackoutError as error:
        todo = f"{error.todo} What you typed is kept in {draft.path}."
        raise BackoutError(error.what, where=error.where, todo=todo) from error
    draft.path.unlink(missing_ok=True)
    return Outcome(stored)


def what_is_kept(found: Found, draft: Draft) -> str:
    """Where lies what was typed and not stored, in a sentence; "" when nothing was typed: then the file goes."""
    if is_changed(found, draft):
        return f"What you typed is kept in {draft.path}."
    draft.path.unlink(missing_ok=True)
    return ""


def is_changed(found: Found, draft: Draft) -> bool:
    """Whether the editor left another text than the plan's."""
    return _read(draft.path).strip() != form_of(found).strip()


def _draft_path(desk: Desk, revision: PlanRevision) -> Path:
    folder = beside(desk.database) / "drafts"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise _cannot(error, folder) from error
    return folder / f"plan-{revision.plan_id}-from-revision-{revision.revision}.md"


def _write(path: Path, text: str) -> None:
    """Write a new draft whole, or leave none behind: half a plan must not pass for what somebody typed."""
    try:
        with os.fdopen(open_private(path, os.O_CREAT | os.O_WRONLY | os.O_EXCL), "wb") as file:
            file.write(text.encode())
    except OSError as error:
        if not isinstance(error, FileExistsError):  # that one is somebody else's
            path.unlink(missing_ok=True)
        raise


def _read(path: Path) -> str:
    """The draft as it stands, with its own ends of lines: read otherwise it would differ from the plan's text."""
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
    return BackoutError(what, where=str(path), todo="Look at the folder's disk space and its rights.")

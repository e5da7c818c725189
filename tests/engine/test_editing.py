"""A plan in an editor: only what parses is stored, and whatever happens the typed text stays somewhere."""

from __future__ import annotations

import os
import stat
from functools import partial
from pathlib import Path

import pytest

from backout_tui.engine import plans
from backout_tui.engine.planning import editing
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError
from backout_tui.planfile.reading.reader import read_plan
from tests.engine.desks import BY_HAND, Room

RUNBOOK = """# How to roll web back

1. Stop the queue
2. Deploy the old tag

## Something else
Keep this.
"""


def kept(room: Room, text: str = BY_HAND) -> Found:
    """A stored plan, as it is found."""
    desk = room.desk()
    path = room.place / "source.md"
    path.write_text(text, encoding="utf-8")
    return plans.stored(desk, plans.keep(desk, plans.find(desk, str(path)), release="web 2.0"))


def test_a_plan_in_our_form_is_edited_as_it_was_written_and_another_in_our_form(room: Room) -> None:
    assert editing.form_of(kept(room)) == BY_HAND
    found = kept(room, "# Web\n\n## Steps\n1. Stop the queue\n2. Deploy\n")
    form = editing.form_of(found)
    assert "### 1. Stop the queue" in form
    assert "- release: web 2.0" in form
    assert read_plan(form) == found.plan


def test_what_was_saved_is_the_next_revision_with_who_and_why(room: Room) -> None:
    desk, found = room.desk("kim"), kept(room)
    draft = editing.begin(desk, found)
    assert (draft.kept, stat.S_IMODE(draft.path.stat().st_mode)) == (False, 0o600)
    draft.path.write_text(BY_HAND.replace("Freeze", "Freeze all"), encoding="utf-8")
    outcome = editing.finish(desk, found, draft, " the freeze is wider now ")
    assert outcome.revision is not None
    assert not draft.path.exists()
    note = plans.find(desk, "1").record.revisions[-1]
    assert (note.revision, note.by, note.what, note.reason) == (2, "kim", "edited", "the freeze is wider now")


def test_nothing_changed_is_no_revision(room: Room) -> None:
    desk, found = room.desk(), kept(room)
    draft = editing.begin(desk, found)
    assert editing.finish(desk, found, draft) == editing.Outcome()
    assert not draft.path.exists()
    assert len(desk.reader.revisions_of(1)) == 1


def test_a_plan_with_other_ends_of_lines_is_not_changed_by_looking_at_it(room: Room) -> None:
    text = BY_HAND.replace("\n", "\r\n")
    desk, found = room.desk(), kept(room, text)
    draft = editing.begin(desk, found)
    assert draft.path.read_bytes() == text.encode()
    assert editing.finish(desk, found, draft) == editing.Outcome()
    draft = editing.begin(desk, found)
    draft.path.write_bytes(text.replace("Freeze", "Freeze all").encode())
    stored = editing.finish(desk, found, draft).revision
    assert stored is not None
    assert stored.text == text.replace("Freeze", "Freeze all")


def test_an_empty_draft_holds_nothing_that_was_typed(room: Room) -> None:
    desk, found = room.desk(), kept(room)
    editing.begin(desk, found).path.write_text("\n", encoding="utf-8")
    draft = editing.begin(desk, found)
    assert (draft.kept, draft.path.read_text(encoding="utf-8")) == (False, BY_HAND)


def test_a_draft_that_cannot_be_written_whole_is_none(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, found = room.desk(), kept(room)
    full = partial(os.open, "/dev/full", os.O_WRONLY)
    with monkeypatch.context() as patch:
        patch.setattr(
            editing, "open_private", lambda path, _flags: (path.write_text("# Half", encoding="utf-8"), full())[1]
        )
        with pytest.raises(BackoutError, match="no space left"):
            editing.begin(desk, found)
    assert editing.begin(desk, found).kept is False


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("\n### 1. Again\n", "duplicate-step"),
        ("\n### 5. Five\n- estimate: soon\n", "estimate-form"),
        ("\n### 5. Five\nWords.\n\n- owner: kim\n", "late-fact"),
        ("\n### 5. Five\n```sh\necho never closed\n\n## Verification\n", "unclosed-fence"),
        ("\n## Variables\n- 1: one\n", "variable-form"),
        ("\n## Variables\n- TOKEN: hunter2 (secret)\n", "secret-value"),
        ("\n## Variabels\n- TARGET: blue\n", "misspelt-section"),
        ("\n### 5. Five\n- estimat: 5 min\n", "misspelt-fact"),
    ],
)
def test_what_does_not_parse_is_not_stored_and_not_lost(room: Room, typed: str, rule: str) -> None:
    desk, found = room.desk(), kept(room)
    draft = editing.begin(desk, found)
    draft.path.write_text(BY_HAND + typed, encoding="utf-8")
    outcome = editing.finish(desk, found, draft)
    assert outcome.revision is None
    assert rule in [remark.rule for remark in outcome.remarks]
    assert all(remark.line > BY_HAND.count("\n") for remark in outcome.remarks)
    assert len(desk.reader.revisions_of(1)) == 1
    again = editing.begin(desk, found)
    assert again.kept
    assert again.path.read_text(encoding="utf-8") == BY_HAND + typed


def test_a_section_that_is_only_unknown_can_be_kept(room: Room) -> None:
    desk, found = room.desk(), kept(room)
    draft = editing.begin(desk, found)
    draft.path.write_text(BY_HAND + "\n## Sources\n- the wiki\n", encoding="utf-8")
    assert editing.finish(desk, found, draft).revision is not None


def test_somebody_elses_newer_revision_is_not_overwritten_and_the_text_is_kept(room: Room) -> None:
    desk, found = room.desk(), kept(room)
    draft = editing.begin(desk, found)
    draft.path.write_text(BY_HAND + "\n### 5. Mine\n", encoding="utf-8")
    kept(room, BY_HAND + "\n### 5. Theirs\n")
    with pytest.raises(BackoutError, match=r"meanwhile.*What you typed is kept in "):
        editing.finish(desk, found, draft)
    assert "Mine" in draft.path.read_text(encoding="utf-8")
    assert "Theirs" in plans.find(desk, "1").text


def test_a_draft_in_which_nothing_was_typed_does_not_stay_behind(room: Room) -> None:
    desk, found = room.desk(), kept(room)
    draft = editing.begin(desk, found)
    assert editing.what_is_kept(found, draft) == ""
    assert not draft.path.exists()
    draft = editing.begin(desk, found)
    draft.path.write_text(BY_HAND + "\n### 5. Mine\n", encoding="utf-8")
    assert str(draft.path) in editing.what_is_kept(found, draft)
    assert draft.path.exists()


def test_what_is_no_text_stays_where_it_is(room: Room) -> None:
    desk, found = room.desk(), kept(room)
    draft = editing.begin(desk, found)
    draft.path.write_bytes(b"\xff\xfe")
    with pytest.raises(BackoutError, match="not UTF-8"):
        editing.finish(desk, found, draft)
    assert draft.path.read_bytes() == b"\xff\xfe"


def test_the_editor_is_the_operators_and_begins_at_the_item_where_it_can(room: Room) -> None:
    desk, found = room.desk(), kept(room)
    draft = editing.begin(desk, found)
    line = editing.line_of(draft.path, "step 3")
    assert draft.path.read_text(encoding="utf-8").split("\n")[line - 1] == "### 3. Restore"
    assert editing.line_of(draft.path, "step 99") == 0
    environment = {"PATH": str(room.place), "EDITOR": "vim -u NONE"}
    for name in ("vim", "code"):
        _program(room.place / name)
    assert editing.command_of(environment, draft.path, line) == ["vim", "-u", "NONE", f"+{line}", str(draft.path)]
    assert editing.command_of({**environment, "VISUAL": "code -w"}, draft.path, line) == ["code", "-w", str(draft.path)]
    for missing in ("nothing-like-it", "'", ""):
        with pytest.raises(BackoutError, match="editor"):
            editing.command_of({"PATH": str(room.place), "EDITOR": missing}, draft.path)


def _program(path: Path) -> None:
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)

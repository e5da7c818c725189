"""A plan that is exported and imported again is the same plan; its file is there whole, or as it was."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backout_tui.domain.plan.plan import Plan
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import exporting
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.writer import write_plan
from tests.campaigns.counts import examples
from tests.engine.desks import BY_HAND, Room
from tests.planfile.plans import plans as random_plans
from tests.planfile.scraps import plain_documents
from tests.planfile.test_specimen import SPECIMEN


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """One database for all random plans: a release's next plan is the next revision of the one before."""
    found = Room(tmp_path_factory.mktemp("shelf"))
    yield found
    found.close()


@pytest.fixture(scope="module")
def desk(shelf: Room) -> Desk:
    return shelf.desk()


def there_and_back(desk: Desk, folder: Path, text: str, **said: str) -> tuple[Found, Found]:
    """A plan as it was stored, and as it was stored again from its export."""
    kept = plans.keep(desk, Found(text, read_plan(text), "x"), **said)  # type: ignore[arg-type] # texts alone
    before = plans.stored(desk, kept)
    path = exporting.export(desk, plans.whole_text(before), str(folder / "exported.md"))
    return before, plans.stored(desk, plans.keep(desk, plans.find(desk, str(path))))


SAID = st.fixed_dictionaries(
    {},
    optional={
        "release": st.sampled_from(["web 3", "the big one 2026-11"]),
        "returns_to": st.sampled_from(["2", "1.9"]),
        "environment": st.just("staging"),
    },
)


@given(plan=random_plans(), said=SAID)
@settings(max_examples=examples(200, 10), deadline=None)
def test_an_exported_plan_that_is_imported_is_the_same_plan(
    desk: Desk, shelf: Room, plan: Plan, said: dict[str, str]
) -> None:
    before, after = there_and_back(desk, shelf.place, write_plan(plan), **said)
    assert after.plan == before.plan
    if after.text == before.text and plan.release[0]:
        assert after.revision == before.revision


@given(text=plain_documents(), said=SAID)
@settings(max_examples=examples(400), deadline=None)
def test_so_is_anybodys_runbook(desk: Desk, shelf: Room, text: str, said: dict[str, str]) -> None:
    assume("\0" not in text)  # no text file, and refused as such
    before, after = there_and_back(desk, shelf.place, text, **said)
    assert after.plan == before.plan


def test_the_specimen_comes_back_byte_for_byte_as_the_same_revision(room: Room) -> None:
    text = SPECIMEN.read_text(encoding="utf-8")
    before, after = there_and_back(room.desk(), room.place, text)
    assert (room.place / "exported.md").read_bytes() == SPECIMEN.read_bytes()
    assert after == before


def test_line_ends_and_odd_forms_stay_as_they_were_written(room: Room) -> None:
    text = BY_HAND.replace("\n", "\r\n").replace("### 1. Freeze", "### Step 1 - Freeze") + "\r\n\r\n<!-- end -->"
    before, after = there_and_back(room.desk(), room.place, text)
    assert (room.place / "exported.md").read_bytes() == text.encode()
    assert after.revision == before.revision


def test_what_was_said_at_the_import_stands_in_the_exported_text(room: Room) -> None:
    """Elsewhere nobody could know it: the text alone would speak of another release, or of none."""
    desk = room.desk()
    before, after = there_and_back(desk, room.place, BY_HAND, release="web 3", returns_to="2", environment="staging")
    text = (room.place / "exported.md").read_text(encoding="utf-8")
    assert "- release: web 3\n" in text
    assert "web 2.0" not in text.replace(before.plan.title, "")
    assert after.plan == before.plan
    assert before.revision is not None
    assert after.revision is not None
    assert (after.revision.plan_id, after.revision.revision) == (before.revision.plan_id, 2)
    assert exporting.sha256_of(text) == hashlib.sha256(text.encode()).hexdigest() == after.revision.sha256


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_new_file_has_the_usual_mode_and_an_old_one_keeps_its_own(room: Room) -> None:
    path = room.place / "plan.md"
    before = os.umask(0o027)
    try:
        exporting.export(room.desk(), "one", str(path))
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        exporting.export(room.desk(), "two", str(path))
    finally:
        os.umask(before)
    assert (stat.S_IMODE(path.stat().st_mode), path.read_text()) == (0o604, "two")
    assert [one.name for one in room.place.iterdir()] == ["plan.md"]


def test_a_link_stays_a_link_and_what_it_points_to_is_written(room: Room) -> None:
    (room.place / "repository").mkdir()
    link = room.place / "plan.md"
    link.symlink_to("repository/plan.md")
    for text in ("one", "two"):
        assert exporting.export(room.desk(), text, str(link)) == room.place / "repository" / "plan.md"
        assert (link.is_symlink(), link.read_text()) == (True, text)


def _fifo(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("prepare", "name", "words"),
    [
        (Path.mkdir, "x", "this is a folder. Name a file in it"),
        (Path.touch, "missing/", "this is a folder"),
        (Path.touch, "missing/plan.md", r"there is no folder .*/missing\. Make it first"),
        (Path.touch, "x/plan.md", "there is no folder"),
        (_fifo, "x", "this is not a regular file"),
        (lambda path: path.symlink_to("x"), "x", "its links go in a circle"),
        (lambda path: path.symlink_to("gone/plan.md"), "x", "there is no folder"),
        (lambda path: path.symlink_to("/dev/null"), "x", "this is not a regular file"),
        (Path.touch, "y" * 300, "file name too long"),
    ],
    ids=["folder", "named as one", "no folder", "below a file", "pipe", "circle", "dangling", "device", "long"],
)
def test_what_cannot_be_a_plans_file_is_refused_and_left_as_it_is(
    room: Room, prepare: object, name: str, words: str
) -> None:
    prepare(room.place / "x")  # type: ignore[operator]
    before = sorted(one.name for one in room.place.iterdir())
    with pytest.raises(BackoutError, match=words):
        exporting.export(room.desk(), "text", f"{room.place}/{name}")
    assert sorted(one.name for one in room.place.iterdir()) == before


def test_the_database_is_never_written_over(room: Room) -> None:
    op = room.start()
    (room.place / "link.md").symlink_to(room.database)
    before = room.database.read_bytes()
    for name in ("backout.sqlite", "link.md"):
        with pytest.raises(BackoutError, match="this is the database that holds it"):
            exporting.export(op.desk, "text", str(room.place / name))
    assert room.database.read_bytes() == before


def test_an_export_that_fails_leaves_the_old_file_whole(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    path = room.place / "plan.md"
    path.write_text("as it was")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BackoutError, match=r"no space left on device\. Check the folder's disk space"):
        exporting.export(room.desk(), "new", str(path))
    assert (path.read_text(), [one.name for one in room.place.iterdir()]) == ("as it was", ["plan.md"])

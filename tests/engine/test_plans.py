"""Plans: what people type and what it means, stored as revisions, approved."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from backout_tui.domain.checking.check import check_plan
from backout_tui.engine import listing, plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.starting import Start
from backout_tui.errors import BackoutError
from backout_tui.store.log.rows import PlanRevision
from tests.engine.desks import BY_HAND, Room


def stored(room: Room, text: str = BY_HAND, **how: str) -> tuple[Desk, PlanRevision]:
    """A plan, imported from a file."""
    path = room.place / "imported.md"
    path.write_text(text, encoding="utf-8")
    desk = room.desk()
    return desk, plans.keep(desk, plans.find(desk, str(path)), **how)  # type: ignore[arg-type] # texts alone


def test_what_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plan.md").touch()
    assert plans.is_file("-")
    assert plans.is_file("./nothing")
    assert plans.is_file("web/2.0")
    assert plans.is_file("plan.md")
    assert not plans.is_file("missing.md")
    assert not plans.is_file("7")
    assert not plans.is_file("web 2.0@production")
    assert not plans.is_file("x" * 5000 + ".md")


def test_digits_are_an_id_and_the_newest_revision_of_it(room: Room) -> None:
    desk, first = stored(room)
    second = plans.keep(desk, plans.Found(BY_HAND + "\n### 5. More\n", plans.find(desk, "1").plan, "x"))
    assert ((first.plan_id, first.revision), (second.plan_id, second.revision)) == ((1, 1), (1, 2))
    found = plans.find(desk, "1")
    assert found.revision == second
    assert [step.number for step in found.plan.top_steps()] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("digits", ["2", "0", "9" * 18, "9" * 19, "9" * 5000], ids=len)
def test_an_unknown_id_is_told(room: Room, digits: str) -> None:
    desk, _ = stored(room)
    with pytest.raises(BackoutError, match="there is no plan"):
        plans.find(desk, digits)


def test_a_name_means_the_plan_of_that_release_and_several_are_told(room: Room) -> None:
    desk, _ = stored(room)
    stored(room, BY_HAND.replace("production", "staging"))
    stored(room, BY_HAND.replace("web 2.0", "web 3.0"))
    assert plans.find(desk, "web 3.0").where == "plan 3"
    assert plans.find(desk, "web 2.0@staging").where == "plan 2"
    assert plans.find(desk, "web@staging").where == "plan 2"
    for name in ("web 2.0", "web"):
        with pytest.raises(BackoutError, match=r"could be several plans: 1 \(web 2.0@production\), 2 \(web 2.0@stag"):
            plans.find(desk, name)
    for name in ("web 9.9", "nothing", "web 2.0@test", ""):
        with pytest.raises(BackoutError, match="there is no plan"):
            plans.find(desk, name)


def test_without_a_database_there_is_no_plan_and_none_is_made(room: Room) -> None:
    for name in ("1", "web 2.0"):
        with pytest.raises(BackoutError, match="there is no plan"):
            plans.find(room.desk(), name)
    assert not room.database.exists()


def test_a_night_without_a_plan_stands_in_nobodys_way(room: Room) -> None:
    """Neither does it become the newest revision of a plan, nor does it make a plan's name ambiguous."""
    desk, revision = stored(room)
    starting.start_without_plan(desk, "web 2.0", "1.9", "production", Start())
    assert plans.find(desk, "web 2.0@production").revision == revision
    assert plans.find(desk, "1").revision == revision
    again = starting.start_without_plan(desk, "web 2.0", "1.9", "production", Start(reason="once more, for the test"))
    assert again.backout.ref.id == 2
    assert again.backout.ref.revision == 1


def test_a_plan_that_is_written_after_such_a_night_takes_its_place(room: Room) -> None:
    starting.start_without_plan(room.desk(), "web 2.0", "1.9", "production", Start())
    _, revision = stored(room)
    assert (revision.plan_id, revision.revision) == (1, 2)


def test_the_same_text_is_the_same_revision_and_another_environment_another_plan(room: Room) -> None:
    desk, first = stored(room)
    assert stored(room)[1] == first
    assert stored(room, environment="staging")[1].plan_id == 2
    assert stored(room, release="web 2.1")[1].version == "2.1"
    _, named = stored(room, "# Something\n", release="the big one 3", returns_to="2", environment="e")
    assert (named.name, named.version, named.returns_to, named.environment) == ("the big one", "3", "2", "e")
    assert [line.id for line in listing.plan_lines(desk)] == [4, 3, 2, 1]


def test_the_same_text_said_to_return_to_another_version_is_a_new_revision(room: Room) -> None:
    """What is said at the import goes before the text; passed over, the backout would go to the wrong version."""
    desk, first = stored(room)
    second = stored(room, returns_to="1.8")[1]
    assert (second.plan_id, second.revision, second.returns_to) == (first.plan_id, 2, "1.8")
    assert starting.start(desk, "1", Start(reason="for the test", break_glass=True)).backout.release.returns_to == "1.8"


def test_what_is_said_at_the_import_goes_before_the_text(room: Room) -> None:
    """Another team's runbook names no release: all that is done with it speaks of the one that was said."""
    desk, _ = stored(room, "# Rollback\n\n- environment: staging\n- team: web\n", release="web 3", returns_to="2")
    plan = plans.find(desk, "web 3").plan
    assert (plan.release, plan.fact("returns to"), plan.fact("environment")) == (("web", "3"), "2", "staging")
    assert plan.fact("team") == "web"
    assert not [one.rule for one in check_plan(plan) if one.rule in ("no-release", "no-return")]


def test_plans_without_a_release_are_not_taken_for_each_other(room: Room) -> None:
    assert stored(room, "# One\n")[1].plan_id == 1
    assert stored(room, "# Two\n")[1].plan_id == 2


def test_exactly_the_approved_text_is_approved_wherever_it_is_stored(room: Room) -> None:
    desk, first = stored(room)
    plans.approve(desk, first, " release manager ")
    assert plans.find(desk, "1").approved
    _, elsewhere = stored(room, environment="staging")
    assert plans.is_approved(desk, elsewhere.sha256)
    stored(room, BY_HAND + "\n### 5. More\n")
    assert not plans.find(desk, "1").approved
    assert stored(room)[1].revision == 3
    assert plans.find(desk, "1").approved
    (event,) = [event for event in desk.reader.events_after("plan:1", 0) if event.kind == "PlanApproved"]
    assert event.data == {"by": "release manager", "revision": 1, "sha256": first.sha256, "reading": 2}
    with pytest.raises(BackoutError, match="who approved it"):
        plans.approve(desk, first, " ")


def test_a_plan_comes_from_standard_input_too(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xef\xbb\xbf" + BY_HAND.encode())))
    found = plans.find(room.desk(), "-")
    assert (found.where, found.plan.release) == ("standard input", ("web", "2.0"))
    assert found.text == BY_HAND


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# Plan\n\nfine\nnot \xff\xfe text\n", r"x\.md:4: this is not UTF-8 text"),
        (b"# Plan\n\x00", r"x\.md:2: this is not a text file"),
        (b"# Plan\n" + b"x" * plans.MAX_BYTES, "too large for a plan"),
    ],
    ids=["not UTF-8", "not text", "too large"],
)
def test_what_cannot_be_a_plan_is_told_with_its_line(room: Room, content: bytes, words: str) -> None:
    path = room.place / "x.md"
    path.write_bytes(content)
    with pytest.raises(BackoutError, match=words):
        plans.find(room.desk(), str(path))


def test_a_file_that_cannot_be_read_is_named(room: Room) -> None:
    with pytest.raises(BackoutError, match="no such file or directory"):
        plans.find(room.desk(), str(room.place / "missing\x1b.md"))
    with pytest.raises(BackoutError, match="is a directory"):
        plans.find(room.desk(), str(room.place))


@pytest.mark.parametrize("text", ["", "\n\n", "just words", "# \n", "```sh\n", "- a: b\n" * 50])
def test_any_text_is_a_plan_that_can_be_kept_and_found_again(room: Room, text: str) -> None:
    desk, revision = stored(room, text)
    assert plans.find(desk, str(revision.plan_id)).text == text

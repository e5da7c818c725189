"""A plan reused for another release: copied unconfirmed, reviewed item by item, approved only when all is confirmed."""

from __future__ import annotations

import pytest

from backout_tui.domain.plan.plan_items import items_of
from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import comparing, copying, reviewing
from backout_tui.engine.plans import Found
from backout_tui.engine.starting import Start
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.verify import verify_log
from tests.domain.test_plan_items import TEXT
from tests.engine.desks import BY_HAND, Room

SOURCE = TEXT.replace(
    "- window: 2h after deploy\n",
    "- environment: production\n- team: web\n- change: CHG-1\n- deployed: 2026-11-01 02:00 UTC\n"
    "- window: 2h after deploy\n",
).replace(
    "## Variables",
    "## Components\n\n| component | version | returns to |\n|---|---|---|\n| db | 7.1 | 7.0 |\n\n## Variables",
)
SOURCE += "\n## Rehearsals\n- 2026-10-30: passed in 9 min\n"


def kept(room: Room, text: str = SOURCE) -> Found:
    """A stored plan."""
    path = room.place / "source.md"
    path.write_text(text, encoding="utf-8")
    desk = room.desk()
    return plans.stored(desk, plans.keep(desk, plans.find(desk, str(path))))


def copy_of(room: Room, found: Found, to: str = "web 2.1", **said: str) -> tuple[Desk, Found]:
    """Its copy, as it is found again."""
    desk = room.desk()
    return desk, plans.stored(desk, copying.copy(desk, found, to, **said))


def test_a_copy_speaks_of_the_new_release_and_leaves_open_what_only_the_old_one_could_say(room: Room) -> None:
    _, found = copy_of(room, kept(room))
    plan = found.plan
    assert (plan.title, plan.release, plan.fact("returns to")) == ("Backout plan: web 2.1", ("web", "2.1"), None)
    assert (plan.fact("environment"), plan.fact("team"), plan.fact("window")) == (
        "production",
        "web",
        "2h after deploy",
    )
    assert plan.fact("derived from") == "web 2.0 (plan 1, revision 1)"
    assert (plan.fact("deployed"), plan.fact("change"), plan.rehearsals) == (None, None, None)
    assert [(one.component, one.version, one.returns_to) for one in plan.components] == [("db", "", "")]
    assert found.revision is not None
    assert (found.revision.name, found.revision.version, found.revision.returns_to) == ("web", "2.1", "")


def test_every_inherited_item_arrives_unconfirmed(room: Room) -> None:
    source = kept(room)
    _, found = copy_of(room, source)
    assert [item.label for item in found.unconfirmed] == [item.label for item in items_of(source.plan)]
    assert source.unconfirmed == ()


def test_another_teams_plan_does_not_bring_its_team_along(room: Room) -> None:
    source = kept(room)
    assert copy_of(room, source, "shop 1.0", returns_to="0.9")[1].plan.fact("team") is None
    assert copy_of(room, source, "shop 1.1", team="shop", environment="test")[1].plan.fact("team") == "shop"


def test_a_file_can_be_copied_without_being_stored(room: Room) -> None:
    path = room.place / "theirs.md"
    path.write_text(SOURCE, encoding="utf-8")
    desk = room.desk()
    found = plans.stored(desk, copying.copy(desk, plans.find(desk, str(path)), "web 2.1"))
    assert found.unconfirmed
    assert str(path) in (found.plan.fact("derived from") or "")


def test_a_release_that_has_a_plan_gets_no_second_one(room: Room) -> None:
    source = kept(room)
    copy_of(room, source)
    with pytest.raises(Refused, match=r"web 2\.1 has a plan already: plan 2"):
        copying.copy(room.desk(), source, "web 2.1")
    for nothing in ("web", " ", ""):
        with pytest.raises(BackoutError, match="a name and a version"):
            copying.copy(room.desk(), source, nothing)


def test_a_night_without_a_plan_does_not_keep_anybody_from_copying(room: Room) -> None:
    starting.start_without_plan(room.desk(), "web 2.1", "2.0", "production", Start())
    assert copy_of(room, kept(room))[1].unconfirmed


def test_approving_is_refused_with_the_list_until_the_last_item_is_confirmed(room: Room) -> None:
    desk, found = copy_of(room, kept(room), returns_to="2.0")
    for item in found.unconfirmed[:-1]:
        reviewing.confirm(desk, found, item, "sam")
    found = plans.find(desk, "2")
    assert [item.label for item in found.unconfirmed] == ["contact sam"]
    revision = reviewing.revision_of(found)
    with pytest.raises(Refused, match="1 item is not confirmed: contact sam"):
        plans.approve(desk, revision, "release manager")
    assert not plans.find(desk, "2").approved
    reviewing.confirm(desk, found, found.unconfirmed[0], " sam ")
    plans.approve(desk, revision, "release manager")
    assert plans.find(desk, "2").approved
    assert verify_log(desk.reader, "plan:2").ok


def test_starting_says_how_much_is_unconfirmed_and_breaking_the_glass_lifts_it(room: Room) -> None:
    desk, _ = copy_of(room, kept(room, BY_HAND))
    with pytest.raises(Refused, match="has 9 unconfirmed items") as refused:
        starting.start(desk, "2", Start())
    assert refused.value.lifted_by == "break-glass"
    op = starting.start(desk, "2", Start(break_glass=True, reason="nobody reviewed it in time"))
    assert not op.backout.ref.approved


def test_an_approved_text_with_something_unconfirmed_in_it_does_not_count_as_approved(room: Room) -> None:
    """Exported and imported under another name the text alone could be approved: the review cannot be walked around."""
    desk, found = copy_of(room, kept(room), returns_to="2.0")
    elsewhere = plans.keep(desk, Found(found.text, found.plan, "x"), environment="test")
    plans.approve(desk, elsewhere, "somebody")
    assert plans.is_approved(desk, found.revision.sha256 if found.revision else "")
    assert not plans.find(desk, "2").approved


def test_all_unchanged_confirms_what_says_what_it_said_and_is_not_found_wrong(room: Room) -> None:
    desk, found = copy_of(room, kept(room), returns_to="2.0")
    reviewing.store_next(
        desk, reviewing.revision_of(found), found.text.replace("Say so.", "Say so twice."), kind="PlanEdited", data={}
    )
    done = reviewing.confirm_unchanged(desk, plans.find(desk, "2"), "sam")
    left = {item.label for item in plans.find(desk, "2").unconfirmed}
    assert "step 1" in left
    assert "step 1" not in {item.label for item in done.items}
    assert {item.label for item, _ in done.left} == left - {"step 1"}


def test_a_command_that_names_another_release_is_not_confirmed_with_the_rest(room: Room) -> None:
    """One of several in a step, too: what is wrong is found in the step, and the command is what is confirmed."""
    desk, _ = copy_of(room, kept(room, SOURCE.replace("restart two", "restart two:1.9")), returns_to="2.0")
    done = reviewing.confirm_unchanged(desk, plans.find(desk, "2"), "sam")
    assert {"command 2", "command 3.2"} <= {item.label for item, _ in done.left}


def test_what_is_dropped_makes_a_new_revision_and_can_be_taken_back(room: Room) -> None:
    desk, found = copy_of(room, kept(room))
    item = reviewing.item_named(found, "step 3")
    revision = reviewing.drop(desk, found, item, "there is one worker now")
    after = plans.find(desk, "2")
    assert (revision.revision, after.revision) == (2, revision)
    assert not [one for one in items_of(after.plan) if one.label.startswith(("step 3", "command 3"))]
    assert after.record.revisions[-1].what == "dropped step 3"
    assert after.record.revisions[-1].reason == "there is one worker now"
    reviewing.take_back(desk, after)
    again = plans.find(desk, "2")
    assert again.text == found.text
    with pytest.raises(BackoutError, match="dropped nothing"):
        reviewing.take_back(desk, again)


def test_two_people_who_change_the_same_revision_do_not_undo_each_other(room: Room) -> None:
    desk, found = copy_of(room, kept(room))
    reviewing.drop(desk, found, reviewing.item_named(found, "step 3"))
    with pytest.raises(BackoutError, match="somebody stored revision 2 of plan 2 meanwhile"):
        reviewing.drop(desk, found, reviewing.item_named(found, "step 1"))
    assert plans.find(desk, "2").revision == desk.reader.revisions_of(2)[-1]


def test_items_are_named_as_people_name_them_and_what_is_not_there_is_told(room: Room) -> None:
    desk, found = copy_of(room, kept(room))
    assert reviewing.item_named(found, "STEP freeze").label == "step 1"
    with pytest.raises(BackoutError, match=r"there is no item step 99 .*There are: step 1, step 2, step 3"):
        reviewing.item_named(found, "step 99")
    with pytest.raises(BackoutError, match="there is no item nonsense"):
        reviewing.item_named(found, "nonsense")
    for nobody in ("", "  "):
        with pytest.raises(BackoutError, match="the name of the person who confirmed it is missing"):
            reviewing.confirm(desk, found, found.unconfirmed[0], nobody)


def test_nothing_is_said_of_a_file(room: Room) -> None:
    path = room.place / "x.md"
    path.write_text(SOURCE, encoding="utf-8")
    found = plans.find(room.desk(), str(path))
    with pytest.raises(BackoutError, match="a file, not a stored plan"):
        reviewing.confirm(room.desk(), found, items_of(found.plan)[0], "sam")


def test_a_plan_is_compared_with_what_it_was_copied_from_as_it_was_then(room: Room) -> None:
    source = kept(room)
    desk, found = copy_of(room, source)
    kept(room, SOURCE.replace("Say so.", "Say it later."))
    before = comparing.predecessor_or_error(desk, found)
    assert (before.text, comparing.name_of(before)) == (source.text, "plan 1, revision 1")
    newer = plans.find(desk, "1")
    assert comparing.name_of(comparing.predecessor_or_error(desk, newer)) == "plan 1, revision 1"
    with pytest.raises(BackoutError, match="was not made from another"):
        comparing.predecessor_or_error(desk, before)


def test_taking_back_keeps_what_was_said_of_the_release_when_it_was_imported(room: Room) -> None:
    path = room.place / "theirs.md"
    path.write_text("# Roll back\n\n## Steps\n\n### 1. One\n\n### 2. Two\n", encoding="utf-8")
    desk = room.desk()
    plans.keep(desk, plans.find(desk, str(path)), release="web 2.0", returns_to="1.9", environment="production")
    found = plans.find(desk, "1")
    reviewing.drop(desk, found, reviewing.item_named(found, "step 1"))
    reviewing.take_back(desk, plans.find(desk, "1"))
    again = reviewing.revision_of(plans.find(desk, "1"))
    assert (again.name, again.version, again.returns_to, again.environment) == ("web", "2.0", "1.9", "production")
    assert [step.title for step in plans.find(desk, "1").plan.top_steps()] == ["One", "Two"]


def test_what_is_typed_for_a_copy_is_one_line_of_inert_text(room: Room) -> None:
    _, found = copy_of(room, kept(room), "web\n2.1", returns_to="2.0\n\n## Risks\n- all", team="web\x1b[31m")
    assert found.plan.fact("returns to") == "2.0 ## Risks - all"
    assert "\x1b" not in found.text
    assert plans.says_the_same(found)


def test_a_copy_is_named_as_a_plan_is_with_its_environment(room: Room) -> None:
    _, found = copy_of(room, kept(room), "web 2.1@staging")
    assert (found.plan.release, found.plan.fact("environment")) == (("web", "2.1"), "staging")


def test_what_was_not_inherited_is_not_confirmed(room: Room) -> None:
    source = kept(room)
    done = reviewing.confirm(room.desk(), source, items_of(source.plan)[0], "sam")
    assert done.items == ()
    assert plans.find(room.desk(), "1").record.confirmed == {}


def test_the_release_is_what_the_text_says_of_it(room: Room) -> None:
    """A name alone is not filled up with the version that stood there before."""
    desk, found = copy_of(room, kept(room))
    text = found.text.replace("- release: web 2.1", "- release: shop")
    stored = reviewing.store_next(desk, reviewing.revision_of(found), text, kind="PlanEdited", data={})
    assert (stored.name, stored.version) == ("shop", "")
    assert plans.find(desk, "2").plan.fact("release") == "shop"
    assert plans.find(desk, "2").text == text

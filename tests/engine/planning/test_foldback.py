"""Deviations folded back into the plan, on a real database: a draft revision, each of them to be confirmed."""

from __future__ import annotations

import pytest

from backout_tui.domain.plan.plan_record import unchanged
from backout_tui.engine import plans, starting
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning import copying, foldback, reviewing
from backout_tui.engine.plans import Found
from backout_tui.engine.starting import Start
from backout_tui.engine.verbs import decision_verbs, problem_verbs, run_verbs, step_verbs
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.verify import verify_log
from tests.engine.desks import BY_HAND, Room, settled

PLAN = BY_HAND.replace("### 2. Tell the desk", "### 2. Tell the desk\n\n```sh\necho told\n```")


@pytest.fixture
def op(room: Room) -> Operator:
    """Sam, on a backout of an approved plan, decided."""
    path = room.place / "web.md"
    path.write_text(PLAN, encoding="utf-8")
    desk = room.desk()
    revision = plans.keep(desk, plans.find(desk, str(path)))
    plans.approve(desk, revision, "release manager")
    op = starting.start(desk, "1", Start())
    problem_verbs.log(op, "5xx everywhere")
    decision_verbs.decide(op, by="release manager", reason="errors above two percent")
    return op


def departed(op: Operator) -> None:
    """One step changed, one added, one skipped; what was changed and added was run."""
    step_verbs.change(op, "2", command="echo told twice", reason="once is not enough")
    step_verbs.add(op, "Tell ops", after="2", command="echo ops", reason="they asked for it")
    step_verbs.done(op, "1")
    for number in ("2", "2a"):
        run_verbs.run(op, number)
        settled(op)
    step_verbs.skip(op, "4", "the bot lifts it")


def newest(desk: Desk, number: str = "1") -> Found:
    """The plan as it stands."""
    return plans.find(desk, number)


def test_the_next_revision_is_a_draft_and_each_of_them_is_to_be_confirmed(op: Operator) -> None:
    departed(op)
    made = foldback.fold_back(op.desk, 1)
    found = newest(op.desk)
    labels = ["command 2", "step 2a", "command 2a", "step 4"]
    assert [item.label for item in made.items] == [item.label for item in found.unconfirmed] == labels
    assert (made.revision.revision, found.approved, made.left) == (2, False, ())
    with pytest.raises(Refused, match="4 items are not confirmed: command 2"):
        plans.approve(op.desk, made.revision, "release manager")
    assert unchanged(found.record, made.items) == (), "not at once, with what stands as it stood"
    for label in labels:
        reviewing.confirm(op.desk, newest(op.desk), reviewing.item_named(newest(op.desk), label), "kim")
    plans.approve(op.desk, made.revision, "release manager")
    assert newest(op.desk).approved
    assert verify_log(op.desk.reader, "plan:1").ok


def test_the_backout_and_the_plan_that_it_runs_stay_as_they_are(op: Operator) -> None:
    departed(op)
    before = op.refresh()
    foldback.fold_back(op.desk, 1)
    assert op.refresh() == before
    assert op.desk.reader.plan_text(1, 1) == PLAN


def test_the_record_says_from_which_backout_and_why(op: Operator) -> None:
    departed(op)
    foldback.fold_back(op.desk, 1)
    found = newest(op.desk)
    (dealt,) = found.record.departed(reviewing.item_named(found, "step 4"))
    assert (dealt.backout, dealt.how, dealt.by, dealt.made_from) == (1, "folded back", "sam", 1)
    assert dealt.items["step:lift the freeze"] == ("skipped: the bot lifts it (sam)",)
    assert found.record.revisions[-1].what == "folded back backout 1"


def test_what_was_confirmed_before_the_night_is_confirmed_anew(room: Room, op: Operator) -> None:
    copy = copying.copy(op.desk, newest(op.desk), "web 2.1", returns_to="2.0")
    reviewing.confirm_unchanged(op.desk, newest(op.desk, "2"), "kim")
    plans.approve(op.desk, copy, "release manager")
    other = starting.start(room.desk("kim"), "2", Start())
    step_verbs.skip(other, "4", "the bot lifts it")
    foldback.fold_back(op.desk, other.backout.id)
    assert [item.label for item in newest(op.desk, "2").unconfirmed] == ["step 4"]


def test_nothing_is_folded_back_twice_and_what_came_since_is(op: Operator) -> None:
    with pytest.raises(Refused, match="it followed its plan"):
        foldback.fold_back(op.desk, 1)
    departed(op)
    foldback.fold_back(op.desk, 1)
    with pytest.raises(Refused, match="were already folded back"):
        foldback.fold_back(op.desk, 1)
    step_verbs.skip(op, "3", "nothing was lost", break_glass=True)
    made = foldback.fold_back(op.desk, 1)
    assert [item.label for item in made.items] == ["step 3"]
    assert made.revision.text.count("### 2a. Tell ops") == 1
    assert "In backout 1 this step was skipped: nothing was lost." in made.revision.text


def test_what_is_dismissed_is_recorded_with_its_reason_and_is_not_asked_for_again(op: Operator) -> None:
    departed(op)
    assert foldback.not_folded_of(op.desk, newest(op.desk)) == (
        "3 deviations of backout 1 are neither folded back nor dismissed"
    )
    with pytest.raises(BackoutError, match="the reason for dismissing them"):
        foldback.dismiss(op.desk, 1, "  ")
    assert str(foldback.dismiss(op.desk, 1, "a night of its own")) == "3 deviations of backout 1"
    assert foldback.not_folded_of(op.desk, newest(op.desk)) == ""
    with pytest.raises(Refused, match="were already dismissed"):
        foldback.fold_back(op.desk, 1)
    with pytest.raises(Refused, match="were already dismissed"):
        foldback.dismiss(op.desk, 1, "a night of its own")
    assert newest(op.desk).record.dealt[-1].reason == "a night of its own"
    step_verbs.not_needed(op, "3", "nothing was lost", break_glass=True)
    assert foldback.not_folded_of(op.desk, newest(op.desk)) == (
        "1 deviation of backout 1 is neither folded back nor dismissed"
    )


def test_where_nothing_can_be_folded_back_it_says_why_and_stores_nothing(op: Operator) -> None:
    step_verbs.skip(op, "4", "the bot lifts it")
    found = newest(op.desk)
    reviewing.drop(op.desk, found, reviewing.item_named(found, "step 4"))
    with pytest.raises(Refused, match="step 4, skipped: the plan has no such step any more"):
        foldback.fold_back(op.desk, 1)
    step_verbs.skip(op, "1", "it was frozen before")
    made = foldback.fold_back(op.desk, 1)
    assert made.left == ("step 4, skipped: the plan has no such step any more",)
    assert foldback.not_folded_of(op.desk, newest(op.desk)) == "", "what was left out was told"


def test_a_secret_in_a_changed_command_never_gets_into_the_plan(op: Operator) -> None:
    step_verbs.change(
        op, "2", command="echo 'Authorization: Bearer ghp_0123456789abcdefghijABCDEFGHIJ012345'", reason="x"
    )
    step_verbs.done(op, "1")
    run_verbs.run(op, "2", reason="only a test")
    settled(op)
    with pytest.raises(BackoutError):
        foldback.fold_back(op.desk, 1)
    assert len(op.desk.reader.revisions_of(1)) == 1


def test_of_two_who_fold_back_at_once_the_second_is_told(op: Operator, room: Room) -> None:
    departed(op)
    stale = newest(op.desk)
    foldback.fold_back(room.desk("kim"), 1)
    with pytest.raises(BackoutError, match="revision 2"):
        reviewing.drop(op.desk, stale, reviewing.item_named(stale, "step 4"))
    with pytest.raises(Refused, match="already folded back"):
        foldback.fold_back(op.desk, 1)


def test_there_has_to_be_such_a_backout(op: Operator) -> None:
    with pytest.raises(BackoutError, match="no backout 9"):
        foldback.fold_back(op.desk, 9)


def test_an_item_of_a_loop_has_no_place_in_the_plan_and_is_left_out_by_name(room: Room) -> None:
    op = room.start(BY_HAND.replace("### 4. Lift the freeze", "### 4. Lift the freeze\n- for each: a, b"))
    step_verbs.skip(op, "4[a]", "there is no a")
    with pytest.raises(Refused, match=r"step 4\[a\], skipped"):
        foldback.fold_back(op.desk, op.backout.id)


def test_what_never_ran_is_left_out_and_the_rest_is_taken(op: Operator) -> None:
    step_verbs.change(op, "2", command="echo told twice", reason="once is not enough")
    step_verbs.add(op, "Tell ops", after="2", command="echo ops", reason="they asked for it")
    with pytest.raises(Refused, match=r"step 2, changed: it never ran; step 2a, added: it never ran"):
        foldback.fold_back(op.desk, 1)
    step_verbs.done(op, "1")
    run_verbs.run(op, "2")
    settled(op)
    step_verbs.skip(op, "2a", "they know of it")
    made = foldback.fold_back(op.desk, 1)
    assert [item.label for item in made.items] == ["command 2"]
    assert made.left == ("step 2a, added: it never ran", "step 2a, skipped: it never ran")
    assert "Tell ops" not in made.revision.text


def test_a_command_that_was_changed_again_after_its_run_never_ran(op: Operator) -> None:
    step_verbs.change(op, "2", command="false", reason="a try")
    step_verbs.done(op, "1")
    run_verbs.run(op, "2")
    settled(op)
    step_verbs.change(op, "2", command="echo told thrice", reason="for the next time")
    with pytest.raises(Refused, match="step 2, changed: it never ran"):
        foldback.fold_back(op.desk, 1)


def test_the_copy_that_was_made_already_can_be_chosen_and_its_source_still_has_them_to_deal_with(op: Operator) -> None:
    copying.copy(op.desk, newest(op.desk), "web 2.1", returns_to="2.0")
    departed(op)
    assert [str(one) for one in foldback.inherited_undealt(op.desk, newest(op.desk, "2"))] == [
        "3 deviations of backout 1"
    ]
    assert [one.where for one in foldback.copies_of(op.desk, 1)] == ["plan 2"]
    made = foldback.fold_back(op.desk, 1, "2")
    found = newest(op.desk, "2")
    assert (made.revision.plan_id, found.plan.release) == (2, ("web", "2.1"))
    assert "echo told twice" in found.text
    assert "echo told twice" not in newest(op.desk).text
    assert foldback.inherited_undealt(op.desk, found) == ()
    assert "neither folded back" in foldback.not_folded_of(op.desk, newest(op.desk))
    with pytest.raises(Refused, match="already folded back"):
        foldback.fold_back(op.desk, 1, "2")
    assert foldback.fold_back(op.desk, 1).revision.plan_id == 1


def test_what_the_source_had_before_the_copy_is_not_asked_for_in_the_copy(op: Operator) -> None:
    departed(op)
    foldback.fold_back(op.desk, 1)
    copying.copy(op.desk, newest(op.desk), "web 2.1", returns_to="2.0")
    assert foldback.inherited_undealt(op.desk, newest(op.desk, "2")) == ()
    with pytest.raises(Refused):
        foldback.fold_back(op.desk, 1, "2")

"""The deviations of a backout taken over into its plan's text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.values import replace
from backout_tui.planfile.reading.reader import read_plan
from backout_tui.planfile.writing.folding_back import CHANGED_SINCE, GONE, NO_WAY, FoldedBack, folded_back
from backout_tui.planfile.writing.writer import write_plan
from tests.campaigns.counts import examples
from tests.sample_plan import OPTIONS, PLAN
from tests.story import Story
from tests.walks import walks

BASE = read_plan(write_plan(PLAN))
WAYS = read_plan(write_plan(OPTIONS))


def begun(plan: Plan = BASE) -> Story:
    """A backout of that plan, decided."""
    story = Story()
    story.open(plan)
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge", severity="critical", kind="fault")
    story.tell("Decided", 2, kind="back-out", by="release manager", reason="errors above 2 %", named_authoriser=True)
    return story


def folded(backout: Backout, plan: Plan | None = None) -> FoldedBack:
    """All that it departs in, taken over into `plan`, else into the one that it ran."""
    return folded_back(plan or backout.plan, backout, backout.deviations)


def text(made: FoldedBack) -> str:
    """The plan's text."""
    return write_plan(made.plan)


def again(made: FoldedBack) -> dict[str, StepState]:
    """The steps as the text is read again."""
    return steps_of(read_plan(text(made)))


def order(made: FoldedBack) -> list[str]:
    """The numbers of the steps, as they stand in the text."""
    return list(again(made))


def test_a_changed_step_says_what_it_said_in_the_night() -> None:
    story = begun()
    more: dict[str, Any] = {
        "title": "Roll back to 41",
        "command": "undo --to=41\nwait",
        "instruction": "Look at the board.\n\nThen go.",
    }
    story.tell("StepChanged", 3, step="4", reason="undo alone goes too far", **more)
    step = again(folded(story.backout))["4"]
    assert (step.title, step.command, step.instruction) == tuple(more.values())
    assert (step.expects, step.timeout_s, step.fact("on")) == (("`successfully rolled out`",), 600, "ops-1")


def test_a_manual_step_that_got_a_command_has_it_in_the_plan() -> None:
    story = begun()
    story.tell("StepChanged", 3, step="9", command="bot unfreeze", reason="there is a bot for it")
    step = again(folded(story.backout))["9"]
    assert (step.kind, step.command, step.instruction) == (
        "command",
        "bot unfreeze",
        "Lift the freeze in the deploy channel.",
    )


def test_an_added_step_stands_at_its_place_with_its_number_title_command_and_instruction() -> None:
    story = begun()
    more: dict[str, Any] = {"title": "Rebuild the index", "command": "ledgerctl reindex", "instruction": "Twice."}
    story.tell("StepAdded", 3, step="5a", after="5", reason="queries time out", **more)
    made = folded(story.backout)
    step = again(made)["5a"]
    assert {part: getattr(step, part) for part in more} == more
    assert order(made)[4:6] == ["5", "5a"]
    assert list(made.taken) == ["5a"]


def test_what_is_added_inside_a_group_stays_inside_it() -> None:
    story = begun()
    story.tell("StepAdded", 3, step="6.1a", title="Warm ap-south", after="6.1", command="warm", reason="a new region")
    made = folded(story.backout)
    assert order(made)[5:9] == ["6", "6.1", "6.1a", "6.2"]
    assert again(made)["6.1a"].parent == "6"


def test_between_two_fences_of_one_step_the_fences_become_steps_of_their_own() -> None:
    story = begun(WAYS)
    story.tell("OptionChosen", 3, option="A: roll back", reason="the image is still there")
    story.tell("StepAdded", 4, step="A2.1a", title="Wait", after="A2.1", command="sleep 5", reason="it was too fast")
    story.tell("StepChanged", 5, step="A2.2", command="warm --region us-west", reason="us-east is closed")
    made = folded(story.backout)
    assert order(made) == ["1", "A1", "A2", "A2.1", "A2.1a", "A2.2", "B1", "2"]
    assert [again(made)[number].command for number in ("A2.1", "A2.2")] == [
        "warm --region eu-west",
        "warm --region us-west",
    ]


def test_moved_and_reordered_steps_stand_where_they_were_run() -> None:
    story = begun()
    story.tell("StepMoved", 3, step="8", after="1", reason="workers have to come up first")
    story.tell("StepDone", 4, step="9", note="", out_of_order="they wait for deployments")
    made = folded(story.backout)
    assert [one for one in order(made) if "." not in one] == ["9", "1", "8", "2", "3", "4", "5", "6", "7"]
    assert {number: [one.kind for one in those] for number, those in made.taken.items()} == {
        "9": ["reordered"],
        "8": ["moved"],
    }


def test_a_part_that_overtook_another_step_takes_its_group_along() -> None:
    story = begun()
    story.start("6.2", 3, out_of_order="us-east burns")
    story.finish("6.2", 4)
    made = folded(story.backout)
    assert order(made)[:4] == ["6", "6.2", "6.1", "1"]
    assert set(made.taken) == {"6", "6.2"}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("StepSkipped", "In backout 3 this step was skipped: already drained (agreed with payments lead)."),
        ("StepNotNeeded", "In backout 3 this step was not needed: already drained (agreed with payments lead)."),
        ("StepWorkedAround", "In backout 3 this step was worked around: already drained (agreed with payments lead)."),
    ],
)
def test_what_was_left_out_stays_with_a_note(kind: str, words: str) -> None:
    story = begun()
    story.tell(kind, 3, step="2", reason="already drained", agreed="payments lead")
    step = again(folded(story.backout))["2"]
    assert step.instruction == words
    assert step.command == "kubectl scale deploy/worker --replicas=0"


def test_another_way_leaves_a_note_at_the_way() -> None:
    story = begun(WAYS)
    story.tell("OptionChosen", 3, option="B: by hand", reason="the image is gone")
    made = folded(story.backout)
    assert "### Option B: by hand\n\nIn backout 3 this way was chosen: the image is gone." in text(made)
    gone = replace(WAYS, parts=WAYS.parts[:2])
    assert [one.why for one in folded(story.backout, gone).left] == [NO_WAY]


def test_what_cannot_be_matched_any_more_is_left_and_the_rest_is_taken_over() -> None:
    story = begun()
    story.tell("StepSkipped", 3, step="3", reason="there are no jobs")
    story.tell("StepChanged", 4, step="4", command="undo --to=41", reason="undo alone goes too far")
    newer = read_plan(text(FoldedBack(BASE, {})).replace("### 3. Stop the batch jobs", "### 3a. Something else"))
    made = folded(story.backout, newer)
    assert [(one.deviation.step, one.why) for one in made.left] == [("3", GONE)]
    assert again(made)["4"].command == "undo --to=41"


def test_a_step_under_another_number_is_found_by_its_title() -> None:
    story = begun()
    story.tell("StepSkipped", 3, step="3", reason="there are no jobs")
    newer = read_plan(text(FoldedBack(BASE, {})).replace("### 3. Stop", "### 33. Stop"))
    assert list(folded(story.backout, newer).taken) == ["33"]


def test_what_was_changed_in_the_plan_since_is_not_overwritten() -> None:
    story = begun()
    story.tell("StepChanged", 4, step="4", command="undo --to=41", title="Undo", reason="undo alone goes too far")
    newer = read_plan(text(FoldedBack(BASE, {})).replace("rollout undo", "rollout undo --safely"))
    made = folded(story.backout, newer)
    assert [one.why for one in made.left] == [CHANGED_SINCE.format(part="command")]
    assert (again(made)["4"].title, "--safely" in again(made)["4"].command) == ("Undo", True)


def test_a_number_that_the_plan_gave_meanwhile_is_not_given_again() -> None:
    story = begun()
    story.tell("StepAdded", 3, step="5a", title="Rebuild the index", after="5", command="reindex", reason="it is slow")
    first = folded(story.backout)
    other = begun()
    other.tell("StepAdded", 3, step="5a", title="Tell the ledger", after="5", command="", reason="they asked for it")
    made = folded(other.backout, read_plan(text(first)))
    assert order(made)[4:7] == ["5", "5b", "5a"]
    assert folded(story.backout, read_plan(text(first))).taken == {}, "what the plan has by now is not added again"


def test_a_choice_of_words_never_becomes_structure() -> None:
    story = begun()
    words = "## Steps\n- owner: kim\n```sh\nrm -rf /\n```\nExpect: `x`\n### 1. Again\n---\n<!-- silence x -->"
    story.tell("StepChanged", 3, step="9", instruction=words, reason="a\n### 5. b <!-- c")
    story.tell("StepSkipped", 4, step="9", reason="a\n### 5. b <!-- c")
    made = folded(story.backout)
    assert order(made) == list(steps_of(BASE))
    step = again(made)["9"]
    assert (step.kind, step.expects, step.fact("owner")) == ("manual", (), None)
    assert "rm -rf /" in step.instruction


COMMANDS = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1).filter(str.strip)


@given(COMMANDS)
@settings(max_examples=examples(few=40), deadline=None)
def test_any_command_comes_back_as_it_was_typed(command: str) -> None:
    story = begun()
    story.tell("StepChanged", 3, step="2", command=command, reason="so it is")
    story.tell("StepAdded", 4, step="2a", title="more", after="2", command=command, reason="so it is")
    found = again(folded(story.backout))
    assert {found[number].command.rstrip() for number in ("2", "2a")} == {command.rstrip()}


@given(walks())
@settings(max_examples=examples(few=40), deadline=None)
def test_folding_back_any_walk_gives_a_plan_that_reads_with_what_was_changed_and_added(story: Story) -> None:
    backout = story.backout
    assume(not any("[" in number for number in backout.steps))  # the plan's text does not spell loops out
    made = folded(backout)
    found = again(made)
    assert made.left == ()
    assert set(steps_of(backout.plan)) <= set(found)
    for step in backout.leaves:
        departs = [one for one in backout.deviations if one.step == step.number]
        if step.origin != "plan" and departs:
            assert (found[step.number].command, found[step.number].title) == (step.command, step.title)
    assert set(found) == set(steps_of(made.plan)), "no number was read as another one"

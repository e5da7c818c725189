"""The Next line: one thing at a time, the most pressing first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from backout_tui.domain.backout.order import next_step
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.rules.next_wish import due_checks, due_messages, next_wish
from tests import night, scenes
from tests.scenes import Scene
from tests.story import Story, at


@pytest.mark.parametrize(
    ("scene", "words", "key", "on"),
    [
        (scenes.fresh, "log what is wrong", "p", None),
        (
            scenes.problem_logged,
            "decide whether to back out: call release manager; from 03:11 payments lead may decide",
            "D",
            None,
        ),
        (scenes.deciding, "call release manager again: voicemail", "k", None),
        (scenes.step_running, "wait for step 4 (0:43 of ~5:00)", "", ("step", "4")),
        (scenes.step_late, "step 4 runs past its estimate (10:00): look at it", "Enter", ("step", "4")),
        (scenes.step_failed, "step 4 failed: scale the old replica set by hand", "r", ("step", "4")),
        (scenes.in_doubt, "step 4 is in doubt: say what is true", "Enter", ("step", "4")),
        (scenes.verifying, "look at check B: Ten charges looked at", "Enter", ("check", "B")),
        (scenes.told, "“Ledger” is in doubt: did it arrive?", "Enter", ("message", "M2")),
        (scenes.closed, "closed. The log is complete (l).", "l", None),
        (scenes.rehearsal, "show step 3, Stop the batch jobs (~1 min)", "r", ("step", "3")),
        (scenes.empty_plan, "do step 1, Scale the old replica set", "d", ("step", "1")),
        (scenes.options_open, "choose an option", "r", ("step", "A1")),
        (scenes.options, "run step A2.1, First the one", "r", ("step", "A2.1")),
        (scenes.glass_broken, "do step 1, Freeze deployments (~2 min)", "d", ("step", "1")),
    ],
)
def test_each_situation_has_its_one_thing_to_do(
    scene: Callable[[], Scene], words: str, key: str, on: tuple[str, str] | None
) -> None:
    seen = scene()
    wish = next_wish(seen.backout, seen.now)
    assert (wish.words, wish.key, wish.on) == (words, key, on)


def test_in_doubt_comes_before_a_failed_step_and_both_before_a_call_that_is_due() -> None:
    """The order of the contract, one thing taken away after the other."""
    story = night.failed()
    story.tell("CallLogged", 15, call="C3", name="ledger team", result="voicemail", follow_up=rfc3339(at(16)))
    story.send("M2", 15, {"ledger team": "in_doubt"})
    said, sent = [], dict[str, Any]({"as": "sent"})
    for move in (
        lambda: story.tell("MessageResolved", 17, message="M2", recipient="ledger team", reason="seen", **sent),
        lambda: story.tell("StepWorkedAround", 18, step="4", reason="scaled by hand"),
        lambda: story.tell("CallLogged", 19, call="C4", name="ledger team", result="reached"),
        lambda: None,
    ):
        said.append(next_wish(story.backout, at(20)).words)
        move()
    assert [words.split(" ")[0] for words in said] == ["“Ledger”", "step", "call", "run"]


def test_people_are_told_when_the_steps_and_checks_are_behind() -> None:
    story = night.steps_done()
    for letter in ("B", "C"):
        story.tell("CheckRecorded", 50, check=letter, verdict="pass", note="seen")
    assert next_wish(story.backout, at(51)).words == "tell people: “Ledger”"
    story.send("M2", 52, {"ledger team": "sent"})
    assert next_wish(story.backout, at(53)).words == "say whether it worked"
    story.tell("VerdictGiven", 54, outcome="backed-out", reason="")
    assert next_wish(story.backout, at(55)).words == "tell people: “Finished”"
    story.send("M3", 56, {"release manager": "sent"})
    assert (next_wish(story.backout, at(57)).words, next_wish(story.backout, at(57)).key) == ("close the backout", "X")


def test_a_call_is_not_due_before_its_time() -> None:
    assert next_wish(night.with_problems().backout, at(5)).words.startswith(
        "decide whether to back out: call release manager"
    )


def test_an_empty_plan_asks_for_the_steps_as_they_are_done() -> None:
    story = Story(list(scenes.empty_plan().events)[:-1])
    assert next_wish(story.backout, at(3)).words == "add the steps as you do them"


def test_the_next_step_is_in_the_chosen_option_and_in_document_order() -> None:
    open_step = next_step(scenes.options_open().backout)
    assert open_step is not None
    assert open_step.number == "A1"
    story = night.optional()
    story.tell("OptionChosen", 4, option="B: by hand", reason="the image is gone")
    chosen_step = next_step(story.backout)
    assert chosen_step is not None
    assert chosen_step.number == "B1"


def test_a_check_is_due_when_the_step_it_comes_after_is_settled() -> None:
    due = [[check.id for check in due_checks(story.backout)] for story in (night.failed(), night.steps_done())]
    assert due == [[], ["B", "C"]]
    story = night.at_step_four()
    story.finish("4", 16)
    assert [check.id for check in due_checks(story.backout)] == ["A"]


def test_an_optional_check_is_due_until_it_was_looked_at_and_a_required_one_until_it_passes() -> None:
    """Else an optional one that failed would stand before the verdict for ever."""
    story = night.steps_done()
    assert [(check.id, check.required) for check in due_checks(story.backout)] == [("B", True), ("C", False)]
    for letter in ("B", "C"):
        story.tell("CheckRecorded", 50, check=letter, verdict="fail", note="not yet")
    assert [check.id for check in due_checks(story.backout)] == ["B"]


def test_a_message_is_due_when_its_moment_has_come() -> None:
    def due(story: Story) -> list[str]:
        return [message.id for message in due_messages(story.backout)]

    assert due(night.with_problems()) == []
    assert due(night.decided()) == ["M1"]
    assert due(night.steps_done()) == ["M2"]
    assert due(night.told()) == ["M4"]


def test_a_prepared_message_to_the_authoriser_is_due_at_once() -> None:
    assert "M4" in [message.id for message in due_messages(scenes.glass_broken().backout)]


def test_what_has_ended_and_cannot_be_recorded_is_not_waited_for_as_if_it_ran() -> None:
    scene = scenes.step_running()
    running = scene.backout.steps["4"].attempts[-1]
    assert next_wish(scene.backout, scene.now).words.startswith("wait for step 4")
    wish = next_wish(scene.backout, scene.now, ended=[running.intent])
    assert (wish.words, wish.key) == ("step 4 has ended and cannot be recorded yet: see why", "Enter")
    assert (wish.on, wish.urgent) == (("step", "4"), True)

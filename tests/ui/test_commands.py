"""The one table of commands: what reads it agrees with it, and what it says holds in every situation."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from backout_tui.domain.checking import rules
from backout_tui.domain.gates import why_not_act
from backout_tui.domain.next_wish import next_wish
from backout_tui.domain.refusal import Refusal
from backout_tui.ui import commands, desk_keys
from backout_tui.ui.actions.flows import FLOWS
from backout_tui.ui.commands import FOOTER, TABLE, by_id, typing_keys
from backout_tui.ui.dashboard import Dashboard
from backout_tui.ui.footer import _fitting, key_words
from backout_tui.ui.help_screen import help_lines
from backout_tui.ui.palette import found
from backout_tui.ui.situation import PANES, Item, Situation, pane_of_wish
from tests import scenes
from tests.scenes import SCENES, Scene

PROMISED = (*"pDrdfswcaoxumknvV=XTl1234y/?q", "Tab", "Enter", "Ctrl+P")
"""The keys that people rely on, beside those that move the cursor."""


def situation(scene: Scene, pane: str = "plan", on: Item | None = None, actor: str = "sam") -> Situation:
    """Where `actor` stands in `scene`."""
    wish = next_wish(scene.backout, scene.now)
    refusal = why_not_act(scene.backout, actor, holder_lives=True)
    return Situation(scene.backout, wish, pane, on, refusal, actor)


def refusal(command: str, where: Situation) -> Refusal | None:
    """Why the command does not apply there."""
    return by_id()[command].refusal(where)


# ── the table and its readers ─────────────────────────────────────────────────────────────────────────────────────


def test_every_promised_key_is_there_and_no_key_means_two_things() -> None:
    keys = [command.key for command in by_id().values() if command.key]
    assert set(PROMISED) <= set(keys)
    assert len(keys) == len(set(keys))


def test_every_command_has_its_action_and_every_action_its_command() -> None:
    assert set(FLOWS) == set(by_id())


def test_the_dashboard_binds_every_key_before_any_widget_sees_it() -> None:
    bound = {binding.key: binding for binding in Dashboard.BINDINGS}  # type: ignore[union-attr] # all are Bindings
    assert set(bound) == {command.binding for command in by_id().values() if command.key}
    assert all(binding.priority for binding in bound.values())  # type: ignore[union-attr]


def test_text_may_be_typed_ahead_after_the_keys_that_open_a_field() -> None:
    assert {"p", "s", "w", "f", "n", "slash"} <= typing_keys() == Dashboard.OPENS_A_FIELD
    assert not {"r", "d", "q", "X", "enter"} & typing_keys()


def test_the_help_names_every_command() -> None:
    said = "\n".join(line.text for line in help_lines())
    assert all(command.help in said for command in by_id().values())
    assert all(subject in said for subject in TABLE)


def test_the_footer_offers_what_exists_and_always_the_help() -> None:
    assert set(FOOTER) == {*PANES, "closed", "looking on"}
    assert all("help" in ids and set(ids) <= set(by_id()) for ids in FOOTER.values())


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("keys", commands.table_markdown()),
        ("plan keys", desk_keys.table_markdown()),
        ("rules", rules.table_markdown()),
    ],
)
def test_the_readme_shows_the_table(name: str, table: str) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    between = re.search(rf"<!-- {name} -->\n(.*?)\n<!-- /{name} -->", readme, re.DOTALL)
    assert between is not None
    assert between[1] == table


@pytest.mark.parametrize("width", [20, 40, 58, 78, 118])
def test_as_many_keys_as_fit_are_offered_and_help_is_among_them(width: int) -> None:
    groups = [key_words(by_id()[one], lit=True) for one in FOOTER["plan"]]
    said = "".join(word.text for word in _fitting(groups, width))
    assert len(said) <= width
    assert "? Help" in said


def test_the_palette_finds_a_command_by_any_of_its_words() -> None:
    where = situation(scenes.deciding())
    assert [row.key for row in found("phone", where)] == ["call"]
    assert [row.key for row in found("verdict", where)] == ["verdict"]
    assert found("no such thing", where) == []
    assert len(found("", where)) == len(by_id()) - 2


# ── the gates ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES.keys())
def test_every_gate_answers_for_everything_in_every_scene(scene: Callable[[], Scene]) -> None:
    """No situation may make a gate fall over: the footer asks all of them at every step of the cursor."""
    seen = scene()
    backout = seen.backout
    items: list[tuple[str, Item | None]] = [("plan", None), ("checks", None), ("messages", None), ("problems", None)]
    items += [("problems", ("problem", problem.id)) for problem in backout.problems]
    items += [("plan", ("step", number)) for number in backout.steps]
    items += [("checks", ("check", letter)) for letter in backout.checks]
    items += [("messages", ("message", one)) for one in backout.messages]
    items += [("messages", ("call", call.id)) for call in backout.calls]
    for pane, on in items:
        where = situation(seen, pane, on)
        for command in by_id().values():
            no = command.refusal(where)
            assert no is None or no.words.strip()


def test_who_looks_on_may_look_and_may_take_over_and_nothing_else() -> None:
    where = situation(scenes.observer(), "plan", ("step", "4"))
    free = {command.id for command in by_id().values() if command.refusal(where) is None}
    looking = {command.id for command in TABLE["Looking"]}
    assert free == looking | {"take_over"}
    refused = refusal("log_problem", where)
    assert refused is not None
    assert "kim has the controls" in refused.words


def test_of_a_closed_backout_only_reopening_is_left() -> None:
    where = situation(scenes.closed(), "plan", ("step", "4"))
    assert refusal("reopen", where) is None
    assert refusal("take_over", where) is not None
    assert refusal("log_problem", where) is not None


def test_in_another_pane_a_key_acts_on_what_the_next_line_names() -> None:
    where = situation(scenes.step_failed(), "problems", ("problem", "P1"))
    assert where.step is not None
    assert where.step.number == "4"


def test_in_its_own_pane_a_key_acts_on_what_the_cursor_is_on() -> None:
    where = situation(scenes.step_failed(), "plan", ("step", "6"))
    assert where.step is not None
    assert where.step.number == "6"


def test_nothing_is_guessed_where_the_next_line_names_no_step() -> None:
    where = situation(scenes.deciding(), "problems", None)
    no = refusal("step_done", where)
    assert no is not None
    assert no.words == "No step is chosen: go to the plan (2) and put the cursor on one."


@pytest.mark.parametrize(
    ("scene", "step", "command", "words"),
    [
        (scenes.deciding, "2", "run_step", "Nobody has decided to back out yet"),
        (scenes.step_running, "4", "run_step", "Step 4 is running"),
        (scenes.step_running, "1", "run_step", "Step 1 is done"),
        (scenes.step_failed, "4", "step_failed", "Step 4 has failed already"),
        (scenes.in_doubt, "4", "run_step", "Step 4 is in doubt"),
        (scenes.in_doubt, "5", "run_step", "Step 4 is in doubt"),
        (scenes.step_failed, "4", "reopen", "was not left out"),
        (scenes.step_failed, "4", "stop_step", "No step is running"),
        (scenes.step_running, "2", "change", "was skipped"),
        (scenes.step_failed, "4", "choose_option", "one way only"),
        (scenes.step_failed, "4", "answer_condition", "has no condition"),
    ],
)
def test_a_step_that_cannot_be_acted_on_says_why(
    scene: Callable[[], Scene], step: str, command: str, words: str
) -> None:
    no = refusal(command, situation(scene(), "plan", ("step", step)))
    assert no is not None
    assert words in no.words


def test_what_a_reason_lifts_stays_lit_and_what_breaks_the_glass_does_not() -> None:
    out_of_order = situation(scenes.step_failed(), "plan", ("step", "7"))
    undecided = situation(scenes.deciding(), "plan", ("step", "2"))
    assert by_id()["run_step"].is_lit(out_of_order)
    assert not by_id()["run_step"].is_lit(undecided)


def test_stopping_means_the_step_that_runs_wherever_the_cursor_is() -> None:
    assert refusal("stop_step", situation(scenes.step_running(), "problems", ("problem", "P1"))) is None


def test_of_an_open_choice_running_is_choosing() -> None:
    assert refusal("run_step", situation(scenes.options_open(), "plan", ("step", "A1"))) is None


def test_only_checks_that_the_program_can_run_are_due_to_run() -> None:
    assert refusal("run_due_checks", situation(scenes.fresh(), "checks", ("check", "B"))) is not None
    assert refusal("run_check", situation(scenes.verifying(), "checks", ("check", "B"))) is None


@pytest.mark.parametrize(
    ("scene", "pane"),
    [
        (scenes.fresh, "problems"),
        (scenes.deciding, "messages"),
        (scenes.step_running, "plan"),
        (scenes.verifying, "checks"),
    ],
)
def test_the_pane_to_begin_in_is_that_of_the_next_thing(scene: Callable[[], Scene], pane: str) -> None:
    seen = scene()
    assert pane_of_wish(next_wish(seen.backout, seen.now), "plan") == pane

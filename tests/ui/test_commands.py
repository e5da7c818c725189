"""The one table of commands: what reads it agrees with it, and what it says holds in every situation."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules.gates import why_not_act
from backout_tui.domain.rules.next_wish import next_wish
from backout_tui.engine.verbs.table.verb import Asks, always
from backout_tui.engine.verbs.table.verb_table import all_verbs
from backout_tui.ui.night.actions.flows import CLEARED, FLOWS
from backout_tui.ui.night.commands import FOOTER, LOOKING, by_id, by_key, meant, table, typing_keys
from backout_tui.ui.night.dashboard import Dashboard
from backout_tui.ui.night.footer import _fitting, key_words
from backout_tui.ui.night.help_screen import help_lines
from backout_tui.ui.night.palette import found
from backout_tui.ui.night.situation import PANES, Item, Situation, pane_of_wish
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
    assert set(PROMISED) <= set(by_key())
    for key, sharing in by_key().items():
        assert len({command.binding for command in sharing}) == 1
        assert all(command.means is not always for command in sharing[:-1]), f"{key} means the first of them always"


@pytest.mark.parametrize(
    ("scene", "pane", "on", "key", "command"),
    [
        (scenes.step_failed, "plan", ("step", "4"), "c", "step-change"),
        (scenes.step_failed, "problems", ("problem", "P1"), "c", "problem-edit"),
        (scenes.step_failed, "plan", ("step", "4"), "u", "step-reopen"),
        (scenes.closed, "plan", ("step", "4"), "u", "reopen"),
        (scenes.in_doubt, "plan", ("step", "4"), "v", "step-probe"),
        (scenes.verifying, "checks", ("check", "A"), "v", "check-run"),
        (scenes.verifying, "checks", ("check", "B"), "v", "check-record"),
        (scenes.verifying, "checks", ("check", "C"), "X", "verdict"),
        (scenes.closed, "checks", ("check", "C"), "X", "close"),
        (scenes.observer, "plan", ("step", "4"), "T", "take-over"),
    ],
)
def test_a_key_that_several_verbs_share_means_the_one_that_fits(
    scene: Callable[[], Scene], pane: str, on: Item, key: str, command: str
) -> None:
    assert meant(key, situation(scene(), pane, on)).id == command


def test_in_the_empty_pane_of_problems_the_key_that_changes_speaks_of_problems() -> None:
    where = situation(scenes.fresh(), "problems", None)
    command = meant("c", where)
    no = command.refusal(where)
    assert command.id == "problem-edit"
    assert no is not None
    assert no.words == "No problem is logged yet: log what is wrong first (p)."


def test_every_command_has_an_action_and_every_action_its_command() -> None:
    actions = {*FLOWS, *CLEARED}
    assert actions <= set(by_id())
    own = {verb.id for verb in all_verbs() if verb.label and verb.asks in (Asks.OWN, Asks.PREVIEW)}
    made = {verb.id for verb in all_verbs() if verb.label} - own
    assert own <= actions
    assert made.isdisjoint(actions)
    assert set(by_id()) == actions | made


def test_the_dashboard_binds_every_key_before_any_widget_sees_it() -> None:
    bound = {binding.key: binding for binding in Dashboard.BINDINGS}  # type: ignore[union-attr] # all are Bindings
    assert set(bound) == {sharing[0].binding for sharing in by_key().values()}
    assert all(binding.priority for binding in bound.values())  # type: ignore[union-attr]


def test_text_may_be_typed_ahead_after_the_keys_that_open_a_field() -> None:
    assert {"p", "s", "w", "f", "n", "slash"} <= typing_keys() == Dashboard.OPENS_A_FIELD
    assert not {"r", "d", "q", "X", "enter"} & typing_keys()


def test_the_help_names_every_command() -> None:
    said = "\n".join(line.text for line in help_lines())
    assert all(command.help in said for command in by_id().values())
    assert all(subject in said for subject in table())


def test_the_footer_offers_what_exists_and_always_the_help() -> None:
    assert set(FOOTER) == {*PANES, "closed", "looking on"}
    assert all("?" in keys.split() and set(keys.split()) <= set(by_key()) for keys in FOOTER.values())


@pytest.mark.parametrize("width", [20, 40, 58, 78, 118])
def test_as_many_keys_as_fit_are_offered_and_help_is_among_them(width: int) -> None:
    groups = [key_words(by_key()[one][0], lit=True) for one in FOOTER["plan"].split()]
    said = "".join(word.text for word in _fitting(groups, width))
    assert len(said) <= width
    assert "? Help" in said


def test_the_palette_finds_a_command_by_any_of_its_words() -> None:
    where = situation(scenes.deciding())
    assert [row.key for row in found("phone", where)] == ["call-log"]
    assert [row.key for row in found("verdict", where)] == ["verdict"]
    assert found("thin", where)[0].key == "reason"  # before what only holds "everything"
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
    looking = {command.id for command in LOOKING}
    assert free == looking | {"take-over"}
    refused = refusal("problem-add", where)
    assert refused is not None
    assert "kim has the controls" in refused.words


def test_of_a_closed_backout_only_reopening_is_left() -> None:
    where = situation(scenes.closed(), "plan", ("step", "4"))
    assert refusal("reopen", where) is None
    assert refusal("take-over", where) is not None
    assert refusal("problem-add", where) is not None


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
    no = refusal("step-done", where)
    assert no is not None
    assert no.words == "No step is chosen: go to the plan (2) and put the cursor on one."


@pytest.mark.parametrize(
    ("scene", "step", "command", "words"),
    [
        (scenes.deciding, "2", "step-run", "Nobody has decided to back out yet"),
        (scenes.step_running, "4", "step-run", "Step 4 is running"),
        (scenes.step_running, "1", "step-run", "Step 1 is done"),
        (scenes.step_failed, "4", "step-fail", "Step 4 has failed already"),
        (scenes.in_doubt, "4", "step-run", "Step 4 is in doubt"),
        (scenes.in_doubt, "5", "step-run", "Step 4 is in doubt"),
        (scenes.step_failed, "4", "step-reopen", "was not skipped"),
        (scenes.step_failed, "4", "step-stop", "No step is running"),
        (scenes.step_running, "2", "step-change", "was skipped"),
        (scenes.step_failed, "4", "option-choose", "one way only"),
        (scenes.step_failed, "4", "step-condition", "has no condition"),
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
    assert by_id()["step-run"].is_lit(out_of_order)
    assert not by_id()["step-run"].is_lit(undecided)


def test_stopping_means_the_step_that_runs_wherever_the_cursor_is() -> None:
    assert refusal("step-stop", situation(scenes.step_running(), "problems", ("problem", "P1"))) is None


def test_of_an_open_choice_running_is_choosing() -> None:
    assert refusal("step-run", situation(scenes.options_open(), "plan", ("step", "A1"))) is None


def test_only_checks_that_the_program_can_run_are_due_to_run() -> None:
    assert refusal("check-run-due", situation(scenes.fresh(), "checks", ("check", "B"))) is not None
    assert refusal("check-run", situation(scenes.verifying(), "checks", ("check", "A"))) is None


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

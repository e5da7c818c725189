"""The panes' rows, from frozen values: what stands in which cell, in every situation, at every width."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import pytest
from hypothesis import given, settings
from rich.cells import cell_len

from backout_tui.domain.backout.state import Backout
from backout_tui.domain.text import clean_line
from backout_tui.ui.night.panes import checks_pane, head_words, messages_pane, plan_pane, problems_pane, step_rows
from backout_tui.ui.widgets.columns import Cell, Column, Row, cells_of, column_widths
from tests import night, scenes
from tests.campaigns.counts import examples
from tests.scenes import SCENES, Scene
from tests.story import Story, at
from tests.walks import walks

Pane = tuple[Sequence[Column], Sequence[Row]]


def panes(backout: Backout, now: datetime) -> dict[str, Pane]:
    """The columns and rows of all four panes."""
    return {
        "problems": (problems_pane.ProblemsPane.COLUMNS, problems_pane.rows(backout)),
        "plan": (step_rows.COLUMNS, [plan_pane.row(line, now) for line in plan_pane.plan_lines(backout)]),
        "checks": (checks_pane.ChecksPane.COLUMNS, [checks_pane.row(check, now) for check in backout.checks.values()]),
        "messages": (messages_pane.MessagesPane.COLUMNS, messages_pane.rows(backout, now)),
    }


def drawn(pane: Pane, width: int) -> list[str]:
    """The rows as they stand on the screen."""
    columns, rows = pane
    widths = column_widths(columns, width)
    return ["".join(text for text, _ in cells_of(row, columns, widths)) for row in rows]


def lines(scene: Scene, pane: str, width: int = 76) -> dict[str, str]:
    """The rows of one pane by their keys."""
    found = panes(scene.backout, scene.now)[pane]
    return {row.key: line.rstrip() for row, line in zip(found[1], drawn(found, width), strict=True)}


def tones(scene: Scene, pane: str) -> dict[str, str]:
    """The tone of the sign of each row."""
    _, rows = panes(scene.backout, scene.now)[pane]
    signs = {row.key: row.cells[0] for row in rows}
    return {key: sign if isinstance(sign, str) else sign.tone for key, sign in signs.items()}


# ── what holds everywhere ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
@pytest.mark.parametrize("width", [20, 36, 56, 76, 118])
def test_every_row_fills_its_width_on_one_inert_line(scene: Callable[[], Scene], width: int) -> None:
    seen = scene()
    for pane in panes(seen.backout, seen.now).values():
        for line in drawn(pane, width):
            assert line == clean_line(line)
            assert cell_len(line) <= width


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_every_row_has_a_key_of_its_own(scene: Callable[[], Scene]) -> None:
    seen = scene()
    for _, rows in panes(seen.backout, seen.now).values():
        assert len({row.key for row in rows}) == len(rows)


@given(walks())
@settings(max_examples=examples(), deadline=None)
def test_every_state_that_the_gates_allow_has_rows_and_counts(story: Story) -> None:
    backout = story.backout
    assert all(drawn(pane, 76) is not None for pane in panes(backout, at(story.minute)).values())
    for counted in (problems_pane, step_rows, checks_pane, messages_pane):
        assert counted.counts(backout)[0]


# ── problems ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_problem_says_how_bad_it_is_and_whose() -> None:
    found = lines(scenes.deciding(), "problems")
    assert found["P1"].split() == ["!", "P1", "5xx", "on", "/charge", "critical", "payments", "lead"]
    assert found["P2"].endswith("unassigned")
    assert problems_pane.counts(scenes.deciding().backout)[0] == "2 open, 1 unassigned"


def test_a_resolved_problem_is_dim_and_the_others_stay() -> None:
    assert tones(scenes.closed(), "problems")["P1"] == "done"
    assert problems_pane.counts(scenes.closed().backout)[0] == "1 open, 1 unassigned"


# ── the plan ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scene", "number", "begins", "ends"),
    [
        (scenes.step_running, "1", "✔ 1    Freeze deployments", "2 min"),
        (scenes.step_running, "3", "✔ 3    Stop the batch jobs", "1 min    0:22"),
        (scenes.step_running, "4", "▶ 4    Roll the deployment back", "5 min    0:43"),
        (scenes.step_running, "5", "⚑ 5    Restore the ledger snapshot", "no way back"),
        (scenes.step_running, "6.1", "○ 6.1    Warm eu-west", "Warm eu-west"),
        (scenes.step_running, "2", "~ 2    Drain the workers", "skipped: already drained"),
        (scenes.step_failed, "4", "✘ 4    Roll the deployment back", "failed: exit 1"),
        (scenes.in_doubt, "4", "? 4    Roll the deployment back", "IN DOUBT: what is true?"),
        (scenes.verifying, "9", "· 9    Lift the freeze", "not needed: the bot lifted it"),
        (scenes.verifying, "4", "✔ 4    Roll the deployment back (changed)", "5 min    4:00"),
        (scenes.verifying, "5a", "✔ 5a   Rebuild the ledger index (added)", "(added)"),
    ],
)
def test_a_step_shows_its_state_by_a_sign_and_words(
    scene: Callable[[], Scene], number: str, begins: str, ends: str
) -> None:
    """No meaning by colour alone."""
    line = lines(scene(), "plan")[number]
    assert line.startswith(begins)
    assert line.endswith(ends)


def test_each_state_of_a_step_has_a_tone() -> None:
    assert tones(scenes.step_failed(), "plan")["4"] == "failed"
    assert tones(scenes.in_doubt(), "plan")["4"] == "doubt"
    running = tones(scenes.step_running(), "plan")
    assert (running["3"], running["4"], running["2"]) == ("done", "running", "dim")


def test_a_step_past_its_estimate_warns() -> None:
    late = scenes.step_late()
    clock_cell = step_rows.row(late.backout.steps["4"], late.now).cells[-1]
    assert not isinstance(clock_cell, str)
    assert (clock_cell.text, clock_cell.tone) == ("late 10:00", "warning")


def test_a_step_that_prints_nothing_warns_unless_it_is_late_already() -> None:
    running, late = scenes.step_running(), scenes.step_late()
    silent = {"4": at(12.1)}
    quiet = step_rows.row(running.backout.steps["4"], at(15), silent).cells[-1]
    assert quiet == Cell("silent 2:54", "warning", span=2)
    assert step_rows.row(late.backout.steps["4"], late.now, silent).cells[-1] == Cell("late 10:00", "warning", span=2)
    assert "silent" not in str(step_rows.row(scenes.step_failed().backout.steps["4"], at(15), silent))


def test_the_title_counts_what_is_settled_and_names_the_trouble() -> None:
    assert step_rows.counts(scenes.step_running().backout) == ("3 of 10", "")
    assert step_rows.counts(scenes.step_failed().backout) == ("3 of 10, failed", "warning")
    assert step_rows.counts(scenes.in_doubt().backout) == ("3 of 10, in doubt", "warning")


def test_options_and_phases_stand_above_their_steps() -> None:
    assert [line.strip() for line in lines(scenes.options_open(), "plan").values() if " · " in line or ":" in line] == [
        "Option A: roll back · one of 2, choose",
        "Option B: by hand · one of 2, choose",
        "Phase: Afterwards",
    ]
    chosen = lines(scenes.options(), "plan")
    assert chosen["of:A1"].strip() == "Option A: roll back · chosen"
    assert chosen["of:B1"].strip() == "Option B: by hand: not chosen, 1 step"
    assert list(chosen) == ["1", "of:A1", "A1", "A2", "A2.1", "A2.2", "of:B1", "of:2", "2"]


def test_what_is_folded_away_is_not_counted() -> None:
    assert step_rows.counts(scenes.options_open().backout) == ("1 of 6", "")
    assert step_rows.counts(scenes.options().backout) == ("2 of 5", "")
    assert "Back out 2/5" in [part.text for part in head_words.phases(scenes.options().backout)][2]


def test_only_the_heading_of_an_option_that_was_not_chosen_folds() -> None:
    chosen, open_still = scenes.options().backout, scenes.options_open().backout
    assert [plan_pane.option_under(chosen, key) for key in ("of:B1", "of:A1", "B1", "of:2", "of:gone", None)] == [
        "B: by hand", "", "", "", "", "",
    ]  # fmt: skip
    assert plan_pane.option_under(open_still, "of:B1") == ""
    assert [getattr(line, "number", "") for line in plan_pane.unfolded_lines(chosen, {"B: by hand"})].count("B1") == 1


def test_a_common_step_after_the_options_does_not_seem_to_belong_to_the_last() -> None:
    story = night.optional()
    story.tell("StepMoved", 4, step="1", after="B1", reason="the freeze can wait")
    assert "Whichever option" in lines(Scene((), story.backout, at(5)), "plan")["of:1"]


def test_a_heading_stands_for_the_first_step_below_it() -> None:
    assert [plan_pane.step_of(key) for key in ("of:A1", "A1", "4[node-2]")] == ["A1", "A1", "4[node-2]"]


def test_a_plan_without_options_has_no_headings() -> None:
    fresh = scenes.fresh().backout
    assert plan_pane.plan_lines(fresh) == list(fresh.steps.values())


# ── checks, messages, calls ───────────────────────────────────────────────────────────────────────────────────────


def test_a_check_shows_what_was_seen_last_and_when() -> None:
    found = lines(scenes.verifying(), "checks")
    assert found["A"].startswith("✔ A  Error rate is back to normal")
    assert "pass" in found["A"]
    assert "you look" in found["B"]
    assert "optional" in found["C"]


def test_a_check_that_failed_or_runs_says_so_in_words() -> None:
    story = night.steps_done()
    story.tell("CheckRecorded", 39, check="B", verdict="fail", note="one is wrong")
    story.tell("CheckStarted", 39, check="A", attempt=3, command="errors")
    found = lines(Scene((), story.backout, at(40)), "checks")
    assert found["B"].startswith("✘ B")
    assert "fail" in found["B"]
    assert found["A"].startswith("▶ A")
    assert "running" in found["A"]
    assert checks_pane.counts(story.backout)[0].endswith("1 failed")


def test_a_message_says_whom_it_goes_to_and_how_far_it_went() -> None:
    found = lines(scenes.told(), "messages", 100)
    assert found["M1"].startswith("✉ 03:08 Started → stakeholders")
    assert found["M1"].endswith("3 sent")
    assert "1 sent, 1 failed" in found["M2"]
    assert found["M3"].endswith("at the end")
    assert messages_pane.counts(scenes.told().backout)[1] == "warning"


def test_a_message_whose_moment_has_come_is_due() -> None:
    assert lines(scenes.verifying(), "messages")["M2"].endswith("due now")


def test_a_call_says_what_came_of_it_and_when_it_is_made_again() -> None:
    found = lines(scenes.told(), "messages")
    assert "release manager: reached, agrees, go ahead" in found["C2"]
    assert found["C3"].endswith("again at 04:00")

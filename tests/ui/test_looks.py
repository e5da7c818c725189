"""Every state of everything looks like something, wherever it is shown: no blank, no crash, and its own word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from backout_tui.domain.backout import states
from backout_tui.domain.backout.items import Attempt, RecipientState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import (
    AttemptStatus,
    CheckVerdict,
    MessageStatus,
    RecipientStatus,
    State,
    StepStatus,
)
from backout_tui.domain.values import replace
from backout_tui.reports import brief, show_words
from backout_tui.reports.show_json import show_json
from backout_tui.ui.night.panes import checks_pane, looks, messages_pane, step_rows
from backout_tui.ui.night.panes.stories import story_of
from backout_tui.ui.widgets.columns import Cell, Row
from backout_tui.ui.widgets.glyphs import glyph
from tests import scenes

NOW = scenes.step_running().now
TABLES: Mapping[type[State], Mapping[Any, looks.Look]] = {
    StepStatus: looks.STEP,
    AttemptStatus: looks.ATTEMPT,
    CheckVerdict: looks.CHECK,
    MessageStatus: looks.MESSAGE,
    RecipientStatus: looks.RECIPIENT,
}


def base() -> Backout:
    """A backout in the middle of its night."""
    return scenes.step_running().backout


def plain(cell: Cell | str) -> str:
    """What a cell shows."""
    return cell.text if isinstance(cell, Cell) else cell


def words(row: Row) -> str:
    """What a row shows, cell by cell."""
    return " ".join(plain(cell) for cell in row.cells)


def everywhere(backout: Backout) -> str:
    """Everything that is said of a backout without a screen; nothing of it may crash."""
    lines = [*show_words.lines(backout), *brief.brief(backout, NOW), json.dumps(show_json(backout))]
    return "\n".join(lines)


def test_every_state_has_a_look_and_its_sign_is_drawn() -> None:
    for members, table in TABLES.items():
        assert list(table) == list(members)
        assert all(glyph(look.sign).strip() for look in table.values()), members


def test_a_look_stands_for_every_set_of_states_that_there_is() -> None:
    assert set(TABLES) == set(State.__subclasses__())
    assert {kind.__name__ for kind in TABLES} <= set(vars(states))


@pytest.mark.parametrize("state", StepStatus)
def test_a_step_in_every_state_is_a_row_a_story_and_a_line(state: StepStatus) -> None:
    backout = base()
    step = replace(backout.steps["4"], state=state)
    backout = replace(backout, steps={**backout.steps, "4": step})
    row = step_rows.row(step, NOW)
    assert plain(row.cells[0]) == glyph(looks.STEP[state].sign)
    assert step.title in words(row)
    assert looks.STEP[state].words in words(row)
    assert any(state.words in line.text for line in story_of(backout, ("step", "4"), NOW)[1])
    assert f'"{state.value}"' in everywhere(backout)
    assert step_rows.counts(backout)[0]


@pytest.mark.parametrize("state", AttemptStatus)
def test_an_attempt_in_every_state_is_told_with_its_step(state: AttemptStatus) -> None:
    backout = base()
    run = Attempt(7, "ab", NOW, "ops-1", "true", state)
    step = replace(backout.steps["4"], attempts=(run,), probes=(run,))
    backout = replace(backout, steps={**backout.steps, "4": step})
    told = [line.text for line in story_of(backout, ("step", "4"), NOW)[1]]
    assert any("Run 7" in line and state.words in line for line in told)
    assert f'"{state.value}"' in everywhere(backout)


@pytest.mark.parametrize("verdict", CheckVerdict)
def test_a_check_with_every_verdict_is_a_row_a_story_and_a_line(verdict: CheckVerdict) -> None:
    backout = base()
    letter, check = next(iter(backout.checks.items()))
    check = replace(check, verdict=verdict, attempts=())
    backout = replace(backout, checks={**backout.checks, letter: check})
    row = checks_pane.row(check, NOW)
    assert plain(row.cells[0]) == glyph(looks.CHECK[verdict].sign)
    assert verdict.words in words(row)
    assert story_of(backout, ("check", letter), NOW)[1]
    assert everywhere(backout)


@pytest.mark.parametrize("state", RecipientStatus)
def test_a_recipient_in_every_state_is_named_with_its_message(state: RecipientStatus) -> None:
    backout = base()
    message = replace(backout.messages["M1"], recipients=(RecipientState("kim", "kim@example.org", state),), sending="")
    backout = replace(backout, messages={**backout.messages, "M1": message})
    assert state.words in words(messages_pane.message_row(message, NOW, due=False))
    assert any(state.words in line.text for line in story_of(backout, ("message", "M1"), NOW)[1])
    assert f'"{state.value}"' in everywhere(backout)


MESSAGES: Mapping[MessageStatus, dict[str, Any]] = {
    MessageStatus.DRAFT: {},
    MessageStatus.SENDING: {"sending": "ab"},
    MessageStatus.SENT: {"recipients": (RecipientState("kim", "", RecipientStatus.SENT),)},
    MessageStatus.PARTLY: {
        "recipients": (
            RecipientState("kim", "", RecipientStatus.SENT),
            RecipientState("sam", "", RecipientStatus.FAILED),
        )
    },
    MessageStatus.FAILED: {"recipients": (RecipientState("kim", "", RecipientStatus.FAILED),)},
    MessageStatus.IN_DOUBT: {"recipients": (RecipientState("kim", "", RecipientStatus.IN_DOUBT),)},
    MessageStatus.SHOWN: {"shown": True},
}


@pytest.mark.parametrize("state", MessageStatus)
def test_a_message_in_every_state_is_a_row_a_story_and_a_line(state: MessageStatus) -> None:
    backout = base()
    message = replace(backout.messages["M1"], **({"recipients": (), "sending": "", "shown": False} | MESSAGES[state]))
    assert message.state is state
    backout = replace(backout, messages={**backout.messages, "M1": message})
    assert words(messages_pane.message_row(message, NOW, due=False)).startswith(glyph("message"))
    assert any(state.words in line.text for line in story_of(backout, ("message", "M1"), NOW)[1])
    assert f'"{state.value}"' in everywhere(backout)
    assert messages_pane.counts(backout)[0]

"""What each kind of event holds: every kind the fold knows is declared, and what does not fit is told in words."""

from __future__ import annotations

import re
from typing import Any

import pytest

from backout_tui.domain.backout.fold import APPLY, backout_of
from backout_tui.domain.backout.payloads.kinds import PAYLOADS, payload_of
from backout_tui.domain.backout.payloads.step_payloads import Begun
from backout_tui.domain.damage import DamagedEvent, Unfit
from backout_tui.domain.plan.plan_record import APPLY as OF_PLANS
from backout_tui.domain.values import replace
from tests.scenes import SCENES

TYPE_NAMES = re.compile(r"\b(str|int|bool|float|dict|NoneType|object|array|null|datetime)\b")


def test_every_kind_that_is_folded_says_what_it_holds() -> None:
    assert set(APPLY) | set(OF_PLANS) <= set(PAYLOADS)


def test_every_event_of_every_scene_fits() -> None:
    events = [event for scene in SCENES.values() for event in scene().events]
    assert [event.kind for event in events if payload_of(event.kind, event.data) is None and event.kind in APPLY] == []


def test_entries_that_a_newer_program_added_are_passed_over() -> None:
    data = {"step": "4", "attempt": 1, "script": "ab" * 32, "machines": {"id": "x"}}
    assert payload_of("StepStarted", data) == Begun(step="4", attempt=1)


def test_a_kind_of_a_newer_program_is_never_damage() -> None:
    assert payload_of("StepTeleported", {"step": 4}) is None


@pytest.mark.parametrize(
    ("kind", "data", "words"),
    [
        ("StepStarted", {"step": "4"}, "`attempt` is missing"),
        ("StepStarted", {"step": "4", "attempt": 1, "machine": 7}, "`machine` is a whole number, and must be text"),
        ("StepStarted", {"step": "4", "attempt": 1, "spool": {"uid": 0}}, "`spool.folder` is missing"),
        ("ControlsTaken", {"session": "4b1d", "lock": {"uid": 0, "inode": "x"}}, "`lock.inode` is text, and must be"),
        ("StepStarted", {"step": 4, "attempt": 1}, "`step` is a whole number, and must be text"),
        ("StepStarted", {"step": "4", "attempt": None}, "`attempt` is nothing, and must be a whole number"),
        ("StepStarted", {"step": "4", "attempt": -1}, "`attempt` is too small a number"),
        ("StepStarted", {"step": "4", "attempt": 2**63}, "`attempt` is too large a number"),
        ("StepResolved", {"step": "4", "as": "gone", "reason": "x"}, "`as` is none of the words that can stand there"),
        (
            "CallLogged",
            {"call": "C1", "name": "kim", "result": "reached", "follow_up": "soon"},
            "`follow_up` is no time",
        ),
        ("MessageSending", {"message": "M1", "recipients": [{"name": []}]}, "`recipients[0].name` is a list, and must"),
        ("BackoutOpened", {"mode": "live", "release": {}, "plan": {"id": 1}}, "`plan.revision` is missing"),
        ("NoteAdded", [], "what it holds is a list, and must be entries with names"),
    ],
)
def test_what_does_not_fit_is_said_where_and_in_words(kind: str, data: Any, words: str) -> None:
    with pytest.raises(Unfit) as told:
        payload_of(kind, data)
    assert words in told.value.why
    assert not TYPE_NAMES.search(told.value.why)


def story() -> list[Any]:
    return list(SCENES["step_running"]().events)


def test_an_event_that_speaks_of_what_is_not_there_names_itself() -> None:
    events = story()
    at = next(index for index, event in enumerate(events) if event.kind == "StepStarted")
    events[at] = replace(events[at], data={**events[at].data, "step": "77"}, decoded=None)
    with pytest.raises(DamagedEvent, match=r"damaged at event \d+ of backout \d: it speaks of step 77") as told:
        backout_of(events, log_id="backout:1")
    assert told.value.seq == events[at].seq


def test_a_log_that_does_not_begin_with_its_opening_or_is_opened_twice_is_damaged() -> None:
    events = story()
    with pytest.raises(DamagedEvent, match="does not begin with the opening"):
        backout_of(events[1:], log_id="backout:1")
    with pytest.raises(DamagedEvent, match="opened a second time"):
        backout_of([*events, events[0]], log_id="backout:1")


def test_an_outcome_of_nothing_that_was_begun_is_damaged() -> None:
    events = story()
    begun = next(event for event in events if event.kind == "StepStarted")
    ended = replace(begun, kind="StepFinished", data={"step": begun.data["step"], "intent": "0", "result": "done"})
    with pytest.raises(DamagedEvent, match="never begun"):
        backout_of([*events, replace(ended, decoded=None)], log_id="backout:1")


@pytest.mark.parametrize(
    ("log", "seq", "words"), [("plan:3", 2, "at event 2 of plan 3"), ("backout:1", 0, "in backout 1")]
)
def test_damage_says_which_event_of_which_log_and_what_to_do(log: str, seq: int, words: str) -> None:
    told = str(DamagedEvent(log, seq, "\x1b[2J" + "x" * 1_000_000))
    assert f"damaged {words}: ␛[2Jxxx" in told
    assert len(told) < 700
    assert "verify" in told
    assert "backups" in told


def test_a_checks_claim_bears_its_number_and_what_a_rehearsal_shows_has_none() -> None:
    said = {"check": "A", "command": "true"}
    with pytest.raises(Unfit, match="`attempt` is missing"):
        payload_of("CheckStarted", said)
    assert payload_of("CheckShown", said) is not None

"""One calm line for every event."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backout_tui.domain.backout import fold
from backout_tui.domain.backout.events import Event
from backout_tui.domain.text import clean_line
from backout_tui.reports import log_words
from backout_tui.reports.log_words import about, line, sentence
from tests.campaigns.counts import examples
from tests.scenes import SCENES, Scene
from tests.story import SAM, Story
from tests.walks import walks

BESIDE: dict[str, dict[str, Any]] = {
    "BackoutOpened": {"plan": {"id": 0, "revision": 0, "sha256": ""}},
    "Decided": {"named_authoriser": True},
    "CallLogged": {"call": "C1", "result": "reached"},
    **{f"Probe{how}": {"attempt": 1} for how in ("Started", "Shown")},
    **{f"{what}{how}": {"intent": "ab"} for what in ("Step", "Probe") for how in ("Finished", "NotStarted", "InDoubt")},
    **{f"Check{how}": {"intent": "ab", "attempt": 1} for how in ("Finished", "NotStarted", "InDoubt")},
}
"""What every event of a kind holds and no sentence says."""


def said(kind: str, /, **data: Any) -> str:
    """The sentence of one event."""
    return sentence(Story().tell(kind, **BESIDE.get(kind, {}) | data))


def test_every_kind_that_the_fold_knows_has_a_sentence_and_no_other() -> None:
    assert set(log_words.SENTENCES) == set(fold.APPLY)


@pytest.mark.parametrize(
    ("expected", "kind", "data"),
    [
        (
            "opened the backout of solo 2 to 1; there is no plan",
            "BackoutOpened",
            {"mode": "live", "release": {"name": "solo", "version": "2", "returns_to": "1", "environment": ""}},
        ),
        (
            "logged P1, critical: 5xx on /charge; assigned to payments lead",
            "ProblemLogged",
            {"problem": "P1", "severity": "critical", "title": "5xx on /charge", "assignee": "payments lead"},
        ),
        (
            "changed P1: severity: minor; assigned to nobody",
            "ProblemChanged",
            {"problem": "P1", "severity": "minor", "assignee": ""},
        ),
        (
            "kim decided to fix forward: it is one line; not the named authoriser; break-glass",
            "Decided",
            {
                "kind": "fix-forward",
                "by": "kim",
                "reason": "it is one line",
                "named_authoriser": False,
                "break_glass": True,
            },
        ),
        (
            "called kim: no answer; to be called again at 03:40 UTC",
            "CallLogged",
            {"name": "kim", "result": "no-answer", "follow_up": "2026-11-22T03:40:00Z"},
        ),
        (
            "ann decided to back out: fire; asked: Back it out?; agreed: phone; the proxy, 6 min before their time",
            "Decided",
            {
                "kind": "back-out",
                "by": "ann",
                "reason": "fire",
                "question": "Back it out?",
                "agreed": "phone",
                "role": "proxy",
                "early_s": 355,
            },
        ),
        (
            "kim decided to stand down: no fault; not the named authoriser",
            "Decided",
            {"kind": "stand-down", "by": "kim", "reason": "no fault", "named_authoriser": False, "role": "other"},
        ),
        ("started the probe of step 4, run 2: look", "ProbeStarted", {"step": "4", "attempt": 2, "command": "look"}),
        (
            "the probe of step 4 says no after 2 min 30 s; exit code 1; last: 2 of 3",
            "ProbeFinished",
            {
                "step": "4",
                "attempt": 1,
                "result": "failed",
                "why": "exit code 1",
                "duration_ms": 150_000,
                "last": "1\n2 of 3",
            },
        ),
        (
            "the probe of step 4 could not be judged; timed out",
            "ProbeFinished",
            {"step": "4", "result": "failed", "why": "timed out", "inconclusive": True},
        ),
        ("the probe of step 4 is in doubt: gone", "ProbeInDoubt", {"step": "4", "attempt": 1, "why": "gone"}),
        ("the probe of step 4 was not started after all: x", "ProbeNotStarted", {"step": "4", "why": "x"}),
        ("showed the probe of step 4, a rehearsal runs nothing: look", "ProbeShown", {"step": "4", "command": "look"}),
        (
            "step 4 is done: seen; a person's word against the program's",
            "StepDone",
            {"step": "4", "note": "seen", "against_program": True},
        ),
        (
            "step 4 is done; out of order: no time to wait",
            "StepDone",
            {"step": "4", "note": "", "out_of_order": "no time to wait"},
        ),
        ("skipped step 2: already drained", "StepSkipped", {"step": "2", "reason": "already drained"}),
        (
            "added step 4a after 4: Look; because: to be sure",
            "StepAdded",
            {"step": "4a", "after": "4", "title": "Look", "reason": "to be sure"},
        ),
        (
            "said what is true of step 4, it never began: I looked",
            "StepResolved",
            {"step": "4", "as": "not-started", "reason": "I looked"},
        ),
        ("started step 4, attempt 2: true", "StepStarted", {"step": "4", "attempt": 2, "command": "true"}),
        (
            "step 4 has failed after 2 min 30 s; exit 1",
            "StepFinished",
            {"step": "4", "attempt": 1, "result": "failed", "why": "exit 1", "duration_ms": 150_000},
        ),
        (
            "step 4 has failed; `ok` was expected and not found",
            "StepFinished",
            {"step": "4", "result": "failed", "expect": [{"text": "`ok`", "met": False}, {"text": "`a`", "met": True}]},
        ),
        ("step 4 has failed; stopped by sam", "StepFinished", {"step": "4", "result": "failed", "stopped_by": "sam"}),
        (
            "check A could not be judged; it was stopped",
            "CheckFinished",
            {"check": "A", "result": "failed", "inconclusive": True, "why": "it was stopped"},
        ),
        (
            "check A did not pass after 0.4 s",
            "CheckFinished",
            {"check": "A", "result": "failed", "exit_code": 1, "duration_ms": 400},
        ),
        (
            "sending the message M1 “Hot” to a, b; cannot be reached: c",
            "MessageSending",
            {
                "message": "M1",
                "subject": "Hot",
                "recipients": [{"name": "a"}, {"name": "b"}],
                "unreachable": [{"name": "c"}],
            },
        ),
        (
            "the message M1: sent: a; in doubt: b (lost)",
            "MessageFinished",
            {
                "message": "M1",
                "recipients": [
                    {"name": "a", "state": "sent", "detail": "250 ok"},
                    {"name": "b", "state": "in_doubt", "detail": "lost"},
                ],
            },
        ),
        ("BREAK-GLASS to run step 2: too slow", "GlassBroken", {"what": "run step 2", "reason": "too slow"}),
        ("took the controls: kim went home", "ControlsTaken", {"session": "5e", "reason": "kim went home"}),
        (
            "took the controls from sam WITHOUT WAITING for an answer: it burns",
            "ControlsTaken",
            {"session": "5e", "from": "sam", "holder_lived": True, "reason": "it burns"},
        ),
        (
            "took the controls from sam, whose session was gone: cut off",
            "ControlsTaken",
            {"session": "5e", "from": "sam", "holder_lived": False, "reason": "cut off"},
        ),
        ("took the controls as agreed by sam", "ControlsTaken", {"session": "5e", "agreed_by": "sam"}),
        ("took the controls that sam handed over", "ControlsTaken", {"session": "5e", "handed_by": "sam"}),
        (
            "took the controls from their own other terminal (pts/5)",
            "ControlsTaken",
            {"session": "5e", "from_terminal": "pts/5"},
        ),
        ("asked for the controls: you are tired", "ControlsAsked", {"session": "5e", "why": "you are tired"}),
        ("agreed that kim takes the controls", "ControlsAgreed", {"asked": 4, "to": "kim", "session": "5e"}),
        ("kept the controls, for which kim had asked", "ControlsKept", {"asked": 4, "to": "kim"}),
        ("handed the controls over to whoever comes", "ControlsHandedOver", {"to": ""}),
        (
            "completed the reason of event 12: drained at 02:50",
            "ReasonCompleted",
            {"event": 12, "reason": "drained at 02:50"},
        ),
        ('SomethingNewer {"n": 3}', "SomethingNewer", {"n": 3}),
        ("SomethingNewer", "SomethingNewer", {}),
    ],
)
def test_what_happened_is_said_in_one_line(expected: str, kind: str, data: dict[str, Any]) -> None:
    assert said(kind, **data) == expected


def test_people_are_named_and_their_addresses_are_not() -> None:
    to = [{"name": "release manager", "address": "rm@example.org", "state": "sent"}]
    assert "@" not in said("MessageSending", message="M1", subject="s", recipients=to)
    assert "@" not in said("MessageFinished", message="M1", recipients=to)


@pytest.mark.parametrize(
    ("expected", "kind", "data"),
    [
        ("step 4", "StepDone", {"step": "4"}),
        ("check A", "CheckRecorded", {"check": "A"}),
        ("P1", "ProblemLogged", {"problem": "P1"}),
        ("M2", "MessageShown", {"message": "M2"}),
        ("kim", "CallLogged", {"call": "C1", "name": "kim"}),
        ("event 12", "ReasonCompleted", {"event": 12}),
        ("", "NoteAdded", {"text": "calm"}),
    ],
)
def test_what_an_event_is_about_can_be_filtered_by(expected: str, kind: str, data: dict[str, Any]) -> None:
    assert about(Story().tell(kind, **BESIDE.get(kind, {}) | data)) == expected


def test_a_whole_line_says_where_when_who_and_what() -> None:
    event = Story().tell("NoteAdded", 12.5, text="two\nlines")
    assert line(event) == "   1  2026-11-22 03:12:30 UTC  sam  note: two⏎lines"


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_every_line_of_every_scene_is_one_inert_line(scene: Callable[[], Scene]) -> None:
    for event in scene().events:
        for words in (sentence(event), about(event), line(event)):
            assert words == clean_line(words)
        assert sentence(event)


@given(walks())
@settings(max_examples=examples(), deadline=None)
def test_every_event_that_the_gates_allow_is_said(story: Story) -> None:
    assert all(sentence(event) for event in story.events)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = (
    "step",
    "check",
    "problem",
    "message",
    "reason",
    "recipients",
    "to",
    "expect",
    "release",
    "plan",
    "as",
    "follow_up",
    "from",
    "holder_lived",
)
"""Entries that sentences look at."""


@given(
    st.sampled_from(sorted(fold.APPLY)), st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=5), JSON, max_size=6)
)
@settings(max_examples=examples(few=50))
def test_no_record_however_odd_keeps_the_log_from_being_read(kind: str, data: dict[str, Any]) -> None:
    """The log of a hurt file, or of another program, is shown as far as it can be."""
    event = Event("backout:3", 1, "e1", kind, "2026-11-22T03:00:00Z", SAM, data=data)
    assert sentence(event) == clean_line(sentence(event))
    assert isinstance(about(event), str)

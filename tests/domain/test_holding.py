"""Who has the controls, who asks for them, who was given them: the fold and the gates."""

from __future__ import annotations

import pytest

from backout_tui.domain.backout.holders import Asking, Handed, tty_name
from backout_tui.domain.backout.state import Backout, Lease
from backout_tui.domain.backout.whereabouts import Machine
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.holding import held_otherwise, needs_reason
from backout_tui.domain.values import replace
from tests import night, scenes
from tests.story import KIM, SAM, Story, at

LEASE = Lease(1, SAM, "5e55104a", at(12))


def asked(story: Story, minute: float = 13, session: str = "4b1d") -> int:
    """Kim asks; the number of the record."""
    return story.tell("ControlsAsked", minute, actor=KIM, session=session, why="you are tired").seq


# ── the fold ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_asking_stands_until_it_is_answered() -> None:
    story = night.at_step_four()
    number = asked(story)
    (asking,) = story.backout.askings
    assert (asking.event, asking.actor, asking.session, asking.at, asking.why) == (
        number, KIM, "4b1d", at(13), "you are tired",
    )  # fmt: skip
    story.tell("ControlsKept", 14, asked=number, to="kim")
    assert story.backout.askings == ()
    assert story.backout.lease == night.at_step_four().backout.lease


def test_who_asks_twice_asks_once_and_each_session_for_itself() -> None:
    story = night.at_step_four()
    asked(story)
    asked(story, 14)
    asked(story, 15, session="77aa")
    assert [(one.session, one.at) for one in story.backout.askings] == [("4b1d", at(14)), ("77aa", at(15))]
    assert [one.answer_by for one in story.backout.askings] == [at(14), at(16)], "counted from the first time"


def test_what_was_asked_for_before_the_controls_changed_hands_is_forgotten() -> None:
    story = night.at_step_four()
    asked(story)
    story.tell("ControlsTaken", 14, actor=KIM, session="77aa", reason="sam lost the line")
    assert story.backout.askings == ()


def test_agreeing_gives_them_to_one_session_and_taking_them_is_a_new_number() -> None:
    story = night.at_step_four()
    number = asked(story)
    story.tell("ControlsAgreed", 14, asked=number, to="kim", session="4b1d")
    lease = story.backout.lease
    assert lease is not None
    assert (lease.number, lease.handed) == (1, Handed(at(14), "kim", "4b1d", agreed=True))
    story.tell("ControlsTaken", 14.1, actor=KIM, session="4b1d", agreed_by="sam")
    assert (story.backout.operator, story.backout.leases) == ("kim", 2)
    on = Machine("ops-1", None, "5f1c6a9e-0000-4000-8000-000000000001")
    assert story.backout.lease == Lease(2, KIM, "4b1d", at(14.1), on=on)


def test_a_log_that_gives_what_nobody_had_is_still_read() -> None:
    story = Story()
    story.tell("ControlsHandedOver", to="kim")
    assert story.backout.lease is None


def test_a_short_word_to_the_holder_is_no_thin_reason() -> None:
    story = night.at_step_four()
    story.tell("ControlsAsked", 13, actor=KIM, session="4b1d", why="please")
    assert story.backout.thin == night.at_step_four().backout.thin


# ── the gates ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lease", "name", "session", "lives", "gone", "words"),
    [
        (None, "sam", "aa", False, False, ""),
        (LEASE, "sam", "5e55104a", True, False, ""),
        (LEASE, "sam", None, True, False, ""),
        (LEASE, "sam", "aa", True, False, "You have the controls in another terminal since 03:12 UTC (pts/3)."),
        (LEASE, "sam", "aa", False, True, ""),
        (LEASE, "sam", "aa", False, False, ""),
        (LEASE, "kim", "aa", True, False, "sam has the controls since 03:12 UTC. Ask for them (T)"),
        (LEASE, "kim", None, True, False, "sam has the controls since 03:12 UTC."),
        (LEASE, "kim", "aa", False, True, "sam had the controls; their session is gone."),
        (LEASE, "kim", "aa", False, False, ""),
        (replace(LEASE, handed=Handed(at(13), "kim")), "kim", "aa", False, False, ""),
        (replace(LEASE, handed=Handed(at(13))), "lee", "aa", False, False, ""),
        (replace(LEASE, handed=Handed(at(13))), "sam", "aa", False, False, ""),
        (replace(LEASE, handed=Handed(at(13), "kim")), "lee", "aa", False, False, "sam gave the controls to kim at"),
        (replace(LEASE, handed=Handed(at(13), "kim")), "sam", "5e55104a", False, False, "sam gave the controls to"),
    ],
)  # fmt: skip
def test_the_controls_belong_to_a_session(
    lease: Lease | None, name: str, session: str | None, lives: bool, gone: bool, words: str
) -> None:
    said = held_otherwise(lease, name, holder_lives=lives, gone=gone, session=session)
    assert bool(said) == bool(words)
    assert said.startswith(words)
    refusal = gates.why_no_controls(Backout(3, lease=lease), name, holder_lives=lives, gone=gone, session=session)
    assert (refusal.words if refusal else "") == said


def test_a_terminal_without_a_name_is_still_another_one() -> None:
    nowhere = replace(LEASE, actor=replace(SAM, tty=""))
    assert "since 03:12 UTC. Take them" in held_otherwise(nowhere, "sam", holder_lives=True, session="aa")
    assert tty_name(replace(SAM, tty="/dev/pts/7")) == "pts/7"


@pytest.mark.parametrize(
    ("lease", "name", "held", "expected"),
    [
        (None, "kim", False, False),
        (LEASE, "kim", True, True),
        (LEASE, "kim", False, False),
        (LEASE, "sam", True, False),
        (replace(LEASE, handed=Handed(at(13), "kim")), "sam", True, True),
        (replace(LEASE, handed=Handed(at(13), "kim")), "kim", False, False),
    ],
)
def test_taking_wants_a_reason_where_somebody_else_loses_by_it(
    lease: Lease | None, name: str, held: bool, expected: bool
) -> None:
    assert needs_reason(Backout(3, lease=lease), name, held=held) is expected


def test_there_is_nobody_to_ask_where_nobody_has_them() -> None:
    backout, no = Backout(3, lease=LEASE), Refusal("no")
    assert gates.why_not_ask(backout, "kim", no, holder_lives=True) is None
    for wrong in (
        gates.why_not_ask(backout, "kim", no, holder_lives=False),
        gates.why_not_ask(backout, "kim", None, holder_lives=False),
        gates.why_not_ask(backout, "sam", no, holder_lives=True),
        gates.why_not_ask(scenes.closed().backout, "kim", no, holder_lives=True),
    ):
        assert wrong is not None


def test_only_who_has_them_hands_them_over_and_only_once() -> None:
    assert gates.why_not_hand_over(Backout(3, lease=LEASE), "sam") is None
    assert gates.why_not_hand_over(Backout(3, lease=LEASE), "kim") is not None
    assert gates.why_not_hand_over(Backout(3), "sam") is not None
    assert gates.why_not_hand_over(Backout(3, lease=replace(LEASE, handed=Handed(at(13)))), "sam") is not None


def test_an_answer_needs_a_question() -> None:
    assert gates.why_not_answer_asking(None) is not None
    assert gates.why_not_answer_asking(Asking(4, KIM, "4b1d", at(13))) is None

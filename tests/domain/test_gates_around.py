"""The gates around the steps: the controls, starting, checks, messages, the verdict and the close."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from backout_tui.domain.backout.choices import OUTCOMES
from backout_tui.domain.backout.folding.fold_steps import with_step
from backout_tui.domain.backout.items import CheckState, MessageState, RecipientState
from backout_tui.domain.backout.state import Backout, Lease
from backout_tui.domain.backout.states import RecipientStatus, StepStatus
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.refusal import BREAK_GLASS, REASON
from backout_tui.domain.rules import gates, plan_gates
from backout_tui.domain.rules.outstanding import left_open
from backout_tui.domain.values import replace
from tests import night, scenes
from tests.domain.test_gates import answer
from tests.story import KIM, SAM, Story, at

LEASE = Lease(1, KIM, "4b1d", at(12))


# ── the controls ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("lease", "holder_lives", "name", "expected"),
    [
        (None, False, "sam", "go"),
        (LEASE, True, "kim", "go"),
        (LEASE, True, "sam", "no"),
        (LEASE, False, "sam", "go"),
    ],
)
def test_the_controls_are_free_shared_or_somebody_elses(
    lease: Lease | None, holder_lives: bool, name: str, expected: str
) -> None:
    assert answer(gates.why_not_act(Backout(3, lease=lease), name, holder_lives=holder_lives)) == expected


def test_who_has_the_controls_and_since_when_is_said() -> None:
    refusal = gates.why_not_act(Backout(3, lease=LEASE), "sam", holder_lives=True)
    assert refusal is not None
    assert refusal.words.startswith("kim has the controls since 03:12 UTC.")


def test_nobody_writes_into_a_closed_backout_until_it_is_reopened() -> None:
    closed = scenes.closed().backout
    assert answer(gates.why_not_act(closed, SAM.name, holder_lives=True)) == "no"
    assert answer(gates.why_not_reopen(closed)) == "go"
    assert answer(gates.why_not_reopen(scenes.verifying().backout)) == "no"


# ── starting ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stored", "approved", "expected"),
    [(True, True, "go"), (True, False, BREAK_GLASS), (False, False, "go"), (False, True, "go")],
)
def test_a_stored_plan_has_to_be_approved_and_a_file_is_started_as_it_is(
    stored: bool, approved: bool, expected: str
) -> None:
    assert answer(plan_gates.why_not_start(stored=stored, approved=approved)) == expected
    assert answer(plan_gates.why_not_start(stored=stored, approved=approved, lifted={BREAK_GLASS})) == "go"


def test_a_second_backout_of_the_same_release_needs_a_reason() -> None:
    assert answer(plan_gates.why_not_start_second(None)) == "go"
    assert answer(plan_gates.why_not_start_second(4)) == REASON
    assert answer(plan_gates.why_not_start_second(4, {REASON})) == "go"


# ── checks ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("kind", "expected"), [("command", "go"), ("manual", "no"), ("http", "no"), ("sql", "no"), ("promql", "no")]
)
def test_only_command_checks_are_run(kind: str, expected: str) -> None:
    assert answer(gates.why_not_run_check(CheckState("A", "errors", CheckKind(kind)))) == expected


def test_a_check_is_not_run_twice_at_once_nor_before_it_is_filled_in() -> None:
    story = night.steps_done()
    story.tell("CheckStarted", 39, check="A", attempt=3, command="errors")
    assert answer(gates.why_not_run_check(story.backout.checks["A"])) == "no"
    filled = scenes.verifying().backout.checks["A"]
    assert answer(gates.why_not_run_check(filled)) == "go"
    assert answer(gates.why_not_run_check(filled, ["<host>"])) == "no"


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────


def message(*states: str, sending: str = "", shown: bool = False, by: str = "email") -> MessageState:
    """A message to as many people as there are states."""
    people = tuple(RecipientState(f"person {n}", state=RecipientStatus(state)) for n, state in enumerate(states, 1))
    return MessageState("M1", "Started", by, recipients=people, sending=sending, shown=shown)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (message(), "go"),
        (message("sent", "failed"), "go"),
        (message("failed"), "go"),
        (message("in_doubt", "failed"), "go"),
        (message("in_doubt"), "no"),
        (message("in_doubt", "sent"), "no"),
        (message("sent", "sent"), "no"),
        (message("queued", sending="e1"), "no"),
        (message(shown=True), "no"),
        (message(by="slack"), "no"),
    ],
)
def test_nothing_is_sent_twice_over(one: MessageState, expected: str) -> None:
    """Only those may be sent to who are known not to have it."""
    assert answer(gates.why_not_send(one)) == expected


def test_only_a_recipient_in_doubt_is_resolved() -> None:
    one = message("sent", "in_doubt")
    assert answer(gates.why_not_resolve_recipient(one, "person 2")) == "go"
    assert answer(gates.why_not_resolve_recipient(one, "person 1")) == "no"
    assert answer(gates.why_not_resolve_recipient(one, "nobody")) == "no"


# ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (scenes.in_doubt, "no"),
        (scenes.step_running, "no"),
        (scenes.told, "no"),
        (scenes.verifying, REASON),
        (scenes.closed, "go"),
    ],
)
def test_backed_out_has_to_be_true(scene: Callable[[], scenes.Scene], expected: str) -> None:
    """In doubt and running are never lifted; checks that have not passed are, by a reason."""
    backout = scene().backout
    assert answer(gates.why_not_verdict(backout, "backed-out")) == expected
    assert answer(gates.why_not_verdict(backout, "backed-out", {REASON})) == ("no" if expected == "no" else "go")


@pytest.mark.parametrize("outcome", [one for one in OUTCOMES if one != "backed-out"])
def test_every_other_outcome_may_be_said_at_any_time(outcome: str) -> None:
    assert answer(gates.why_not_verdict(scenes.in_doubt().backout, outcome)) == "go"


def test_there_is_no_outcome_but_the_six() -> None:
    assert answer(gates.why_not_verdict(scenes.fresh().backout, "fine")) == "no"


def test_closing_needs_a_verdict_or_one_given_with_it() -> None:
    verifying = scenes.verifying().backout
    assert answer(gates.why_not_close(verifying, lifted={REASON})) == "no"
    assert answer(gates.why_not_close(verifying, outcome="partly", lifted={REASON})) == "go"


def test_nothing_is_closed_while_something_runs_or_is_being_sent() -> None:
    running = scenes.step_running().backout
    assert answer(gates.why_not_close(running, outcome="failed", lifted={REASON})) == "no"
    sending = replace(scenes.verifying().backout, messages={"M1": message("queued", sending="e1")})
    assert answer(gates.why_not_close(sending, outcome="failed", lifted={REASON})) == "no"


def test_what_is_left_open_is_one_list_that_a_reason_covers() -> None:
    told = scenes.told().backout
    refusal = gates.why_not_close(told, outcome="with-residue")
    assert refusal is not None
    assert refusal.lifted_by == REASON
    for what in ("check B has not passed", "“Ledger” to ledger team is in doubt", "P2 is assigned to nobody"):
        assert what in refusal.words
    assert answer(gates.why_not_close(told, outcome="with-residue", lifted={REASON})) == "go"


def test_the_list_of_what_is_left_open_names_each_kind_once() -> None:
    assert left_open(scenes.told().backout) == (
        "check B has not passed",
        "“Ledger” to ledger team is in doubt",
        "“Finished” was not sent to everybody",
        "“Batch is late” was not sent to everybody",
        "P2 is assigned to nobody",
        "ledger team has to be called back",
        "the reason for skipping step 2 is thin: “already drained” (event 11)",
    )


def test_steps_and_checks_are_not_left_open_when_the_release_was_fixed_forward() -> None:
    made = with_step(scenes.fresh().backout, "1", state=StepStatus.DONE)
    assert any(what.startswith("step ") for what in left_open(made))
    forward = Story(list(scenes.fresh().events))
    forward.tell("VerdictGiven", 5, outcome="fixed-forward", reason="the patch is out")
    assert not any(what.startswith(("step ", "check ")) for what in left_open(forward.backout))
    assert left_open(made, "stood-down") == left_open(forward.backout)


def test_a_step_in_doubt_is_left_open_whatever_the_outcome() -> None:
    """It may have changed something in production, whichever way the release goes on."""
    doubtful = scenes.in_doubt().backout
    (number,) = (step.number for step in doubtful.leaves if step.state is StepStatus.IN_DOUBT)
    assert f"step {number} is in doubt" in left_open(doubtful, "stood-down")

"""What was declared in doubt, and its own outcome that comes late: nothing is lost, and no newer word is overruled."""

from __future__ import annotations

from typing import Any

from backout_tui.domain.backout import runs
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.backout.whereabouts import OutOfReach, Reach
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.next_wish import next_wish
from backout_tui.reports.log_words import sentence
from tests import night
from tests.story import KIM, Story, at

DONE = {"result": "done", "exit_code": 0, "expect": [], "why": ""}


def declare(story: Story, kind: str, intent: Event, **about: Any) -> None:
    story.tell(kind, 20, actor=KIM, of=intent.event_id, attempt=1, host="web-7", reason="web-7 is down", **about)


def running() -> tuple[Story, Event]:
    """Step 4 runs."""
    story = night.at_step_four()
    return story, next(event for event in reversed(story.events) if event.kind == "StepStarted")


def ended(story: Story, intent: Event, kind: str = "StepFinished", minute: float = 30, **data: Any) -> None:
    story.tell(kind, minute, step="4", intent=intent.event_id, attempt=1, after_doubt=99, **{**DONE, **data})


def test_a_declared_step_is_in_doubt_with_who_said_so_and_why() -> None:
    story, intent = running()
    declare(story, "StepDeclaredInDoubt", intent, step="4")
    step = story.backout.steps["4"]
    assert step.attempt is not None
    assert (step.state, step.attempt.state, step.reason) == (
        StepStatus.IN_DOUBT, "in_doubt", "declared in doubt by kim: web-7 is down",
    )  # fmt: skip
    assert step.attempt.declared is not None
    assert (step.attempt.declared.by, step.attempt.declared.reason) == ("kim", "web-7 is down")
    assert runs.under_way(story.backout) == ()
    assert [run.attempt.intent for run in runs.awaited(story.backout)] == [intent.event_id]
    assert gates.why_not_resolve(story.backout, "4") is None


def test_its_own_outcome_settles_the_doubt_while_nobody_has() -> None:
    story, intent = running()
    declare(story, "StepDeclaredInDoubt", intent, step="4")
    ended(story, intent)
    step = story.backout.steps["4"]
    assert step.attempt is not None
    assert (step.state, step.attempt.state, step.attempt.exit_code) == (StepStatus.DONE, "done", 0)
    assert step.attempt.declared is not None, "and that it was declared stays"
    assert runs.awaited(story.backout) == ()
    assert sentence(story.events[-1]).endswith("this came after it was declared in doubt (event 99)")


def test_what_a_person_resolved_stands_and_the_late_outcome_is_kept_with_its_attempt() -> None:
    story, intent = running()
    declare(story, "StepDeclaredInDoubt", intent, step="4")
    resolved: dict[str, Any] = {"step": "4", "as": "not-started", "reason": "looked on the host"}
    story.tell("StepResolved", 21, **resolved)
    again = story.start("4", 22)
    ended(story, intent, result="failed", exit_code=1, why="exit code 1")
    step = story.backout.steps["4"]
    assert step.state is StepStatus.RUNNING
    assert [(one.intent, one.state, one.exit_code) for one in step.attempts] == [
        (intent.event_id, "failed", 1),
        (again.event_id, "running", None),
    ]


def test_an_outcome_that_came_just_before_is_not_undone_by_the_declaration() -> None:
    story, intent = running()
    ended(story, intent, minute=19)
    before = story.backout
    declare(story, "StepDeclaredInDoubt", intent, step="4")
    assert story.backout.steps == before.steps


def test_a_late_verdict_of_a_check_does_not_overrule_what_was_seen_since() -> None:
    story = night.at_step_four()
    letter = next(one.id for one in story.backout.checks.values() if one.kind == "command")
    intent = story.tell("CheckStarted", 15, check=letter, attempt=1, command="true", shell="sh")
    declare(story, "CheckDeclaredInDoubt", intent, check=letter)
    assert story.backout.checks[letter].verdict == "inconclusive"
    story.tell("CheckRecorded", 21, check=letter, verdict="pass", note="looked myself")
    told: dict[str, Any] = {**DONE, "check": letter, "intent": intent.event_id, "attempt": 1}
    story.tell("CheckFinished", 30, **{**told, "result": "failed", "why": "exit code 1"})
    check = story.backout.checks[letter]
    assert (check.verdict, check.observations[-1].note, check.attempts[0].state) == ("pass", "looked myself", "failed")


def test_a_late_verdict_of_a_check_counts_while_nobody_has_looked_since() -> None:
    story = night.at_step_four()
    letter = next(one.id for one in story.backout.checks.values() if one.kind == "command")
    intent = story.tell("CheckStarted", 15, check=letter, attempt=1, command="true", shell="sh")
    declare(story, "CheckDeclaredInDoubt", intent, check=letter)
    told: dict[str, Any] = {**DONE, "check": letter, "intent": intent.event_id, "attempt": 1}
    story.tell("CheckFinished", 30, **told)
    assert story.backout.checks[letter].verdict == "pass"


def sending(story: Story, minute: float, *names: str) -> Event:
    told = [{"name": name, "address": f"{name}@example.org"} for name in names]
    return story.tell("MessageSending", minute, message="M1", attempt=1, subject="s", text="t", recipients=told)


def states(story: Story) -> dict[str, str]:
    return {one.name: one.state for one in story.backout.messages["M1"].recipients}


def test_a_late_word_of_a_sending_speaks_only_for_whom_it_left_in_doubt() -> None:
    story = night.at_step_four()
    story.tell("MessageWritten", 13, message="M1", title="Now", to=["a", "b"], by="email", text="t")
    first = sending(story, 14, "a", "b", "c")
    declare(story, "MessageDeclaredInDoubt", first, message="M1")
    assert states(story) == dict.fromkeys("abc", "in_doubt")
    assert story.backout.messages["M1"].state == "in_doubt"
    for name, as_ in (("a", "not-sent"), ("b", "sent")):
        resolved: dict[str, Any] = {"message": "M1", "recipient": name, "as": as_, "reason": "asked them"}
        story.tell("MessageResolved", 21, **resolved)
    second = sending(story, 22, "a")
    told = [{"name": name, "address": "", "state": "sent", "detail": "250 ok"} for name in "ac"]
    told.append({"name": "b", "address": "", "state": "failed", "detail": "550"})
    story.tell("MessageFinished", 30, message="M1", attempt=1, intent=first.event_id, recipients=told)
    assert states(story) == {"a": "queued", "b": "sent", "c": "sent"}
    assert story.backout.messages["M1"].sending == second.event_id, "the second one is still under way"
    assert story.backout.messages["M1"].awaited == ()


def test_a_declared_probe_leaves_its_step_as_it_is() -> None:
    story, _ = running()
    probe = story.tell("ProbeStarted", 15, step="4", attempt=1, command="true", shell="sh")
    before = story.backout.steps["4"]
    declare(story, "ProbeDeclaredInDoubt", probe, step="4")
    step = story.backout.steps["4"]
    assert (step.state, step.probes[-1].state) == (before.state, "in_doubt")


def test_the_close_and_the_next_line_say_where_it_runs_and_what_can_be_done() -> None:
    story, intent = running()
    away = {intent.event_id: OutOfReach("web-7", "web-7 is another machine")}
    refusal = gates.why_not_close(story.backout, outcome="failed", away=away)
    assert refusal is not None
    assert "step 4 is running on web-7, out of reach from here" in refusal.words
    assert "declare in doubt (Enter on it, or step-doubt 4)" in refusal.words
    wish = next_wish(story.backout, at(14), away=away)
    assert (wish.key, wish.on, "step 4 runs on web-7, out of reach" in wish.words) == ("Enter", ("step", "4"), True)


def test_what_can_be_asked_is_not_declared() -> None:
    story, _ = running()
    (run,) = runs.under_way(story.backout)
    said = {reach: gates.why_not_declare(story.backout, run, "step 4", reach) for reach in Reach}
    assert [reach for reach, refusal in said.items() if refusal is None] == [Reach.CLOSED, Reach.AWAY]
    lives = said[Reach.LIVES]
    assert lives is not None
    assert lives.words == "Step 4 runs here, so it can be asked. Stop it with x (step-stop 4)."
    assert gates.why_not_declare(story.backout, None, "step 5", None) is not None

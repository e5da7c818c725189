"""Walks: an operator who does anything at all that the gates allow. What every event log can look like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st

from backout_tui.domain.backout.conditions import asked_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.loops import spelt_out
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.refusal import BREAK_GLASS, REASON, Refusal
from backout_tui.domain.rules import gates
from backout_tui.engine.verbs.ids import step_number
from tests.sample_plan import EMPTY, OPTIONS, PLAN
from tests.story import Story
from tests.way_scenes import WAYS

Move = Callable[[Story], object]
EVERYTHING = frozenset({REASON, BREAK_GLASS, "note"})


@st.composite
def walks(draw: st.DrawFn, longest: int = 25) -> Story:
    """A story of up to `longest` moves, each of which the gates allowed at its moment."""
    plan: Plan = draw(st.sampled_from((PLAN, OPTIONS, EMPTY, spelt_out(WAYS))))
    story = Story()
    story.open(plan, mode=draw(st.sampled_from(("live", "live", "rehearsal"))))
    for _ in range(draw(st.integers(0, longest))):
        allowed = list(moves(story.backout))
        story.minute += 1
        draw(st.sampled_from(allowed))(story)
    return story


def moves(backout: Backout) -> Iterator[Move]:
    """Everything that may be done now."""
    yield _tell("NoteAdded", text="something was seen")
    yield _tell("DeployedAtSet", deployed_at="2026-11-22T01:50:00.000000Z")
    yield _tell("DeployedAtSet")
    yield _tell("ProblemLogged", problem=f"P{len(backout.problems) + 1}", title="5xx on /charge")
    if backout.problems:
        yield _tell("Decided", kind="back-out", by="sam", reason="it burns a lot", named_authoriser=False)
        yield _tell("ProblemResolved", problem="P1", note="")
    yield _tell("GlassBroken", what="run step 2", reason="too slow")
    for after in {"", _last(backout)}:
        more = {"step": step_number(backout, after), "after": after, "command": "more\nof it"}
        yield _tell("StepAdded", **more, title="one more", reason="so it is")
    for step in backout.steps.values():
        yield from _step_moves(backout, step)
    yield from _other_moves(backout)


def _last(backout: Backout) -> str:
    return list(backout.steps)[-1] if backout.steps else ""


def _step_moves(backout: Backout, step: StepState) -> Iterator[Move]:
    number = step.number
    if gates.why_not_run(backout, number, lifted=EVERYTHING) is None:
        yield _run(number) if backout.live else _tell("StepShown", step=number, attempt=1)
    if step.state is StepStatus.RUNNING and step.kind != "group":
        yield from _outcomes(number, step.attempts[-1].intent)
    if gates.why_not_finish(backout, number, note="seen", lifted=EVERYTHING) is None:
        yield _tell("StepDone", step=number, note="seen", against_program=step.kind == "command")
    for kind, why_not in _BY_REASON.items():
        if why_not(backout, number) is None:
            yield _tell(kind, step=number, reason="that is how it is", command="true")
    yield from _answers(backout, step)
    for after in (_last(backout), next(iter(backout.steps))):
        if gates.why_not_move(backout, number, after) is None:
            yield _tell("StepMoved", step=number, after=after, reason="that is how it is")
    if step.state is StepStatus.IN_DOUBT and step.kind != "group":
        for true in ("done", "failed", "not-started"):
            yield _resolve(number, true)


def _answers(backout: Backout, step: StepState) -> Iterator[Move]:
    asked = asked_of(backout, step)
    if asked is not None and gates.why_not_answer(backout, step.number) is None:
        for answer in ("yes", "no"):
            yield _tell("ConditionAnswered", step=asked.step or step.number, part=asked.part, answer=answer)


def _outcomes(number: str, intent: str) -> Iterator[Move]:
    yield lambda story: story.finish(number, story.minute)
    yield lambda story: story.finish(number, story.minute, exit_code=1)
    yield _tell("StepInDoubt", step=number, intent=intent, attempt=1, why="nobody knows")
    yield _tell("StepNotStarted", step=number, intent=intent, attempt=1, why="it never began")
    yield _tell("StepStopAsked", step=number)


def _leaving_out(state: StepStatus) -> Callable[[Backout, str], Refusal | None]:
    return lambda backout, number: gates.why_not_leave_out(backout, number, state, "sam", EVERYTHING)


_BY_REASON: Mapping[str, Callable[[Backout, str], Refusal | None]] = {
    "StepFailed": gates.why_not_fail,
    "StepSkipped": _leaving_out(StepStatus.SKIPPED),
    "StepWorkedAround": _leaving_out(StepStatus.WORKED_AROUND),
    "StepNotNeeded": _leaving_out(StepStatus.NOT_NEEDED),
    "StepReopened": gates.why_not_reopen_step,
    "StepChanged": gates.why_not_change,
}


def _other_moves(backout: Backout) -> Iterator[Move]:
    for option in backout.options:
        if gates.why_not_choose(backout, option) is None:
            yield _tell("OptionChosen", option=option, reason="the quicker way")
    for check in backout.checks.values():
        yield _tell("CheckRecorded", check=check.id, verdict="fail", note="seen")
        yield _tell("CheckRecorded", check=check.id, verdict="pass", note="seen")
    for message in backout.messages.values():
        if gates.why_not_send(message) is None:
            yield _sending(message.id)
    yield _tell("CallLogged", call=f"C{len(backout.calls) + 1}", name="release manager", result="voicemail")
    if gates.why_not_verdict(backout, "partly") is None:
        yield _tell("VerdictGiven", outcome="partly", reason="")


def _run(number: str) -> Move:
    return lambda story: story.start(number, story.minute)


def _resolve(number: str, true: str) -> Move:
    return lambda story: story.resolve(number, story.minute, true, "looked at it myself")


def _sending(message: str) -> Move:
    return lambda story: story.send(message, story.minute, {"release manager": "sent", "ledger team": "failed"})


def _tell(kind: str, /, **data: Any) -> Move:
    return lambda story: story.tell(kind, **data)

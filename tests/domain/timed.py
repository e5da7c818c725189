"""Plans whose steps say how long they take, and nights in which they are run: for the tests of the clock."""

from __future__ import annotations

from hypothesis import strategies as st

from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.plan import Check, Part, Plan, Step
from tests.sample_plan import facts, fence
from tests.story import Story


def minutes(number: str, estimate: int | None, waits_for: str = "") -> Step:
    """A step by hand that takes so many minutes; None: it does not say."""
    said = {"estimate": f"{estimate} min"} if estimate is not None else {}
    return Step(number, f"Step {number}", facts(**said, **({"waits_for": waits_for} if waits_for else {})))


def command(number: str, estimate: int | None, waits_for: str = "") -> Step:
    """The same, with a command."""
    by_hand = minutes(number, estimate, waits_for)
    return Step(number, by_hand.title, by_hand.facts, (fence(f"run {number}"),))


def opened(*steps: Step, checks: tuple[Check, ...] = ()) -> Story:
    """A backout of a plan of these steps, decided."""
    story = Story()
    story.open(Plan("web 2.0", facts(release="web 2.0"), parts=(Part("", "", steps),), checks=checks))
    story.tell("Decided", 0, kind="back-out", by="sam", reason="errors everywhere", named_authoriser=True)
    return story


@st.composite
def nights(draw: st.DrawFn) -> Story:
    """A plan of up to six steps in any order, some in a group, of which any are run, done and left out at any time."""
    count = draw(st.integers(1, 6))
    numbers = [str(number) for number in range(1, count + 1)]
    story = opened(*(_step(draw, number, numbers) for number in numbers))
    for _ in range(draw(st.integers(0, 8))):
        story.minute += draw(st.integers(0, 1200)) / 60
        _move(draw, story)
    return story


def _step(draw: st.DrawFn, number: str, numbers: list[str]) -> Step:
    waits = draw(st.sampled_from(["", "", *numbers]))
    estimate = draw(st.one_of(st.none(), st.integers(0, 20)))
    if draw(st.integers(0, 4)) == 0:
        parts = tuple(command(f"{number}.{part}", draw(st.one_of(st.none(), st.integers(0, 9)))) for part in (1, 2))
        return Step(number, f"Step {number}", minutes(number, estimate, waits).facts, children=parts)
    return draw(st.sampled_from((minutes, command)))(number, estimate, waits)


def _move(draw: st.DrawFn, story: Story) -> None:
    """Something that may become of a step; nothing, when none is open."""
    still_open = [step for step in story.backout.leaves if not step.settled]
    if not still_open:
        return
    step = draw(st.sampled_from(still_open))
    if step.state is StepStatus.RUNNING:
        story.finish(step.number, story.minute, exit_code=draw(st.sampled_from((0, 0, 1))))
    elif step.kind == "command" and draw(st.booleans()):
        story.start(step.number, story.minute)
    else:
        kind = draw(st.sampled_from(("StepDone", "StepSkipped", "StepNotNeeded")))
        story.tell(kind, story.minute, step=step.number, reason="so it is", note="")

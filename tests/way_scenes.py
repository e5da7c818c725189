"""Situations of a plan with conditions, loops and steps side by side."""

from __future__ import annotations

from backout_tui.domain.plan.loops import spelt_out
from backout_tui.domain.plan.plan import Part, Plan, Step, Variable
from tests.sample_plan import CONTACTS, PLAN, expect, facts, fence
from tests.scenes import Scene
from tests.story import Story, at

WAYS = Plan(
    "payments-api 4.12.0",
    PLAN.facts,
    variables=(Variable("NAMESPACE", "payments"), Variable("IMAGE", flag="captured by 1")),
    parts=(
        Part(
            "",
            "",
            (
                Step("1", "Find the image", facts(capture="IMAGE", estimate="5 s"), (fence("registry --last-good"),)),
                Step("2", "Kill what is stuck", facts(only_if="pods are stuck"), (fence("kubectl delete pod x"),)),
                Step("3", "Look at the queue", facts(only_if="the queue is long")),
                Step(
                    "4",
                    "Drain the node",
                    facts(for_each="node-1, node-2", estimate="2 min"),
                    (fence('drain "$ITEM" to "$IMAGE"'),),
                ),
                Step(
                    "5",
                    "Wait for the pods",
                    facts(until="every 10 s, at most 10 min", waits_for="1"),
                    (fence("kubectl get pods"), expect("`Running`")),
                ),
            ),
        ),
        Part(
            "phase",
            "Caches",
            (
                Step("6", "Empty the cache", blocks=(fence("cachectl flush"),)),
                Step("7", "Fill it again", facts(only_if="it is night")),
            ),
            facts(only_if="the cache holds the new format", owner="cache team"),
        ),
    ),
    contacts=CONTACTS,
)


def begun() -> Story:
    """Opened, with a problem, and decided."""
    story = Story()
    story.open(spelt_out(WAYS))
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge", severity="critical", kind="fault")
    story.tell("Decided", 2, kind="back-out", by="release manager", reason="errors above 2 %", named_authoriser=True)
    return story


def captured() -> Story:
    """Step 1 has found the image."""
    story = begun()
    story.run("1", 3, 0.1, captured={"name": "IMAGE", "value": "payments:4.11.3"})
    return story


def asked() -> Scene:
    """Step 2 hangs on a condition that nobody has answered."""
    return seen(captured(), 4)


def in_the_phase() -> Scene:
    """Everything before the phase is behind; the phase hangs on a condition of its own."""
    story = captured()
    for number in ("2", "3", "4[node-1]", "4[node-2]"):
        story.tell("StepSkipped", 4, step=number, reason="not what this is about")
    story.run("5", 5, 1, tries=7)
    return seen(story, 7)


def side_by_side() -> Scene:
    """Step 5 waits for the first alone: it may run beside the others."""
    story = captured()
    story.tell("ConditionAnswered", 4, step="2", answer="yes")
    story.start("2", 4)
    return seen(story, 4.5)


def seen(story: Story, minute: float) -> Scene:
    """The story as it stands, looked at in that minute."""
    return Scene(tuple(story.events), story.backout, at(minute))

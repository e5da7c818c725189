"""Named situations of one night, shared by tests: a release that has to go, told event by event at fixed times.

Each scene is the events, the backout they fold to, and the moment at which somebody looks at it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import rfc3339
from backout_tui.domain.plan.plan import Fact
from backout_tui.domain.values import replace
from tests import night
from tests.hostile_plan import ACTOR, ALL, BIDI, ESCAPES, HOSTILE, LINES, MARKDOWN, MARKUP, WIDE
from tests.sample_plan import EMPTY, PLAN, UNDATED
from tests.story import KIM, Story, at


@dataclass(frozen=True)
class Scene:
    """One situation: what was logged, what is true, and when it is looked at."""

    events: tuple[Event, ...]
    backout: Backout
    now: datetime


def fresh() -> Scene:
    """Just opened: nothing is logged yet."""
    return _seen(night.opened(), 0.5)


def problem_logged() -> Scene:
    """A first problem is logged and assigned."""
    return _seen(night.with_problem(), 2)


def deciding() -> Scene:
    """Two problems, one of them unassigned; a call is due again; nobody has decided."""
    return _seen(night.with_problems(), 6)


def step_running() -> Scene:
    """Decided, told; step 2 was skipped, step 4 is running for 43 seconds."""
    return _seen(night.at_step_four(), 12 + 43 / 60)


def step_late() -> Scene:
    """Step 4 runs past its bad-case estimate."""
    return _seen(night.at_step_four(), 22)


def step_failed() -> Scene:
    """Step 4 ended with exit 1 and without the line it was to print."""
    return _seen(night.failed(), 15)


def in_doubt() -> Scene:
    """Step 4 began, and nobody knows how it ended."""
    story = night.at_step_four()
    attempt = story.backout.steps["4"].attempts[-1]
    why = "its supervisor ended without recording an outcome"
    story.tell("StepInDoubt", 16, step="4", intent=attempt.intent, attempt=1, why=why, still_running=False)
    return _seen(story, 17)


def beyond_return() -> Scene:
    """Step 4 was worked around; step 5, after which there is no way back, has failed."""
    story = night.failed()
    story.tell("StepWorkedAround", 16, step="4", reason="scaled by hand")
    story.start("5", 17)
    story.finish("5", 18, exit_code=3, why="exit 3")
    return _seen(story, 19)


def fixing_forward() -> Scene:
    """The proxy decided to fix forward, before their time."""
    story = night.with_problems()
    story.tell("CallLogged", 5.6, call="C2", name="release manager", result="no-answer", note="")
    data: dict[str, Any] = {"reason": "one line to fix", "agreed": "by phone", "problems": ["P1", "P2"]}
    data |= {"question": "Back payments-api 4.12.0 out of production?", "role": "proxy", "early_s": 360}
    story.tell("Decided", 7, kind="fix-forward", by="payments lead", named_authoriser=True, **data)
    return _seen(story, 8)


def verifying() -> Scene:
    """All steps are settled, one of them changed and one added; check A has failed once and then passed."""
    return _seen(night.steps_done(), 40)


def told() -> Scene:
    """One message went to everybody, one to a part, one failed, one is in doubt, and people were called."""
    return _seen(night.told(), 44)


def closed() -> Scene:
    """Backed out, verified, told, closed."""
    return _seen(night.closed(), 70)


def rehearsal() -> Scene:
    """A rehearsal in which the first command was shown."""
    story = Story()
    story.open(PLAN, mode="rehearsal")
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge (exercise)", severity="critical", kind="fault")
    story.tell(
        "Decided", 2, kind="back-out", by="release manager", reason="the exercise says so", named_authoriser=True
    )
    story.tell("StepDone", 3, step="1", note="")
    story.tell("StepShown", 4, step="2", attempt=1, command="kubectl scale deploy/worker --replicas=0", shell="sh")
    story.tell("MessageShown", 5, message="M1", subject="Backing out payments-api 4.12.0", text="We are backing out.")
    return _seen(story, 6)


def rehearsal_elsewhere() -> Scene:
    """A rehearsal in staging: step 2 really runs there, step 3 by another command, step 4 does not say so."""
    said = {"2": "run", "3": "batchctl stop --dry-run"}
    steps = [
        replace(one, facts=(*one.facts, Fact("rehearse", said[one.number]))) if one.number in said else one
        for one in PLAN.parts[0].steps
    ]
    story = Story()
    plan = replace(PLAN, parts=(replace(PLAN.parts[0], steps=tuple(steps)),))
    story.open(plan, mode="rehearsal", rehearsed_in="staging")
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge (exercise)", severity="critical", kind="fault")
    story.tell("Decided", 2, kind="back-out", by="release manager", reason="the exercise", named_authoriser=True)
    story.tell("StepDone", 3, step="1", note="")
    return _seen(story, 6)


def empty_plan() -> Scene:
    """No plan existed: steps are added as they are done."""
    story = Story()
    story.open(EMPTY, plan={"id": 0, "revision": 0, "sha256": "", "approved": False})
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge", severity="critical", kind="fault")
    story.tell("Decided", 2, kind="back-out", by="sam", reason="nobody else answers the phone", named_authoriser=True)
    story.tell("StepAdded", 3, step="1", title="Scale the old replica set", after="", command="", reason="")
    return _seen(story, 4)


def options() -> Scene:
    """Exclusive ways, one of them with sub-steps; way A was chosen and its first step is done."""
    story = night.optional()
    story.tell("OptionChosen", 4, option="A: roll back", reason="the image is still there")
    story.run("A1", 5, 4)
    return _seen(story, 10)


def options_open() -> Scene:
    """Exclusive ways of which none is chosen yet."""
    return _seen(night.optional(), 3)


def observer() -> Scene:
    """Somebody else, kim, has the controls; sam looks on."""
    story = night.at_step_four()
    story.tell("ControlsTaken", 12.2, actor=KIM, session="4b1d", reason="sam lost the line")
    return _seen(story, 12.5)


def asked_for() -> Scene:
    """Sam has the controls, and kim asks for them."""
    story = night.at_step_four()
    story.tell("ControlsAsked", 12.2, actor=KIM, session="4b1d", why="you are on the phone")
    return _seen(story, 12.5)


def glass_broken() -> Scene:
    """Not approved, decided by nobody named in the plan, the first command run before the decision."""
    story = Story()
    story.open(PLAN, plan={"id": 0, "revision": 0, "sha256": "cd" * 32, "approved": False})
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge", severity="critical", kind="fault")
    story.tell("GlassBroken", 2, what="run step 2", reason="orders are lost every second")
    text = "Subject: Break-glass in {release}\n\nWhat: run step 2"
    to = ["release manager"]
    story.tell(
        "MessageWritten",
        2,
        message="M4",
        title="Break-glass 1: run step 2",
        to=to,
        by="email",
        text=text,
        origin="prepared",
    )
    story.start("2", 2, out_of_order="orders are lost every second")
    story.finish("2", 3)
    story.tell(
        "Decided", 4, kind="back-out", by="kim", reason="losing orders", agreed="by phone", named_authoriser=False
    )
    return _seen(story, 5)


def hostile() -> Scene:
    """Every text that comes from outside is full of escape sequences, markup, bidirectional and wide characters."""
    story = Story()
    release = {"name": ESCAPES, "version": MARKUP, "returns_to": BIDI, "environment": MARKDOWN}
    story.open(HOSTILE, actor=ACTOR, release=release, reason=ALL)
    story.tell(
        "ProblemLogged", 1, problem="P1", severity="critical", kind="fault", title=MARKDOWN, detail=ALL, assignee=ALL
    )
    story.tell("ProblemLogged", 1, problem="P2", severity="minor", kind="judged-unfit", title=LINES)
    story.tell("GlassBroken", 1, what=ALL, reason=ALL)
    story.tell("Decided", 2, kind="back-out", by=MARKUP, reason=ALL, agreed=ALL, named_authoriser=False)
    story.tell("StepSkipped", 3, step="1", reason=ALL)
    story.run("2", 4, 1, exit_code=1, why=ALL, expect=[{"text": ALL, "met": False}])
    story.tell("StepAdded", 5, step="2a", title=WIDE, after="2", command=ALL, instruction=ALL, reason=ALL)
    story.tell("CheckRecorded", 6, check="A", verdict="fail", note=ALL)
    told = [{"name": MARKUP, "address": ALL, "state": "failed", "detail": ALL}]
    begun = story.tell("MessageSending", 7, message="M1", recipients=told, subject=ALL, text=ALL)
    story.tell("MessageFinished", 8, message="M1", intent=begun.event_id, result="failed", recipients=told)
    story.tell("CallLogged", 8, call="C1", name=ESCAPES, result="voicemail", note=ALL, follow_up=rfc3339(at(9)))
    story.tell("NoteAdded", 8, text=ALL)
    newer: dict[str, Any] = {"what": ALL, "key\x1b[31m": [ALL, {"deep": ALL}]}
    story.tell("SomethingNewer", 9, **newer)
    return _seen(story, 10)


def calm() -> Scene:
    """Step 2 runs, and all will be done long before the window ends, even in the bad case."""
    return _seen(night.timed(4), 4)


def tight() -> Scene:
    """Late begun: typically it will be done within the window, in the bad case it will not."""
    return _seen(night.timed(28), 28)


def late() -> Scene:
    """Begun too late: the window ends before all is done."""
    return _seen(night.timed(41), 41)


def time_unknown() -> Scene:
    """Nobody knows when the release was deployed, and so when the window ends; sam was asked."""
    story = Story()
    story.open(UNDATED)
    story.tell("DeployedAtSet", 0.4)
    return _seen(story, 0.5)


def no_way_back() -> Scene:
    """The step behind which there is no way back runs."""
    return _seen(night.beyond_the_way_back(), 17)


SCENES: Mapping[str, Callable[[], Scene]] = {
    scene.__name__: scene
    for scene in (
        fresh, problem_logged, deciding, step_running, step_late, step_failed, in_doubt, beyond_return,
        fixing_forward, verifying, told, closed, rehearsal, rehearsal_elsewhere,
        empty_plan, options, options_open, observer, asked_for,
        glass_broken, calm, tight, late, time_unknown, no_way_back, hostile,
    )
}  # fmt: skip
"""Every scene by its name, for tests that hold for all of them."""


def _seen(story: Story, minute: float) -> Scene:
    return Scene(tuple(story.events), story.backout, at(minute))

"""The night of the scenes, told once: each story goes on where the one before it stopped."""

from __future__ import annotations

from typing import Any

from backout_tui.domain.backout.events import BlobRef
from backout_tui.domain.codec import rfc3339
from tests.sample_plan import OPTIONS, PLAN, TIMED
from tests.story import Story, at


def opened() -> Story:
    """The backout is opened."""
    story = Story()
    story.open(PLAN)
    return story


def with_problem() -> Story:
    """A first problem is logged and assigned."""
    story = opened()
    detail = "errors rose from 0.1 % to 4 %\nwithin a minute of the deploy"
    words: dict[str, Any] = {"title": "5xx on /charge", "detail": detail, "assignee": "payments lead"}
    story.tell("ProblemLogged", 1, problem="P1", severity="critical", kind="fault", seen="after", **words)
    return story


def with_problems() -> Story:
    """A second problem; the release manager's voicemail."""
    story = with_problem()
    story.tell(
        "ProblemLogged", 2, problem="P2", severity="major", kind="judged-unfit", seen="during", title="ledger lag"
    )
    again = rfc3339(at(5.5))
    story.tell("CallLogged", 3, call="C1", name="release manager", result="voicemail", note="", follow_up=again)
    return story


def decided() -> Story:
    """The release manager is reached, and decides to back out."""
    story = with_problems()
    note = "agrees, go ahead"
    story.tell("CallLogged", 7, call="C2", name="release manager", result="reached", note=note)
    decision: dict[str, Any] = {
        "reason": "errors above 2 % for ten minutes",
        "agreed": "by phone",
        "problems": ["P1", "P2"],
    }
    story.tell("Decided", 7.5, kind="back-out", by="release manager", named_authoriser=True, **decision)
    return story


def at_step_four() -> Story:
    """People are told; steps 1 to 3 are behind, step 4 runs."""
    story = decided()
    story.send("M1", 8, {"release manager": "sent", "payments lead": "sent", "ledger team": "sent"})
    story.tell("StepDone", 9.5, step="1", note="")
    story.tell("StepSkipped", 10, step="2", reason="already drained")
    story.run("3", 11, 22 / 60)
    story.start("4", 12)
    return story


def failed() -> Story:
    """Step 4 ends with exit 1 and without the line it was to print."""
    story = at_step_four()
    expected = [{"text": "`successfully rolled out`", "met": False, "why": "not in the output"}]
    kept = (BlobRef("output", 412, "0f" * 32),)
    story.finish("4", 14.5, exit_code=1, why="exit 1", expect=expected, blobs=kept)
    return story


def steps_done() -> Story:
    """Every step is settled, one changed and one added; check A passed the second time."""
    story = failed()
    command = "kubectl -n payments rollout undo deployment/payments-api --to-revision=41"
    story.tell("StepChanged", 16, step="4", command=command, reason="undo alone went to a broken revision")
    story.run("4", 17, 4, expect=[{"text": "`successfully rolled out`", "met": True}])
    story.check("A", 22, exit_code=1)
    story.run("5", 23, 3.5)
    story.tell(
        "StepAdded", 27, step="5a", title="Rebuild the ledger index", after="5", command="", reason="queries time out"
    )
    story.tell("StepDone", 29, step="5a", note="")
    story.run("6.1", 30, 1.5)
    story.run("6.2", 32, 1.25)
    story.run("7", 34, 0.4)
    story.tell("StepDone", 35.5, step="8", note="scaled in the console, kubectl hung", against_program=True)
    story.tell("StepNotNeeded", 36, step="9", reason="the bot lifted it")
    story.check("A", 38)
    return story


def told() -> Story:
    """One message went to a part, another to nobody; a call was not answered."""
    story = steps_done()
    told = {"release manager": "sent", "payments lead": "failed", "ledger team": "in_doubt"}
    story.send("M2", 41, told, subject="Ledger")
    data: dict[str, Any] = {
        "message": "M4",
        "title": "Batch is late",
        "to": ["payments lead"],
        "by": "email",
        "text": "The batch is late.",
    }
    story.tell("MessageWritten", 42, **data)
    story.send("M4", 42.5, {"payments lead": "failed"}, subject="Batch is late")
    story.tell("CallLogged", 43, call="C3", name="ledger team", result="no-answer", note="", follow_up=rfc3339(at(60)))
    return story


def closed() -> Story:
    """What was in doubt is resolved, check B passed, the verdict given, all closed."""
    story = told()
    answered: dict[str, Any] = {"recipient": "ledger team", "as": "sent", "reason": "they answered it"}
    story.tell("MessageResolved", 45, message="M2", **answered)
    story.tell("CheckRecorded", 50, check="B", verdict="pass", note="ten of ten agree")
    story.tell("ProblemResolved", 55, problem="P1", note="errors at 0.05 %")
    story.tell("NoteAdded", 56, text="the runbook has to name the revision")
    story.tell("VerdictGiven", 60, outcome="backed-out", reason="")
    story.send("M3", 61, {"release manager": "sent", "payments lead": "sent", "ledger team": "sent"}, subject="Done")
    left_open = ["P2 is assigned to nobody"]
    story.tell("BackoutClosed", 65, outcome="backed-out", reason="follow-up in the morning", left_open=left_open)
    return story


def optional() -> Story:
    """A plan with exclusive ways is opened and decided on; its first step is done."""
    story = Story()
    story.open(OPTIONS)
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge", severity="critical", kind="fault")
    story.tell("Decided", 2, kind="back-out", by="release manager", reason="errors above 2 %", named_authoriser=True)
    story.tell("StepDone", 2.5, step="1", note="")
    return story


def timed(minute: float) -> Story:
    """Every step says how long it takes; at that minute step 1 is done, and step 2 runs since half a minute."""
    story = Story()
    story.open(TIMED)
    story.tell("ProblemLogged", 1, problem="P1", title="5xx on /charge", severity="critical", kind="fault")
    decision: dict[str, Any] = {"by": "release manager", "named_authoriser": True}
    story.tell("Decided", 2, kind="back-out", reason="errors above 2 % for ten minutes", **decision)
    story.tell("StepDone", minute - 1, step="1", note="")
    story.start("2", minute - 0.5)
    return story


def beyond_the_way_back() -> Story:
    """The steps before are done, and step 5, behind which there is no way back, runs."""
    story = timed(6)
    story.finish("2", 8.5)
    story.run("3", 9, 1)
    story.run("4", 10, 5)
    story.start("5", 16)
    return story

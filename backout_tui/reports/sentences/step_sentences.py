"""Sentences for steps that a person marked: done, failed, skipped, changed, added, moved; options and conditions."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import UNSET

from backout_tui.domain.backout.payload import told
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.step_payloads import (
    Added,
    Answered,
    Changed,
    Done,
    Moved,
    OptionChosen,
    Resolved,
    StepReopened,
    WithReason,
)
from backout_tui.reports.sentences.piece_sentences import (
    Sentence,
    beside,
    joined,
    labelled,
    out_of_order,
    saying,
    with_reason,
)


def _because(what: str, said: WithReason | StepReopened | OptionChosen) -> str:
    return with_reason(what, said.reason, beside(said))


def _done(said: Done) -> str:
    against = "a person's word against the program's" if said.against_program else ""
    return with_reason(
        f"step {said.step} is done",
        said.note.strip() or said.reason,
        against,
        labelled(out_of_order(said.ahead_of), said.out_of_order),
        beside(said),
    )


def _changed(said: Changed) -> str:
    return joined(
        with_reason(f"changed step {said.step}", said.reason),
        *(labelled(*one) for one in told(said, "title", "command", "instruction").items()),
        labelled("expected", ", ".join(said.expects) or "nothing") if said.expects is not UNSET else "",
        beside(said),
    )


def _added(said: Added) -> str:
    after = f" after {said.after}" if said.after else ""
    return joined(
        f"added step {said.step}{after}: {said.title}",
        labelled("command", said.command),
        labelled("because", said.reason),
        beside(said),
    )


def _resolved(said: Resolved) -> str:
    true = {"done": "it is done", "failed": "it has failed", "not-started": "it never began"}
    return with_reason(f"said what is true of step {said.step}, {true[said.as_]}", said.reason)


SENTENCES: Mapping[str, Sentence] = {
    EventKind.STEP_DONE: saying(Done, _done),
    EventKind.STEP_FAILED: saying(WithReason, lambda said: with_reason(f"step {said.step} has failed", said.reason)),
    EventKind.STEP_SKIPPED: saying(WithReason, lambda said: _because(f"skipped step {said.step}", said)),
    EventKind.STEP_WORKED_AROUND: saying(WithReason, lambda said: _because(f"worked around step {said.step}", said)),
    EventKind.STEP_NOT_NEEDED: saying(WithReason, lambda said: _because(f"step {said.step} is not needed", said)),
    EventKind.STEP_REOPENED: saying(StepReopened, lambda said: _because(f"reopened step {said.step}", said)),
    EventKind.STEP_RESOLVED: saying(Resolved, _resolved),
    EventKind.STEP_CHANGED: saying(Changed, _changed),
    EventKind.STEP_ADDED: saying(Added, _added),
    EventKind.STEP_MOVED: saying(Moved, lambda said: _because(f"moved step {said.step} behind {said.after}", said)),
    EventKind.OPTION_CHOSEN: saying(OptionChosen, lambda said: _because(f"chose the option {said.option}", said)),
    EventKind.CONDITION_ANSWERED: saying(
        Answered, lambda said: f"answered the condition of {said.part or f'step {said.step}'}: {said.answer}"
    ),
}

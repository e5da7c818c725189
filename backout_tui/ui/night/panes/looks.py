"""How each state looks: one row for every state of a step, an attempt, a check, a message and a recipient.

`domain/backout/states.py` says what a state means. The type checker rejects a state without a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from msgspec import Struct

from backout_tui.domain.backout.states import AttemptStatus, CheckVerdict, MessageStatus, RecipientStatus, StepStatus


class Look(Struct, frozen=True):
    """The name of a sign in `widgets.glyphs`, the tone of a row, the tone in the story, and the row's words.

    A state without words in its row shows how long it takes, or when it was.
    """

    sign: str
    tone: str = ""
    told: str = ""
    words: str = ""


def _step(state: StepStatus) -> Look:
    match state:
        case StepStatus.PENDING:
            return Look("pending")
        case StepStatus.RUNNING:
            return Look("running", "running")
        case StepStatus.DONE:
            return Look("done", "done", "done")
        case StepStatus.FAILED:
            return Look("failed", "failed", "failed", "failed")
        case StepStatus.SKIPPED:
            return Look("skipped", "dim", "", "skipped")
        case StepStatus.WORKED_AROUND:
            return Look("worked_around", "dim", "", "worked around")
        case StepStatus.IN_DOUBT:
            return Look("in_doubt", "doubt", "warning", "IN DOUBT: what is true?")
        case StepStatus.NOT_NEEDED:
            return Look("not_needed", "dim", "", "not needed")
    assert_never(state)


def _attempt(state: AttemptStatus) -> Look:
    match state:
        case AttemptStatus.RUNNING:
            return Look("running", "running", "heading")
        case AttemptStatus.DONE:
            return Look("done", "done", "done")
        case AttemptStatus.FAILED:
            return Look("failed", "failed", "failed")
        case AttemptStatus.IN_DOUBT:
            return Look("in_doubt", "doubt", "warning")
        case AttemptStatus.NOT_STARTED | AttemptStatus.SHOWN:
            return Look("pending", "", "heading")
    assert_never(state)


def _check(verdict: CheckVerdict) -> Look:
    match verdict:
        case CheckVerdict.NONE:
            return Look("pending")
        case CheckVerdict.PASS:
            return Look("done", "done", "done", "pass")
        case CheckVerdict.FAIL:
            return Look("failed", "failed", "failed", "fail")
        case CheckVerdict.INCONCLUSIVE:
            return Look("in_doubt", "doubt", "warning", "inconclusive")
    assert_never(verdict)


def _message(state: MessageStatus) -> Look:
    match state:
        case MessageStatus.DRAFT:
            return Look("message", "dim")
        case MessageStatus.SENDING:
            return Look("message", "running", "", "sending")
        case MessageStatus.SENT:
            return Look("message", "done", "done")
        case MessageStatus.PARTLY:
            return Look("message", "failed")
        case MessageStatus.FAILED:
            return Look("message", "failed", "failed")
        case MessageStatus.IN_DOUBT:
            return Look("message", "doubt", "warning")
        case MessageStatus.SHOWN:
            return Look("message", "done", "", "shown")
    assert_never(state)


def _recipient(state: RecipientStatus) -> Look:
    match state:
        case RecipientStatus.QUEUED:
            return Look("pending")
        case RecipientStatus.SENT:
            return Look("done", "done", "done")
        case RecipientStatus.FAILED:
            return Look("failed", "failed", "failed")
        case RecipientStatus.IN_DOUBT:
            return Look("in_doubt", "doubt", "warning")
    assert_never(state)


STEP: Mapping[StepStatus, Look] = {state: _step(state) for state in StepStatus}
"""How each state of a step looks."""
ATTEMPT: Mapping[AttemptStatus, Look] = {state: _attempt(state) for state in AttemptStatus}
"""How each state of an attempt looks."""
CHECK: Mapping[CheckVerdict, Look] = {verdict: _check(verdict) for verdict in CheckVerdict}
"""How each verdict of a check looks."""
MESSAGE: Mapping[MessageStatus, Look] = {state: _message(state) for state in MessageStatus}
"""How each state of a message looks."""
RECIPIENT: Mapping[RecipientStatus, Look] = {state: _recipient(state) for state in RecipientStatus}
"""How each state of a recipient looks."""

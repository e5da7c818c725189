"""The one table of what each kind of event holds, and the one place that reads it. A new kind is one row here."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from msgspec import Struct

from backout_tui.domain.backout.payload import OfStep, Payload
from backout_tui.domain.backout.payloads import backout_payloads, message_payloads, plan_payloads, step_payloads
from backout_tui.domain.codec import decode


class EventKind(StrEnum):
    """What happened. Kinds never change: an old one keeps its meaning forever."""

    BACKOUT_OPENED = "BackoutOpened"
    DEPLOYED_AT_SET = "DeployedAtSet"
    GLASS_BROKEN = "GlassBroken"
    VARIABLE_SET = "VariableSet"
    PREREQUISITE_ANSWERED = "PrerequisiteAnswered"
    PREREQUISITES_LEFT = "PrerequisitesLeft"
    NOTE_ADDED = "NoteAdded"
    REASON_COMPLETED = "ReasonCompleted"
    BACKOUT_CLOSED = "BackoutClosed"
    BACKOUT_REOPENED = "BackoutReopened"
    CONTROLS_TAKEN = "ControlsTaken"
    DATABASE_ADOPTED = "DatabaseAdopted"
    CONTROLS_ASKED = "ControlsAsked"
    CONTROLS_KEPT = "ControlsKept"
    CONTROLS_AGREED = "ControlsAgreed"
    CONTROLS_HANDED_OVER = "ControlsHandedOver"
    SESSION_DECLARED_GONE = "SessionDeclaredGone"
    PROBLEM_LOGGED = "ProblemLogged"
    PROBLEM_CHANGED = "ProblemChanged"
    PROBLEM_ASSIGNED = "ProblemAssigned"
    PROBLEM_RESOLVED = "ProblemResolved"
    DECIDED = "Decided"
    CALL_LOGGED = "CallLogged"
    VERDICT_GIVEN = "VerdictGiven"
    STEP_STARTED = "StepStarted"
    STEP_FINISHED = "StepFinished"
    STEP_NOT_STARTED = "StepNotStarted"
    STEP_IN_DOUBT = "StepInDoubt"
    STEP_DECLARED_IN_DOUBT = "StepDeclaredInDoubt"
    STEP_STOP_ASKED = "StepStopAsked"
    STEP_SHOWN = "StepShown"
    PROBE_STARTED = "ProbeStarted"
    PROBE_FINISHED = "ProbeFinished"
    PROBE_NOT_STARTED = "ProbeNotStarted"
    PROBE_IN_DOUBT = "ProbeInDoubt"
    PROBE_DECLARED_IN_DOUBT = "ProbeDeclaredInDoubt"
    PROBE_SHOWN = "ProbeShown"
    CHECK_RECORDED = "CheckRecorded"
    CHECK_STARTED = "CheckStarted"
    CHECK_FINISHED = "CheckFinished"
    CHECK_NOT_STARTED = "CheckNotStarted"
    CHECK_IN_DOUBT = "CheckInDoubt"
    CHECK_DECLARED_IN_DOUBT = "CheckDeclaredInDoubt"
    CHECK_SHOWN = "CheckShown"
    STEP_DONE = "StepDone"
    STEP_FAILED = "StepFailed"
    STEP_SKIPPED = "StepSkipped"
    STEP_WORKED_AROUND = "StepWorkedAround"
    STEP_NOT_NEEDED = "StepNotNeeded"
    STEP_REOPENED = "StepReopened"
    STEP_RESOLVED = "StepResolved"
    STEP_CHANGED = "StepChanged"
    STEP_ADDED = "StepAdded"
    STEP_MOVED = "StepMoved"
    OPTION_CHOSEN = "OptionChosen"
    CONDITION_ANSWERED = "ConditionAnswered"
    MESSAGE_WRITTEN = "MessageWritten"
    MESSAGE_SENDING = "MessageSending"
    MESSAGE_FINISHED = "MessageFinished"
    MESSAGE_NOT_STARTED = "MessageNotStarted"
    MESSAGE_IN_DOUBT = "MessageInDoubt"
    MESSAGE_DECLARED_IN_DOUBT = "MessageDeclaredInDoubt"
    MESSAGE_RESOLVED = "MessageResolved"
    MESSAGE_SHOWN = "MessageShown"
    PLAN_STORED = "PlanStored"
    PLAN_COPIED = "PlanCopied"
    PLAN_EDITED = "PlanEdited"
    ITEM_DROPPED = "ItemDropped"
    ITEM_CONFIRMED = "ItemConfirmed"
    ITEM_DENIED = "ItemDenied"
    ITEM_ANSWERS_TAKEN_BACK = "ItemAnswersTakenBack"
    PLAN_HANDED_OVER = "PlanHandedOver"
    PLAN_APPROVED = "PlanApproved"
    DEVIATIONS_FOLDED = "DeviationsFolded"
    DEVIATIONS_DISMISSED = "DeviationsDismissed"


PAYLOADS: Mapping[str, type[Payload]] = {
    EventKind.BACKOUT_OPENED: backout_payloads.Opened,
    EventKind.DEPLOYED_AT_SET: backout_payloads.DeployedAt,
    EventKind.GLASS_BROKEN: backout_payloads.Glass,
    EventKind.VARIABLE_SET: backout_payloads.Variable,
    EventKind.PREREQUISITE_ANSWERED: backout_payloads.PrerequisiteAnswered,
    EventKind.PREREQUISITES_LEFT: backout_payloads.PrerequisitesLeft,
    EventKind.NOTE_ADDED: backout_payloads.Note,
    EventKind.REASON_COMPLETED: backout_payloads.Reason,
    EventKind.BACKOUT_CLOSED: backout_payloads.Closed,
    EventKind.BACKOUT_REOPENED: backout_payloads.Reopened,
    EventKind.CONTROLS_TAKEN: backout_payloads.Taken,
    EventKind.DATABASE_ADOPTED: backout_payloads.Adopted,
    EventKind.CONTROLS_ASKED: backout_payloads.Asked,
    EventKind.CONTROLS_KEPT: backout_payloads.Kept,
    EventKind.CONTROLS_AGREED: backout_payloads.Agreed,
    EventKind.CONTROLS_HANDED_OVER: backout_payloads.HandedOver,
    EventKind.SESSION_DECLARED_GONE: backout_payloads.DeclaredGone,
    EventKind.PROBLEM_LOGGED: backout_payloads.ProblemLogged,
    EventKind.PROBLEM_CHANGED: backout_payloads.ProblemChanged,
    EventKind.PROBLEM_ASSIGNED: backout_payloads.Assigned,
    EventKind.PROBLEM_RESOLVED: backout_payloads.ProblemResolved,
    EventKind.DECIDED: backout_payloads.Decided,
    EventKind.CALL_LOGGED: backout_payloads.Called,
    EventKind.VERDICT_GIVEN: backout_payloads.Verdict,
    EventKind.STEP_STARTED: step_payloads.Begun,
    EventKind.STEP_FINISHED: step_payloads.Finished,
    EventKind.STEP_NOT_STARTED: step_payloads.Ended,
    EventKind.STEP_IN_DOUBT: step_payloads.Ended,
    EventKind.STEP_DECLARED_IN_DOUBT: step_payloads.Declared,
    EventKind.STEP_STOP_ASKED: OfStep,
    EventKind.STEP_SHOWN: step_payloads.Begun,
    EventKind.PROBE_STARTED: step_payloads.Begun,
    EventKind.PROBE_FINISHED: step_payloads.Finished,
    EventKind.PROBE_NOT_STARTED: step_payloads.Ended,
    EventKind.PROBE_IN_DOUBT: step_payloads.Ended,
    EventKind.PROBE_DECLARED_IN_DOUBT: step_payloads.Declared,
    EventKind.PROBE_SHOWN: step_payloads.Begun,
    EventKind.CHECK_RECORDED: step_payloads.CheckRecorded,
    EventKind.CHECK_STARTED: step_payloads.CheckBegun,
    EventKind.CHECK_FINISHED: step_payloads.CheckFinished,
    EventKind.CHECK_NOT_STARTED: step_payloads.CheckEnded,
    EventKind.CHECK_IN_DOUBT: step_payloads.CheckEnded,
    EventKind.CHECK_DECLARED_IN_DOUBT: step_payloads.CheckDeclared,
    EventKind.CHECK_SHOWN: step_payloads.CheckShown,
    EventKind.STEP_DONE: step_payloads.Done,
    EventKind.STEP_FAILED: step_payloads.WithReason,
    EventKind.STEP_SKIPPED: step_payloads.WithReason,
    EventKind.STEP_WORKED_AROUND: step_payloads.WithReason,
    EventKind.STEP_NOT_NEEDED: step_payloads.WithReason,
    EventKind.STEP_REOPENED: step_payloads.StepReopened,
    EventKind.STEP_RESOLVED: step_payloads.Resolved,
    EventKind.STEP_CHANGED: step_payloads.Changed,
    EventKind.STEP_ADDED: step_payloads.Added,
    EventKind.STEP_MOVED: step_payloads.Moved,
    EventKind.OPTION_CHOSEN: step_payloads.OptionChosen,
    EventKind.CONDITION_ANSWERED: step_payloads.Answered,
    EventKind.MESSAGE_WRITTEN: message_payloads.Written,
    EventKind.MESSAGE_SENDING: message_payloads.Sending,
    EventKind.MESSAGE_FINISHED: message_payloads.Sent,
    EventKind.MESSAGE_NOT_STARTED: message_payloads.NotSent,
    EventKind.MESSAGE_IN_DOUBT: message_payloads.NotSent,
    EventKind.MESSAGE_DECLARED_IN_DOUBT: message_payloads.Declared,
    EventKind.MESSAGE_RESOLVED: message_payloads.RecipientResolved,
    EventKind.MESSAGE_SHOWN: message_payloads.Shown,
    EventKind.PLAN_STORED: plan_payloads.Stored,
    EventKind.PLAN_COPIED: plan_payloads.Copied,
    EventKind.PLAN_EDITED: plan_payloads.Stored,
    EventKind.ITEM_DROPPED: plan_payloads.Dropped,
    EventKind.ITEM_CONFIRMED: plan_payloads.Confirmed,
    EventKind.ITEM_DENIED: plan_payloads.Denied,
    EventKind.ITEM_ANSWERS_TAKEN_BACK: plan_payloads.AnswersTakenBack,
    EventKind.PLAN_HANDED_OVER: plan_payloads.PlanHanded,
    EventKind.PLAN_APPROVED: plan_payloads.Approved,
    EventKind.DEVIATIONS_FOLDED: plan_payloads.Folded,
    EventKind.DEVIATIONS_DISMISSED: plan_payloads.Dismissed,
}


class Attempted(Struct, frozen=True):
    """One sort of thing that is claimed, runs and ends: its name, and the kinds of the events that end it."""

    named: str
    finished: EventKind
    not_started: EventKind
    in_doubt: EventKind
    declared: EventKind


ATTEMPTS: Mapping[str, Attempted] = {
    EventKind.STEP_STARTED: Attempted(
        "step",
        EventKind.STEP_FINISHED,
        EventKind.STEP_NOT_STARTED,
        EventKind.STEP_IN_DOUBT,
        EventKind.STEP_DECLARED_IN_DOUBT,
    ),
    EventKind.PROBE_STARTED: Attempted(
        "the probe of step",
        EventKind.PROBE_FINISHED,
        EventKind.PROBE_NOT_STARTED,
        EventKind.PROBE_IN_DOUBT,
        EventKind.PROBE_DECLARED_IN_DOUBT,
    ),
    EventKind.CHECK_STARTED: Attempted(
        "check",
        EventKind.CHECK_FINISHED,
        EventKind.CHECK_NOT_STARTED,
        EventKind.CHECK_IN_DOUBT,
        EventKind.CHECK_DECLARED_IN_DOUBT,
    ),
    EventKind.MESSAGE_SENDING: Attempted(
        "message",
        EventKind.MESSAGE_FINISHED,
        EventKind.MESSAGE_NOT_STARTED,
        EventKind.MESSAGE_IN_DOUBT,
        EventKind.MESSAGE_DECLARED_IN_DOUBT,
    ),
}
"""The kinds that claim an attempt, and the kinds that can follow."""
ENDINGS = frozenset(kind for one in ATTEMPTS.values() for kind in (one.finished, one.not_started, one.in_doubt))
"""The kinds that settle an attempt."""


def payload_of(kind: str, data: Mapping[str, Any]) -> Payload | None:
    """What an event of `kind` holds; None for a kind that a newer program wrote. Raises Unfit if it doesn't fit."""
    declared = PAYLOADS.get(kind)
    return None if declared is None else decode(declared, data)

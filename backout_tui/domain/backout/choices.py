"""What can be chosen, and what follows from it, as closed sets: decisions, outcomes, results of calls, deviations.

One row says what a member means, as in `states.py`: a member without its row doesn't pass the type checker.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import assert_never

from msgspec import Struct


class Mode(StrEnum):
    """Whether commands are run and messages are sent."""

    LIVE = "live"
    REHEARSAL = "rehearsal"  # everything is shown, and nothing is sent


class StepKind(StrEnum):
    """How a step is done."""

    MANUAL = "manual"
    COMMAND = "command"
    GROUP = "group"  # by its sub-steps


class Severity(StrEnum):
    """How bad a problem is."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class ProblemKind(StrEnum):
    """What sort of problem it is."""

    FAULT = "fault"
    CORRUPTION = "corruption"  # data was lost or is wrong
    INOPERABLE = "inoperable"  # it cannot be used at all
    SIDE_EFFECT = "side-effect"  # another system suffers
    CUSTOMER = "customer"  # a customer is unhappy with it
    JUDGED_UNFIT = "judged-unfit"  # nothing is broken, but it is not fit for service

    @property
    def words(self) -> str:
        """How people say it."""
        match self:
            case ProblemKind.FAULT | ProblemKind.CORRUPTION | ProblemKind.INOPERABLE:
                return self.value
            case ProblemKind.SIDE_EFFECT:
                return "side effect on another system"
            case ProblemKind.CUSTOMER:
                return "unhappy customer"
            case ProblemKind.JUDGED_UNFIT:
                return "judged unfit for service"
        assert_never(self)


class Seen(StrEnum):
    """Whether a problem was seen during the deployment or after it."""

    DURING = "during"
    AFTER = "after"


class ProblemStatus(StrEnum):
    """Whether a problem is still open."""

    OPEN = "open"
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """How the backout ended, as its verdict says."""

    NONE = ""  # no verdict was given
    BACKED_OUT = "backed-out"
    WITH_RESIDUE = "with-residue"
    PARTLY = "partly"
    FAILED = "failed"
    FIXED_FORWARD = "fixed-forward"
    STOOD_DOWN = "stood-down"

    @property
    def backs_out(self) -> bool:
        """Whether this outcome required the steps to be done."""
        match self:
            case Outcome.FIXED_FORWARD | Outcome.STOOD_DOWN:
                return False
            case Outcome.NONE | Outcome.BACKED_OUT | Outcome.WITH_RESIDUE | Outcome.PARTLY | Outcome.FAILED:
                return True
        assert_never(self)


OUTCOMES = tuple(one.value for one in Outcome if one is not Outcome.NONE)
"""What a verdict can say."""


class DecisionKind(StrEnum):
    """What can be decided."""

    BACK_OUT = "back-out"
    FIX_FORWARD = "fix-forward"
    STAND_DOWN = "stand-down"

    @property
    def usual(self) -> Outcome:
        """The verdict that usually follows this decision."""
        match self:
            case DecisionKind.BACK_OUT:
                return Outcome.BACKED_OUT
            case DecisionKind.FIX_FORWARD:
                return Outcome.FIXED_FORWARD
            case DecisionKind.STAND_DOWN:
                return Outcome.STOOD_DOWN
        assert_never(self)


class CallResult(StrEnum):
    """How a telephone call ended."""

    REACHED = "reached"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no-answer"


class OfCall(Struct, frozen=True, kw_only=True):
    """What the result of a call means: whether the person knows now, and how the log says it."""

    told: bool
    words: str


def _of_call(result: CallResult) -> OfCall:
    match result:
        case CallResult.REACHED:
            return OfCall(told=True, words="reached")
        case CallResult.VOICEMAIL:
            return OfCall(told=True, words="left a voicemail")
        case CallResult.NO_ANSWER:
            return OfCall(told=False, words="no answer")
    assert_never(result)


CALL: Mapping[CallResult, OfCall] = {result: _of_call(result) for result in CallResult}
"""What each result of a call means."""


class DeviationKind(StrEnum):
    """How a backout departs from its plan."""

    SKIPPED = "skipped"
    WORKED_AROUND = "worked_around"
    NOT_NEEDED = "not_needed"
    REORDERED = "reordered"  # started or finished before a step it waits for
    CHANGED = "changed"
    ADDED = "added"
    MOVED = "moved"
    OPTION = "option"  # an option other than the plan's first was chosen


class OfDeviation(Struct, frozen=True, kw_only=True):
    """What folding back does with a deviation: adds a note below the step in these words, or moves the step."""

    noted: str = ""
    placed: bool = False


def _of_deviation(kind: DeviationKind) -> OfDeviation:
    match kind:
        case DeviationKind.SKIPPED:
            return OfDeviation(noted="was skipped")
        case DeviationKind.NOT_NEEDED:
            return OfDeviation(noted="was not needed")
        case DeviationKind.WORKED_AROUND:
            return OfDeviation(noted="was worked around")
        case DeviationKind.MOVED | DeviationKind.REORDERED:
            return OfDeviation(placed=True)
        case DeviationKind.CHANGED | DeviationKind.ADDED | DeviationKind.OPTION:
            return OfDeviation()
    assert_never(kind)


DEVIATION: Mapping[DeviationKind, OfDeviation] = {kind: _of_deviation(kind) for kind in DeviationKind}
"""What folding back does with each kind of deviation."""

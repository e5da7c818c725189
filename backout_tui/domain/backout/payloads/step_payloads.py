"""Payloads of steps, checks and probes: what was started, how it ended, and what people recorded about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import UNSET, Struct, UnsetType, field

from backout_tui.domain.backout.held import Spooled
from backout_tui.domain.backout.payload import (
    Beside,
    Count,
    DeclaredInDoubt,
    Ending,
    Moment,
    OfCheck,
    OfStep,
    OfStepBeside,
    Payload,
    no_check,
    no_step,
)

if TYPE_CHECKING:
    from backout_tui.domain.backout.state import Backout


class Met(Struct, frozen=True):
    """Whether the output had one thing that was expected of it."""

    met: bool
    text: str = ""


class Captured(Struct, frozen=True):
    """The value that a command gave to a variable."""

    name: str
    value: str


class Outcome(Ending, frozen=True, kw_only=True):
    """How an attempt ended, as its supervisor recorded it. `stopped_by` is who asked for the stop."""

    intent: str
    attempt: Count = 0
    started_at: Moment | None = None
    ended_at: Moment | None = None
    duration_ms: Count | None = None
    exit_code: int | None = None
    expect: Sequence[Met] | None = None
    pid: Count | None = None
    start_ticks: Count | None = None
    boot_id: str | None = None
    still_running: bool | None = None
    last: str = ""
    tries: Count = 0
    captured: Captured | None = None
    stopped_by: str | None = None


class Begun(OfStepBeside, frozen=True, kw_only=True):
    """An attempt claimed a step or its probe, or a rehearsal showed it. `rehearsed` is a rehearsal's `Way.name`.

    It began `despite` what the check calls errors in the command, because of `despite_why`.
    `ahead_of` are the open steps that come first by the plan, if it went out of order.
    """

    attempt: Count
    command: str = ""
    out_of_order: str = ""
    ahead_of: tuple[str, ...] = ()
    reason: str = ""
    until: str = ""
    rehearsed: str = ""
    despite: Sequence[str] = ()
    despite_why: str = ""
    machine: str | None = None
    spool: Spooled | None = None


class Ended(Outcome, frozen=True, kw_only=True):
    """An attempt of a step or probe did not start, or nobody knows how it ended."""

    step: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no step has that number."""
        return no_step(self.step, backout)


class Finished(Ended, frozen=True, kw_only=True):
    """An attempt of a step or probe ended."""

    result: Literal["done", "failed", "in_doubt"]
    inconclusive: bool = False


class Declared(DeclaredInDoubt, frozen=True, kw_only=True):
    """An attempt of a step or probe was declared in doubt."""

    step: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no step has that number."""
        return no_step(self.step, backout)


class CheckDeclared(DeclaredInDoubt, frozen=True, kw_only=True):
    """An attempt of a check was declared in doubt."""

    check: str

    def missing_in(self, backout: Backout) -> str:
        """Says so if no check has that letter."""
        return no_check(self.check, backout)


class CheckBegun(OfCheck, frozen=True, kw_only=True):
    """An attempt claimed a check, `despite` what `plan check` calls errors in its command."""

    attempt: Count
    command: str = ""
    despite: Sequence[str] = ()
    despite_why: str = ""
    machine: str | None = None
    spool: Spooled | None = None


class CheckShown(OfCheck, frozen=True, kw_only=True):
    """A rehearsal showed a check's command."""

    attempt: Count = 0
    command: str = ""


class CheckEnded(Outcome, frozen=True, kw_only=True):
    """An attempt of a check did not start, or nobody knows how it ended."""

    check: str
    attempt: Count

    def missing_in(self, backout: Backout) -> str:
        """Says so if no check has that letter."""
        return no_check(self.check, backout)


class CheckFinished(CheckEnded, frozen=True, kw_only=True):
    """An attempt of a check ended."""

    result: Literal["done", "failed", "in_doubt"]
    inconclusive: bool = False


class CheckRecorded(OfCheck, frozen=True, kw_only=True):
    """A person said how a check went."""

    verdict: Literal["pass", "fail", "inconclusive"]
    note: str = ""


class Done(OfStepBeside, frozen=True, kw_only=True):
    """A person said that a step is done."""

    note: str = ""
    reason: str = ""
    out_of_order: str = ""
    ahead_of: tuple[str, ...] = ()
    against_program: bool = False


class WithReason(OfStepBeside, frozen=True, kw_only=True):
    """A person settled or failed a step, or changed it, and said why."""

    reason: str


class StepReopened(OfStepBeside, frozen=True, kw_only=True):
    """A step that was left out is open again."""

    reason: str = ""


class Resolved(OfStep, frozen=True, kw_only=True):
    """A person said how a step in doubt ended."""

    as_: Literal["done", "failed", "not-started"] = field(name="as")
    reason: str


class Changed(WithReason, frozen=True, kw_only=True):
    """A step was changed in this backout, in the parts that are set."""

    title: str | UnsetType = UNSET
    instruction: str | UnsetType = UNSET
    command: str | UnsetType = UNSET
    expects: tuple[str, ...] | UnsetType = UNSET


class Added(Beside, frozen=True, kw_only=True):
    """A step was added that the plan doesn't have."""

    step: str
    title: str
    command: str = ""
    instruction: str = ""
    after: str = ""
    reason: str = ""


class Moved(WithReason, frozen=True, kw_only=True):
    """A step was moved; it now comes after another."""

    after: str


class OptionChosen(Beside, frozen=True, kw_only=True):
    """One of the plan's options was chosen."""

    option: str
    reason: str = ""


class Answered(Payload, frozen=True, kw_only=True):
    """The `only if` of a step, or of `part` (an option or phase), was answered."""

    answer: Literal["yes", "no"]
    step: str = ""
    part: str = ""

    def missing_in(self, backout: Backout) -> str:
        """Says so if no part is named and no step has that number."""
        return "" if self.part else no_step(self.step, backout)

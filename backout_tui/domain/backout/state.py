"""The state of one backout, folded from its events. Frozen: `fold` makes the next state from an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.backout.choices import (
    CallResult,
    DecisionKind,
    DeviationKind,
    Mode,
    Outcome,
    ProblemKind,
    ProblemStatus,
    Seen,
    Severity,
    StepKind,
)
from backout_tui.domain.backout.events import Actor
from backout_tui.domain.backout.held import Locked
from backout_tui.domain.backout.holders import Asking, Gone, Handed
from backout_tui.domain.backout.items import CheckState, MessageState, StepState
from backout_tui.domain.backout.payloads.backout_payloads import PlanRef, Release
from backout_tui.domain.backout.prerequisites import StartedWithout, Tick
from backout_tui.domain.backout.remembered import once_for_steps
from backout_tui.domain.backout.states import SETTLED, CheckVerdict, StepStatus
from backout_tui.domain.backout.whereabouts import NOWHERE, Machine
from backout_tui.domain.plan.plan import Plan


class Phase(StrEnum):
    """The phase of a backout; derived, never set (contract.md section 4)."""

    IDENTIFYING = "identifying"  # no problem is logged yet
    DECIDING = "deciding"  # there are problems but no decision
    BACKING_OUT = "backing_out"  # decided, and steps are open
    VERIFYING = "verifying"  # no step is open, but a required check is
    VERDICT = "verdict"  # only the verdict is missing, or it was given
    CLOSED = "closed"


class Lease(Struct, frozen=True):
    """Who has the controls: an actor's session. Every record carries `number`. `handed`: the holder gave them up.

    `on` is the machine on which they were taken, `lock` the session's lock as it was recorded; `gone`: somebody
    declared the session gone.
    """

    number: int
    actor: Actor
    session: str
    since: datetime
    handed: Handed | None = None
    on: Machine = NOWHERE
    gone: Gone | None = None
    lock: Locked | None = None


class Problem(Struct, frozen=True):
    """Something that went wrong. `output` names an attached output by its SHA-256."""

    id: str
    title: str
    severity: Severity = Severity.CRITICAL
    kind: ProblemKind = ProblemKind.FAULT
    seen: Seen = Seen.AFTER
    detail: str = ""
    assignee: str = ""
    status: ProblemStatus = ProblemStatus.OPEN
    note: str = ""
    output: str = ""
    logged_at: datetime | None = None
    by: str = ""


class Decision(Struct, frozen=True):
    """What was decided, and about which problems.

    `role` is the role in which they decided: authoriser, proxy, other, or "" if the plan names nobody (and in older
    logs). `early_s` is how many seconds the proxy decided before their time. `question` is what was asked.
    """

    kind: DecisionKind
    by: str
    reason: str
    at: datetime
    agreed: str = ""
    problems: tuple[str, ...] = ()
    named_authoriser: bool = True
    break_glass: bool = False
    question: str = ""
    role: str = ""
    early_s: int = 0
    recorded_by: str = ""


class Call(Struct, frozen=True):
    """A phone call made by a person."""

    id: str
    name: str
    result: CallResult
    note: str
    at: datetime
    by: str
    follow_up: datetime | None = None


class Deviation(Struct, frozen=True):
    """A deviation of this backout from its plan. `event` is the seq of its record.

    `agreed` names who agreed, `problem` is the id of the problem that it is for; each is "" if nobody said so. `first`
    is the reason as it was first given, if it was completed later. `ahead_of` are the steps that a reordered one went
    before.
    """

    kind: DeviationKind
    step: str
    reason: str
    by: str
    at: datetime
    event: int
    agreed: str = ""
    problem: str = ""
    first: str = ""
    ahead_of: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """The reason, followed by the first one if it was completed: `the queue was empty (first: drained)`."""
        return f"{self.reason} (first: {self.first})" if self.first else self.reason


class ThinReason(Struct, frozen=True):
    """A reason of few words, to be completed: event `event` gave it for `what` (`skipping step 3`)."""

    event: int
    what: str
    reason: str

    def __str__(self) -> str:
        """`the reason for skipping step 3 is thin: “drained” (event 12)`."""
        return f"the reason for {self.what} is thin: “{self.reason}” (event {self.event})"


class GlassBroken(Struct, frozen=True):
    """A gate that was lifted by breaking the glass."""

    what: str
    reason: str
    by: str
    at: datetime
    event: int


class Verdict(Struct, frozen=True):
    """Whether it worked. `event` is the seq of its record."""

    outcome: Outcome
    reason: str
    by: str
    at: datetime
    event: int = 0


class Backout(Struct, frozen=True):
    """One execution of a plan revision, as its events say. `seq` and `head` name the last event folded.

    `rehearsed_in` is the other environment in which a rehearsal runs the steps with `rehearse`; "" if everything is
    only shown. `part_conditions` are the answers to `only if` of options and phases (conditions.part_of). `ticks` are
    what was said of *Before you start*, by number (`prerequisites`). `unrecorded` holds the event ids of outcomes that
    are shown here but that this reader could not record. `revised` are the earlier decisions that a later one replaced.
    `copied`: it was read from a copy, so whatever runs was running when the copy was made.
    """

    id: int
    mode: Mode = Mode.LIVE
    rehearsed_in: str = ""
    release: Release = Release()
    ref: PlanRef = PlanRef(0, 0, "")
    plan: Plan = struct_field(default_factory=Plan)
    opened_at: datetime | None = None
    opened_by: Actor = struct_field(default_factory=lambda: Actor(""))
    start_reason: str = ""
    handed_over: str = ""
    cwd: str = ""
    deployed_at: datetime | None = None
    deployment_asked: bool = False  # somebody was asked when it was deployed, whether or not they knew
    sends_mail: bool = True
    lease: Lease | None = None
    leases: int = 0
    askings: tuple[Asking, ...] = ()
    problems: tuple[Problem, ...] = ()
    decision: Decision | None = None
    revised: tuple[Decision, ...] = ()
    steps: Mapping[str, StepState] = struct_field(default_factory=dict)
    checks: Mapping[str, CheckState] = struct_field(default_factory=dict)
    messages: Mapping[str, MessageState] = struct_field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    variables: Mapping[str, str] = struct_field(default_factory=dict)
    options: tuple[str, ...] = ()
    chosen_option: str = ""
    part_conditions: Mapping[str, str] = struct_field(default_factory=dict)
    ticks: Mapping[str, Tick] = struct_field(default_factory=dict)
    started_without: StartedWithout | None = None
    deviations: tuple[Deviation, ...] = ()
    glass: tuple[GlassBroken, ...] = ()
    verdict: Verdict | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    close_reason: str = ""
    thin_reasons: tuple[ThinReason, ...] = ()
    unknown_events: int = 0
    seq: int = 0
    hash: str = ""
    unrecorded: tuple[str, ...] = ()
    copied: bool = False

    @property
    def live(self) -> bool:
        """Whether commands are run and messages are sent; a rehearsal mostly only shows them."""
        return self.mode == Mode.LIVE

    @property
    def head(self) -> str:
        """`seq:first 20 hex of the hash` of the last event."""
        return f"{self.seq}:{self.hash[:20]}"

    @property
    def operator(self) -> str:
        """Who has the controls, or else who opened the backout."""
        return self.lease.actor.name if self.lease else self.opened_by.name

    @property
    def backs_out(self) -> bool:
        """Whether it backs out: False only after a decision to fix forward or to stand down."""
        return self.decision is None or self.decision.kind is DecisionKind.BACK_OUT

    @property
    def thin(self) -> tuple[int, ...]:
        """The events whose reasons are thin."""
        return tuple(one.event for one in self.thin_reasons)

    @property
    def leaves(self) -> tuple[StepState, ...]:
        """The steps that are done themselves, in order: all except groups."""
        return _leaves(self)

    def leaves_in(self, state: StepStatus) -> tuple[StepState, ...]:
        """The leaves that are in `state`."""
        return _by_state(self).get(state, ())

    @property
    def settled(self) -> int:
        """How many leaves are settled."""
        return sum(len(self.leaves_in(state)) for state in SETTLED)

    @property
    def phase(self) -> Phase:
        """The phase of the backout."""
        if self.closed_at is not None:
            return Phase.CLOSED
        if self.verdict is not None:
            return Phase.VERDICT
        begun = any(glass.what.startswith("run step") for glass in self.glass)
        if self.decision is None and not begun:
            return Phase.DECIDING if self.problems else Phase.IDENTIFYING
        return self._phase_after_decision()

    def _phase_after_decision(self) -> Phase:
        if not self.backs_out:
            return Phase.VERDICT
        if not self.leaves or self.settled < len(self.leaves):
            return Phase.BACKING_OUT
        if any(check.required and check.verdict is not CheckVerdict.PASS for check in self.checks.values()):
            return Phase.VERIFYING
        return Phase.VERDICT

    def problem(self, id: str) -> Problem | None:  # noqa: A002 - the contract's word for it
        """The problem with that id, such as `P1`; upper or lower case."""
        return next((problem for problem in self.problems if problem.id == id.upper()), None)

    def message(self, title: str) -> MessageState | None:
        """The message with that title or id (`M2`); upper or lower case."""
        folded = title.strip().casefold()
        return next((m for m in self.messages.values() if folded in (m.title.casefold(), m.id.casefold())), None)


@once_for_steps
def _leaves(backout: Backout) -> tuple[StepState, ...]:
    return tuple(step for step in backout.steps.values() if step.kind is not StepKind.GROUP)


@once_for_steps
def _by_state(backout: Backout) -> Mapping[StepStatus, tuple[StepState, ...]]:
    found: dict[StepStatus, list[StepState]] = {}
    for step in backout.leaves:
        found.setdefault(step.state, []).append(step)
    return {state: tuple(steps) for state, steps in found.items()}

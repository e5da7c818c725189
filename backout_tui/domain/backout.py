"""The state of one backout: what the fold over its events gives. Frozen; `fold` makes the next one from an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from backout_tui.domain.controls import Asking, Handed
from backout_tui.domain.events import Actor
from backout_tui.domain.items import SETTLED, CheckState, MessageState, StepState, StepStatus
from backout_tui.domain.plan import Plan
from backout_tui.domain.remembered import once_for_steps


class Phase(StrEnum):
    """Where a backout is; derived, never set (contract.md section 4)."""

    IDENTIFYING = "identifying"  # no problem is logged yet
    DECIDING = "deciding"  # there are problems and no decision
    BACKING_OUT = "backing_out"  # decided, and steps are open
    VERIFYING = "verifying"  # no step is open, a required check is
    VERDICT = "verdict"  # nothing is left but the verdict, or it was given
    CLOSED = "closed"


OUTCOMES = ("backed-out", "with-residue", "partly", "failed", "fixed-forward", "stood-down")


@dataclass(frozen=True, slots=True)
class Release:
    """What is taken back out, and what it returns to."""

    name: str = ""
    version: str = ""
    returns_to: str = ""
    environment: str = ""

    def __str__(self) -> str:
        """`payments-api 4.12.0`."""
        return f"{self.name} {self.version}".strip()


@dataclass(frozen=True, slots=True)
class PlanRef:
    """Which revision of which plan is executed."""

    id: int
    revision: int
    sha256: str
    approved: bool = False


@dataclass(frozen=True, slots=True)
class Lease:
    """Who has the controls: a session of an actor; every record carries `number`. `handed`: they gave them up."""

    number: int
    actor: Actor
    session: str
    since: datetime
    handed: Handed | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong. `output` names an attached output by its SHA-256."""

    id: str
    title: str
    severity: str = "critical"
    kind: str = "fault"
    seen: str = "after"
    detail: str = ""
    assignee: str = ""
    status: str = "open"
    note: str = ""
    output: str = ""
    logged_at: datetime | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided on which problems. `kind` is back-out, fix-forward or stand-down.

    `role` is as what they decided: authoriser, proxy, other, or "" when the plan names nobody (and in older logs);
    `early_s` by how many seconds the proxy was before their time. `question` is what was asked.
    """

    kind: str
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


@dataclass(frozen=True, slots=True)
class Call:
    """A phone call made by a person. `result` is reached, voicemail or no-answer."""

    id: str
    name: str
    result: str
    note: str
    at: datetime
    by: str
    follow_up: datetime | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where this backout departs from its plan. `event` is the seq of the record that says so.

    `agreed` names who agreed, `problem` is the id of the problem that it is for, "" when nobody said so. `first` is
    what was given as the reason at that moment, when it was completed since.
    """

    kind: str
    step: str
    reason: str
    by: str
    at: datetime
    event: int
    agreed: str = ""
    problem: str = ""
    first: str = ""

    @property
    def why(self) -> str:
        """The reason, and beside a completed one the first: `the queue was empty (first: drained)`."""
        return f"{self.reason} (first: {self.first})" if self.first else self.reason


@dataclass(frozen=True, slots=True)
class ThinReason:
    """A reason of few words, to be completed: that of event `event`, for `what` (`skipping step 3`)."""

    event: int
    what: str
    reason: str

    def __str__(self) -> str:
        """`the reason for skipping step 3 is thin: “drained” (event 12)`."""
        return f"the reason for {self.what} is thin: “{self.reason}” (event {self.event})"


@dataclass(frozen=True, slots=True)
class GlassBroken:
    """A gate that was lifted by breaking the glass."""

    what: str
    reason: str
    by: str
    at: datetime
    event: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it worked. `outcome` is one of OUTCOMES."""

    outcome: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Backout:
    """One execution of a plan revision, as its events say. `seq` and `head` name the last event folded.

    `rehearsed_in` is the other environment in which a rehearsal runs what says so; "" while everything is only shown.
    `part_conditions` are the answers to `only if` of options and phases (conditions.part_of). `unrecorded` holds the
    event ids of outcomes that are shown here and that this reader could not record. `revised` are the decisions that a
    later one took the place of.
    """

    id: int
    mode: str = "live"
    rehearsed_in: str = ""
    release: Release = Release()
    ref: PlanRef = PlanRef(0, 0, "")
    plan: Plan = field(default_factory=Plan)
    opened_at: datetime | None = None
    opened_by: Actor = field(default_factory=lambda: Actor(""))
    start_reason: str = ""
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
    steps: Mapping[str, StepState] = field(default_factory=dict)
    checks: Mapping[str, CheckState] = field(default_factory=dict)
    messages: Mapping[str, MessageState] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    chosen_option: str = ""
    part_conditions: Mapping[str, str] = field(default_factory=dict)
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

    @property
    def live(self) -> bool:
        """Whether commands run and messages leave; a rehearsal only shows them."""
        return self.mode == "live"

    @property
    def head(self) -> str:
        """`seq:first 20 hex of the hash` of the last event."""
        return f"{self.seq}:{self.hash[:20]}"

    @property
    def operator(self) -> str:
        """Who has the controls, else who opened it."""
        return self.lease.actor.name if self.lease else self.opened_by.name

    @property
    def backs_out(self) -> bool:
        """Whether nothing else was decided: False once it is to fix forward or to stand down."""
        return self.decision is None or self.decision.kind == "back-out"

    @property
    def thin(self) -> tuple[int, ...]:
        """The events whose reasons are thin."""
        return tuple(one.event for one in self.thin_reasons)

    @property
    def leaves(self) -> tuple[StepState, ...]:
        """The steps that are done themselves, in the order they stand: every one but the groups."""
        return _leaves(self)

    def leaves_in(self, state: StepStatus) -> tuple[StepState, ...]:
        """Those of them that are in `state`."""
        return _by_state(self).get(state, ())

    @property
    def settled(self) -> int:
        """How many of them are settled."""
        return sum(len(self.leaves_in(state)) for state in SETTLED)

    @property
    def phase(self) -> Phase:
        """Where the backout is."""
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
        if any(check.required and check.verdict != "pass" for check in self.checks.values()):
            return Phase.VERIFYING
        return Phase.VERDICT

    def problem(self, id: str) -> Problem | None:  # noqa: A002 - the contract's word for it
        """The problem `P1`, in whatever case it is typed."""
        return next((problem for problem in self.problems if problem.id == id.upper()), None)

    def message(self, title: str) -> MessageState | None:
        """The message of that title or id (`M2`), in whatever case it is typed."""
        folded = title.strip().casefold()
        return next((m for m in self.messages.values() if folded in (m.title.casefold(), m.id.casefold())), None)


@once_for_steps
def _leaves(backout: Backout) -> tuple[StepState, ...]:
    return tuple(step for step in backout.steps.values() if step.kind != "group")


@once_for_steps
def _by_state(backout: Backout) -> Mapping[StepStatus, tuple[StepState, ...]]:
    found: dict[StepStatus, list[StepState]] = {}
    for step in backout.leaves:
        found.setdefault(step.state, []).append(step)
    return {state: tuple(steps) for state, steps in found.items()}


def plain(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The entries of an event's data that a value of the state takes over under the same names."""
    return {name: data[name] for name in names if name in data}

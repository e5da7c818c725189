"""What a backout is made of: steps, checks and messages as they stand, with their attempts and recipients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backout_tui.domain.plan import Fact, WithFacts
from backout_tui.domain.spans import Estimate


class StepStatus(StrEnum):
    """What is true of a step (contract.md section 4)."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    WORKED_AROUND = "worked_around"
    IN_DOUBT = "in_doubt"  # begun, outcome unknown: a person says what is true
    NOT_NEEDED = "not_needed"


SETTLED = frozenset({StepStatus.DONE, StepStatus.SKIPPED, StepStatus.WORKED_AROUND, StepStatus.NOT_NEEDED})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a command. `intent` is the event that claimed it; durations are milliseconds, monotonic.

    Of one in doubt `pid`, `start_ticks` and `boot_id` name its process, and `still_running` says whether that lived
    when its supervisor was missed. `last` is the end of what a probe printed. `tries` counts the runs inside it of a
    command with `until`; `captured` is (name, value), () when nothing was.
    """

    number: int
    intent: str
    started_at: datetime
    host: str = ""
    command: str = ""
    state: str = "running"  # running | done | failed | in_doubt | not_started | shown
    ended_at: datetime | None = None
    duration_ms: int | None = None
    exit_code: int | None = None
    expect_met: bool | None = None
    why: str = ""
    output: str = ""
    stop_asked_by: str = ""
    pid: int | None = None
    start_ticks: int | None = None
    boot_id: str = ""
    still_running: bool | None = None
    last: str = ""
    tries: int = 0
    captured: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StepState(WithFacts):
    """One step as it stands in this backout.

    `kind` is manual, command or group (its sub-steps are what is done). `parent`, `option`, `phase` are "" when it has
    none. `reason` is what was said when it was left out, changed, failed by hand or resolved. `probes` are the runs of
    its probe, which never change its state.
    """

    number: str
    title: str
    kind: str = "manual"
    state: StepStatus = StepStatus.PENDING
    instruction: str = ""
    command: str = ""
    language: str = "sh"
    timeout_s: int | None = None
    expects: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    estimate: Estimate | None = None
    parent: str = ""
    option: str = ""
    phase: str = ""
    origin: str = "plan"  # plan | added | changed
    reason: str = ""
    by: str = ""
    ended_at: datetime | None = None
    attempts: tuple[Attempt, ...] = ()
    condition: str = ""  # the operator's answer to `only if`: yes | no | "" while open
    probes: tuple[Attempt, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing more has to be done about it."""
        return self.state in SETTLED

    @property
    def attempt(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def probe(self) -> str:
        """The command that finds out what is true of it, as `probe: ...` says it; "" when it has none."""
        said = (self.fact("probe") or "").strip()
        return said[1:-1].strip() if len(said) > 2 and said[0] == said[-1] == "`" else said

    @property
    def last_probe(self) -> Attempt | None:
        """The newest run of its probe."""
        return self.probes[-1] if self.probes else None

    @property
    def no_way_back(self) -> str | None:
        """Why there is no way back after it ("" when the plan does not say why); None when there is one."""
        if (why := self.fact("point of no return")) is not None:
            return why
        return (self.fact("irreversible") or "") if self.says("irreversible") else None


@dataclass(frozen=True, slots=True)
class Observation:
    """One result of a check: by a command (an attempt) or by a person."""

    verdict: str
    note: str
    by: str
    at: datetime
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class CheckState(WithFacts):
    """One check as it stands. `verdict` is the last one's; "" while there is none."""

    id: str
    title: str
    kind: str
    required: bool = True
    when: str = "after"
    instruction: str = ""
    command: str = ""
    language: str = "sh"
    timeout_s: int | None = None
    expects: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    verdict: str = ""
    observations: tuple[Observation, ...] = ()
    attempts: tuple[Attempt, ...] = ()

    @property
    def attempt(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def running(self) -> bool:
        """Whether its command runs now."""
        return bool(self.attempts) and self.attempts[-1].state == "running"


@dataclass(frozen=True, slots=True)
class RecipientState:
    """One person of a message: queued, sent, failed or in_doubt, in the mail server's words."""

    name: str
    address: str = ""
    state: str = "queued"
    detail: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MessageState:
    """A text for contacts. `sending` is the intent under way, "" when none is."""

    id: str
    title: str
    by: str = "email"
    to: tuple[str, ...] = ()
    text: str = ""
    when: str = ""
    origin: str = "plan"  # plan | written | prepared (by break-glass)
    recipients: tuple[RecipientState, ...] = ()
    sending: str = ""
    host: str = ""
    shown: bool = False
    last_at: datetime | None = None
    sent_subject: str = ""
    sent_text: str = ""

    @property
    def state(self) -> str:
        """One of draft, sending, sent, partly, failed, in_doubt, shown (contract.md section 9)."""
        states = {recipient.state for recipient in self.recipients}
        if self.sending:
            return "sending"
        if self.shown:
            return "shown"
        if not states:
            return "draft"
        if "in_doubt" in states:
            return "in_doubt"
        if states == {"sent"}:
            return "sent"
        return "partly" if "sent" in states else "failed"

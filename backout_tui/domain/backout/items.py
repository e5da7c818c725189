"""What makes up a backout: steps, checks and messages as they stand, with their attempts and recipients."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.held import Spooled
from backout_tui.domain.backout.states import (
    ATTEMPT,
    SETTLED,
    AttemptStatus,
    CheckVerdict,
    MessageStatus,
    RecipientStatus,
    StepStatus,
)
from backout_tui.domain.backout.whereabouts import Machine
from backout_tui.domain.plan.criteria import Unread, command_said
from backout_tui.domain.plan.plan import CheckKind, Fact, WithFacts
from backout_tui.domain.spans import Estimate
from backout_tui.domain.values import replace

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Declared(Struct, frozen=True):
    """A person declared something in doubt that they could not ask from where they were. `event` is its seq."""

    by: str
    at: datetime
    reason: str
    event: int


class Attempt(Struct, frozen=True):
    """One run of a command. `intent` is the event that claimed it; durations are milliseconds, monotonic.

    It was started `on` a machine, in the boot `begun_in`. If it was `declared` in doubt, its outcome may still come:
    `state` is then what the outcome says, and `declared` stays.

    If it is in doubt, `pid`, `start_ticks` and `boot_id` name its process, and `still_running` says whether that
    process lived when its supervisor was found missing. `last` is the end of what a probe printed. `tries` counts the
    runs of a command with `until`. `captured` is (name, value), or () if nothing was captured. `spool` is its folder,
    as claimed.
    """

    number: int
    intent: str
    started_at: datetime
    host: str = ""
    command: str = ""
    state: AttemptStatus = AttemptStatus.RUNNING
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
    machine: str | None = None
    begun_in: str = ""
    declared: Declared | None = None
    spool: Spooled | None = None

    @property
    def on(self) -> Machine:
        """The machine that it was started on."""
        return Machine(self.host, self.machine, self.begun_in)

    @property
    def exit_told(self) -> str:
        """Its exit code, to follow other words: `, exit 3`; `, exit code 141: ...` with a meaning; "" without one."""
        if self.exit_code is None:
            return ""
        plain = f"exit code {self.exit_code}"
        return f", {self.why}" if self.why.startswith(f"{plain}: ") else f", exit {self.exit_code}"

    @property
    def is_awaited(self) -> bool:
        """Whether it was declared in doubt and its own outcome hasn't come since."""
        return self.declared is not None and self.state is AttemptStatus.IN_DOUBT and self.ended_at is None


class StepState(WithFacts, Struct, frozen=True):
    """One step as it stands in this backout.

    `parent`, `option` and `phase` are "" if it has none. `reason` is why it has its state: a person's note or reason,
    or what its last attempt said. `probes` are the runs of its probe, which never change its state. `unread` are the
    criteria in its text that cannot be read.
    """

    number: str
    title: str
    kind: StepKind = StepKind.MANUAL
    state: StepStatus = StepStatus.PENDING
    instruction: str = ""
    command: str = ""
    language: str = "sh"
    timeout_s: int | None = None
    expects: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
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
    ran: int = 0  # the seq of the last event in which something was done for it, or it was tried; 0 if never
    condition: str = ""  # the operator's answer to `only if`: yes | no | "" while open
    probes: tuple[Attempt, ...] = ()

    @property
    def settled(self) -> bool:
        """Whether nothing more has to be done for it."""
        return self.state in SETTLED

    @property
    def attempt(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def has_run(self) -> bool:
        """Whether its command was ever really started, as far as anybody knows."""
        return any(ATTEMPT[attempt.state].ran for attempt in self.attempts)

    @property
    def expected(self) -> str:
        """What it must print, one expectation a line, as written."""
        return "\n".join(self.expects)

    @property
    def probe(self) -> str:
        """The command that finds out what is true of it, from `probe: ...`; "" if it has none that can be run."""
        return command_said(self.fact("probe") or "") or ""

    @property
    def last_probe(self) -> Attempt | None:
        """The newest run of its probe."""
        return self.probes[-1] if self.probes else None

    @property
    def no_way_back(self) -> str | None:
        """Why there is no way back after it ("" if the plan doesn't say why); None if there is a way back."""
        if (why := self.fact("point of no return")) is not None:
            return why
        return (self.fact("irreversible") or "") if self.says("irreversible") else None


class Observation(Struct, frozen=True):
    """One result of a check, from a command (an attempt) or a person. `event` is the seq of its record."""

    verdict: CheckVerdict
    note: str
    by: str
    at: datetime
    attempt: int = 0
    event: int = 0


class CheckState(WithFacts, Struct, frozen=True):
    """One check as it stands. `verdict` is that of the last observation."""

    id: str
    title: str
    kind: CheckKind
    required: bool = True
    when: str = "after"
    instruction: str = ""
    command: str = ""
    language: str = "sh"
    timeout_s: int | None = None
    expects: tuple[str, ...] = ()
    unread: tuple[Unread, ...] = ()
    facts: tuple[Fact, ...] = ()
    verdict: CheckVerdict = CheckVerdict.NONE
    observations: tuple[Observation, ...] = ()
    attempts: tuple[Attempt, ...] = ()

    @property
    def attempt(self) -> Attempt | None:
        """The newest attempt."""
        return self.attempts[-1] if self.attempts else None

    @property
    def running(self) -> bool:
        """Whether its command is running now."""
        return bool(self.attempts) and self.attempts[-1].state is AttemptStatus.RUNNING


class RecipientState(Struct, frozen=True):
    """One recipient of a message; `detail` is in the mail server's words.

    `sending` is the intent that gave the recipient this state; "" if a person did.
    """

    name: str
    address: str = ""
    state: RecipientStatus = RecipientStatus.QUEUED
    detail: str = ""
    at: datetime | None = None
    sending: str = ""


class MessageState(Struct, frozen=True):
    """A text for contacts. `sending` is the intent under way, "" if there is none; `host` is where it was started.

    `spool` is its folder, as claimed. `awaited` are sendings that were declared in doubt and whose outcome may still
    come.
    """

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
    spool: Spooled | None = None
    shown: bool = False
    last_at: datetime | None = None
    sent_subject: str = ""
    sent_text: str = ""
    machine: str | None = None
    begun_in: str = ""
    awaited: tuple[Attempt, ...] = ()

    @property
    def attempt(self) -> Attempt | None:
        """The sending under way, as an attempt; None if there is none."""
        if not self.sending:
            return None
        since = self.last_at or _LONG_AGO
        attempt = Attempt(1, self.sending, since, self.host, spool=self.spool)
        return replace(attempt, machine=self.machine, begun_in=self.begun_in)

    @property
    def state(self) -> MessageStatus:
        """The state of the message (contract.md section 9)."""
        states = {recipient.state for recipient in self.recipients}
        if self.sending:
            return MessageStatus.SENDING
        if self.shown:
            return MessageStatus.SHOWN
        if not states:
            return MessageStatus.DRAFT
        if RecipientStatus.IN_DOUBT in states:
            return MessageStatus.IN_DOUBT
        if states == {RecipientStatus.SENT}:
            return MessageStatus.SENT
        return MessageStatus.PARTLY if RecipientStatus.SENT in states else MessageStatus.FAILED

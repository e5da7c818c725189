"""Payloads of the backout as a whole: opened, closed, decided, its controls, variables, problems, calls, notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from msgspec import UNSET, Struct, UnsetType, field

from backout_tui.domain.backout.choices import CallResult, DecisionKind, Mode, Outcome, ProblemKind, Seen, Severity
from backout_tui.domain.backout.held import Locked
from backout_tui.domain.backout.payload import Count, Moment, Payload
from backout_tui.domain.backout.payloads.plan_payloads import approved_words
from backout_tui.domain.backout.prerequisites import Readiness, prerequisites
from backout_tui.domain.plan.fences import FORMER

if TYPE_CHECKING:
    from backout_tui.domain.backout.state import Backout


class Release(Struct, frozen=True):
    """What is backed out, and the version it returns to."""

    name: str = ""
    version: str = ""
    returns_to: str = ""
    environment: str = ""

    def __str__(self) -> str:
        """`payments-api 4.12.0`."""
        return f"{self.name} {self.version}".strip()


class PlanRef(Struct, frozen=True):
    """Which revision of which plan is executed, and who approved it, `despite` which errors of the check and why."""

    id: Count
    revision: Count
    sha256: str
    approved: bool = False
    approved_by: str = ""
    despite: Sequence[str] = ()
    despite_why: str = ""

    @property
    def approval(self) -> str:
        """Who approved it, in words; "" for a plan that nobody did, or a record that does not say."""
        return approved_words(self.approved_by, self.despite, self.despite_why)


class Opened(Payload, frozen=True):
    """A backout or a rehearsal began. `content` is the plan as it was parsed; only the fold decodes it.

    `reading` is how its fences are read (`domain/plan/fences`). `read_otherwise` is what an approval in an earlier
    reading did not mean; whoever started it confirmed that.
    `second`: another of the same release was open, so a reason was needed.
    `handed_over` says in words whether the plan had been handed over to the people who support production.
    """

    mode: Mode
    release: Release
    plan: PlanRef
    content: Mapping[str, Any] = {}
    rehearsed_in: str = ""
    deployed_at: Moment | None = None
    reason: str = ""
    cwd: str = ""
    sends_mail: bool = True
    variables: Mapping[str, str] = {}
    reading: int = FORMER
    read_otherwise: Sequence[str] = ()
    second: bool = False
    handed_over: str = ""


class DeployedAt(Payload, frozen=True):
    """When the release was deployed; None if nobody knew."""

    deployed_at: Moment | None = None


class Glass(Payload, frozen=True):
    """A gate was lifted by breaking the glass."""

    what: str
    reason: str


class Variable(Payload, frozen=True):
    """A variable was given its value."""

    name: str
    value: str
    reason: str = ""


class Note(Payload, frozen=True):
    """A person's note."""

    text: str = ""


class PrerequisiteAnswered(Payload, frozen=True):
    """Somebody said whether a line of *Before you start* holds; `text` is that line."""

    number: Count
    answer: Readiness
    reason: str = ""
    text: str = ""

    def missing_in(self, backout: Backout) -> str:
        """Says so if the plan has no such line, or if it is no answer at all."""
        if self.answer is Readiness.OPEN:
            return "it answers a prerequisite neither yes nor no"
        known = any(one.number == self.number for one in prerequisites(backout))
        return "" if known else f"it speaks of prerequisite {self.number}, and there is none"


class PrerequisitesLeft(Payload, frozen=True):
    """The first step was begun although the lines `left` of *Before you start* were not ticked."""

    left: Sequence[Count]
    reason: str


class Reason(Payload, frozen=True):
    """The reason of an earlier event was completed."""

    event: Count
    reason: str = ""


class Closed(Payload, frozen=True):
    """The backout was closed."""

    outcome: Outcome = Outcome.NONE
    reason: str = ""
    left_open: Sequence[str] = ()


class Reopened(Payload, frozen=True):
    """A closed backout was opened again."""

    reason: str = ""


class Taken(Payload, frozen=True, kw_only=True):
    """A session took the controls.

    `agreed_by` agreed to it, or `handed_by` gave them up, or the taker had them already `from_terminal`. Otherwise they
    were taken `from_` somebody whose session may still have lived, and who hadn't answered for `unanswered_s` seconds.
    """

    session: str
    reason: str = ""
    agreed_by: str = ""
    handed_by: str = ""
    from_terminal: str = ""
    from_: str = field(default="", name="from")
    holder_lived: bool | None = None
    unanswered_s: int | None = None
    machine: str | None = None
    lock: Locked | None = None


class Adopted(Taken, frozen=True):
    """A copy of the database became one of its own. `in_doubt` has an in-doubt event for each run under way in it."""

    in_doubt: tuple[dict[str, Any], ...] = ()


class Asked(Payload, frozen=True):
    """A session asked for the controls."""

    session: str
    why: str = ""
    machine: str | None = None
    lock: Locked | None = None


class Kept(Payload, frozen=True):
    """The holder said no to the request that event `asked` recorded."""

    asked: Count
    to: str = ""


class Agreed(Payload, frozen=True):
    """The controls were given to the session that had asked for them."""

    to: str
    session: str


class HandedOver(Payload, frozen=True):
    """The controls were given to somebody or, if `to` is "", to anyone."""

    to: str


class DeclaredGone(Payload, frozen=True):
    """A person declared the session that has the controls gone, because it could not be asked."""

    session: str
    holder: str = ""
    host: str = ""
    reason: str = ""


class ProblemChanged(Payload, frozen=True):
    """What is now known of a problem. Fields that were not given are unset."""

    problem: str
    title: str | UnsetType = UNSET
    severity: Severity | UnsetType = UNSET
    kind: ProblemKind | UnsetType = UNSET
    seen: Seen | UnsetType = UNSET
    detail: str | UnsetType = UNSET
    assignee: str | UnsetType = UNSET
    output: str | UnsetType = UNSET
    no_contact: bool = False  # the assignee is no contact of the plan


class ProblemLogged(ProblemChanged, frozen=True, kw_only=True):
    """A problem was logged."""

    title: str


class Assigned(Payload, frozen=True):
    """A problem was assigned to a member of the team."""

    problem: str
    assignee: str
    no_contact: bool = False


class ProblemResolved(Payload, frozen=True):
    """A problem was resolved."""

    problem: str
    note: str = ""


class Decided(Payload, frozen=True):
    """What was decided, by whom, and why."""

    kind: DecisionKind
    by: str
    reason: str
    named_authoriser: bool
    agreed: str = ""
    problems: Sequence[str] = ()
    break_glass: bool = False
    question: str = ""
    role: Literal["", "authoriser", "proxy", "other"] = ""
    early_s: Count = 0


class Called(Payload, frozen=True):
    """A person made a telephone call."""

    call: str
    name: str
    result: CallResult
    note: str = ""
    follow_up: Moment | None = None
    no_contact: bool = False  # whoever was called is no contact of the plan


class Verdict(Payload, frozen=True):
    """Whether it worked."""

    outcome: Outcome
    reason: str = ""

"""Starts a backout: from a stored plan, from a file, or without a plan. contract.md section 8."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec import field as struct_field

from backout_tui.domain.backout import flatten, fold
from backout_tui.domain.backout.choices import Mode
from backout_tui.domain.backout.events import Draft, Event
from backout_tui.domain.backout.payloads.backout_payloads import Release
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.plan_payloads import hand_over_words
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import encode, rfc3339
from backout_tui.domain.plan import loops
from backout_tui.domain.plan.fences import READING, read_otherwise
from backout_tui.domain.plan.plan import Fact, Plan
from backout_tui.domain.plan.plan_record import Approval
from backout_tui.domain.plan.typed import on_one_line
from backout_tui.domain.refusal import BREAK_GLASS, CONFIRMATION, REASON
from backout_tui.domain.rules import plan_gates
from backout_tui.domain.values import replace
from backout_tui.engine import listing, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator, refuse
from backout_tui.engine.planning.contacts import resolved
from backout_tui.engine.planning.former_reading import approval_now, read_otherwise_now
from backout_tui.engine.plans import Found
from backout_tui.engine.verbs import glass
from backout_tui.engine.verbs.ids import said, variable_name
from backout_tui.errors import BackoutError
from backout_tui.store.log.rows import PlanRevision

UNAPPROVED = "start a plan that is not approved"


class Start(Struct, frozen=True):
    """How a backout is started. `rehearsed_in`: the environment in which a rehearsal really runs what says so.

    `read_anew`: the operator has seen what is read otherwise than when the plan was approved, and confirmed it.
    """

    rehearsal: bool = False
    rehearsed_in: str = ""
    reason: str = ""
    break_glass: bool = False
    deployed_at: datetime | None = None
    variables: Mapping[str, str] = struct_field(default_factory=dict)
    sends_mail: bool = True
    read_anew: bool = False


def start(desk: Desk, name: str, how: Start) -> Operator:
    """Start a backout of the plan that `name` means: `plans.find` and `start_found` in one. Raises as they do."""
    return start_found(desk, plans.find(desk, name), how)


def start_found(desk: Desk, found: Found, how: Start) -> Operator:
    """Start a backout of a plan; a file is first stored as a revision. The log keeps the plan's contacts, looked up.

    Raises Refused, or BackoutError for unsuitable arguments; then nothing was stored.
    """
    _refuse_unsaid(found.plan, how)
    refuse(plan_gates.why_not_rehearse_in(how.rehearsed_in, found.plan.fact("environment") or ""))
    plan = resolved(desk, found.plan)
    if found.silences is not None:
        plan = replace(plan, silences=found.silences)  # what was silenced for another text silences nothing tonight
    if found.revision is None:
        _refuse_second(desk, _release(plan), how)
        _refuse_read_otherwise(desk, found, how)
        revision = plans.keep(desk, found)
        return _open(desk, revision, plan, how, approval=plans.approval_of(desk, revision.sha256))
    approval, draft = approval_now(desk, found), not found.approved and not how.rehearsal
    if draft:
        lifted = {BREAK_GLASS} if how.break_glass else set()
        refuse(plan_gates.why_not_start(stored=True, approved=False, unconfirmed=len(found.unconfirmed), lifted=lifted))
    _refuse_read_otherwise(desk, found, how)
    handed_over = hand_over_words(found.record.handed_over, found.revision.revision)
    broken = UNAPPROVED if draft else ""
    return _open(desk, found.revision, plan, how, approval=approval, broken=broken, handed_over=handed_over)


def _refuse_read_otherwise(desk: Desk, found: Found, how: Start) -> None:
    lifted = {CONFIRMATION} if how.read_anew else set()
    refuse(plan_gates.why_not_read_anew(read_otherwise_now(desk, found), lifted))


def start_without_plan(desk: Desk, release: str, returns_to: str, environment: str, how: Start) -> Operator:
    """Start with an empty plan: steps are added as they are done."""
    from backout_tui.planfile.reading.reader import read_plan
    from backout_tui.planfile.writing.keeping import kept_text

    release = said(on_one_line(release), "the release (NAME VERSION)")
    facts = [Fact("release", release), Fact("returns to", said(on_one_line(returns_to), "the version it returns to"))]
    if environment := on_one_line(environment):
        facts.append(Fact("environment", environment))
    text = kept_text(Plan(title=release, facts=tuple(facts)), "what was said")
    found = Found(text, read_plan(text), "no plan")
    _refuse_unsaid(found.plan, how)
    _refuse_second(desk, _release(found.plan), how)
    revision = plans.keep(desk, found, beside=True)
    return _open(desk, revision, found.plan, how)


def _release(plan: Plan) -> Release:
    name, version = plan.release
    return Release(name, version, plan.fact("returns to") or "", plan.fact("environment") or "")


def _refuse_second(desk: Desk, release: Release, how: Start) -> bool:
    """Refuse a second open backout of the release without a reason; return whether it is one."""
    lifted = {REASON} if how.reason.strip() else set()
    mode = Mode.REHEARSAL if how.rehearsal else Mode.LIVE
    other = listing.open_of(desk, release, mode)
    refuse(plan_gates.why_not_start_second(other, lifted))
    return other is not None


def _open(
    desk: Desk, revision: PlanRevision, plan: Plan, how: Start, *, approval: Approval | None = None, broken: str = "",
    handed_over: str = "",
) -> Operator:  # fmt: skip
    release = Release(revision.name, revision.version, revision.returns_to, revision.environment)
    data = {**_opening(desk, revision, plan, how, release, approval), "handed_over": handed_over}

    def drafts(_number: int) -> tuple[str, list[Draft]]:
        second = {"second": True} if _refuse_second(desk, release, how) else {}
        opened = [Draft(EventKind.BACKOUT_OPENED, {**data, **second})]
        if broken:
            opened += glass.broken(Backout(0, plan=plan, messages=flatten.messages_of(plan)), broken, how.reason)
        return revision.sha256, opened

    def folded(events: list[Event]) -> Backout:
        return fold.backout_of(events, log_id=events[0].log) if events else Backout(0)

    number, _ = desk.journal().append_new("backout:", decide=drafts, actor=desk.actor, folded=folded)
    return Operator.open(desk, number)


def _opening(
    desk: Desk, revision: PlanRevision, plan: Plan, how: Start, release: Release, approval: Approval | None
) -> dict[str, Any]:
    """The data of the first event: the whole plan with its loops written out, so that the log is complete by itself."""
    anew = read_otherwise(plan) if approval is not None and approval.reading < READING else ()
    return {
        "mode": Mode.REHEARSAL if how.rehearsal else Mode.LIVE,
        "release": encode(release),
        "plan": {
            "id": revision.plan_id,
            "revision": revision.revision,
            "sha256": revision.sha256,
            "approved": approval is not None,
            **_approved_how(approval),
        },
        "content": encode(loops.spelt_out(plan)),
        "reading": READING,
        "cwd": str(desk.cwd),
        "reason": how.reason.strip(),
        "variables": dict(how.variables),
        "sends_mail": how.sends_mail,
        **({"rehearsed_in": how.rehearsed_in} if how.rehearsed_in else {}),
        **({"read_otherwise": [str(one) for one in anew]} if anew else {}),
        **({"deployed_at": rfc3339(how.deployed_at)} if how.deployed_at else {}),
    }


def _approved_how(approval: Approval | None) -> dict[str, Any]:
    """Who approved the plan, and the errors despite which they did."""
    if approval is None:
        return {}
    despite = {"despite": list(approval.despite), "despite_why": approval.reason} if approval.despite else {}
    return {"approved_by": approval.by, **despite}


def _refuse_unsaid(plan: Plan, how: Start) -> None:
    """Raise BackoutError for a break-glass without a reason, and for variables that cannot be set at the start."""
    if how.break_glass:
        said(how.reason, "the reason for breaking the glass")
    for name in map(variable_name, how.variables):
        variable = next((one for one in plan.variables if one.name == name), None)
        if variable is not None and variable.secret:
            raise BackoutError(
                f"{name} is a secret and is never recorded", todo=f"Set it in the environment: {name}=... backout-tui"
            )

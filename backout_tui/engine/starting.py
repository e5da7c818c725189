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
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.codec import encode, rfc3339
from backout_tui.domain.plan import loops
from backout_tui.domain.plan.plan import Fact, Plan
from backout_tui.domain.plan.typed import on_one_line
from backout_tui.domain.refusal import BREAK_GLASS, REASON
from backout_tui.domain.rules import plan_gates
from backout_tui.engine import listing, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator, refuse
from backout_tui.engine.planning.contacts import resolved
from backout_tui.engine.plans import Found
from backout_tui.engine.verbs import glass
from backout_tui.engine.verbs.ids import said, variable_name
from backout_tui.errors import BackoutError
from backout_tui.store.log.rows import PlanRevision

UNAPPROVED = "start a plan that is not approved"


class Start(Struct, frozen=True):
    """How a backout is started. `rehearsed_in`: the environment in which a rehearsal really runs what says so."""

    rehearsal: bool = False
    rehearsed_in: str = ""
    reason: str = ""
    break_glass: bool = False
    deployed_at: datetime | None = None
    variables: Mapping[str, str] = struct_field(default_factory=dict)
    sends_mail: bool = True


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
    if found.revision is None:
        _refuse_second(desk, _release(plan), how)
        revision = plans.keep(desk, found)
        approved = plans.is_approved(desk, revision.sha256)
        return _open(desk, revision, plan, how, approved=approved)
    lifted = {BREAK_GLASS} if how.break_glass else set()
    open_items = len(found.unconfirmed)
    refuse(plan_gates.why_not_start(stored=True, approved=found.approved, unconfirmed=open_items, lifted=lifted))
    broken = UNAPPROVED if not found.approved else ""
    return _open(desk, found.revision, plan, how, approved=found.approved, broken=broken)


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
    return _open(desk, revision, found.plan, how, approved=False)


def _release(plan: Plan) -> Release:
    name, version = plan.release
    return Release(name, version, plan.fact("returns to") or "", plan.fact("environment") or "")


def _refuse_second(desk: Desk, release: Release, how: Start) -> None:
    lifted = {REASON} if how.reason.strip() else set()
    mode = Mode.REHEARSAL if how.rehearsal else Mode.LIVE
    refuse(plan_gates.why_not_start_second(listing.open_of(desk, release, mode), lifted))


def _open(desk: Desk, revision: PlanRevision, plan: Plan, how: Start, *, approved: bool, broken: str = "") -> Operator:
    release = Release(revision.name, revision.version, revision.returns_to, revision.environment)
    data = _opening(desk, revision, plan, how, release, approved=approved)

    def drafts(_number: int) -> tuple[str, list[Draft]]:
        _refuse_second(desk, release, how)
        opened = [Draft(EventKind.BACKOUT_OPENED, data)]
        if broken:
            opened += glass.broken(Backout(0, plan=plan, messages=flatten.messages_of(plan)), broken, how.reason)
        return revision.sha256, opened

    def folded(events: list[Event]) -> Backout:
        return fold.backout_of(events, log_id=events[0].log) if events else Backout(0)

    number, _ = desk.journal().append_new("backout:", decide=drafts, actor=desk.actor, folded=folded)
    return Operator.open(desk, number)


def _opening(
    desk: Desk, revision: PlanRevision, plan: Plan, how: Start, release: Release, *, approved: bool
) -> dict[str, Any]:
    """The data of the first event: the whole plan with its loops written out, so that the log is complete by itself."""
    return {
        "mode": Mode.REHEARSAL if how.rehearsal else Mode.LIVE,
        "release": encode(release),
        "plan": {
            "id": revision.plan_id,
            "revision": revision.revision,
            "sha256": revision.sha256,
            "approved": approved,
        },
        "content": encode(loops.spelt_out(plan)),
        "cwd": str(desk.cwd),
        "reason": how.reason.strip(),
        "variables": dict(how.variables),
        "sends_mail": how.sends_mail,
        **({"rehearsed_in": how.rehearsed_in} if how.rehearsed_in else {}),
        **({"deployed_at": rfc3339(how.deployed_at)} if how.deployed_at else {}),
    }


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

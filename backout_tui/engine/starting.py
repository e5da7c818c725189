"""Starting a backout: from a stored plan, from a file, or from none. contract.md section 8."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from backout_tui.domain import flatten, gates, loops
from backout_tui.domain.backout import Backout, Release
from backout_tui.domain.codec import encode, rfc3339
from backout_tui.domain.events import Draft
from backout_tui.domain.plan import Fact, Plan
from backout_tui.domain.refusal import BREAK_GLASS, REASON
from backout_tui.engine import listing, plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator, refuse
from backout_tui.engine.planning.contacts import resolved
from backout_tui.engine.plans import Found
from backout_tui.engine.verbs import glass
from backout_tui.engine.verbs.ids import said, variable_name
from backout_tui.errors import BackoutError
from backout_tui.store.rows import PlanRevision

UNAPPROVED = "start a plan that is not approved"


@dataclass(frozen=True, slots=True)
class Start:
    """How a backout is started. `rehearsed_in`: the environment in which a rehearsal runs what says so."""

    rehearsal: bool = False
    rehearsed_in: str = ""
    reason: str = ""
    break_glass: bool = False
    deployed_at: datetime | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    sends_mail: bool = True


def start(desk: Desk, name: str, how: Start) -> Operator:
    """Start a backout of the plan that PLAN means: `plans.find` and `start_found` in one. Raises as they do."""
    return start_found(desk, plans.find(desk, name), how)


def start_found(desk: Desk, found: Found, how: Start) -> Operator:
    """Start a backout of a plan; a file is stored as a revision first. The log keeps whom the plan mentions, resolved.

    Raises Refused, or BackoutError for what was not said well; then nothing was stored.
    """
    _refuse_unsaid(found.plan, how)
    refuse(gates.why_not_rehearse_in(how.rehearsed_in, found.plan.fact("environment") or ""))
    plan = resolved(desk, found.plan)
    if found.revision is None:
        _refuse_second(desk, _release(plan), how)
        revision = plans.keep(desk, found)
        approved = plans.is_approved(desk, revision.sha256)
        return _open(desk, revision, plan, how, approved=approved)
    lifted = {BREAK_GLASS} if how.break_glass else set()
    open_items = len(found.unconfirmed)
    refuse(gates.why_not_start(stored=True, approved=found.approved, unconfirmed=open_items, lifted=lifted))
    broken = UNAPPROVED if not found.approved else ""
    return _open(desk, found.revision, plan, how, approved=found.approved, broken=broken)


def start_without_plan(desk: Desk, release: str, returns_to: str, environment: str, how: Start) -> Operator:
    """Start with an empty plan: steps are added as they are done."""
    from backout_tui.planfile.reader import read_plan
    from backout_tui.planfile.writer import write_plan

    release = said(release, "the release (NAME VERSION)")
    facts = [Fact("release", release), Fact("returns to", said(returns_to, "the version it returns to"))]
    if environment.strip():
        facts.append(Fact("environment", environment.strip()))
    text = write_plan(Plan(title=release, facts=tuple(facts)))
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
    mode = "rehearsal" if how.rehearsal else "live"
    refuse(gates.why_not_start_second(listing.open_of(desk, release, mode), lifted))


def _open(desk: Desk, revision: PlanRevision, plan: Plan, how: Start, *, approved: bool, broken: str = "") -> Operator:
    release = Release(revision.name, revision.version, revision.returns_to, revision.environment)
    data = _opening(desk, revision, plan, how, release, approved=approved)

    def drafts(_number: int) -> tuple[str, list[Draft]]:
        _refuse_second(desk, release, how)
        opened = [Draft("BackoutOpened", data)]
        if broken:
            opened += glass.broken(Backout(0, plan=plan, messages=flatten.messages_of(plan)), broken, how.reason)
        return revision.sha256, opened

    number, _ = desk.journal().append_new("backout:", decide=drafts, actor=desk.actor)
    return Operator.open(desk, number)


def _opening(
    desk: Desk, revision: PlanRevision, plan: Plan, how: Start, release: Release, *, approved: bool
) -> dict[str, Any]:
    """What the first event says: it holds the plan, its loops spelt out, so that the log is complete by itself."""
    return {
        "mode": "rehearsal" if how.rehearsal else "live",
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
    """Raise BackoutError for a break-glass without a reason, and for variables that cannot be set here."""
    if how.break_glass:
        said(how.reason, "the reason for breaking the glass")
    for name in map(variable_name, how.variables):
        variable = next((one for one in plan.variables if one.name == name), None)
        if variable is not None and variable.secret:
            raise BackoutError(
                f"{name} is a secret and is never recorded", todo=f"Set it in the environment: {name}=... backout-tui"
            )

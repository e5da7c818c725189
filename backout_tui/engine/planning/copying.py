"""Copies a plan for another release; every item in it arrives unconfirmed."""

from __future__ import annotations

from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.plan_payloads import Source
from backout_tui.domain.codec import encode
from backout_tui.domain.plan.plan import Fact, Plan
from backout_tui.domain.plan.plan_items import items_of
from backout_tui.domain.plan.typed import on_one_line
from backout_tui.domain.values import replace
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.log.rows import PlanRevision

_OF_ONE_RELEASE = frozenset(
    {"release", "returns to", "environment", "team", "deployed", "derived from", "deployment plan", "change"}
)
"""The facts that a copy fills in for the new release, or leaves open."""


def copy(
    desk: Desk, found: Found, to: str, *, returns_to: str = "", environment: str = "", team: str = ""
) -> PlanRevision:
    """Store a copy of a plan for the release `to`, NAME VERSION[@ENVIRONMENT], with every item unconfirmed.

    Facts that belong to one release are left open: what it returns to (unless it is given), when it was deployed, the
    components' versions, the rehearsals. Raises Refused when that release has a plan, BackoutError when `to` is not a
    release.
    """
    from backout_tui.planfile.reading.reader import read_plan
    from backout_tui.planfile.writing.keeping import kept_text

    release, _, said_environment = on_one_line(to).partition("@")
    name, version = plans.name_and_version(release)
    if not version:
        raise BackoutError("the release to copy to needs a name and a version", todo='Write --to "NAME VERSION".')
    source = source_of(found)
    returns_to, environment, team = (
        on_one_line(returns_to),
        on_one_line(environment or said_environment),
        on_one_line(team),
    )
    plan = copied(found.plan, f"{name} {version}", returns_to, environment, team, str(source))
    text = kept_text(plan, found.where)
    made = Found(text, read_plan(text), "the copy")
    plans.refuse_secrets(made)
    _refuse_second(desk, name, version, plan.fact("environment") or "")
    return desk.journal().store_plan(
        text,
        name=name,
        version=version,
        returns_to=plan.fact("returns to") or "",
        environment=plan.fact("environment") or "",
        team=plan.fact("team") or "",
        actor=desk.actor,
        kind=EventKind.PLAN_COPIED,
        data={
            "source": encode(source),
            "items": [{"key": one.key, "item": one.label, "hash": one.hash} for one in items_of(made.plan)],
            "asks": True,
            "services": _other_services(desk, name),
        },
    )


def _other_services(desk: Desk, name: str) -> list[str]:
    """The names of the services that have plans now, the own one left out: in its copy they are asked about."""
    names = {head.name for head in desk.reader.plan_heads() if head.name} if desk.exists else set()
    return sorted(one for one in names if one.casefold() != name.casefold())


def source_of(found: Found) -> Source:
    """What a copy of this plan records about its source."""
    name, version = found.plan.release
    returns_to = found.plan.fact("returns to") or ""
    if found.revision is None:
        import hashlib  # here: only the text of a file has no hash yet

        digest = hashlib.sha256(found.text.encode()).hexdigest()
        return Source(0, 0, digest, name, version, returns_to, found.where)
    one = found.revision
    return Source(one.plan_id, one.revision, one.sha256, name, version, returns_to)


def copied(plan: Plan, release: str, returns_to: str, environment: str, team: str, source: str) -> Plan:
    """The plan for another release: facts about the old one are removed or replaced."""
    name, _ = plan.release
    same_service = plans.name_and_version(release)[0].casefold() == name.casefold()
    said = {
        "release": release,
        "returns to": returns_to,
        "environment": environment or plan.fact("environment") or "",
        "team": team or (plan.fact("team") or "" if same_service else ""),
    }
    new = [Fact(key, value) for key, value in said.items() if value]
    kept = [fact for fact in plan.facts if fact.key not in _OF_ONE_RELEASE]
    return replace(
        plan,
        title=f"Backout plan: {release}",
        facts=(*new, *kept, Fact("derived from", source)),
        components=tuple(replace(one, version="", returns_to="") for one in plan.components),
        rehearsals=None,
    )


def _refuse_second(desk: Desk, name: str, version: str, environment: str) -> None:
    """Refuse a second plan for one release and environment; an empty plan, from a night without one, doesn't count."""
    from backout_tui.planfile.reading.reader import read_plan

    rows = desk.reader.plan_revisions(name=name, version=version, environment=environment) if desk.exists else []
    for row in rows:
        if any(read_plan(row.text, "").top_steps()):
            number = row.plan_id
            raise Refused(f"{name} {version} has a plan already: plan {number}. Edit that one (plan edit {number}).")

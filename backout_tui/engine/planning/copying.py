"""A plan reused for another release: everything in it arrives unconfirmed."""

from __future__ import annotations

from dataclasses import replace

from backout_tui.domain.codec import encode
from backout_tui.domain.plan import Fact, Plan
from backout_tui.domain.plan_items import items_of
from backout_tui.domain.plan_record import Source
from backout_tui.domain.typed import on_one_line
from backout_tui.engine import plans
from backout_tui.engine.desk import Desk
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError, Refused
from backout_tui.store.rows import PlanRevision

_OF_ONE_RELEASE = frozenset({"release", "returns to", "environment", "team", "deployed", "derived from"})
"""The facts of a plan that a copy says anew, or leaves open."""


def copy(
    desk: Desk, found: Found, to: str, *, returns_to: str = "", environment: str = "", team: str = ""
) -> PlanRevision:
    """Store a copy of a plan for the release `to`, NAME VERSION[@ENVIRONMENT], every item of it unconfirmed.

    What only the other release could say is left open: what it returns to unless it is given, when it was deployed,
    the components' versions, the rehearsals. Raises Refused when that release has a plan, BackoutError for no release.
    """
    from backout_tui.planfile.reader import read_plan
    from backout_tui.planfile.writer import write_plan

    release, _, said_environment = on_one_line(to).partition("@")
    name, version = plans.name_and_version(release)
    if not version:
        raise BackoutError("the release to copy to needs a name and a version", todo='Say it as --to "NAME VERSION".')
    source = source_of(found)
    returns_to, environment, team = (
        on_one_line(returns_to),
        on_one_line(environment or said_environment),
        on_one_line(team),
    )
    plan = copied(found.plan, f"{name} {version}", returns_to, environment, team, str(source))
    text = write_plan(plan)
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
        kind="PlanCopied",
        data={
            "source": encode(source),
            "items": [{"key": one.key, "item": one.label, "hash": one.hash} for one in items_of(made.plan)],
        },
    )


def source_of(found: Found) -> Source:
    """What a copy of this plan remembers of it."""
    name, version = found.plan.release
    returns_to = found.plan.fact("returns to") or ""
    if found.revision is None:
        import hashlib  # here: only a file's text is not hashed yet

        digest = hashlib.sha256(found.text.encode()).hexdigest()
        return Source(0, 0, digest, name, version, returns_to, found.where)
    one = found.revision
    return Source(one.plan_id, one.revision, one.sha256, name, version, returns_to)


def copied(plan: Plan, release: str, returns_to: str, environment: str, team: str, source: str) -> Plan:
    """The plan for another release: what was said of the old one alone is taken out or said anew."""
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
    """A release has one plan in an environment; an empty one, of a night without a plan, stands in nobody's way."""
    from backout_tui.planfile.reader import read_plan

    rows = desk.reader.plan_revisions(name=name, version=version, environment=environment) if desk.exists else []
    for row in rows:
        if any(read_plan(row.text, "").top_steps()):
            number = row.plan_id
            raise Refused(f"{name} {version} has a plan already: plan {number}. Edit that one (plan edit {number}).")

"""Checks a plan with everything available: its text, the shells, earlier revisions, and on request the network."""

from __future__ import annotations

from collections.abc import Collection

from backout_tui.domain.checking.check import checked, found_in, placed_passages
from backout_tui.domain.checking.copies.copied import key_of, leftovers, warnings
from backout_tui.domain.checking.copies.versions import derived_version
from backout_tui.domain.checking.finding import Checked, Finding
from backout_tui.domain.checking.items_by_line import ItemsByLine
from backout_tui.domain.checking.passages import scripts
from backout_tui.domain.checking.rules import COPIED, LIVE
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.plan_record import PlanRecord
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.contacts import resolved
from backout_tui.engine.planning.copies import derived_plan
from backout_tui.engine.planning.rehearsals import about_rehearsals
from backout_tui.engine.planning.shells import about_shells, found_shellcheck
from backout_tui.engine.plans import Found


def check(desk: Desk, found: Found, *, live: bool = False) -> Checked:
    """All findings in a plan, and those it silences; `live` also tries its links and looks for its programs."""
    text, plan = found.text, resolved(desk, found.plan)
    foreign = source_versions(desk, found.plan, found.record)
    findings = found_in(plan, text, foreign=foreign, environments=stored_environments(desk))
    findings += about_shells(scripts(plan), findings, desk.environment)
    findings += about_rehearsals(desk, found)
    findings += _about_copy(desk, found, plan)
    if live:
        findings += _live(desk, found)
    return checked(plan, findings, _untried(desk, found, live=live), found.silences)


def _about_copy(desk: Desk, found: Found, plan: Plan) -> list[Finding]:
    """What a copy still says of the other release; what the review has answered with yes is not told again."""
    copy = found.copy or derived_plan(desk, found.plan)
    if copy is None:
        return []
    passages = placed_passages(plan, found.text)
    confirmed = {item.key for item in warnings(found.words) if found.record.confirmation_of(item) is not None}
    asked = [one.finding for one in found.words if key_of(one) not in confirmed]
    return [*leftovers(copy, passages), *asked]


def _live(desk: Desk, found: Found) -> list[Finding]:
    from backout_tui.engine.planning.links import about_links
    from backout_tui.engine.planning.programs import about_programs

    text = found.text.replace("\r\n", "\n").replace("\r", "\n")
    links = about_links(text, ItemsByLine(found.plan).at)
    return [*links, *about_programs(scripts(found.plan), desk.environment)]


def _untried(desk: Desk, found: Found, *, live: bool) -> Collection[str]:
    """The rules that are not checked this time."""
    rules = set() if live else set(LIVE)
    if found.revision is None:
        rules.add("stale-rehearsal")
    if found.copy is None:
        rules |= COPIED
    else:
        rules |= COPIED - {"leftover-release"}  # a silenced one is not asked about at all
    if found_shellcheck(desk.environment) is None:
        rules.add("shellcheck")
    return rules


def stored_environments(desk: Desk) -> Collection[str]:
    """The environments of all stored plans."""
    return {one.environment for one in desk.reader.plan_heads() if one.environment} if desk.exists else ()


def source_versions(desk: Desk, plan: Plan, record: PlanRecord) -> Collection[str]:
    """The versions of the plan that this one is a copy of: its release's, and the one it returned to."""
    source = record.source
    if source is not None:
        return {one for one in (source.version, source.returns_to) if one}
    version = derived_version(plan)
    if not version or not desk.exists:
        return ()
    name = (plan.fact("derived from") or "").partition(version)[0].strip()
    sources = desk.reader.plan_revisions(name=name, version=version)
    return {version, *(one.returns_to for one in sources if one.returns_to)}

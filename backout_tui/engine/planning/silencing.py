"""Silences a finding with a reason, in the plan's own text, so that git and every copy carry it."""

from __future__ import annotations

from backout_tui.domain.checking.check_silences import silenced_keys
from backout_tui.domain.checking.rules import by_name
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.text import clean_line
from backout_tui.domain.values import replace
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning.checking import check
from backout_tui.engine.plans import Found
from backout_tui.errors import BackoutError
from backout_tui.store.log.rows import PlanRevision


def silence(desk: Desk, found: Found, rule: str, item: str, reason: str, *, live: bool = False) -> PlanRevision:
    """Store a plan's next revision with a silence of `rule` at `item` ("" for a finding without one) below its facts.

    Raises BackoutError when there is no such finding, no reason, or no stored plan; for a file it says what to write.
    """
    from backout_tui.planfile.reading.read_silences import silenced_text

    if rule not in by_name():
        raise BackoutError(f"there is no rule {clean_line(rule)}", todo="Name one that `plan check` shows.")
    if not reason.strip():
        raise BackoutError("the reason for silencing it is missing", todo="Add --reason TEXT.")
    _refuse_unfound(desk, found, rule, item, live=live)
    before = _without_lapsed(found, rule, item)
    text = silenced_text(before, rule, item, reason)
    _refuse_unreadable(before, text)
    if found.revision is None:
        comment = next(line for line in text.splitlines() if line not in found.text.splitlines() and line.strip())
        todo = f"Write this line below its facts: {clean_line(comment)}"
        raise BackoutError("only a stored plan can be changed here", where=clean_line(found.where), todo=todo)
    data = {"reason": reason.strip(), "rule": rule, "item": item}
    return _stored(desk, found.revision, text, data)


def _without_lapsed(found: Found, rule: str, item: str) -> str:
    """The plan's text without silences of the same that hold no longer: the new one takes their place."""
    from backout_tui.planfile.reading.read_silences import unsilenced_text

    held = found.plan.silences if found.silences is None else found.silences
    text = found.text
    for number, one in reversed(list(enumerate(found.plan.silences, start=1))):
        if one not in held and (rule, item) in silenced_keys(found.plan, [one]):
            text = unsilenced_text(text, number)
    return text


def _stored(desk: Desk, before: PlanRevision, text: str, data: dict[str, str]) -> PlanRevision:
    return desk.journal().store_plan(
        text,
        plan_id=before.plan_id,
        name=before.name,
        version=before.version,
        returns_to=before.returns_to,
        environment=before.environment,
        team=before.team,
        actor=desk.actor,
        data=data,
        made_from=before.revision,
    )


def _refuse_unfound(desk: Desk, found: Found, rule: str, item: str, *, live: bool) -> None:
    """Refuse a silence that matches no finding: it would be a finding itself."""
    items = [one.item for one in check(desk, found, live=live).findings if one.rule == rule]
    if item in items:
        return
    where = f" at {clean_line(item)}" if item else ""
    named = ", ".join(clean_line(one) for one in dict.fromkeys(items) if one)
    todo = (
        f"It is found at {named}: name one with --item." if named else "See what is found with: backout-tui plan check"
    )
    raise BackoutError(f"there is no finding of {rule}{where}", where=clean_line(found.where), todo=todo)


def _refuse_unreadable(before: str, after: str) -> None:
    """Refuse a silence that can't be read back: an item's name may end the comment, and one too long is ignored."""
    from backout_tui.planfile.reading.reader import read_plan

    was, now = read_plan(before), read_plan(after)
    count = [sum(bool(one.reason) for one in plan.silences) for plan in (was, now)]
    if count[0] == count[1] or _without_comments(was) != _without_comments(now):
        todo = "Give a shorter reason, or first the item a title without `-->`."
        raise BackoutError("this silence could not be read again, so nothing was stored", todo=todo)


def _without_comments(plan: Plan) -> Plan:
    """The plan without the comments in its introduction, where silences are: everything else must stay the same."""
    from backout_tui.planfile.document import without_comments

    return replace(plan, intro=" ".join(without_comments(plan.intro).split()))

"""Applies silences: keeps findings that a plan silences apart, with the reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from backout_tui.domain.checking.finding import Checked, Finding, Silenced, finding
from backout_tui.domain.checking.items_by_line import ItemsByLine
from backout_tui.domain.checking.rules import by_name
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.remarks import Silence

_FORM = "write `<!-- silence RULE at ITEM: REASON -->`"


def silenced(plan: Plan, found: Sequence[Finding], untried: Collection[str] = ()) -> Checked:
    """`found` without what the plan silences. A wrong or unneeded silence is a finding itself.

    `untried` are the rules that were not run this time: their silences may be needed another time.
    """
    items = ItemsByLine(plan)
    usable = {_key(one, items): one for one in plan.silences if not _trouble(one)}
    kept = [one for one in found if (one.rule, one.item) not in usable]
    quiet = [Silenced(one, usable[one.rule, one.item].reason) for one in found if (one.rule, one.item) in usable]
    used = {(one.finding.rule, one.finding.item) for one in quiet}
    kept += _about_silences(plan, items, used, untried)
    return Checked(tuple(sorted(kept, key=lambda one: one.line)), tuple(quiet))


def _key(silence: Silence, items: ItemsByLine) -> tuple[str, str]:
    return silence.rule, items.at(silence.line) if silence.item is None else silence.item


def _trouble(silence: Silence) -> str:
    """What is wrong with how it is written; "" if it can be used."""
    if silence.rule not in by_name():
        return f"`{silence.rule}` is not a rule: {_FORM}, with a rule that `plan check` names"
    return "" if silence.reason else f"this silence gives no reason: {_FORM}"


def _about_silences(
    plan: Plan, items: ItemsByLine, used: Collection[tuple[str, str]], untried: Collection[str]
) -> Iterator[Finding]:
    for one in plan.silences:
        rule, item = _key(one, items)
        if trouble := _trouble(one):
            yield finding("silence-form", one.line, items.at(one.line), trouble)
        elif (rule, item) not in used and rule not in untried:
            where = f" at {item}" if item else ""
            text = f"there is no finding of {rule}{where}: take this silence out"
            yield finding("silence-unused", one.line, items.at(one.line), text)

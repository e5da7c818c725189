"""Applies silences: keeps findings that a plan silences apart, with the reasons."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from backout_tui.domain.checking.finding import Checked, Finding, Silenced, finding
from backout_tui.domain.checking.items_by_line import ItemsByLine
from backout_tui.domain.checking.rules import by_name
from backout_tui.domain.plan.plan import Plan
from backout_tui.domain.plan.remarks import Silence

_FORM = "write `<!-- silence RULE at ITEM: REASON -->`"


def silenced(
    plan: Plan, found: Sequence[Finding], untried: Collection[str] = (), held: Sequence[Silence] | None = None
) -> Checked:
    """`found` without what the plan silences. A wrong, unneeded or lapsed silence is a finding itself.

    `untried` are the rules that were not run this time: their silences may be needed another time. `held` are the
    silences that still hold; None: all.
    """
    items = ItemsByLine(plan)
    lapsed = [one for one in plan.silences if held is not None and one not in held and not _trouble(one)]
    usable = {_key(one, items): one for one in plan.silences if not _trouble(one) and one not in lapsed}
    kept = [one for one in found if (one.rule, one.item) not in usable]
    quiet = [Silenced(one, usable[one.rule, one.item].reason) for one in found if (one.rule, one.item) in usable]
    used = {(one.finding.rule, one.finding.item) for one in quiet}
    needed = {(one.rule, one.item) for one in found} - used
    kept += _about_silences([one for one in plan.silences if one not in lapsed], items, used, untried)
    kept += [_lapsed(one, items) for one in lapsed if _key(one, items) in needed]
    return Checked(tuple(sorted(kept, key=lambda one: one.line)), tuple(quiet))


def _key(silence: Silence, items: ItemsByLine) -> tuple[str, str]:
    return silence.rule, items.at(silence.line) if silence.item is None else silence.item


def _trouble(silence: Silence) -> str:
    """What is wrong with how it is written; "" if it can be used."""
    if silence.rule not in by_name():
        return f"`{silence.rule}` is not a rule: {_FORM}, with a rule that `plan check` names"
    return "" if silence.reason else f"this silence gives no reason: {_FORM}"


def silenced_keys(plan: Plan, silences: Sequence[Silence]) -> frozenset[tuple[str, str]]:
    """What these silences of a plan silence: each rule with its item."""
    items = ItemsByLine(plan)
    return frozenset(_key(one, items) for one in silences if not _trouble(one))


def _lapsed(one: Silence, items: ItemsByLine) -> Finding:
    rule, item = _key(one, items)
    where = f" at {item}" if item else ""
    text = f"the silence of {rule}{where} was said of another text: silence it again, or take it out"
    return finding("silence-lapsed", one.line, items.at(one.line), text)


def _about_silences(
    silences: Sequence[Silence], items: ItemsByLine, used: Collection[tuple[str, str]], untried: Collection[str]
) -> Iterator[Finding]:
    for one in silences:
        rule, item = _key(one, items)
        if trouble := _trouble(one):
            yield finding("silence-form", one.line, items.at(one.line), trouble)
        elif (rule, item) not in used and rule not in untried:
            where = f" at {item}" if item else ""
            text = f"there is no finding of {rule}{where}: take this silence out"
            yield finding("silence-unused", one.line, items.at(one.line), text)

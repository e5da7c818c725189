"""`for each: a, b, c`: one step for each item, done one after the other. contract.md sections 1 and 7.

The plan that a backout is opened with has its loops expanded, which fixes what it means. Each item has its own number
(`4[a]`), its own attempts and its own record.
"""

from __future__ import annotations

from collections import Counter

from backout_tui.domain.plan.plan import Fact, Plan, Step, WithFacts
from backout_tui.domain.spans import Estimate, estimate
from backout_tui.domain.values import replace

FOR_EACH, ITEM = "for each", "ITEM"
"""The fact's key, and the variable that holds the item while its command runs."""
ITEM_FACT = "item"
"""The fact of an expanded step that says which item it is for. No plan's text has it."""
LONGEST = 60  # characters of an item: people type its number
_OF_ITEMS = frozenset({
    "estimate", "until", "capture", "probe", "rehearse", "safe to repeat", "point of no return", "irreversible",
    "loses",
})  # fmt: skip
_OF_THE_LOOP = frozenset({FOR_EACH, "waits for", "only if", "owner", "required", "optional"})


def items_of(step: WithFacts) -> tuple[str, ...]:
    """The items that `for each` names, in order; none if the step has no `for each`, or one that cannot be read."""
    return () if step.fact(FOR_EACH) is None or why_no_items(step) else tuple(_names(step))


def why_no_items(step: WithFacts) -> str:
    """What is wrong with the step's `for each`; "" if nothing is. One wrong item makes the whole list unusable."""
    if step.fact(FOR_EACH) is None:
        return ""
    names = _names(step)
    if not names:
        return "`for each` names nothing: write `- for each: a, b, c`, or take the line out"
    if step.fact(FOR_EACH) and not all(names):
        return f"`for each: {step.fact(FOR_EACH)}` has a comma too many: write `a, b, c`"
    counted = Counter(names)
    twice = (f"`{name}` is named twice in `for each`, and is done once" for name in names if counted[name] > 1)
    return next((wrong for name in names if (wrong := _why_no_item(name))), next(twice, ""))


def _names(step: WithFacts) -> list[str]:
    text = (step.fact(FOR_EACH) or "").strip()
    return [name.strip() for name in text.split(",")] if text else []


def _why_no_item(name: str) -> str:
    """Why `name` cannot be an item: its step's number is `4[name]`, one word that people type; "" if it can."""
    if "$" in name:
        return f"`{name}` in `for each` is a variable: write the items themselves"
    if any(char in "[]" or char.isspace() or not char.isprintable() for char in name):
        return f"`{name}` in `for each` holds a blank, a bracket or what cannot be seen, and stands in a step's number"
    return f"`{name[:20]}…` in `for each` is longer than {LONGEST} characters" if len(name) > LONGEST else ""


def item_of(step: WithFacts) -> dict[str, str]:
    """The variable that an expanded step's command gets besides the plan's; empty for any other step."""
    item = step.fact(ITEM_FACT)
    return {ITEM: item} if item is not None else {}


def estimate_of(step: Step) -> Estimate | None:
    """How long the whole step takes: a loop's estimate is for one item."""
    one, count = estimate(step.fact("estimate") or ""), max(1, len(items_of(step)))
    return Estimate(one.typical_s * count, one.bad_s * count) if one is not None else None


def numbers_of(step: Step) -> tuple[str, ...]:
    """The numbers that the step's items get."""
    return tuple(f"{step.number}[{item}]" for item in items_of(step))


def spelt_out(plan: Plan) -> Plan:
    """`plan` with a sub-step for each item of its loops."""
    parts = tuple(replace(part, steps=tuple(_looped(step) for step in part.steps)) for part in plan.parts)
    return replace(plan, parts=parts)


def _looped(step: Step) -> Step:
    step = replace(step, children=tuple(_looped(child) for child in step.children))
    items = items_of(step)
    if not items:
        return step
    prose = tuple(block for block in step.blocks if block.kind == "text")
    facts = tuple(fact for fact in step.facts if fact.key not in _OF_ITEMS)
    return replace(step, facts=facts, blocks=prose, children=tuple(_for_item(step, item) for item in items))


def _for_item(step: Step, item: str) -> Step:
    """The step as it is done for one item; it inherits from its group whatever applies to the loop as a whole."""
    facts = tuple(fact for fact in step.facts if fact.key not in _OF_THE_LOOP)
    number = f"{step.number}[{item}]"
    children = tuple(_renumbered(child, step.number, number) for child in step.children)
    told = replace(step, number=number, title=f"{step.title}: {item}", children=children)
    return replace(told, facts=(*facts, Fact(ITEM_FACT, item)))


def _renumbered(step: Step, before: str, after: str) -> Step:
    children = tuple(_renumbered(child, before, after) for child in step.children)
    return replace(step, number=after + step.number.removeprefix(before), children=children)

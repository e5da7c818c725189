"""A plan without one of its items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from backout_tui.domain.plan.plan import Block, Part, Plan, Section, Step
from backout_tui.domain.plan.plan_items import PlanItem
from backout_tui.domain.values import replace
from backout_tui.planfile.document import Document
from backout_tui.planfile.reading.lists import item_text


def without(plan: Plan, item: PlanItem) -> Plan:
    """`plan` without `item`, one of `items_of(plan)`; a step's sub-steps go with it."""
    return _DROP[item.kind](plan, item)


def _name(item: PlanItem) -> str:
    """The number, letter or name after the kind in a label."""
    return item.label.partition(" ")[2]


def _with_steps(plan: Plan, change: Callable[[Step], Step | None]) -> Plan:
    """The plan with every step changed by `change`; None drops it. Text before the steps goes with the last one."""
    changed = (replace(part, steps=_changed(part.steps, change)) for part in plan.parts)
    parts = side_by_side(now for was, now in zip(plan.parts, changed, strict=True) if now.steps or not was.steps)
    return replace(plan, parts=parts, steps_intro=plan.steps_intro if parts else "")


def side_by_side(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts, with adjacent runs of steps without a heading joined, as the reader would join them."""
    found: list[Part] = []
    for part in parts:
        if found and not found[-1].kind and not part.kind:
            found[-1] = replace(found[-1], steps=(*found[-1].steps, *part.steps))
        else:
            found.append(part)
    return tuple(found)


def _changed(steps: Iterable[Step], change: Callable[[Step], Step | None]) -> tuple[Step, ...]:
    kept = (change(step) for step in steps)
    return tuple(replace(step, children=_changed(step.children, change)) for step in kept if step is not None)


def _drop_step(plan: Plan, item: PlanItem) -> Plan:
    return _with_steps(plan, lambda step: None if step.number == _name(item) else step)


def _drop_command(plan: Plan, item: PlanItem) -> Plan:
    def change(step: Step) -> Step:
        at = next((at for at, block in enumerate(step.blocks) if block.runnable and block.line == item.line), None)
        return step if at is None else replace(step, blocks=_without_command(step.blocks, at))

    return _with_steps(plan, change)


def _without_command(blocks: tuple[Block, ...], at: int) -> tuple[Block, ...]:
    """The blocks without the fence at `at`, and without its expectations up to the next fence."""
    end = next((later for later in range(at + 1, len(blocks)) if blocks[later].runnable), len(blocks))
    behind = tuple(block for block in blocks[at + 1 : end] if block.kind != "expect")
    return joined((*blocks[:at], *behind, *blocks[end:]))


def joined(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks, with adjacent prose joined, as the reader would join it."""
    found: list[Block] = []
    for block in blocks:
        if found and found[-1].kind == block.kind == "text":
            found[-1] = replace(found[-1], text=f"{found[-1].text}\n\n{block.text}", line_end=block.line_end)
        else:
            found.append(block)
    return tuple(found)


def _drop_criterion(plan: Plan, item: PlanItem) -> Plan:
    number = int(_name(item)) - 1
    first = _count(plan.when)
    if number < first:
        return replace(plan, when=_without_bullet(plan.when, number))
    return replace(plan, success=_without_bullet(plan.success, number - first))


def _count(section: Section | None) -> int:
    return 0 if section is None else len(section.items) or bool(section.body.strip())


def _without_bullet(section: Section | None, number: int) -> Section | None:
    """The section without its bullet `number`, from 0; None without the last: text around bullets needs them."""
    if section is None or len(section.items) < 2:
        return None
    lines = section.body.split("\n")
    document = Document(lines, list(range(1, len(lines) + 1)))
    said = [item for item in document.items if item_text(document, item)]
    gone = said[number]
    body = "\n".join((*lines[: gone.start], *lines[gone.end :])).strip("\n")
    items = (*section.items[:number], *section.items[number + 1 :])
    return replace(section, body=body, items=items)


_DROP: Mapping[str, Callable[[Plan, PlanItem], Plan]] = {
    "step": _drop_step,
    "command": _drop_command,
    "criterion": _drop_criterion,
    "fact": lambda plan, item: replace(
        plan, facts=tuple(one for one in plan.facts if (one.key, one.line) != (item.title, item.line))
    ),
    "risks": lambda plan, _: replace(plan, risks=None),
    "contingency": lambda plan, _: replace(plan, contingency=None),
    "variable": lambda plan, item: replace(
        plan, variables=tuple(one for one in plan.variables if (one.name, one.line) != (_name(item), item.line))
    ),
    "check": lambda plan, item: replace(plan, checks=tuple(one for one in plan.checks if one.letter != _name(item))),
    "message": lambda plan, item: replace(
        plan, messages=tuple(one for one in plan.messages if one.title != _name(item))
    ),
    "contact": lambda plan, item: replace(
        plan, contacts=tuple(one for one in plan.contacts if (one.name, one.line) != (_name(item), item.line))
    ),
}

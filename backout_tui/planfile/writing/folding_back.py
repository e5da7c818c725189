"""Folds the deviations of a backout into its plan: whatever the backout changed goes where the backout had it. Pure.

What cannot be folded back is left, with the reason: a step that the plan no longer has, or that was changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from msgspec import Struct

from backout_tui.domain.backout.as_run import planned_place, run_order
from backout_tui.domain.backout.changed_steps import Change, changes
from backout_tui.domain.backout.choices import DEVIATION, DeviationKind
from backout_tui.domain.backout.flatten import steps_of
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.domain.plan.plan_items import plain_title
from backout_tui.domain.plan.typed import on_one_line
from backout_tui.domain.values import replace
from backout_tui.planfile.writing.bodies_anew import (
    added_step,
    with_command,
    with_expected,
    with_instruction,
    with_note,
)
from backout_tui.planfile.writing.tree import Branch, Tree, letter_of

GONE = "the plan has no such step any more"
NO_WAY = "the plan no longer has this option"
NO_PLACE = "the step beside it is no longer in the plan"
CHANGED_SINCE = "its {part} was changed in the plan since"


class Left(Struct, frozen=True):
    """A deviation that is not folded back, and why."""

    deviation: Deviation
    why: str


class FoldedBack(Struct, frozen=True):
    """The plan with the deviations it has now, by the number of its step ("" for the choice of an option)."""

    plan: Plan
    taken: Mapping[str, tuple[Deviation, ...]]
    left: tuple[Left, ...] = ()


@dataclass
class _Folding:
    """The data used while folding back. `numbers` maps the backout's step numbers to those of the current plan."""

    backout: Backout
    tree: Tree
    planned: Mapping[str, StepState]
    now: Mapping[str, StepState]
    order: tuple[str, ...]
    numbers: dict[str, str]
    taken: dict[str, tuple[Deviation, ...]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)


def folded_back(plan: Plan, backout: Backout, deviations: Sequence[Deviation]) -> FoldedBack:
    """`plan`, the newest revision of the plan that the backout ran, with these of its deviations."""
    planned, now = steps_of(backout.plan), steps_of(plan)
    numbers = _matched(backout, planned, now)
    apart = {numbers[number] for number in _to_stand_apart(backout, deviations) if number in numbers}
    work = _Folding(backout, Tree(plan, apart), planned, now, run_order(backout), numbers)
    for number in work.order:
        if those := [one for one in deviations if one.step == number]:
            _fold_step(work, backout.steps[number], those)
    made = _with_way(work, work.tree.plan(), [one for one in deviations if one.kind is DeviationKind.OPTION])
    return FoldedBack(made, work.taken, tuple(work.left))


def _to_stand_apart(backout: Backout, deviations: Sequence[Deviation]) -> set[str]:
    """The steps that deviate, and the siblings of those that are new or in another place."""
    steps = backout.steps
    placed = {one.step for one in deviations if DEVIATION[one.kind].placed or one.kind is DeviationKind.ADDED}
    parents = {steps[number].parent for number in placed if number in steps} - {""}
    return {one.step for one in deviations} | {one.number for one in steps.values() if one.parent in parents}


def _matched(backout: Backout, planned: Mapping[str, StepState], now: Mapping[str, StepState]) -> dict[str, str]:
    """The current plan's numbers by the backout's: a step with the same title, else with the same number.

    The same number counts only if the step that has it now isn't another step of the old plan with a new number.
    """
    titles: dict[str, list[str]] = {}
    for number, step in now.items():
        titles.setdefault(plain_title(step.title), []).append(number)
    others = {plain_title(step.title) for step in planned.values()}
    found: dict[str, str] = {}
    for number, step in backout.steps.items():
        alike = titles.get(plain_title(planned.get(number, step).title), [])
        renamed = number in planned and number in now and plain_title(now[number].title) not in others
        if number in alike or (renamed and not alike):
            found[number] = number
        elif len(alike) == 1:
            found[number] = alike[0]
    known = {n: there for n, there in found.items() if n in planned or _says(now[there], backout.steps[n])}
    first = {there: number for number, there in reversed(known.items())}
    return {number: there for there, number in first.items()}


def _says(there: StepState, step: StepState) -> bool:
    """Whether the plan already has an added step: one with its title and its command."""
    return not any(change.part == "command" for change in changes(there, step))


def _fold_step(work: _Folding, step: StepState, those: Sequence[Deviation]) -> None:
    is_new = step.number not in work.planned
    is_there = step.number in work.numbers
    if is_new and not is_there and (why := _add(work, step)):
        work.left += [Left(one, why) for one in those]
        return
    number = work.numbers.get(step.number, "")
    if number not in work.tree:
        work.left += [Left(one, GONE) for one in those]
        return
    kept = [one for one in those if _is_taken(work, step, one, is_new=is_new, is_there=is_there)]
    for note in [_note(work.backout, one) for one in kept if DEVIATION[one.kind].noted]:
        work.tree.change(number, partial(with_note, note=note))
    if kept:
        work.taken[number] = (*work.taken.get(number, ()), *kept)
    if not is_new:
        for one in kept:
            _place(work, step, one)


def _is_taken(work: _Folding, step: StepState, one: Deviation, *, is_new: bool, is_there: bool) -> bool:
    """Whether the plan has this deviation now; the text of an added step came with it, or was there before."""
    if is_new:
        return not is_there or bool(DEVIATION[one.kind].noted)
    return one.kind is not DeviationKind.CHANGED or _take_changes(work, step, one)


def _place(work: _Folding, step: StepState, one: Deviation) -> None:
    """Puts a step where the backout had it, if that is another place, and also the groups that moved with it."""
    above: StepState | None = step
    while above is not None and DEVIATION[one.kind].placed:
        number = work.numbers.get(above.number, "")
        if number in work.tree and _stands_elsewhere(work, above.number):
            _put_where_it_ran(work, above, number)
            if above is not step:
                work.taken[number] = (*work.taken.get(number, ()), one)
        above = work.backout.steps.get(above.parent)


def _stands_elsewhere(work: _Folding, number: str) -> bool:
    as_run = {one: work.backout.steps[one] for one in work.order}
    return planned_place(work.planned, number) != planned_place(as_run, number)


def _note(backout: Backout, one: Deviation) -> str:
    """The note: `In backout 3 this step was skipped: already drained`, with a full stop."""
    agreed = f" (agreed with {on_one_line(one.agreed)})" if one.agreed else ""
    said = f"{on_one_line(one.reason)}{agreed}"
    end = "" if said.endswith((".", "!", "?")) else "."
    return f"In backout {backout.id} this step {DEVIATION[one.kind].noted}: {said}{end}"


def _take_changes(work: _Folding, step: StepState, one: Deviation) -> bool:
    """Takes over the changes; returns whether the plan has any of them now. The others are left."""
    number, missed = work.numbers[step.number], 0
    wanted = changes(work.planned[step.number], step)
    for change in wanted:
        said = getattr(work.now[number], change.part).rstrip()
        if said == change.before:
            work.tree.change(number, partial(_with, change=change))
        elif said != change.after:
            missed += 1
            work.left.append(Left(one, CHANGED_SINCE.format(part=change.part)))
    return missed < len(wanted) or not wanted


def _with(step: Step, change: Change) -> Step:
    if change.part == "title":
        return replace(step, title=on_one_line(change.after))
    return _WITH[change.part](step, change.after)


_WITH = {"command": with_command, "instruction": with_instruction, "expected": with_expected}


def _add(work: _Folding, step: StepState) -> str:
    """Puts an added step where the backout had it; returns why that is impossible, or "" if it was done."""
    number = work.tree.free(step.number)
    branch = Branch(added_step(number, step), [])
    before = _likes_before(work, step)
    if before:
        work.tree.put_behind(branch, before)
    elif step.parent:
        if work.numbers.get(step.parent, "") not in work.tree:
            return NO_PLACE
        work.tree.put_inside(branch, work.numbers[step.parent])
    elif step.option:
        if not work.tree.put_into_way(branch, step.option):
            return NO_WAY
    else:
        _add_beside_ways(work, step, branch)
    work.numbers[step.number] = number
    return ""


def _add_beside_ways(work: _Folding, step: StepState, branch: Branch) -> None:
    """Adds a step outside options that has no sibling before it: after the option before it, or else first of all."""
    tops = [work.numbers.get(one, "") for one in _before(work, step) if not work.backout.steps[one].parent]
    before = next((one for one in tops if one in work.tree), "")
    if before:
        work.tree.put_after_ways(branch, before)
    else:
        work.tree.put_first(branch)


def _put_where_it_ran(work: _Folding, step: StepState, number: str) -> None:
    """Puts a step of the plan after the sibling that ran before it, or first if none did."""
    before = _likes_before(work, step)
    branch = work.tree.take(number)
    if before:
        work.tree.put_behind(branch, before)
    elif work.numbers.get(step.parent, "") in work.tree:
        work.tree.put_inside(branch, work.numbers[step.parent])
    elif not (step.option and work.tree.put_into_way(branch, step.option)):
        work.tree.put_first(branch)


def _likes_before(work: _Folding, step: StepState) -> str:
    """The plan's number of the nearest earlier step with the same parent and option; "" if there is none."""
    for number in _before(work, step):
        one = work.backout.steps[number]
        if (one.parent, one.option) == (step.parent, step.option) and work.numbers.get(number, "") in work.tree:
            return work.numbers[number]
    return ""


def _before(work: _Folding, step: StepState) -> Iterable[str]:
    return reversed(work.order[: work.order.index(step.number)])


def _with_way(work: _Folding, plan: Plan, chosen: Sequence[Deviation]) -> Plan:
    """The plan with a note at the option that was chosen instead of its first."""
    if not chosen:
        return plan
    name = work.backout.chosen_option
    if not any(_is_way(part, name) for part in plan.parts):
        work.left += [Left(one, NO_WAY) for one in chosen]
        return plan
    work.taken[""] = tuple(chosen)
    said = on_one_line(chosen[-1].reason)
    note = f"In backout {work.backout.id} this way was chosen: {said}{'' if said.endswith(('.', '!', '?')) else '.'}"

    def noted(part: Part) -> Part:
        return replace(part, intro=f"{part.intro}\n\n{note}".strip()) if _is_way(part, name) else part

    return replace(plan, parts=tuple(map(noted, plan.parts)))


def _is_way(part: Part, name: str) -> bool:
    return part.kind == "option" and letter_of(part.name) == letter_of(name)

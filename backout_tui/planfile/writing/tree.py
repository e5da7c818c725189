"""The steps of a plan while they are rearranged: changed, taken out, moved. Their numbers stay."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from backout_tui.domain.backout.flatten import fence_steps
from backout_tui.domain.plan.plan import Part, Plan, Step
from backout_tui.domain.plan.texts import letter_after
from backout_tui.domain.values import replace
from backout_tui.planfile.reading.numbering import numbered
from backout_tui.planfile.writing.dropping import side_by_side


@dataclass
class Branch:
    """A step with the steps below it, in order."""

    step: Step
    below: list[Branch]


@dataclass
class _Run:
    """The steps of one part."""

    part: Part
    steps: list[Branch]


class Tree:
    """The steps of `plan`. Steps in `apart` become steps of their own, even if they are one of several fences."""

    def __init__(self, plan: Plan, apart: Collection[str] = ()) -> None:
        """Begins with the plan as it is."""
        self._plan = plan
        self._runs = [_Run(part, [_branch(step, apart) for step in part.steps]) for part in plan.parts]

    def __contains__(self, number: str) -> bool:
        """Whether there is a step with that number."""
        return any(branch.step.number == number for branches in self._lists() for branch in branches)

    def change(self, number: str, how: Callable[[Step], Step]) -> None:
        """Replaces a step with what `how` makes of it."""
        branches, at = self._place(number)
        branches[at].step = how(branches[at].step)

    def take(self, number: str) -> Branch:
        """Takes out a step with the steps below it, and returns it."""
        branches, at = self._place(number)
        return branches.pop(at)

    def put_behind(self, branch: Branch, number: str) -> None:
        """Puts it right after another step, at the same level."""
        branches, at = self._place(number)
        branches.insert(at + 1, branch)

    def put_inside(self, branch: Branch, number: str) -> None:
        """Puts it first among the steps below another."""
        branches, at = self._place(number)
        branches[at].below.insert(0, branch)

    def put_into_way(self, branch: Branch, name: str) -> bool:
        """Puts it first in one of the plan's options; returns whether there is an option with that name."""
        for run in self._runs:
            if run.part.kind == "option" and letter_of(run.part.name) == letter_of(name):
                run.steps.insert(0, branch)
                return True
        return False

    def put_first(self, branch: Branch) -> None:
        """Puts it before every step that belongs to no option."""
        run = next((run for run in self._runs if run.part.kind != "option"), None)
        if run is None:
            run = _Run(Part("", "", ()), [])
            self._runs.insert(0, run)
        run.steps.insert(0, branch)

    def put_after_ways(self, branch: Branch, number: str) -> None:
        """Puts it after the part that contains the step `number`, or at that part's end if its own number says so."""
        at = next(at for at, run in enumerate(self._runs) if any(one.step.number == number for one in run.steps))
        if branch.step.number.startswith(letter_of(self._runs[at].part.name)):
            self._runs[at].steps.append(branch)
        else:
            self._runs.insert(at + 1, _Run(Part("", "", ()), [branch]))

    def free(self, number: str) -> str:
        """`number`, if no step has it and a plan can write it; else the next one with a letter."""
        taken = {branch.step.number.casefold() for branches in self._lists() for branch in branches}
        if number.casefold() not in taken and numbered(f"{number}. x").name == number:
            return number
        stem = re.sub(r"\[.*?\]", "", number).rstrip("abcdefghijklmnopqrstuvwxyz")
        stem = stem if numbered(f"{stem}. x").name == stem else "1"
        after = {one.removeprefix(stem.casefold()).upper() for one in taken if one.startswith(stem.casefold())}
        return stem + letter_after(after).lower()

    def plan(self) -> Plan:
        """The plan with the steps as they are now; a part that lost all its steps is dropped."""
        kept = (run for run in self._runs if run.steps or not run.part.steps)
        parts = side_by_side(replace(run.part, steps=tuple(map(_step, run.steps))) for run in kept)
        return replace(self._plan, parts=parts)

    def _lists(self) -> Iterator[list[Branch]]:
        for run in self._runs:
            yield from _lists_in(run.steps)

    def _place(self, number: str) -> tuple[list[Branch], int]:
        for branches in self._lists():
            for at, branch in enumerate(branches):
                if branch.step.number == number:
                    return branches, at
        raise KeyError(number)


def letter_of(way: str) -> str:
    """The A of `A: roll back`, which identifies an option."""
    return way.partition(":")[0].strip()


def _lists_in(branches: list[Branch]) -> Iterator[list[Branch]]:
    yield branches
    for branch in branches:
        yield from _lists_in(branch.below)


def _branch(step: Step, apart: Collection[str]) -> Branch:
    fences = fence_steps(step)
    below = [_branch(child, apart) for child in step.children]
    if not any(one.number in apart for one in fences):
        return Branch(step, below)
    return Branch(replace(step, blocks=()), [*(Branch(one, []) for one in fences), *below])


def _step(branch: Branch) -> Step:
    return replace(branch.step, children=tuple(map(_step, branch.below)))

"""Conditions: the `only if` of a step, its groups, its option or its phase, asked before the step is started."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.values import replace


class Condition(Struct, frozen=True):
    """One `only if`, asked once for everything that it applies to.

    `of` says in words whose it is ("step 4", "option B: by hand", "phase Afterwards"). `step` is the number of the step
    that has it, "" if an option or a phase does. `answer` is yes, no, or "" while nobody has answered.
    """

    text: str
    of: str
    step: str = ""
    answer: str = ""

    @property
    def part(self) -> str:
        """The option or phase that has it, as events name it; "" if a step does."""
        return "" if self.step else self.of


def conditions_of(backout: Backout, step: StepState) -> tuple[Condition, ...]:
    """The conditions of `step`, outermost first. One that a sub-step inherits from its group counts once."""
    found = list(_of_part(backout, step))
    for one in line_of(backout, step):
        text = (one.fact("only if") or "").strip()
        if not text:
            continue
        if found and found[-1].step and found[-1].text == text:
            found[-1] = replace(found[-1], answer=found[-1].answer or one.condition)
        else:
            found.append(Condition(text, f"step {one.number}", one.number, one.condition))
    return tuple(found)


def open_condition(backout: Backout, step: StepState) -> Condition | None:
    """The first of the step's conditions that nobody has answered."""
    return next((one for one in conditions_of(backout, step) if not one.answer), None)


def asked_of(backout: Backout, step: StepState) -> Condition | None:
    """The condition that an answer for `step` answers: the first open one, else the innermost again; None if none."""
    found = conditions_of(backout, step)
    return next((one for one in found if not one.answer), found[-1] if found else None)


def part_of(step: StepState) -> str:
    """The option or phase that contains the step, as events name it; "" if neither does."""
    return f"option {step.option}" if step.option else f"phase {step.phase}" if step.phase else ""


def is_past(backout: Backout, condition: Condition) -> bool:
    """Whether no step is left for which the condition of a group, an option or a phase could still be answered."""
    part = condition.part
    return not any(
        leaf.state is StepStatus.PENDING or bool(part and is_left_out_by(leaf, part))
        for leaf in backout.leaves
        if (part_of(leaf) == part if part else condition.step in [one.number for one in line_of(backout, leaf)])
    )


def is_left_out_by(step: StepState, part: str) -> bool:
    """Whether the only reason that the step is not needed is that the condition of `part` doesn't hold."""
    return step.state is StepStatus.NOT_NEEDED and step.reason == reason_of(part)


def reason_of(part: str) -> str:
    """Why the steps of `part` are not needed after its condition was answered with no."""
    return f"the condition of {part} was answered: no"


def _of_part(backout: Backout, step: StepState) -> Iterator[Condition]:
    name = part_of(step)
    for part in backout.plan.parts if name else ():
        text = (part.fact("only if") or "").strip()
        if text and f"{part.kind} {part.name}" == name:
            yield Condition(text, name, "", backout.part_conditions.get(name, ""))
            return


def line_of(backout: Backout, step: StepState) -> list[StepState]:
    """The groups that contain the step, outermost first, and then the step itself."""
    line = [step]
    while (parent := backout.steps.get(line[0].parent)) is not None:
        line.insert(0, parent)
    return line

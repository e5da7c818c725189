"""Conditions: what `only if` of a step, of its groups, of its option or phase asks before the step is begun."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from backout_tui.domain.backout import Backout
from backout_tui.domain.items import StepState, StepStatus


@dataclass(frozen=True, slots=True)
class Condition:
    """One `only if`, asked once for all that it is said of.

    `of` says in words whose it is ("step 4", "option B: by hand", "phase Afterwards"); `step` is the number of the step
    that says it, "" when an option or a phase does. `answer` is yes, no, or "" while nobody has answered.
    """

    text: str
    of: str
    step: str = ""
    answer: str = ""

    @property
    def part(self) -> str:
        """The option or phase that says it, as events name it; "" for a step's own."""
        return "" if self.step else self.of


def conditions_of(backout: Backout, step: StepState) -> tuple[Condition, ...]:
    """What has to hold for `step`, the outermost first. What a sub-step inherits of its group is one condition."""
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
    """The first of them that nobody has answered."""
    return next((one for one in conditions_of(backout, step) if not one.answer), None)


def asked_of(backout: Backout, step: StepState) -> Condition | None:
    """The one that an answer for `step` answers: the first that is open, else, anew, its own; None without any."""
    found = conditions_of(backout, step)
    return next((one for one in found if not one.answer), found[-1] if found else None)


def part_of(step: StepState) -> str:
    """The option or phase that the step stands in, as events name it; "" for neither."""
    return f"option {step.option}" if step.option else f"phase {step.phase}" if step.phase else ""


def is_past(backout: Backout, condition: Condition) -> bool:
    """Whether no step is left for which a condition of a group, an option or a phase could still be answered."""
    part = condition.part
    return not any(
        leaf.state is StepStatus.PENDING or bool(part and is_left_out_by(leaf, part))
        for leaf in backout.leaves
        if (part_of(leaf) == part if part else condition.step in [one.number for one in line_of(backout, leaf)])
    )


def is_left_out_by(step: StepState, part: str) -> bool:
    """Whether the step is not needed because the condition of `part` does not hold, and for no other reason."""
    return step.state is StepStatus.NOT_NEEDED and step.reason == reason_of(part)


def reason_of(part: str) -> str:
    """Why the steps of `part` are not needed once its condition was answered with no."""
    return f"the condition of {part} was answered: no"


def _of_part(backout: Backout, step: StepState) -> Iterator[Condition]:
    name = part_of(step)
    for part in backout.plan.parts if name else ():
        text = (part.fact("only if") or "").strip()
        if text and f"{part.kind} {part.name}" == name:
            yield Condition(text, name, "", backout.part_conditions.get(name, ""))
            return


def line_of(backout: Backout, step: StepState) -> list[StepState]:
    """The step behind all the groups that it is a part of, the outermost first."""
    line = [step]
    while (parent := backout.steps.get(line[0].parent)) is not None:
        line.insert(0, parent)
    return line

"""Steps recorded by a person: done, failed, left out, changed, added, moved; options and conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backout_tui.domain.backout import conditions
from backout_tui.domain.backout.choices import DeviationKind, StepKind
from backout_tui.domain.backout.events import Event
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.payload import Beside, told
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.payloads.step_payloads import (
    Added,
    Answered,
    Begun,
    Changed,
    Done,
    Moved,
    OptionChosen,
    Resolved,
    StepReopened,
    WithReason,
)
from backout_tui.domain.backout.state import Backout, Deviation
from backout_tui.domain.backout.states import STEP, AttemptStatus, StepStatus
from backout_tui.domain.plan.criteria import Part
from backout_tui.domain.values import replace

_REOPENED = frozenset(DeviationKind(state) for state, row in STEP.items() if row.can_be_reopened)


def with_step(backout: Backout, number: str, **changes: Any) -> Backout:
    """The backout with one step changed and its groups' states derived again. An unknown number changes nothing."""
    step = backout.steps.get(number)
    if step is None:
        return backout
    steps = {**backout.steps, number: replace(step, **changes)}
    parent = step.parent
    while parent and parent in steps:
        steps[parent] = replace(steps[parent], state=_group_state(steps, parent))
        parent = steps[parent].parent
    return replace(backout, steps=steps)


def deviating(
    backout: Backout, event: Event, kind: DeviationKind, step: str, reason: str, ahead_of: tuple[str, ...] = ()
) -> Backout:
    """The backout with one more deviation from its plan, including who agreed and which problem it is for."""
    beside = event.says(Beside)
    deviation = Deviation(
        kind, step, reason, event.actor.name, event.when, event.seq, agreed=beside.agreed, problem=beside.problem,
        ahead_of=ahead_of,
    )  # fmt: skip
    return replace(backout, deviations=(*backout.deviations, deviation))


def reordered(backout: Backout, event: Event, said: Begun | Done) -> Backout:
    """Records a deviation if the step was started or finished out of order, with its reason."""
    if not (reason := said.out_of_order):
        return backout
    return deviating(backout, event, DeviationKind.REORDERED, said.step, reason, said.ahead_of)


def _group_state(steps: Mapping[str, StepState], parent: str) -> StepStatus:
    """A group is open while any part is, and done only if a part was done: its state is its parts' lowest rank."""
    return min((step.state for step in steps.values() if step.parent == parent), key=lambda state: STEP[state].rank)


def members(backout: Backout, number: str) -> list[str]:
    """The step itself, or the leaves of a group."""
    step = backout.steps.get(number)
    if step is None or step.kind is not StepKind.GROUP:
        return [number]
    children = [one.number for one in backout.steps.values() if one.parent == number]
    return [leaf for child in children for leaf in members(backout, child)]


def _family(backout: Backout, number: str) -> list[str]:
    """The step and, if it is a group, everything below it, in order."""
    children = [one.number for one in backout.steps.values() if one.parent == number]
    return [number, *(below for child in children for below in _family(backout, child))]


def _done(backout: Backout, event: Event) -> Backout:
    said = event.says(Done)
    number, note = said.step, said.note or said.reason
    backout = reordered(backout, event, said)
    by, when = event.actor.name, event.when
    backout = with_step(backout, number, state=StepStatus.DONE, reason=note, by=by, ended_at=when, ran=event.seq)
    if said.against_program:
        return deviating(backout, event, DeviationKind.WORKED_AROUND, number, note)
    return backout


def _failed(backout: Backout, event: Event) -> Backout:
    said, by = event.says(WithReason), event.actor.name
    how = {"state": StepStatus.FAILED, "reason": said.reason, "by": by, "ended_at": event.when, "ran": event.seq}
    return with_step(backout, said.step, **how)


def _left_out(backout: Backout, event: Event, state: StepStatus) -> Backout:
    number, reason = event.says(WithReason).step, event.says(WithReason).reason
    for member in members(backout, number):
        if STEP[backout.steps[member].state].can_be_left_out:
            ran = {"ran": event.seq} if STEP[state].begun else {}
            by, when = event.actor.name, event.when
            backout = with_step(backout, member, state=state, reason=reason, by=by, ended_at=when, **ran)
    return deviating(backout, event, DeviationKind(state), number, reason)


def _skipped(backout: Backout, event: Event) -> Backout:
    return _left_out(backout, event, StepStatus.SKIPPED)


def _worked_around(backout: Backout, event: Event) -> Backout:
    return _left_out(backout, event, StepStatus.WORKED_AROUND)


def _not_needed(backout: Backout, event: Event) -> Backout:
    return _left_out(backout, event, StepStatus.NOT_NEEDED)


def _reopened(backout: Backout, event: Event) -> Backout:
    number = event.says(StepReopened).step
    inside = members(backout, number)
    for member in inside:
        if STEP[backout.steps[member].state].can_be_reopened:
            backout = with_step(
                backout, member, state=StepStatus.PENDING, reason="", by="", ended_at=None, condition=""
            )
    backout = with_step(backout, number, condition="")  # a group's condition is asked again as a whole
    gone = {number, *inside}
    kept = tuple(d for d in backout.deviations if not (d.step in gone and d.kind in _REOPENED))
    return replace(backout, deviations=kept)


def _resolved(backout: Backout, event: Event) -> Backout:
    said = event.says(Resolved)
    state = {"done": StepStatus.DONE, "failed": StepStatus.FAILED, "not-started": StepStatus.PENDING}[said.as_]
    number = said.step
    attempts = backout.steps[number].attempts
    if attempts:
        attempts = (*attempts[:-1], replace(attempts[-1], state=AttemptStatus(said.as_.replace("-", "_"))))
    return with_step(
        backout, number, state=state, reason=said.reason, by=event.actor.name, attempts=attempts,
        ended_at=None if state is StepStatus.PENDING else event.when,
        **({} if state is StepStatus.PENDING else {"ran": event.seq}),
    )  # fmt: skip


def _changed(backout: Backout, event: Event) -> Backout:
    said = event.says(Changed)
    number, changes = said.step, told(said, "title", "instruction", "command", "expects")
    step = backout.steps[number]
    if changes.get("command") and step.kind is StepKind.MANUAL:
        changes["kind"] = StepKind.COMMAND
    # A changed command keeps its expectations unless they were changed too. A part that was entered anew is readable.
    mended = {part for part, name in ((Part.EXPECT, "expects"), (Part.FENCE, "command")) if name in changes}
    changes["unread"] = tuple(one for one in step.unread if one.part not in mended)
    changes["origin"] = "changed" if step.origin == "plan" else step.origin
    return deviating(with_step(backout, number, **changes), event, DeviationKind.CHANGED, number, said.reason)


def _added(backout: Backout, event: Event) -> Backout:
    said = event.says(Added)
    after = backout.steps.get(said.after)
    step = StepState(
        number=said.step,
        title=said.title,
        kind=StepKind.COMMAND if said.command else StepKind.MANUAL,
        command=said.command,
        instruction=said.instruction,
        origin="added",
        parent=after.parent if after else "",
        option=after.option if after else "",
        phase=after.phase if after else "",
    )
    backout = replace(backout, steps=_placed(backout.steps, [step], said.after))
    backout = with_step(backout, step.number)
    has_plan = bool(backout.plan.parts)
    return deviating(backout, event, DeviationKind.ADDED, step.number, said.reason) if has_plan else backout


def _placed(steps: Mapping[str, StepState], block: Sequence[StepState], after: str) -> dict[str, StepState]:
    """The steps with `block` placed after `after` and all that belongs to it; at the end if `after` is ""."""
    moving = {step.number for step in block}
    others = [one for one in steps.values() if one.number not in moving]
    place = len(others)
    if after:
        below = {after}
        for index, one in enumerate(others):
            if one.number == after or one.parent in below:
                below.add(one.number)
                place = index + 1
    others[place:place] = block
    return {one.number: one for one in others}


def _moved(backout: Backout, event: Event) -> Backout:
    said = event.says(Moved)
    number, after = said.step, said.after
    family = [backout.steps[member] for member in _family(backout, number)]
    backout = replace(backout, steps=_placed(backout.steps, family, after))
    return deviating(backout, event, DeviationKind.MOVED, number, said.reason)


def _option_chosen(backout: Backout, event: Event) -> Backout:
    said = event.says(OptionChosen)
    chosen = said.option
    expected = backout.chosen_option or (backout.options[0] if backout.options else chosen)
    backout = replace(backout, chosen_option=chosen)
    if chosen != expected:
        backout = deviating(backout, event, DeviationKind.OPTION, "", said.reason)
    for step in list(backout.leaves):
        if step.option and step.option != chosen and step.state is StepStatus.PENDING:
            backout = with_step(backout, step.number, state=StepStatus.NOT_NEEDED, reason=f"option {chosen} was chosen")
        elif step.option == chosen and step.state is StepStatus.NOT_NEEDED and not step.by:
            # Only the choice of another option left it out, not a person: with this one chosen, it is open again.
            backout = with_step(backout, step.number, state=StepStatus.PENDING, reason="")
    return backout


def _condition_answered(backout: Backout, event: Event) -> Backout:
    said = event.says(Answered)
    if said.part:
        return _part_answered(backout, event, said)
    number, answer = said.step, said.answer
    backout = with_step(backout, number, condition=answer)
    if answer == "yes":
        return backout
    for member in members(backout, number):
        if backout.steps[member].state is StepStatus.PENDING:
            reason = "its condition was answered: no"
            backout = with_step(backout, member, state=StepStatus.NOT_NEEDED, reason=reason, by=event.actor.name)
    return backout


def _part_answered(backout: Backout, event: Event, said: Answered) -> Backout:
    """Applies the answer to all the steps of an option or phase that nobody has started."""
    part, answer = said.part, said.answer
    backout = replace(backout, part_conditions={**backout.part_conditions, part: answer})
    out = {"state": StepStatus.NOT_NEEDED, "reason": conditions.reason_of(part), "by": event.actor.name}
    for step in [one for one in backout.leaves if conditions.part_of(one) == part]:
        if answer == "no" and step.state is StepStatus.PENDING:
            backout = with_step(backout, step.number, **out)
        elif answer == "yes" and conditions.is_left_out_by(step, part):
            backout = with_step(backout, step.number, state=StepStatus.PENDING, reason="", by="")
    return backout


APPLY: Mapping[str, Callable[[Backout, Event], Backout]] = {
    EventKind.STEP_DONE: _done,
    EventKind.STEP_FAILED: _failed,
    EventKind.STEP_SKIPPED: _skipped,
    EventKind.STEP_WORKED_AROUND: _worked_around,
    EventKind.STEP_NOT_NEEDED: _not_needed,
    EventKind.STEP_REOPENED: _reopened,
    EventKind.STEP_RESOLVED: _resolved,
    EventKind.STEP_CHANGED: _changed,
    EventKind.STEP_ADDED: _added,
    EventKind.STEP_MOVED: _moved,
    EventKind.OPTION_CHOSEN: _option_chosen,
    EventKind.CONDITION_ANSWERED: _condition_answered,
}

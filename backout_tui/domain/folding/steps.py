"""Steps by a person's word: done, failed, left out, changed, added, moved; options and conditions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from backout_tui.domain import conditions
from backout_tui.domain.backout import Backout, Deviation
from backout_tui.domain.events import Event
from backout_tui.domain.items import StepState, StepStatus

_OPEN = (StepStatus.PENDING, StepStatus.FAILED)
# A group is what the first of these is that any of its parts is: open while one is open, done only when one was done.
_GROUP_BY_ITS_PARTS = (
    StepStatus.IN_DOUBT, StepStatus.RUNNING, StepStatus.FAILED, StepStatus.PENDING,
    StepStatus.DONE, StepStatus.WORKED_AROUND, StepStatus.SKIPPED, StepStatus.NOT_NEEDED,
)  # fmt: skip


def with_step(backout: Backout, number: str, **changes: Any) -> Backout:
    """The backout with one step changed, and its groups derived again. A number unknown here changes nothing."""
    step = backout.steps.get(number)
    if step is None:
        return backout
    steps = {**backout.steps, number: replace(step, **changes)}
    parent = step.parent
    while parent and parent in steps:
        steps[parent] = replace(steps[parent], state=_group_state(steps, parent))
        parent = steps[parent].parent
    return replace(backout, steps=steps)


def deviating(backout: Backout, event: Event, kind: str, step: str, reason: str) -> Backout:
    """The backout with one more deviation from its plan, and with who agreed and which problem it is for."""
    beside = {name: str(event.data[name]) for name in ("agreed", "problem") if event.data.get(name)}
    deviation = Deviation(kind, step, reason, event.actor.name, event.when, event.seq, **beside)
    return replace(backout, deviations=(*backout.deviations, deviation))


def reordered(backout: Backout, event: Event) -> Backout:
    """A step that was begun or finished out of order by a reason is a deviation."""
    reason = event.data.get("out_of_order")
    return deviating(backout, event, "reordered", event.data["step"], reason) if reason else backout


def _group_state(steps: Mapping[str, StepState], parent: str) -> StepStatus:
    states = [step.state for step in steps.values() if step.parent == parent]
    return next(state for state in _GROUP_BY_ITS_PARTS if state in states)


def members(backout: Backout, number: str) -> list[str]:
    """The step itself, or the leaves of a group."""
    step = backout.steps.get(number)
    if step is None or step.kind != "group":
        return [number]
    children = [one.number for one in backout.steps.values() if one.parent == number]
    return [leaf for child in children for leaf in members(backout, child)]


def _family(backout: Backout, number: str) -> list[str]:
    """The step and, of a group, everything below it, in order."""
    children = [one.number for one in backout.steps.values() if one.parent == number]
    return [number, *(below for child in children for below in _family(backout, child))]


def _done(backout: Backout, event: Event) -> Backout:
    number, note = event.data["step"], event.data.get("note") or event.data.get("reason", "")
    backout = reordered(backout, event)
    backout = with_step(backout, number, state=StepStatus.DONE, reason=note, by=event.actor.name, ended_at=event.when)
    if event.data.get("against_program"):
        return deviating(backout, event, "worked_around", number, note)
    return backout


def _failed(backout: Backout, event: Event) -> Backout:
    return with_step(
        backout,
        event.data["step"],
        state=StepStatus.FAILED,
        reason=event.data["reason"],
        by=event.actor.name,
        ended_at=event.when,
    )


def _left_out(backout: Backout, event: Event, state: StepStatus) -> Backout:
    number, reason = event.data["step"], event.data["reason"]
    for member in members(backout, number):
        if backout.steps[member].state in _OPEN:
            backout = with_step(backout, member, state=state, reason=reason, by=event.actor.name, ended_at=event.when)
    return deviating(backout, event, state.value, number, reason)


def _skipped(backout: Backout, event: Event) -> Backout:
    return _left_out(backout, event, StepStatus.SKIPPED)


def _worked_around(backout: Backout, event: Event) -> Backout:
    return _left_out(backout, event, StepStatus.WORKED_AROUND)


def _not_needed(backout: Backout, event: Event) -> Backout:
    return _left_out(backout, event, StepStatus.NOT_NEEDED)


def _reopened(backout: Backout, event: Event) -> Backout:
    number = event.data["step"]
    inside = members(backout, number)
    for member in inside:
        if backout.steps[member].state in (StepStatus.SKIPPED, StepStatus.NOT_NEEDED):
            backout = with_step(
                backout, member, state=StepStatus.PENDING, reason="", by="", ended_at=None, condition=""
            )
    backout = with_step(backout, number, condition="")  # of a group it is asked again as a whole
    gone = {number, *inside}
    kept = tuple(d for d in backout.deviations if not (d.step in gone and d.kind in ("skipped", "not_needed")))
    return replace(backout, deviations=kept)


def _resolved(backout: Backout, event: Event) -> Backout:
    state = {"done": StepStatus.DONE, "failed": StepStatus.FAILED, "not-started": StepStatus.PENDING}[event.data["as"]]
    number = event.data["step"]
    attempts = backout.steps[number].attempts
    if attempts:
        attempts = (*attempts[:-1], replace(attempts[-1], state=event.data["as"].replace("-", "_")))
    return with_step(
        backout, number, state=state, reason=event.data["reason"], by=event.actor.name, attempts=attempts,
        ended_at=None if state is StepStatus.PENDING else event.when,
    )  # fmt: skip


def _changed(backout: Backout, event: Event) -> Backout:
    data = event.data
    number = data["step"]
    changes: dict[str, Any] = {name: data[name] for name in ("title", "instruction", "command") if name in data}
    step = backout.steps[number]
    if changes.get("command") and step.kind == "manual":
        changes["kind"] = "command"
    changes["origin"] = "changed" if step.origin == "plan" else step.origin
    return deviating(with_step(backout, number, **changes), event, "changed", number, data["reason"])


def _added(backout: Backout, event: Event) -> Backout:
    data = event.data
    command = data.get("command", "")
    after = backout.steps.get(data.get("after", ""))
    step = StepState(
        number=data["step"],
        title=data["title"],
        kind="command" if command else "manual",
        command=command,
        instruction=data.get("instruction", ""),
        origin="added",
        parent=after.parent if after else "",
        option=after.option if after else "",
        phase=after.phase if after else "",
    )
    backout = replace(backout, steps=_placed(backout.steps, [step], data.get("after", "")))
    backout = with_step(backout, step.number)
    has_plan = bool(backout.plan.parts)
    return deviating(backout, event, "added", step.number, data.get("reason", "")) if has_plan else backout


def _placed(steps: Mapping[str, StepState], block: Sequence[StepState], after: str) -> dict[str, StepState]:
    """The steps with `block` behind `after` and behind all that belongs to it; at the end when there is no `after`."""
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
    data = event.data
    number, after = data["step"], data["after"]
    family = [backout.steps[member] for member in _family(backout, number)]
    backout = replace(backout, steps=_placed(backout.steps, family, after))
    return deviating(backout, event, "moved", number, data["reason"])


def _option_chosen(backout: Backout, event: Event) -> Backout:
    chosen = event.data["option"]
    expected = backout.chosen_option or (backout.options[0] if backout.options else chosen)
    backout = replace(backout, chosen_option=chosen)
    if chosen != expected:
        backout = deviating(backout, event, "option", "", event.data.get("reason", ""))
    for step in list(backout.leaves):
        if step.option and step.option != chosen and step.state is StepStatus.PENDING:
            backout = with_step(backout, step.number, state=StepStatus.NOT_NEEDED, reason=f"option {chosen} was chosen")
        elif step.option == chosen and step.state is StepStatus.NOT_NEEDED and not step.by:
            # Nobody's word made it so, only the choice of another option: with this one it is open again.
            backout = with_step(backout, step.number, state=StepStatus.PENDING, reason="")
    return backout


def _condition_answered(backout: Backout, event: Event) -> Backout:
    if event.data.get("part"):
        return _part_answered(backout, event)
    number, answer = event.data["step"], event.data["answer"]
    backout = with_step(backout, number, condition=answer)
    if answer == "yes":
        return backout
    for member in members(backout, number):
        if backout.steps[member].state is StepStatus.PENDING:
            reason = "its condition was answered: no"
            backout = with_step(backout, member, state=StepStatus.NOT_NEEDED, reason=reason, by=event.actor.name)
    return backout


def _part_answered(backout: Backout, event: Event) -> Backout:
    """What holds, or does not, for all the steps of an option or phase that nobody has begun."""
    part, answer = event.data["part"], event.data["answer"]
    backout = replace(backout, part_conditions={**backout.part_conditions, part: answer})
    out = {"state": StepStatus.NOT_NEEDED, "reason": conditions.reason_of(part), "by": event.actor.name}
    for step in [one for one in backout.leaves if conditions.part_of(one) == part]:
        if answer == "no" and step.state is StepStatus.PENDING:
            backout = with_step(backout, step.number, **out)
        elif answer == "yes" and conditions.is_left_out_by(step, part):
            backout = with_step(backout, step.number, state=StepStatus.PENDING, reason="", by="")
    return backout


APPLY = {
    "StepDone": _done,
    "StepFailed": _failed,
    "StepSkipped": _skipped,
    "StepWorkedAround": _worked_around,
    "StepNotNeeded": _not_needed,
    "StepReopened": _reopened,
    "StepResolved": _resolved,
    "StepChanged": _changed,
    "StepAdded": _added,
    "StepMoved": _moved,
    "OptionChosen": _option_chosen,
    "ConditionAnswered": _condition_answered,
}

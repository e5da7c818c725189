"""Steps, recorded by a person: done, failed, left out, changed, added, moved, resolved; options, conditions, values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.conditions import asked_of
from backout_tui.domain.backout.events import Draft
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import come_first
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import StepStatus
from backout_tui.domain.plan.expectations import why_unread
from backout_tui.domain.plan.typed import as_expectation
from backout_tui.domain.refusal import BREAK_GLASS, REASON, TICKS, Refusal
from backout_tui.domain.rules import gates, obstacles
from backout_tui.engine.operator import Operator, Receipt, refuse
from backout_tui.engine.verbs import glass
from backout_tui.engine.verbs.beside import ALONE, Beside
from backout_tui.engine.verbs.ids import said, step_number, step_of, variable_name
from backout_tui.engine.verbs.prerequisite_verbs import NOT_ASKED, Ticked, rest_of
from backout_tui.errors import BackoutError, Refused


def lifting(reason: str, *, break_glass: bool) -> frozenset[str]:
    """What the operator offers to lift the gates."""
    if break_glass:
        said(reason, "the reason for breaking the glass")
    offered = {REASON, TICKS} if reason.strip() else set()
    return frozenset(offered | ({BREAK_GLASS} if break_glass else set()))


def before_step(backout: Backout, step: StepState, verb: str, reason: str, *, break_glass: bool) -> list[Draft]:
    """The break-glass to record before a verb on `step`, if the decision for it is missing."""
    needed = break_glass and obstacles.undecided(backout, step) is not None
    return glass.broken(backout, f"{verb} step {step.number}", reason) if needed else []


def why_given(
    backout: Backout, step: StepState, reason: str, beside: Beside = ALONE, first: Sequence[Draft] = ()
) -> dict[str, Any]:
    """The entries of an event that hold its reason; for a *reordered* deviation also the steps that come first.

    `first` comes before the event: a reason that was spent there is not the step's own, unless it goes out of order.
    """
    more = beside.entries(backout)
    if waiting := come_first(backout, step):
        return {"out_of_order": reason.strip(), "ahead_of": [one.number for one in waiting], **more}
    own = rest_of(reason, first).strip()
    return {"reason": own, **more} if own else more


def done(
    op: Operator,
    number: str,
    note: str = "",
    reason: str = "",
    *,
    beside: Beside = ALONE,
    break_glass: bool = False,
    ticked: Ticked = NOT_ASKED,
) -> Receipt:
    """Record that a step is done; for a command or a failed step this puts a person's word above the program's.

    `ticked` is what the confirmation of the first step was told of *Before you start*.
    """
    lifted = lifting(reason, break_glass=break_glass) | ticked.lifts

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refuse(gates.why_not_finish(ticked.applied(backout), step.number, note=note, lifted=lifted))
        first = ticked.drafts(backout, step, reason)
        given = why_given(backout, step, reason, beside, first)
        data: dict[str, Any] = {"step": step.number, "note": note.strip(), **given}
        if step.kind is StepKind.COMMAND or step.state is StepStatus.FAILED:
            data["against_program"] = True
        before = before_step(backout, step, "run", reason, break_glass=break_glass)
        return [*first, *before, Draft(EventKind.STEP_DONE, data)]

    return op.append(drafts)


def fail(op: Operator, number: str, reason: str) -> Receipt:
    """Record that a step has failed."""
    return _by_reason(op, number, reason, EventKind.STEP_FAILED, gates.why_not_fail)


def reopen(op: Operator, number: str, reason: str) -> Receipt:
    """Reopen a step that was skipped or marked not needed."""
    return _by_reason(op, number, reason, EventKind.STEP_REOPENED, gates.why_not_reopen_step)


def skip(op: Operator, number: str, reason: str, *, beside: Beside = ALONE, break_glass: bool = False) -> Receipt:
    """Skip a step."""
    return _leave_out(op, number, reason, beside, StepStatus.SKIPPED, EventKind.STEP_SKIPPED, break_glass=break_glass)


def work_around(
    op: Operator, number: str, reason: str, *, beside: Beside = ALONE, break_glass: bool = False
) -> Receipt:
    """Record that a step's purpose was reached in another way."""
    return _leave_out(
        op, number, reason, beside, StepStatus.WORKED_AROUND, EventKind.STEP_WORKED_AROUND, break_glass=break_glass
    )


def not_needed(op: Operator, number: str, reason: str, *, beside: Beside = ALONE, break_glass: bool = False) -> Receipt:
    """Record that a step is not needed."""
    return _leave_out(
        op, number, reason, beside, StepStatus.NOT_NEEDED, EventKind.STEP_NOT_NEEDED, break_glass=break_glass
    )


def change(
    op: Operator,
    number: str,
    *,
    title: str | None = None,
    command: str | None = None,
    instruction: str | None = None,
    expects: Sequence[str] | None = None,
    reason: str,
    beside: Beside = ALONE,
) -> Receipt:
    """Change a step in this backout; the plan stays as it is.

    `expects` is everything that its output must contain from now on, literals or patterns between slashes; None keeps
    the present ones.
    """
    reason = said(reason, "the reason")
    given = {"title": title, "command": command, "instruction": instruction}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    if expects is not None:
        changes["expects"] = [expectation(one) for one in expects]
    if not changes:
        raise BackoutError("nothing to change was given", todo="Give a title, a command, an instruction, or an Expect.")
    if title is not None:
        changes["title"] = said(title, "the title")
    if command is not None and not command.strip():
        raise BackoutError("the command is blank", todo="Skip the step, or give it a command.")

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refuse(gates.why_not_change(backout, step.number))
        if changes.get("expects") and not (changes.get("command") or step.command):
            raise Refused(f"Step {step.number} has no command whose output could be looked at. Give it one as well.")
        data = {"step": step.number, **changes, "reason": reason, **beside.entries(backout)}
        return [Draft(EventKind.STEP_CHANGED, data)]

    return op.append(drafts)


def expectation(typed: str) -> str:
    """The recorded form of an expectation that somebody typed: a literal, or a pattern between slashes.

    Raises BackoutError for one that cannot be searched for: blank, several lines, or an invalid pattern.
    """
    text = typed.strip()
    meant = len(text) > 1 and text[0] == text[-1] and text[0] in "/`"
    if not text or "\n" in text or "\r" in text:
        raise BackoutError(
            "what it must print has to be one line, and not blank", todo="Give each line one of its own."
        )
    if why := why_unread(text if meant else as_expectation(text)):
        raise BackoutError(why)
    return text if meant else as_expectation(text)


def add(
    op: Operator,
    title: str,
    *,
    after: str = "",
    command: str = "",
    instruction: str = "",
    reason: str = "",
    beside: Beside = ALONE,
) -> Receipt:
    """Add a step to this backout, after the step `after` or at the end. If the plan has steps it needs a reason."""
    title = said(title, "the step's title")
    created = ""

    def drafts(backout: Backout) -> list[Draft]:
        nonlocal created
        if backout.plan.parts:
            said(reason, "the reason")
        behind = step_of(backout, after).number if after else ""
        created = step_number(backout, behind)
        made = command if command.strip() else ""
        data = {"step": created, "title": title, "after": behind, "command": made, "instruction": instruction}
        return [Draft(EventKind.STEP_ADDED, {**data, "reason": reason.strip(), **beside.entries(backout)})]

    receipt = op.append(drafts)
    return Receipt(receipt.event, created, receipt.backout)


def move(op: Operator, number: str, after: str, reason: str, beside: Beside = ALONE) -> Receipt:
    """Move a step after another one; it keeps its number."""
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        step, behind = step_of(backout, number), step_of(backout, after)
        refuse(gates.why_not_move(backout, step.number, behind.number))
        data = {"step": step.number, "after": behind.number, "reason": reason, **beside.entries(backout)}
        return [Draft(EventKind.STEP_MOVED, data)]

    return op.append(drafts)


def resolve(op: Operator, number: str, as_: str, reason: str) -> Receipt:
    """Record the true state of a step in doubt: done, failed or not-started."""
    if as_ not in ("done", "failed", "not-started"):
        raise BackoutError(f"a step cannot be {as_}", todo="It is one of: done, failed, not-started.")
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refuse(gates.why_not_resolve(backout, step.number))
        return [Draft(EventKind.STEP_RESOLVED, {"step": step.number, "as": as_, "reason": reason})]

    return op.append(drafts)


def answer(op: Operator, number: str, answered: str) -> Receipt:
    """Answer the `only if` of a step, or of its option, phase or group; no makes the steps not needed."""
    if answered not in ("yes", "no"):
        raise BackoutError("a condition is answered yes or no")

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refuse(gates.why_not_answer(backout, step.number))
        asked = asked_of(backout, step)
        assert asked is not None, "the gate lets nothing through that has no condition"
        of_part = {"part": asked.part} if asked.part else {}
        return [Draft(EventKind.CONDITION_ANSWERED, {"step": asked.step or step.number, "answer": answered, **of_part})]

    return op.append(drafts)


def choose_option(op: Operator, name: str, reason: str, beside: Beside = ALONE) -> Receipt:
    """Choose one of the plan's exclusive options, by name or letter; the steps of the others become not needed."""
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        option = _option(backout, name)
        refuse(gates.why_not_choose(backout, option))
        return [Draft(EventKind.OPTION_CHOSEN, {"option": option, "reason": reason, **beside.entries(backout)})]

    return op.append(drafts)


def set_variable(op: Operator, name: str, value: str, reason: str = "") -> Receipt:
    """Set a variable in this backout. A secret cannot be set here, because secrets are never recorded."""
    name = variable_name(name)

    def drafts(backout: Backout) -> list[Draft]:
        if any(variable.secret and variable.name == name for variable in backout.plan.variables):
            raise Refused(f"{name} is a secret: it is asked for when it is needed, and never recorded.")
        return [Draft(EventKind.VARIABLE_SET, {"name": name, "value": value, "reason": reason.strip()})]

    return op.append(drafts)


def _option(backout: Backout, name: str) -> str:
    wanted = name.strip().casefold()
    for option in backout.options:
        if wanted in (option.casefold(), option.partition(":")[0].strip().casefold()):
            return option
    raise BackoutError(f"there is no option {name}", todo=f"There are: {', '.join(backout.options) or 'none'}.")


def _by_reason(
    op: Operator, number: str, reason: str, kind: str, gate: Callable[[Backout, str], Refusal | None]
) -> Receipt:
    reason = said(reason, "the reason")

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refuse(gate(backout, step.number))
        return [Draft(kind, {"step": step.number, "reason": reason})]

    return op.append(drafts)


def _leave_out(
    op: Operator, number: str, reason: str, beside: Beside, state: StepStatus, kind: str, *, break_glass: bool
) -> Receipt:
    reason = said(reason, "the reason")
    lifted = lifting(reason, break_glass=break_glass)

    def drafts(backout: Backout) -> list[Draft]:
        step = step_of(backout, number)
        refused = gates.why_not_leave_out(backout, step.number, state, op.actor.name)
        if refused is not None and refused.lifted_by not in lifted:
            refuse(refused)
        needed = break_glass and refused is not None
        before = glass.broken(backout, f"leave out required step {step.number}", reason) if needed else []
        return [*before, Draft(kind, {"step": step.number, "reason": reason, **beside.entries(backout)})]

    return op.append(drafts)

"""What stands in the way of one step: the pieces of which its gates are made. contract.md section 5."""

from __future__ import annotations

from backout_tui.domain import capturing, loops, repeating
from backout_tui.domain.backout import Backout
from backout_tui.domain.conditions import line_of, open_condition
from backout_tui.domain.items import SETTLED, StepState, StepStatus
from backout_tui.domain.order import waits_for
from backout_tui.domain.refusal import BREAK_GLASS, CHOICE, CONDITION, REASON, Refusal


def undecided(backout: Backout, step: StepState) -> Refusal | None:
    """Whether a decision to back out is missing for this step."""
    if step.says("before the decision"):
        return None
    if backout.decision is None:
        return Refusal("Nobody has decided to back out yet. Take the decision first (D).", BREAK_GLASS)
    if backout.decision.kind != "back-out":
        return Refusal(f"The decision is to {backout.decision.kind}, not to back out. Decide anew (D).", BREAK_GLASS)
    return None


def out_of_order(backout: Backout, step: StepState) -> Refusal | None:
    """Whether a step it waits for is open. Running or in doubt is never lifted."""
    waiting = [one for one in waits_for(backout, step) if one.state not in SETTLED]
    for one in waiting:
        if one.state is StepStatus.RUNNING:
            return Refusal(f"Step {one.number} is still running.")
        if one.state is StepStatus.IN_DOUBT:
            return Refusal(f"Step {one.number} is in doubt. Say first what is true of it (Enter on it).")
    if waiting:
        one = waiting[0]
        state = "has failed" if one.state is StepStatus.FAILED else "comes first"
        return Refusal(f"Step {one.number} {state}. Going on out of order needs a reason.", REASON)
    return None


def not_chosen(backout: Backout, step: StepState) -> Refusal | None:
    """Whether the step belongs to an option that was not chosen, or to one of several that still have to be."""
    if not step.option or step.option == backout.chosen_option:
        return None
    if backout.chosen_option:
        return Refusal(f"Option {backout.chosen_option} was chosen; this step belongs to {step.option}.")
    return Refusal(f"Choose one of the options first (option-choose): {', '.join(backout.options)}.", CHOICE)


def unreadable(backout: Backout, step: StepState) -> Refusal | None:
    """Whether the plan says of how the command is run what cannot be done."""
    loop = next((wrong for one in line_of(backout, step) if (wrong := loops.why_no_items(one))), "")
    wrong = loop or repeating.why_not_read(step) or capturing.why_not_captured(backout.plan, step)
    how = "Do it by hand and say done with a note (d), or skip it (s)."
    return Refusal(f"Step {step.number} is not run as it is planned: {wrong}. {how}") if wrong else None


def unanswered(backout: Backout, step: StepState) -> Refusal | None:
    """Whether an `only if` that the step hangs on is open; of a step that has failed it is past."""
    asked = open_condition(backout, step) if step.state is not StepStatus.FAILED else None
    if asked is None:
        return None
    whose = f"{asked.of[:1].upper()}{asked.of[1:]}"
    how = f"step-condition {step.number} yes or no"
    return Refusal(f"{whose} is meant only if {asked.text}. Say first whether that holds: {how}.", CONDITION)


def in_parts(step: StepState) -> Refusal | None:
    """Whether it is done by its sub-steps."""
    if step.kind != "group":
        return None
    return Refusal(f"Step {step.number} is done by its sub-steps: do these.")


def not_open(step: StepState) -> Refusal | None:
    """Whether it runs, is in doubt, or is settled."""
    words = {
        StepStatus.RUNNING: "is running. Wait for it, or stop it (x).",
        StepStatus.IN_DOUBT: "is in doubt. Say first what is true of it (Enter on it).",
        StepStatus.DONE: "is done.",
        StepStatus.SKIPPED: "was skipped. Reopen it first (u).",
        StepStatus.WORKED_AROUND: "was worked around.",
        StepStatus.NOT_NEEDED: "is not needed. Reopen it first (u).",
    }.get(step.state)
    return Refusal(f"Step {step.number} {words}") if words else None


def not_runnable(step: StepState, *, alive: bool) -> Refusal | None:
    """As `not_open`; but a step in doubt that is safe to repeat can be run again, once nothing of it lives."""
    if step.state is not StepStatus.IN_DOUBT or not step.says("safe to repeat"):
        return not_open(step)
    process = step.attempt.pid if step.attempt is not None and alive else None
    words = f"is still alive: process {process}. Wait for its end, or end it there; then run it again (r)."
    return Refusal(f"Step {step.number} {words}") if alive else None

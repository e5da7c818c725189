"""What stands in the way of one step: the pieces from which its gates are made. contract.md section 5."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from backout_tui.domain.backout import capturing, repeating
from backout_tui.domain.backout.choices import DecisionKind, StepKind
from backout_tui.domain.backout.conditions import line_of, open_condition
from backout_tui.domain.backout.holders import Holder
from backout_tui.domain.backout.items import StepState
from backout_tui.domain.backout.order import come_first, listed
from backout_tui.domain.backout.payloads.kinds import EventKind
from backout_tui.domain.backout.runs import Run, named
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import STEP, StepStatus
from backout_tui.domain.backout.whereabouts import Reach
from backout_tui.domain.plan import loops
from backout_tui.domain.plan.criteria import Part, why_no_command
from backout_tui.domain.refusal import BREAK_GLASS, CHOICE, CONDITION, REASON, Refusal


def undecided(backout: Backout, step: StepState) -> Refusal | None:
    """Refuses if the step needs a decision to back out and there is none."""
    if step.says("before the decision"):
        return None
    if backout.decision is None:
        return Refusal("Nobody has decided to back out yet. Record the decision first (D).", BREAK_GLASS)
    if backout.decision.kind is not DecisionKind.BACK_OUT:
        return Refusal(
            f"The decision is to {backout.decision.kind}, not to back out. Record a new decision (D).", BREAK_GLASS
        )
    return None


def out_of_order(backout: Backout, step: StepState) -> Refusal | None:
    """Refuses if steps it waits for are open, and names them. Nothing lifts this for one that runs or is in doubt."""
    waiting = come_first(backout, step)
    for one in waiting:
        if held := STEP[one.state].holds_others:
            return Refusal(f"Step {one.number} {held}")
    if waiting:
        if len(waiting) == 1:
            first = _come_first(waiting)
            return Refusal(f"{first[:1].upper()}{first[1:]}. Going out of order needs a reason.", REASON)
        return Refusal(f"Going out of order needs a reason: {_come_first(waiting)}.", REASON)
    return None


def _come_first(waiting: Sequence[StepState]) -> str:
    """`step 1 comes first`, `step 3 has failed, and steps 1 and 2 come first`."""
    failed = [one.number for one in waiting if one.state is StepStatus.FAILED]
    others = [one.number for one in waiting if one.state is not StepStatus.FAILED]
    said = [f"{listed(failed)} {'has' if len(failed) == 1 else 'have'} failed"] if failed else []
    said += [f"{listed(others)} {'comes' if len(others) == 1 else 'come'} first"] if others else []
    return ", and ".join(said)


def not_chosen(backout: Backout, step: StepState) -> Refusal | None:
    """Refuses if the step belongs to an option that was not chosen, or if one has to be chosen first."""
    if not step.option or step.option == backout.chosen_option:
        return None
    if backout.chosen_option:
        return Refusal(f"Option {backout.chosen_option} was chosen; this step belongs to {step.option}.")
    return Refusal(f"Choose one of the options first (option-choose): {', '.join(backout.options)}.", CHOICE)


def unreadable(backout: Backout, step: StepState) -> Refusal | None:
    """Refuses if the plan's text on how to run the command, or how to judge its result, cannot be read."""
    line = line_of(backout, step)
    if wrong := _unreadable_fact(backout, step, line):
        how = "Do the step by hand and say done with a note (d), or skip it (s)."
        return Refusal(f"Step {step.number} cannot run as planned: {wrong}. {how}")
    # Skip the groups that are loops: their items have the same text.
    above = [one for group in line[:-1] if not loops.items_of(group) for one in group.unread]
    for one in (*step.unread, *above):
        how = _MENDED[Part(one.part) if one in step.unread else Part.PLAN].format(number=step.number)
        return Refusal(f"Step {step.number} cannot run, because nobody would know whether it worked: {one}. {how}")
    return None


_MENDED = {
    Part.EXPECT: "Say what it must print (c, or step-change {number} --expect TEXT --reason WHY), or fix the plan.",
    Part.FENCE: "Enter the command again (c, or step-change {number} --command TEXT --reason WHY), or fix the plan.",
    Part.PLAN: "Fix the plan and start from it; or do the step by hand and say done with a note (d), or skip it (s).",
}


def _unreadable_fact(backout: Backout, step: StepState, line: Sequence[StepState]) -> str:
    """What is wrong with a fact about running the command, and its line in the plan; "" if nothing is."""
    of_loop = (("for each", one, loops.why_no_items(one)) for one in line)
    own = (
        ("until", step, repeating.why_not_read(step)),
        ("capture", step, capturing.why_not_captured(backout.plan, step)),
        ("rehearse", step, "" if backout.live else why_no_command(step, "rehearse")),
    )
    for key, one, wrong in (*of_loop, *own):
        if wrong:
            at = next((fact.line for fact in one.facts if fact.key == key), 0)
            return f"line {at}: {wrong}" if at else wrong
    return ""


def against_command(
    what: str, missing: Collection[str], wrong: Collection[str], otherwise: str
) -> tuple[Refusal | None, Refusal | None]:
    """Refuses if the command of `what` is not filled in, or the check finds an error in it; else do `otherwise`."""
    return _not_filled(what, missing, otherwise), _mistaken(what, wrong, otherwise)


def _not_filled(what: str, missing: Collection[str], otherwise: str) -> Refusal | None:
    """Nothing lifts it: the command would run as something else than is written."""
    if not missing:
        return None
    names = [word for word in (one.partition(" ")[0] for one in missing) if word.isidentifier()]
    which = names[0] if len(names) == 1 else "them"
    how = f"set {which} (var-set {names[0]} VALUE), or {otherwise}" if names else otherwise
    return Refusal(f"{what} is not filled in: {', '.join(missing)}. {_sentence(how)}.")


def _mistaken(what: str, wrong: Collection[str], otherwise: str) -> Refusal | None:
    if not wrong:
        return None
    count = "an error" if len(wrong) == 1 else "errors"
    where = f"{what[:1].lower()}{what[1:]}"
    words = f"plan check finds {count} in {where}: {'; '.join(wrong)}. {_sentence(otherwise)}, or give a reason."
    return Refusal(words, REASON)


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def unanswered(backout: Backout, step: StepState) -> Refusal | None:
    """Refuses if an `only if` of the step is unanswered; after the step has failed it no longer matters."""
    asked = open_condition(backout, step) if step.state is not StepStatus.FAILED else None
    if asked is None:
        return None
    whose = f"{asked.of[:1].upper()}{asked.of[1:]}"
    how = f"step-condition {step.number} yes or no"
    return Refusal(f"{whose} applies only if {asked.text}. First say whether that is so: {how}.", CONDITION)


def in_parts(step: StepState) -> Refusal | None:
    """Refuses if the step is done by its sub-steps."""
    if step.kind is not StepKind.GROUP:
        return None
    return Refusal(f"Step {step.number} consists of sub-steps: do those.")


def not_open(step: StepState) -> Refusal | None:
    """Refuses if it is running, in doubt, or settled."""
    words = STEP[step.state].why_not_begun
    return Refusal(f"Step {step.number} {words}") if words else None


def not_runnable(step: StepState, *, alive: bool) -> Refusal | None:
    """Like `not_open`, except that a step in doubt that is safe to repeat can run again once its process is gone."""
    if step.state is not StepStatus.IN_DOUBT or not step.says("safe to repeat"):
        return not_open(step)
    process = step.attempt.pid if step.attempt is not None and alive else None
    words = f"is still alive: process {process}. Wait until it ends, or end it there; then run it again (r)."
    return Refusal(f"Step {step.number} {words}") if alive else None


def can_be_asked(backout: Backout, run: Run, reach: Reach | None) -> Refusal | None:
    """Refuses if the run can be asked from here, so that nobody has to declare it in doubt."""
    name = named(backout, run)
    name = f"{name[:1].upper()}{name[1:]}"
    if reach is Reach.LIVES:
        ways = {
            EventKind.STEP_STARTED: f"Stop it with x (step-stop {run.item[1]})",
            EventKind.MESSAGE_SENDING: "Its outcome comes soon",
        }
        return Refusal(f"{name} runs here, so it can be asked. {ways.get(run.kind, 'Wait until it ends')}.")
    if reach is Reach.OVER:
        return Refusal(f"{name} has ended, and its outcome is about to be recorded. Look again in a moment.")
    return None


def session_answers(who: str, holder: Holder) -> Refusal | None:
    """Refuses if the session of `who`, the holder, lives or is known to be gone, so nobody has to declare it gone."""
    words = {
        Holder.LIVES: f"The session of {who} lives here. Ask for the controls (T, or take-over --ask).",
        Holder.GONE: f"The session of {who} is gone already. Take the controls with a reason (T).",
    }.get(holder)
    return Refusal(words) if words else None

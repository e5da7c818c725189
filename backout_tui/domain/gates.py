"""The gates: why something may not be done now, in words, and what lifts it. contract.md section 5.

Each `why_not_...` returns None when it may be done. `lifted` holds what the operator offers: "reason", "break-glass".
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from backout_tui.domain.backout import OUTCOMES, Backout
from backout_tui.domain.conditions import asked_of, is_past
from backout_tui.domain.controls import Asking
from backout_tui.domain.holding import held_otherwise
from backout_tui.domain.items import CheckState, MessageState, StepStatus
from backout_tui.domain.judgement import may_authorise
from backout_tui.domain.obstacles import (
    in_parts,
    not_chosen,
    not_open,
    not_runnable,
    out_of_order,
    unanswered,
    undecided,
    unreadable,
)
from backout_tui.domain.order import is_required
from backout_tui.domain.outstanding import in_doubt, left_open, under_way, unproven
from backout_tui.domain.refusal import BREAK_GLASS, NOTHING, REASON, Refusal, first
from backout_tui.domain.rehearsing import way_of

# ── the controls ──────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_act(
    backout: Backout, name: str, *, holder_lives: bool, gone: bool = False, session: str | None = None
) -> Refusal | None:
    """Why `name` may not write into this backout: closed, or they have not the controls (see `why_no_controls`)."""
    if backout.closed_at is not None:
        return Refusal("This backout is closed. Reopen it with a reason to change it.")
    return why_no_controls(backout, name, holder_lives=holder_lives, gone=gone, session=session)


def why_no_controls(
    backout: Backout, name: str, *, holder_lives: bool, gone: bool = False, session: str | None = None
) -> Refusal | None:
    """Why `name` has not the controls (`holding.held_otherwise` says what is asked). Free: they have them."""
    words = held_otherwise(backout.lease, name, holder_lives=holder_lives, gone=gone, session=session)
    return Refusal(words) if words else None


def why_not_ask(backout: Backout, name: str, no_controls: Refusal | None, *, holder_lives: bool) -> Refusal | None:
    """Why there is nobody to ask for the controls; `no_controls` says why `name` has them not."""
    lease = backout.lease
    if backout.closed_at is not None:
        return no_controls
    if no_controls is None or lease is None or lease.actor.name == name:
        return Refusal("Nobody has to be asked: the controls are yours to take (T).")
    return None if holder_lives else Refusal("There is nobody to ask: take the controls with a reason (T).")


def why_not_take(backout: Backout, *, mine: bool) -> Refusal | None:
    """Why the controls cannot be taken: there is nothing to do any more, or they are here already."""
    if backout.closed_at is not None:
        return Refusal("This backout is closed. Reopen it with a reason to change it.")
    return Refusal("You have the controls already.") if mine else None


def why_not_answer_asking(asking: Asking | None) -> Refusal | None:
    """Agreeing, and keeping the controls, need somebody who asks for them."""
    return None if asking is not None else Refusal("Nobody asks for the controls.")


def why_not_hand_over(backout: Backout, name: str) -> Refusal | None:
    """Only who had the controls last hands them over."""
    lease = backout.lease
    if lease is None or lease.actor.name != name:
        return Refusal("You have not the controls: there is nothing to hand over.")
    return Refusal("The controls are handed over already.") if lease.handed is not None else None


def why_not_approve(unconfirmed: Sequence[str]) -> Refusal | None:
    """Why a plan may not be approved: what it inherited has to be confirmed for this release, item by item."""
    if not unconfirmed:
        return None
    count = "1 item is" if len(unconfirmed) == 1 else f"{len(unconfirmed)} items are"
    how = "Confirm, change or drop each first: r in its screen, or plan confirm."
    return Refusal(f"{count} not confirmed: {', '.join(unconfirmed)}. {how}")


def why_not_fold_back(backout_id: int, deviations: int, left: int, how: str) -> Refusal | None:
    """Why the deviations of a backout are not folded back into its plan, nor dismissed.

    `left` of them nobody has dealt with; `how` the others were.
    """
    if not deviations:
        return Refusal(f"Backout {backout_id} has nothing to fold back: it does not depart from its plan.")
    if not left:
        return Refusal(f"What backout {backout_id} has to fold back was {how} already.")
    return None


def why_not_start(
    *, stored: bool, approved: bool, unconfirmed: int = 0, lifted: Collection[str] = NOTHING
) -> Refusal | None:
    """Why a plan may not be started: a stored one has to be approved, with nothing unconfirmed in it.

    A file is started as it is, and marked.
    """
    if not stored or approved:
        return None
    state = f"not confirmed in {unconfirmed} of its items" if unconfirmed else "not approved"
    return first([Refusal(f"This plan is {state}. Have it approved, or break the glass.", BREAK_GLASS)], lifted)


def why_not_rehearse_in(rehearsed_in: str, environment: str) -> Refusal | None:
    """Why a rehearsal does not really run anything in `rehearsed_in`: only where the plan's release is not."""
    if not rehearsed_in:
        return None
    if not environment:
        words = "The plan does not say its environment, so no other one is known. Rehearse without one: all is shown."
        return Refusal(words)
    if rehearsed_in.casefold() == environment.casefold():
        return Refusal(
            f"{environment} is the plan's own environment. Rehearse in another, or without one: all is shown."
        )
    return None


def why_not_start_second(open_id: int | None, lifted: Collection[str] = NOTHING) -> Refusal | None:
    """Why no second backout of the same release and environment is opened; `open_id` is the one that is open."""
    if open_id is None:
        return None
    words = f"Backout {open_id} of this release is open. Open that one, or give a reason for a second."
    return first([Refusal(words, REASON)], lifted)


def why_not_new_plan(plan_id: int | None, lifted: Collection[str] = NOTHING) -> Refusal | None:
    """Why no plan is begun anew where there is one that says what to do; `plan_id` is that one."""
    if plan_id is None:
        return None
    words = (
        f"Plan {plan_id} of this release and environment has steps already. Change it with `plan edit {plan_id}`,"
        f" make one for another release of it with `plan copy {plan_id}`, or give a reason to begin it anew."
    )
    return first([Refusal(words, REASON)], lifted)


def why_not_decide(backout: Backout, lifted: Collection[str] = NOTHING) -> Refusal | None:
    """A decision needs a problem."""
    if backout.problems:
        return None
    return first([Refusal("No problem is logged. Log what is wrong first (p).", BREAK_GLASS)], lifted)


# ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_run(
    backout: Backout,
    number: str,
    *,
    missing: Collection[str] = (),
    lifted: Collection[str] = NOTHING,
    alive: bool = False,
) -> Refusal | None:
    """Why this step's command may not be run now.

    `missing`: secrets and placeholders that are not filled. `alive`: the process of its attempt in doubt still lives.
    """
    step = backout.steps[number]
    manual = Refusal(f"Step {number} is done by hand: do it, then say done (d).") if step.kind == "manual" else None
    unfilled = None
    if missing and way_of(backout, step).runs:
        unfilled = Refusal(f"Step {number} is not filled in: {', '.join(missing)}. Change it (c) or set the variable.")
    refusals = (
        in_parts(step), not_chosen(backout, step), not_runnable(step, alive=alive), manual, unreadable(backout, step),
        unanswered(backout, step), undecided(backout, step), unfilled, out_of_order(backout, step),
    )  # fmt: skip
    return first(refusals, lifted)


def why_not_finish(
    backout: Backout, number: str, *, note: str = "", lifted: Collection[str] = NOTHING
) -> Refusal | None:
    """Why nobody may say now that this step is done."""
    step = backout.steps[number]
    word = None
    if (step.kind == "command" or step.state is StepStatus.FAILED) and not note.strip():
        word = Refusal(f"Saying done of step {number} against the program needs a note.", "note")
    refusals = (
        in_parts(step), not_chosen(backout, step), not_open(step), unanswered(backout, step),
        undecided(backout, step), out_of_order(backout, step), word,
    )  # fmt: skip
    return first(refusals, lifted)


def why_not_fail(backout: Backout, number: str) -> Refusal | None:
    """Why nobody may say now that this step has failed."""
    step = backout.steps[number]
    failed = Refusal(f"Step {number} has failed already.") if step.state is StepStatus.FAILED else None
    return first((in_parts(step), not_chosen(backout, step), not_open(step), failed, undecided(backout, step)), NOTHING)


def why_not_leave_out(
    backout: Backout, number: str, state: StepStatus, name: str, lifted: Collection[str] = NOTHING
) -> Refusal | None:
    """Why `name` may not skip, work around or call not needed this step."""
    step = backout.steps[number]
    failed = None
    if state is StepStatus.NOT_NEEDED and step.state is StepStatus.FAILED:
        failed = Refusal(f"Step {number} has failed: skip it or work around it.")
    required = None
    if is_required(backout, step) and not may_authorise(backout.plan, name):
        required = Refusal(f"Step {number} is required: leaving it out needs the authoriser.", BREAK_GLASS)
    return first((not_open(step), failed, required), lifted)


def why_not_reopen_step(backout: Backout, number: str) -> Refusal | None:
    """Only what was skipped or called not needed can be opened again; a failed step is simply run again."""
    step = backout.steps[number]
    if step.state in (StepStatus.SKIPPED, StepStatus.NOT_NEEDED):
        return not_chosen(backout, step)
    return Refusal(f"Step {number} was not left out: there is nothing to reopen.")


def why_not_change(backout: Backout, number: str) -> Refusal | None:
    """A step that runs, is in doubt, or is settled stays as it is."""
    return first((in_parts(backout.steps[number]), not_open(backout.steps[number])), NOTHING)


def why_not_move(backout: Backout, number: str, after: str) -> Refusal | None:
    """A step can be moved while it is open, behind another that is not part of itself."""
    step, behind = backout.steps[number], backout.steps[after]
    if number in (after, behind.parent):
        return Refusal("A step cannot stand after itself.")
    if step.parent not in (after, behind.parent):
        inner = step if step.parent else behind
        return Refusal(f"Step {inner.number} is a part of step {inner.parent}: nothing is moved out of it or into it.")
    if step.option not in ("", behind.option):
        return Refusal(f"Step {number} belongs to option {step.option}: it can be moved only within it.")
    return not_open(step)


def why_not_stop(backout: Backout, number: str) -> Refusal | None:
    """Only what runs can be stopped."""
    step = backout.steps[number]
    return None if step.state is StepStatus.RUNNING else Refusal(f"Step {number} is not running.")


def why_not_resolve(backout: Backout, number: str) -> Refusal | None:
    """Only what is in doubt is resolved by a person."""
    step = backout.steps[number]
    return None if step.state is StepStatus.IN_DOUBT else Refusal(f"Step {number} is not in doubt.")


def why_not_probe(backout: Backout, number: str, missing: Collection[str] = ()) -> Refusal | None:
    """Why the probe of a step may not be run: it finds out what is true of one that was begun and is not settled."""
    step = backout.steps[number]
    if not step.probe:
        return Refusal(f"Step {number} has no probe: look yourself, and say what is true (Enter on it).")
    if step.state not in (StepStatus.IN_DOUBT, StepStatus.FAILED, StepStatus.RUNNING):
        return Refusal(
            f"Step {number} is {step.state.value.replace('_', ' ')}: a probe is for what was begun and is open."
        )
    if step.last_probe is not None and step.last_probe.state == "running":
        return Refusal(f"The probe of step {number} is running.")
    if missing and backout.live:
        return Refusal(f"The probe of step {number} is not filled in: {', '.join(missing)}. Set the variable first.")
    return None


def why_not_answer(backout: Backout, number: str) -> Refusal | None:
    """Only a step with a condition, and only while it is open; of an option or phase, while a step of it is."""
    step = backout.steps[number]
    if (asked := asked_of(backout, step)) is None:
        return Refusal(f"Step {number} has no condition.")
    step = backout.steps.get(asked.step, step)
    if asked.part or step.kind == "group":
        past = f"No step of {asked.of} is open any more: its condition is past."
        return Refusal(past) if is_past(backout, asked) else None
    failed = Refusal(f"Step {number} has failed: it was begun, so its condition is past.")
    return failed if step.state is StepStatus.FAILED else not_open(step)


def why_not_choose(backout: Backout, option: str) -> Refusal | None:
    """An option can be chosen until a step of another one was begun."""
    begun = [s for s in backout.leaves if s.option and s.option != option and (s.attempts or s.state in _BEGUN)]
    return Refusal(f"Option {begun[0].option} was begun already with step {begun[0].number}.") if begun else None


_BEGUN = (StepStatus.RUNNING, StepStatus.DONE, StepStatus.FAILED, StepStatus.IN_DOUBT, StepStatus.WORKED_AROUND)


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_deployed_at(when: datetime | None, now: datetime) -> Refusal | None:
    """A release that is backed out was deployed before; None, that nobody knows, may always be said."""
    if when is None or when <= now:
        return None
    return Refusal("The deployment lies ahead: say when the release that is backed out was deployed.")


# ── checks, messages ──────────────────────────────────────────────────────────────────────────────────────────────


def why_not_run_check(check: CheckState, missing: Collection[str] = ()) -> Refusal | None:
    """Only command checks are run by the program here, one attempt at a time."""
    if check.kind == "manual":
        return Refusal(f"Check {check.id} is looked at by a person: record what you see (Enter on it).")
    if check.kind != "command":
        return Refusal(f"Checks of kind {check.kind} are not run yet: look yourself, and record it (Enter on it).")
    if check.running:
        return Refusal(f"Check {check.id} is running.")
    if missing:
        return Refusal(f"Check {check.id} is not filled in: {', '.join(missing)}. Set the variable first.")
    return None


def why_not_send(message: MessageState) -> Refusal | None:
    """Nothing is sent twice over: not while it is being sent, not to those who have it, not while in doubt."""
    if message.by != "email":
        return Refusal(
            f"Only email is sent by the program: do it by {message.by} yourself, and note it (n) or log the call (k)."
        )
    words = {
        "sending": "is being sent.",
        "sent": "was sent to everybody. Write another one if there is more to say (m).",
        "shown": "was shown already.",
    }.get(message.state)
    if words is None and message.state == "in_doubt" and not any(r.state == "failed" for r in message.recipients):
        words = "is in doubt: ask the recipient, and say whether it arrived (Enter on it)."
    return Refusal(f"“{message.title}” {words}") if words else None


def why_not_resolve_recipient(message: MessageState, name: str) -> Refusal | None:
    """Only a recipient in doubt is resolved by a person."""
    if any(one.name == name and one.state == "in_doubt" for one in message.recipients):
        return None
    return Refusal(f"Whether “{message.title}” reached {name} is not in doubt.")


# ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_verdict(backout: Backout, outcome: str, lifted: Collection[str] = NOTHING) -> Refusal | None:
    """`backed-out` has to be true: required checks passed, nothing running or in doubt. The others may be said."""
    if outcome not in OUTCOMES:
        return Refusal(f"There is no outcome {outcome}: it is one of {', '.join(OUTCOMES)}.")
    if outcome != "backed-out":
        return None
    doubt, running, unproved = in_doubt(backout), under_way(backout), unproven(backout)
    letters = ", ".join(check.id for check in unproved)
    return first(
        (
            Refusal(f"In doubt: {', '.join(doubt)}. Say first what is true.") if doubt else None,
            Refusal(f"Not yet: {', '.join(running)}.") if running else None,
            Refusal(f"Required checks have not passed: {letters}. It needs a reason.", REASON) if unproved else None,
        ),
        lifted,
    )


def why_not_close(backout: Backout, *, outcome: str = "", lifted: Collection[str] = NOTHING) -> Refusal | None:
    """Closing needs a verdict and nothing under way; what is left open is one list that a reason covers."""
    running = under_way(backout)
    verdict = None
    if backout.verdict is None and not outcome:
        verdict = Refusal("There is no verdict yet: say first whether it worked (X).")
    left = left_open(backout, outcome)
    return first(
        (
            Refusal(f"Not yet: {', '.join(running)}.") if running else None,
            verdict,
            Refusal(f"Left open: {'; '.join(left)}. Closing so needs a reason.", REASON) if left else None,
        ),
        lifted,
    )


def why_not_reopen(backout: Backout) -> Refusal | None:
    """Only a closed backout is reopened."""
    return None if backout.closed_at is not None else Refusal("This backout is not closed.")

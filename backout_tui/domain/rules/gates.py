"""The gates: why something may not be done now, in words, and what lifts it. contract.md section 5.

Each `why_not_...` returns None if it may be done. `lifted` is what the operator offers: "reason", "break-glass", ...
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from backout_tui.domain.backout.choices import OUTCOMES, StepKind
from backout_tui.domain.backout.conditions import asked_of, is_past
from backout_tui.domain.backout.holders import Asking, Holder, Standing
from backout_tui.domain.backout.items import CheckState, MessageState
from backout_tui.domain.backout.order import is_required
from backout_tui.domain.backout.rehearsing import way_of
from backout_tui.domain.backout.runs import ALL_IN_REACH, Away, Run
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import MESSAGE, STEP, AttemptStatus, MessageStatus, RecipientStatus, StepStatus
from backout_tui.domain.backout.whereabouts import Reach
from backout_tui.domain.plan.authorisers import may_authorise
from backout_tui.domain.plan.criteria import why_no_command
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.refusal import BREAK_GLASS, NOTHING, REASON, Refusal, first
from backout_tui.domain.rules.first_step import not_ready
from backout_tui.domain.rules.holding import held_otherwise, still_to_wait
from backout_tui.domain.rules.obstacles import (
    against_command,
    can_be_asked,
    in_parts,
    not_chosen,
    not_open,
    not_runnable,
    out_of_order,
    session_answers,
    unanswered,
    undecided,
    unreadable,
)
from backout_tui.domain.rules.outstanding import in_doubt, left_open, under_way, unproven, ways_past

# ── the controls ──────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_act(
    backout: Backout,
    name: str,
    *,
    holder_lives: bool,
    gone: bool = False,
    session: str | None = None,
    away: bool = False,
    now: datetime | None = None,
) -> Refusal | None:
    """Why `name` may not write into this backout: closed, or they don't have the controls (see `why_no_controls`)."""
    if backout.closed_at is not None:
        return Refusal("This backout is closed. Reopen it with a reason to change it.")
    how = {"holder_lives": holder_lives, "gone": gone, "away": away}
    return why_no_controls(backout, name, **how, session=session, now=now)


def why_no_controls(
    backout: Backout,
    name: str,
    *,
    holder_lives: bool,
    gone: bool = False,
    session: str | None = None,
    away: bool = False,
    now: datetime | None = None,
) -> Refusal | None:
    """Why `name` doesn't have the controls (`holding.held_otherwise` explains the arguments); None if they may act."""
    lease = backout.lease
    words = held_otherwise(lease, name, holder_lives=holder_lives, gone=gone, session=session, away=away, now=now)
    return Refusal(words) if words else None


def why_not_ask(backout: Backout, name: str, no_controls: Refusal | None, *, holder_lives: bool) -> Refusal | None:
    """Why there is nobody to ask for the controls; `no_controls` says why `name` doesn't have them."""
    lease = backout.lease
    if backout.closed_at is not None:
        return no_controls
    if no_controls is None or lease is None or lease.actor.name == name:
        return Refusal("You can take the controls without asking (T).")
    return None if holder_lives else Refusal("There is nobody to ask: take the controls with a reason (T).")


def why_not_take(backout: Backout, name: str, standing: Standing) -> Refusal | None:
    """Why `name` cannot take the controls: closed, theirs already, or their holder may still answer."""
    if backout.closed_at is not None:
        return Refusal("This backout is closed. Reopen it with a reason to change it.")
    if standing.mine:
        return Refusal("You have the controls already.")
    lease = backout.lease
    if lease is None or lease.handed is not None or lease.actor.name == name:
        return None
    is_there = standing.holder in (Holder.LIVES, Holder.AWAY)
    words = still_to_wait(lease.actor.name, standing.waited_s) if is_there else ""
    return Refusal(words) if words else None


def why_not_declare_gone(backout: Backout, holder: Holder) -> Refusal | None:
    """Why the session that has the controls may not be declared gone: it can be asked, or there is none."""
    lease = backout.lease
    if backout.closed_at is not None:
        return Refusal("This backout is closed. Reopen it with a reason to change it.")
    if lease is None or holder is Holder.FREE:
        return Refusal("Nobody has the controls: they are free to take.")
    return session_answers(lease.actor.name, holder)


def why_not_answer_asking(asking: Asking | None) -> Refusal | None:
    """Agreeing, or keeping the controls, is possible only if somebody asks for them."""
    return None if asking is not None else Refusal("Nobody is asking for the controls.")


def why_not_hand_over(backout: Backout, name: str) -> Refusal | None:
    """Only the last holder of the controls can hand them over."""
    lease = backout.lease
    if lease is None or lease.actor.name != name:
        return Refusal("You don't have the controls, so there is nothing to hand over.")
    return Refusal("You have already handed over the controls.") if lease.handed is not None else None


def why_not_decide(backout: Backout, lifted: Collection[str] = NOTHING) -> Refusal | None:
    """A decision needs a problem."""
    if backout.problems:
        return None
    return first([Refusal("No problem is logged. Log what is wrong first (p).", BREAK_GLASS)], lifted)


# ── steps ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def against_running(
    backout: Backout,
    number: str,
    *,
    missing: Collection[str] = (),
    wrong: Collection[str] = (),
    alive: bool = False,
) -> tuple[Refusal, ...]:
    """Everything that keeps this step's command from running now, in the order in which it has to be lifted.

    `missing` are secrets, placeholders and variables without a value; `wrong` is what the check calls an error in the
    command. `alive`: the process of its attempt in doubt still lives.
    """
    step = backout.steps[number]
    manual = (
        Refusal(f"Step {number} is done by hand: do it, then say done (d).") if step.kind is StepKind.MANUAL else None
    )
    refusals = (
        in_parts(step), not_chosen(backout, step), not_runnable(step, alive=alive), manual, unreadable(backout, step),
        unanswered(backout, step), undecided(backout, step),
        *(against_command(f"Step {number}", missing, wrong, "change the command (c)")
          if way_of(backout, step).runs else ()),
        out_of_order(backout, step),
        not_ready(backout, step),
    )  # fmt: skip
    return tuple(one for one in refusals if one is not None)


def why_not_run(
    backout: Backout,
    number: str,
    *,
    missing: Collection[str] = (),
    wrong: Collection[str] = (),
    lifted: Collection[str] = NOTHING,
    alive: bool = False,
) -> Refusal | None:
    """Why this step's command may not run now: the first refusal that is not lifted."""
    return first(against_running(backout, number, missing=missing, wrong=wrong, alive=alive), lifted)


def against_finishing(backout: Backout, number: str, *, note: str = "") -> tuple[Refusal, ...]:
    """Everything that keeps this step from being marked as done now."""
    step = backout.steps[number]
    word = None
    if (step.kind is StepKind.COMMAND or step.state is StepStatus.FAILED) and not note.strip():
        word = Refusal(f"To mark step {number} as done against the program, add a note.", "note")
    refusals = (
        in_parts(step), not_chosen(backout, step), not_open(step), unanswered(backout, step),
        undecided(backout, step), out_of_order(backout, step), not_ready(backout, step), word,
    )  # fmt: skip
    return tuple(one for one in refusals if one is not None)


def why_not_finish(
    backout: Backout, number: str, *, note: str = "", lifted: Collection[str] = NOTHING
) -> Refusal | None:
    """Why nobody may mark this step as done now: the first refusal that is not lifted."""
    return first(against_finishing(backout, number, note=note), lifted)


def why_not_fail(backout: Backout, number: str) -> Refusal | None:
    """Why nobody may mark this step as failed now."""
    step = backout.steps[number]
    failed = Refusal(f"Step {number} has failed already.") if step.state is StepStatus.FAILED else None
    return first((in_parts(step), not_chosen(backout, step), not_open(step), failed, undecided(backout, step)), NOTHING)


def why_not_leave_out(
    backout: Backout, number: str, state: StepStatus, name: str, lifted: Collection[str] = NOTHING
) -> Refusal | None:
    """Why `name` may not skip this step, work around it, or call it not needed."""
    step = backout.steps[number]
    failed = None
    if state is StepStatus.NOT_NEEDED and step.state is StepStatus.FAILED:
        failed = Refusal(f"Step {number} has failed: skip it or work around it.")
    required = None
    if is_required(backout, step) and not may_authorise(backout.plan, name):
        required = Refusal(f"Step {number} is required: only the authoriser may leave it out.", BREAK_GLASS)
    return first((not_open(step), failed, required), lifted)


def why_not_reopen_step(backout: Backout, number: str) -> Refusal | None:
    """Only a step that was skipped or called not needed can be reopened; a failed step is simply run again."""
    step = backout.steps[number]
    if STEP[step.state].can_be_reopened:
        return not_chosen(backout, step)
    return Refusal(f"Step {number} was not skipped, so there is nothing to reopen.")


def why_not_change(backout: Backout, number: str) -> Refusal | None:
    """A step that is running, in doubt or settled cannot be changed."""
    return first((in_parts(backout.steps[number]), not_open(backout.steps[number])), NOTHING)


def why_not_move(backout: Backout, number: str, after: str) -> Refusal | None:
    """An open step can be moved to the place after another step that is not part of it."""
    step, behind = backout.steps[number], backout.steps[after]
    if number in (after, behind.parent):
        return Refusal("A step cannot be moved after itself.")
    if step.parent not in (after, behind.parent):
        inner = step if step.parent else behind
        return Refusal(
            f"Step {inner.number} is part of step {inner.parent}: steps cannot be moved out of it or into it."
        )
    if step.option not in ("", behind.option):
        return Refusal(f"Step {number} belongs to option {step.option}: it can be moved only within it.")
    return not_open(step)


def why_not_stop(backout: Backout, number: str) -> Refusal | None:
    """Only a running step can be stopped."""
    step = backout.steps[number]
    return None if step.state is StepStatus.RUNNING else Refusal(f"Step {number} is not running.")


def why_not_resolve(backout: Backout, number: str) -> Refusal | None:
    """A person resolves only a step in doubt."""
    step = backout.steps[number]
    return None if step.state is StepStatus.IN_DOUBT else Refusal(f"Step {number} is not in doubt.")


def why_not_probe(
    backout: Backout,
    number: str,
    missing: Collection[str] = (),
    wrong: Collection[str] = (),
    lifted: Collection[str] = NOTHING,
) -> Refusal | None:
    """Why the probe of a step may not run: a probe is for a step that was started and not settled."""
    step = backout.steps[number]
    if why := why_no_command(step, "probe"):
        return Refusal(f"The probe of step {number} cannot run: {why}. Look yourself, and say what is true (Enter).")
    if not step.probe:
        return Refusal(f"Step {number} has no probe: look yourself, and say what is true (Enter on it).")
    if not STEP[step.state].can_be_probed:
        return Refusal(f"Step {number} is {step.state.words}: a probe is for a step that was started and not settled.")
    if step.last_probe is not None and step.last_probe.state is AttemptStatus.RUNNING:
        return Refusal(f"The probe of step {number} is running.")
    if not backout.live:
        return None
    how = "look yourself, and say what is true (Enter)"
    return first(against_command(f"The probe of step {number}", missing, wrong, how), lifted)


def why_not_answer(backout: Backout, number: str) -> Refusal | None:
    """Only an open step with a condition can get an answer; for an option or phase, one of its steps must be open."""
    step = backout.steps[number]
    if (asked := asked_of(backout, step)) is None:
        return Refusal(f"Step {number} has no condition.")
    step = backout.steps.get(asked.step, step)
    if asked.part or step.kind is StepKind.GROUP:
        past = f"Every step of {asked.of} is settled, so its condition no longer matters."
        return Refusal(past) if is_past(backout, asked) else None
    failed = Refusal(f"Step {number} has started and failed, so its condition no longer matters.")
    return failed if step.state is StepStatus.FAILED else not_open(step)


def why_not_choose(backout: Backout, option: str) -> Refusal | None:
    """An option can be chosen until a step of another option has started; an attempt that never ran is no start."""
    others = [step for step in backout.leaves if step.option and step.option != option]
    begun = [step for step in others if step.has_run or STEP[step.state].begun]
    return Refusal(f"Option {begun[0].option} has already started with step {begun[0].number}.") if begun else None


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_deployed_at(when: datetime | None, now: datetime) -> Refusal | None:
    """The deployment cannot be in the future; None means that nobody knows, and is always allowed."""
    if when is None or when <= now:
        return None
    return Refusal("That time is in the future: say when the release was deployed.")


# ── checks, messages ──────────────────────────────────────────────────────────────────────────────────────────────


def why_not_run_check(
    check: CheckState,
    missing: Collection[str] = (),
    wrong: Collection[str] = (),
    lifted: Collection[str] = NOTHING,
) -> Refusal | None:
    """The program runs only command checks, one attempt at a time."""
    if check.kind is CheckKind.MANUAL:
        return Refusal(f"Check {check.id} is manual: look yourself, and record what you see (Enter on it).")
    if check.kind is not CheckKind.COMMAND:
        return Refusal(
            f"backout-tui cannot run {check.kind} checks yet: look yourself, and record what you see (Enter on it)."
        )
    if check.running:
        return Refusal(f"Check {check.id} is running.")
    if check.unread:
        how = "Fix the plan, or look yourself and record what you see (Enter on it)."
        return Refusal(f"Check {check.id} cannot run, because it would prove nothing: {check.unread[0]}. {how}")
    how = "look yourself and record what you see (Enter on it)"
    return first(against_command(f"Check {check.id}", missing, wrong, how), lifted)


def why_not_send(message: MessageState) -> Refusal | None:
    """Nothing is sent twice: not while it is being sent, not to those who have it, not while it is in doubt."""
    if message.by != "email":
        return Refusal(
            f"backout-tui sends only email: use {message.by} yourself, then note it (n) or log the call (k)."
        )
    words, failed = (
        MESSAGE[message.state].why_not_sent,
        any(r.state is RecipientStatus.FAILED for r in message.recipients),
    )
    if message.state is MessageStatus.IN_DOUBT and not failed:
        words = "is in doubt: ask the recipient, and say whether it arrived (Enter on it)."
    return Refusal(f"“{message.title}” {words}") if words else None


def why_not_resolve_recipient(message: MessageState, name: str) -> Refusal | None:
    """A person resolves only a recipient in doubt."""
    if any(one.name == name and one.state is RecipientStatus.IN_DOUBT for one in message.recipients):
        return None
    return Refusal(f"There is no doubt whether “{message.title}” reached {name}.")


# ── what cannot be asked ──────────────────────────────────────────────────────────────────────────────────────────


def why_not_declare(backout: Backout, run: Run | None, what: str, reach: Reach | None) -> Refusal | None:
    """Why something may not be declared in doubt: it is not running, or it can be asked.

    `run` is the run of `what` (`step 4`) that is under way, None if there is none; `reach` is what can be said about
    it.
    """
    nothing = Refusal(f"{what[:1].upper()}{what[1:]} is not under way, so there is nothing to declare in doubt.")
    return nothing if run is None else can_be_asked(backout, run, reach)


# ── the end ───────────────────────────────────────────────────────────────────────────────────────────────────────


def why_not_verdict(
    backout: Backout, outcome: str, lifted: Collection[str] = NOTHING, away: Away = ALL_IN_REACH
) -> Refusal | None:
    """`backed-out` has to be true: required checks passed, nothing running or in doubt. Other outcomes are free.

    `away` is what cannot be asked from here.
    """
    if outcome not in OUTCOMES:
        return Refusal(f"There is no outcome {outcome}: choose one of {', '.join(OUTCOMES)}.")
    if outcome != "backed-out":
        return None
    doubt, unproved = in_doubt(backout), unproven(backout)
    letters = ", ".join(check.id for check in unproved)
    return first(
        (
            Refusal(f"Still in doubt: {', '.join(doubt)}. First say what is true.") if doubt else None,
            _still_under_way(backout, away),
            Refusal(f"Required checks have not passed: {letters}. Give a reason to say so anyway.", REASON)
            if unproved
            else None,
        ),
        lifted,
    )


def why_not_close(
    backout: Backout, *, outcome: str = "", lifted: Collection[str] = NOTHING, away: Away = ALL_IN_REACH
) -> Refusal | None:
    """Closing needs a verdict and nothing under way. Everything left open is one list, and one reason covers it.

    `away` is what cannot be asked from here: a person first declares it in doubt, and then says what is true of it.
    """
    verdict = None
    if backout.verdict is None and not outcome:
        verdict = Refusal("There is no verdict yet: first say whether it worked (X).")
    left = left_open(backout, outcome)
    return first(
        (
            _still_under_way(backout, away),
            verdict,
            Refusal(f"Left open: {'; '.join(left)}. Closing anyway needs a reason.", REASON) if left else None,
        ),
        lifted,
    )


def _still_under_way(backout: Backout, away: Away) -> Refusal | None:
    running = under_way(backout, away)
    return Refusal(f"Not yet: {', '.join(running)}.{ways_past(backout, away)}") if running else None


def why_not_reopen(backout: Backout) -> Refusal | None:
    """Only a closed backout can be reopened."""
    return None if backout.closed_at is not None else Refusal("This backout is not closed.")

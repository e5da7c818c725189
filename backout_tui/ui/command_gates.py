"""Why a command does not apply now: the gates of the domain, asked about what the cursor is on."""

from __future__ import annotations

from collections.abc import Callable

from backout_tui.domain import gates
from backout_tui.domain.doubt import Life, doubtful_attempt
from backout_tui.domain.items import StepState, StepStatus
from backout_tui.domain.next_wish import due_checks
from backout_tui.domain.refusal import Refusal
from backout_tui.ui.situation import Situation

Gate = Callable[[Situation], Refusal | None]
StepGate = Callable[[Situation, StepState], Refusal | None]

NO_STEP = Refusal("No step is chosen: go to the plan (2) and put the cursor on one.")
NO_CHECK = Refusal("No check is chosen: go to the verification (3) and put the cursor on one.")


def always(_: Situation) -> Refusal | None:
    """Looking is always allowed."""
    return None


def act(situation: Situation) -> Refusal | None:
    """Writing needs the controls of an open backout."""
    return situation.no_controls


def decide(situation: Situation) -> Refusal | None:
    """A decision needs a problem."""
    return situation.no_controls or gates.why_not_decide(situation.backout)


def of_step(gate: StepGate) -> Gate:
    """The gate of a command that acts on one step."""

    def asked(situation: Situation) -> Refusal | None:
        if situation.no_controls is not None:
            return situation.no_controls
        step = situation.step
        return NO_STEP if step is None else gate(situation, step)

    return asked


@of_step
def run(situation: Situation, step: StepState) -> Refusal | None:
    """Running: of an open choice the first thing to run is the choice itself."""
    if step.option and not situation.backout.chosen_option:
        return None
    attempt = doubtful_attempt(step)
    alive = attempt is not None and situation.lives.get(attempt.intent) is Life.LIVES
    return gates.why_not_run(situation.backout, step.number, alive=alive)


@of_step
def done(situation: Situation, step: StepState) -> Refusal | None:
    """Saying done by hand; of a step in doubt, that this is what is true."""
    if step.state is StepStatus.IN_DOUBT:
        return None
    return gates.why_not_finish(situation.backout, step.number)


@of_step
def fail(situation: Situation, step: StepState) -> Refusal | None:
    """Saying failed by hand; of a step in doubt, that this is what is true."""
    if step.state is StepStatus.IN_DOUBT:
        return None
    return gates.why_not_fail(situation.backout, step.number)


def left_out_as(state: StepStatus) -> Gate:
    """Skipping, working around, calling not needed."""
    return of_step(lambda at, step: gates.why_not_leave_out(at.backout, step.number, state, at.actor))


skip = left_out_as(StepStatus.SKIPPED)
work_around = left_out_as(StepStatus.WORKED_AROUND)
not_needed = left_out_as(StepStatus.NOT_NEEDED)


@of_step
def change_step(situation: Situation, step: StepState) -> Refusal | None:
    """Changing a step's words or command."""
    return gates.why_not_change(situation.backout, step.number)


def change(situation: Situation) -> Refusal | None:
    """Changing what the cursor is on: a problem or a step."""
    if situation.target("problem") is not None:
        return situation.no_controls
    return change_step(situation)


@of_step
def move(situation: Situation, step: StepState) -> Refusal | None:
    """Moving a step: only one that is open."""
    return gates.why_not_change(situation.backout, step.number) if step.kind != "group" else None


@of_step
def answer(situation: Situation, step: StepState) -> Refusal | None:
    """Answering a step's condition."""
    return gates.why_not_answer(situation.backout, step.number)


def stop(situation: Situation) -> Refusal | None:
    """Stopping: the step under the cursor when it runs, else the one that does."""
    if situation.no_controls is not None:
        return situation.no_controls
    return None if running_step(situation) is not None else Refusal("No step is running.")


def running_step(situation: Situation) -> StepState | None:
    """The running step that is meant: the one under the cursor, else the first that runs."""
    running = situation.backout.leaves_in(StepStatus.RUNNING)
    return next((step for step in running if step is situation.step), None) or next(iter(running), None)


def reopen(situation: Situation) -> Refusal | None:
    """Opening again what was left out, or the whole backout once it is closed."""
    if situation.backout.closed_at is not None:
        return None
    return reopen_step(situation)


@of_step
def reopen_step(situation: Situation, step: StepState) -> Refusal | None:
    """Opening again a step that was left out; of one in doubt, saying that it never began."""
    if step.state is StepStatus.IN_DOUBT:
        return None
    return gates.why_not_reopen_step(situation.backout, step.number)


def choose(situation: Situation) -> Refusal | None:
    """Choosing among exclusive ways."""
    if situation.no_controls is None and not situation.backout.options:
        return Refusal("This plan has one way only: there is nothing to choose.")
    return situation.no_controls


def set_variable(situation: Situation) -> Refusal | None:
    """Setting a variable that the plan declares."""
    if situation.no_controls is None and not any(not one.secret for one in situation.backout.plan.variables):
        return Refusal("This plan has no variables to set.")
    return situation.no_controls


def probed_step(situation: Situation) -> StepState | None:
    """The step whose probe is meant: the cursor is on one that was begun, is not settled, and has a probe."""
    on, step = situation.on, situation.step
    if step is None or on is None or on[0] != "step" or step.state not in _BEGUN:
        return None
    return step if step.probe or step.state is StepStatus.IN_DOUBT else None


_BEGUN = (StepStatus.IN_DOUBT, StepStatus.FAILED, StepStatus.RUNNING)


def run_check(situation: Situation) -> Refusal | None:
    """Running a command check, or a probe; a check of another kind is recorded by the same key."""
    if situation.no_controls is not None:
        return situation.no_controls
    if (step := probed_step(situation)) is not None:
        return gates.why_not_probe(situation.backout, step.number)
    check = situation.check
    if check is None:
        return NO_CHECK
    return gates.why_not_run_check(check) if check.kind == "command" else None


def of_check(situation: Situation) -> Refusal | None:
    """Recording what somebody saw of the check under the cursor."""
    if situation.no_controls is not None:
        return situation.no_controls
    return NO_CHECK if situation.check is None else None


def run_due_checks(situation: Situation) -> Refusal | None:
    """Running every command check whose moment has come."""
    if situation.no_controls is not None:
        return situation.no_controls
    due = [check for check in due_checks(situation.backout) if check.kind == "command"]
    return None if due else Refusal("No check that the program can run is due.")


def of_problem(situation: Situation) -> Refusal | None:
    """Assigning or resolving the problem under the cursor."""
    if situation.no_controls is None and situation.target("problem") is None:
        return Refusal("No problem is chosen: go to the problems (1) and put the cursor on one.")
    return situation.no_controls


def complete_reason(situation: Situation) -> Refusal | None:
    """Completing a thin reason."""
    if situation.no_controls is None and not situation.backout.thin:
        return Refusal("No reason is thin: there is nothing to complete.")
    return situation.no_controls


def fold_back(situation: Situation) -> Refusal | None:
    """Folding back needs deviations, or a closed rehearsal. It writes into the plan's log: a close is no hindrance."""
    backout = situation.backout
    if backout.closed_at is None and situation.no_controls is not None:
        return situation.no_controls
    observed = not backout.live and backout.closed_at is not None
    count = len(backout.deviations) + observed
    return gates.why_not_fold_back(backout.id, count, count, "")


def take_over(situation: Situation) -> Refusal | None:
    """The key of the controls means something in every backout that is open."""
    return situation.no_controls if situation.backout.closed_at is not None else None


def hand_over(situation: Situation) -> Refusal | None:
    """Handing over is for somebody who has the controls."""
    return situation.no_controls or gates.why_not_hand_over(situation.backout, situation.actor)


def asked(situation: Situation) -> Refusal | None:
    """Keeping the controls is an answer to somebody who asks for them."""
    return situation.no_controls or gates.why_not_answer_asking(situation.standing.asked_by)


def opened(situation: Situation) -> Refusal | None:
    """Opening needs something under the cursor."""
    return None if situation.on is not None else Refusal("There is nothing here to open.")

"""Why a verb does not apply now: asks the gates of the domain about the item under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from backout_tui.domain.backout.choices import StepKind
from backout_tui.domain.backout.holders import Standing
from backout_tui.domain.backout.items import CheckState, MessageState, StepState
from backout_tui.domain.backout.state import Backout
from backout_tui.domain.backout.states import STEP, StepStatus
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.refusal import Refusal
from backout_tui.domain.rules import gates, plan_gates
from backout_tui.domain.rules.doubt import Life, doubtful_attempt
from backout_tui.domain.rules.next_wish import due_checks


class At(Protocol):
    """What a gate needs to know: what is true, and what a verb would act on.

    `on` is the row under the cursor, as ("step", "4"). `no_controls` says why `actor` cannot write; `standing` is their
    position with the controls. `lives` says, by intent, whether the processes of attempts in doubt are alive.
    """

    @property
    def backout(self) -> Backout:
        """The backout as it is now."""

    @property
    def on(self) -> tuple[str, str] | None:
        """The row under the cursor."""

    @property
    def pane(self) -> str:
        """The pane with the cursor."""

    @property
    def no_controls(self) -> Refusal | None:
        """Why nothing can be written now; None when it can."""

    @property
    def actor(self) -> str:
        """The person's name."""

    @property
    def standing(self) -> Standing:
        """The person's position with the controls."""

    @property
    def lives(self) -> Mapping[str, Life]:
        """Whether the processes in doubt are alive, by intent."""

    @property
    def step(self) -> StepState | None:
        """The step that a verb would act on."""

    @property
    def check(self) -> CheckState | None:
        """The check that a verb would act on."""

    @property
    def message(self) -> MessageState | None:
        """The message that a verb would act on."""

    def target(self, kind: str) -> str | None:
        """The id of the `kind` that a verb would act on."""


Gate = Callable[[At], Refusal | None]
StepGate = Callable[[At, StepState], Refusal | None]

NO_STEP = Refusal("No step is chosen: go to the plan (2) and put the cursor on one.")
NO_CHECK = Refusal("No check is chosen: go to the verification (3) and put the cursor on one.")


def act(at: At) -> Refusal | None:
    """Writing requires the controls of an open backout."""
    return at.no_controls


def decide(at: At) -> Refusal | None:
    """A decision requires a problem."""
    return at.no_controls or gates.why_not_decide(at.backout)


def of_step(gate: StepGate) -> Gate:
    """Turns a gate for one step into a verb's gate, which uses the step under the cursor."""

    def asked(at: At) -> Refusal | None:
        if at.no_controls is not None:
            return at.no_controls
        step = at.step
        return NO_STEP if step is None else gate(at, step)

    return asked


@of_step
def run(at: At, step: StepState) -> Refusal | None:
    """Running a step. While an option is not chosen yet, running starts with the choice."""
    if step.option and not at.backout.chosen_option:
        return None
    attempt = doubtful_attempt(step)
    alive = attempt is not None and at.lives.get(attempt.intent) is Life.LIVES
    return gates.why_not_run(at.backout, step.number, alive=alive)


@of_step
def done(at: At, step: StepState) -> Refusal | None:
    """Marking a step as done by hand, or resolving one in doubt as done."""
    if step.state is StepStatus.IN_DOUBT:
        return None
    return gates.why_not_finish(at.backout, step.number)


@of_step
def fail(at: At, step: StepState) -> Refusal | None:
    """Marking a step as failed by hand, or resolving one in doubt as failed."""
    if step.state is StepStatus.IN_DOUBT:
        return None
    return gates.why_not_fail(at.backout, step.number)


def left_out_as(state: StepStatus) -> Gate:
    """The gate for skipping a step, working around it, or marking it as not needed."""
    return of_step(lambda at, step: gates.why_not_leave_out(at.backout, step.number, state, at.actor))


skip = left_out_as(StepStatus.SKIPPED)
work_around = left_out_as(StepStatus.WORKED_AROUND)
not_needed = left_out_as(StepStatus.NOT_NEEDED)


@of_step
def change_step(at: At, step: StepState) -> Refusal | None:
    """Changing a step's text or command."""
    return gates.why_not_change(at.backout, step.number)


@of_step
def move(at: At, step: StepState) -> Refusal | None:
    """Moving a step, which must be open."""
    return gates.why_not_change(at.backout, step.number) if step.kind is not StepKind.GROUP else None


@of_step
def answer(at: At, step: StepState) -> Refusal | None:
    """Answering the condition of a step."""
    return gates.why_not_answer(at.backout, step.number)


def stop(at: At) -> Refusal | None:
    """Stopping the step under the cursor if it is running, or else the first that is."""
    if at.no_controls is not None:
        return at.no_controls
    return None if running_step(at) is not None else Refusal("No step is running.")


def running_step(at: At) -> StepState | None:
    """The running step to act on: the one under the cursor, or else the first that is running."""
    running = at.backout.leaves_in(StepStatus.RUNNING)
    return next((step for step in running if step is at.step), None) or next(iter(running), None)


def reopen(at: At) -> Refusal | None:
    """Reopening the whole backout once it is closed."""
    return gates.why_not_reopen(at.backout)


@of_step
def reopen_step(at: At, step: StepState) -> Refusal | None:
    """Reopening a step that was left out, or resolving one in doubt as not started."""
    if step.state is StepStatus.IN_DOUBT:
        return None
    return gates.why_not_reopen_step(at.backout, step.number)


def choose(at: At) -> Refusal | None:
    """Choosing one of the plan's exclusive options."""
    if at.no_controls is None and not at.backout.options:
        return Refusal("This plan has one way only: there is nothing to choose.")
    return at.no_controls


def set_variable(at: At) -> Refusal | None:
    """Setting a variable that the plan declares."""
    if at.no_controls is None and not any(not one.secret for one in at.backout.plan.variables):
        return Refusal("This plan has no variables to set.")
    return at.no_controls


def probed_step(at: At) -> StepState | None:
    """The step under the cursor, if it was started, is not settled, and has a probe or is in doubt."""
    on, step = at.on, at.step
    if step is None or on is None or on[0] != "step" or not STEP[step.state].can_be_probed:
        return None
    return step if step.probe or step.state is StepStatus.IN_DOUBT else None


def is_closed(at: At) -> bool:
    """Whether the backout is closed, so that reopening concerns all of it."""
    return at.backout.closed_at is not None


def is_probed(at: At) -> bool:
    """Whether the cursor is on a step that `probed_step` returns."""
    return probed_step(at) is not None


def is_looked_at(at: At) -> bool:
    """Whether a person does the check under the cursor by looking."""
    return at.check is not None and at.check.kind is not CheckKind.COMMAND


def is_on_problem(at: At) -> bool:
    """Whether a verb would act on a problem, or could act on nothing else where the cursor is."""
    return at.target("problem") is not None or (at.pane == "problems" and at.step is None)


def is_asked(at: At) -> bool:
    """Whether somebody asks for the controls."""
    return at.standing.asked_by is not None and not at.backout.copied


def is_mine(at: At) -> bool:
    """Whether this session has the controls, so that it can hand them over."""
    return at.standing.mine and not at.backout.copied


def has_no_verdict(at: At) -> bool:
    """Whether nobody has recorded yet whether the backout worked."""
    return at.backout.verdict is None


@of_step
def probe(at: At, step: StepState) -> Refusal | None:
    """Running the probe of a step that was started and is not settled."""
    return gates.why_not_probe(at.backout, step.number)


def run_check(at: At) -> Refusal | None:
    """Running the command of the check under the cursor."""
    if at.no_controls is not None:
        return at.no_controls
    return NO_CHECK if at.check is None else gates.why_not_run_check(at.check)


def of_check(at: At) -> Refusal | None:
    """Recording what somebody saw of the check under the cursor."""
    if at.no_controls is not None:
        return at.no_controls
    return NO_CHECK if at.check is None else None


def run_due_checks(at: At) -> Refusal | None:
    """Running every command check that is due."""
    if at.no_controls is not None:
        return at.no_controls
    due = [check for check in due_checks(at.backout) if check.kind is CheckKind.COMMAND]
    return None if due else Refusal("No check that the program can run is due.")


def of_problem(at: At) -> Refusal | None:
    """Assigning or resolving the problem under the cursor."""
    if at.no_controls is None and not at.backout.problems:
        return Refusal("No problem is logged yet: log what is wrong first (p).")
    if at.no_controls is None and at.target("problem") is None:
        return Refusal("No problem is chosen: go to the problems (1) and put the cursor on one.")
    return at.no_controls


def complete_reason(at: At) -> Refusal | None:
    """Completing a reason that says too little."""
    if at.no_controls is None and not at.backout.thin:
        return Refusal("No reason is thin: there is nothing to complete.")
    return at.no_controls


def fold_back(at: At) -> Refusal | None:
    """Folding back requires deviations or a closed rehearsal. A close doesn't prevent it: it writes the plan's log."""
    backout = at.backout
    if backout.closed_at is None and at.no_controls is not None:
        return at.no_controls
    observed = not backout.live and backout.closed_at is not None
    count = len(backout.deviations) + observed
    return plan_gates.why_not_fold_back(backout.id, count, count, "")


def take_over(at: At) -> Refusal | None:
    """The key of the controls applies in every open backout, and in every copy."""
    closed = at.backout.closed_at is not None and not at.backout.copied
    return at.no_controls if closed else None


def hand_over(at: At) -> Refusal | None:
    """Handing over requires that this session has the controls."""
    return at.no_controls or gates.why_not_hand_over(at.backout, at.actor)


def asked(at: At) -> Refusal | None:
    """Keeping the controls answers a person who asks for them."""
    return at.no_controls or gates.why_not_answer_asking(at.standing.asked_by)

"""Steps by a person's word: done, failed, left out, opened again, resolved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from backout_tui.domain import gates
from backout_tui.domain.items import StepState, StepStatus
from backout_tui.engine.operator import Operator, Receipt
from backout_tui.engine.verbs import decisions, steps
from backout_tui.ui.actions.asking import ask_why
from backout_tui.ui.actions.deviating import ask_deviation, beside
from backout_tui.ui.actions.lifting import lifted
from backout_tui.ui.actions.options import asked_before
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField

WORDS = {
    StepStatus.SKIPPED: ("Skip", "skip it", "is skipped"),
    StepStatus.WORKED_AROUND: ("Work around", "say so", "was worked around"),
    StepStatus.NOT_NEEDED: ("Not needed,", "say so", "is not needed"),
}
"""Title, the verb of Enter, and what is said afterwards."""


def step_done(board: Board) -> None:
    """At once, unless something is asked before it, or speaks against it that a word lifts."""
    step = board.situation.step
    if step is not None and step.state is StepStatus.IN_DOUBT:
        resolve_step(board, step.number, "done")
    elif step is not None:
        board.work(_done(board, step.number))


async def _done(board: Board, number: str) -> None:
    if not await asked_before(board, number, lambda lifted: gates.why_not_finish(board.truth, number, lifted=lifted)):
        return
    lift = await lifted(
        board, f"Step {number} is done", "say so",
        lambda lift: gates.why_not_finish(board.truth, number, note=lift.note, lifted=lift.names),
    )  # fmt: skip
    if lift is None:
        return
    done = partial(steps.done, number=number, note=lift.note, reason=lift.reason, beside=lift.beside)
    if await board.do(partial(done, break_glass=lift.break_glass)) is not None:
        board.say(f"Step {number} is done.")


def step_failed(board: Board) -> None:
    """Somebody saw that it did not work."""
    step = board.situation.step
    if step is not None and step.state is StepStatus.IN_DOUBT:
        resolve_step(board, step.number, "failed")
    elif step is not None:
        dialog = ask_why(f"Step {step.number} has failed: {step.title}", "say so", label="what happened")
        board.ask(dialog, partial(_failed, board, step.number))


async def _failed(board: Board, number: str, answers: dict[str, str]) -> None:
    if await board.do(steps.fail, number, answers["reason"]) is not None:
        board.say(f"Step {number} has failed. Run it again (r), work around it (w) or skip it (s).")


def skip_step(board: Board) -> None:
    """With a reason; a required one needs the authoriser."""
    _leave_out(board, StepStatus.SKIPPED, steps.skip)


def work_around(board: Board) -> None:
    """What it was for was reached in another way."""
    _leave_out(board, StepStatus.WORKED_AROUND, steps.work_around)


def not_needed(board: Board) -> None:
    """Nothing had to be done."""
    _leave_out(board, StepStatus.NOT_NEEDED, steps.not_needed)


def _leave_out(board: Board, state: StepStatus, verb: Callable[..., Receipt]) -> None:
    step = board.situation.step
    if step is None:
        return
    refusal = gates.why_not_leave_out(board.truth, step.number, state, board.situation.actor)
    title, enter, _ = WORDS[state]
    label = "how" if state is StepStatus.WORKED_AROUND else "why"
    dialog = ask_deviation(board.truth, f"{title} step {step.number}: {step.title}", enter, refusal, label=label)
    call = partial(verb, number=step.number, break_glass=refusal is not None)
    board.ask(dialog, partial(_left_out, board, step, state, call))


async def _left_out(
    board: Board, step: StepState, state: StepStatus, call: Callable[..., Receipt], answers: dict[str, str]
) -> None:
    def verb(operator: Operator) -> Receipt:
        return call(operator, reason=answers["reason"], beside=beside(answers))

    if await board.do(verb) is not None:
        board.say(f"Step {step.number} {WORDS[state][2]}.")


def reopen(board: Board) -> None:
    """A step that was left out; of a closed backout, the backout itself."""
    if board.truth.closed_at is not None:
        board.ask(ask_why("Reopen this backout", "reopen it"), partial(_reopen_backout, board))
        return
    step = board.situation.step
    if step is not None and step.state is StepStatus.IN_DOUBT:
        resolve_step(board, step.number, "not-started")
    elif step is not None:
        board.ask(
            ask_why(f"Reopen step {step.number}: {step.title}", "reopen it"), partial(_reopen, board, step.number)
        )


async def _reopen(board: Board, number: str, answers: dict[str, str]) -> None:
    if await board.do(steps.reopen, number, answers["reason"]) is not None:
        board.say(f"Step {number} is open again.")


async def _reopen_backout(board: Board, answers: dict[str, str]) -> None:
    if await board.do(decisions.reopen, answers["reason"]) is not None:
        board.say("The backout is open again; its verdict is to be given anew.")


def resolve_step(board: Board, number: str, state: str = "") -> None:
    """What is true of a step whose outcome nobody recorded: `state` when its key was pressed, else what is chosen."""
    step = board.truth.steps[number]
    attempt = step.attempt
    where = f" on {attempt.host}" if attempt is not None and attempt.host else ""
    note = f"It was begun{where}, and its outcome is unknown. Look there first. It is not run again by itself."
    choice = ChoiceField("state", "what is true", ("done", "failed", "not-started"), state)
    reason = TextField("reason", "how you know", required=True)
    fields: list[Field] = [reason, choice] if state else [choice, reason]
    title = f"Step {number} is in doubt: {step.title}"
    board.ask(Ask(title, fields, note=note, verb="record it"), partial(_resolve, board, number))


async def _resolve(board: Board, number: str, answers: dict[str, str]) -> None:
    if await board.do(steps.resolve, number, answers["state"], answers["reason"]) is not None:
        board.say(f"Step {number}: {answers['state']}, as you say.")

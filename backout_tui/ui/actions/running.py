"""Running what has a command: the preview, what it still needs, one confirmation, and off it goes. And stopping it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from backout_tui.domain import gates
from backout_tui.domain.next_wish import due_checks
from backout_tui.domain.rehearsing import way_of
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import checks, running, steps
from backout_tui.engine.verbs.attempts import Preview
from backout_tui.ui.actions import previews
from backout_tui.ui.actions.lifting import lifted
from backout_tui.ui.actions.options import asked_before
from backout_tui.ui.board import Board
from backout_tui.ui.command_gates import running_step
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import Field, TextField


def run_step(board: Board) -> None:
    """The step's command; an open choice and a condition are asked first."""
    step = board.situation.step
    if step is not None:
        board.work(_run_step(board, step.number))


async def _run_step(board: Board, number: str) -> None:
    runs = way_of(board.truth, board.truth.steps[number]).runs
    verb = "run" if runs else "show"
    title = f"{verb.capitalize()} step {number}"
    if not await asked_before(board, number, lambda lifted: gates.why_not_run(board.truth, number, lifted=lifted)):
        return
    lift = await lifted(board, title, "go on", lambda lift: gates.why_not_run(board.truth, number, lifted=lift.names))
    preview = await ready(board, partial(running.preview, number=number)) if lift is not None else None
    if lift is None or preview is None:
        return
    refusal = gates.why_not_run(board.truth, number, missing=preview.missing, lifted=lift.names)
    if refusal is not None:
        board.say(refusal.words, warning=True)
        return
    sections = previews.of_command(preview)
    type_this = number if preview.type_number and runs else ""
    name = f"{title}: {board.truth.steps[number].title}"
    if not await board.answer(Confirm(name, sections, verb=verb, type_this=type_this)):
        return
    run = partial(running.run, number=number, reason=lift.reason, beside=lift.beside)
    begun = await board.do(partial(run, break_glass=lift.break_glass, shown=preview))
    if begun is not None:
        board.say(f"Step {number} was begun." if runs else f"Step {number} was shown; nothing ran.")


async def ready(board: Board, preview: Callable[[Operator], Preview]) -> Preview | None:
    """The preview, once everything that the command needs was asked for; None when it lacks something."""
    shown = await board.do(preview)
    while shown is not None and shown.runs and (wanted := _to_fill(board, shown)):
        answers = await board.answer(Ask("The command needs", wanted, verb="go on"))
        if answers is None or not await _filled(board, answers, shown):
            return None
        shown = await board.do(preview)
    return shown


def _to_fill(board: Board, preview: Preview) -> list[Field]:
    """A field for each secret and each empty variable. Placeholders are for `c`: the gate names them."""
    declared = {variable.name for variable in board.truth.plan.variables}
    missing = [name for name in preview.missing if name in declared]
    secret = set(preview.asked_secrets)
    return [TextField(name, name, required=True, password=name in secret) for name in missing]


async def _filled(board: Board, answers: dict[str, str], preview: Preview) -> bool:
    for name, value in answers.items():
        if name in preview.asked_secrets:
            done = await board.do(_remember, name, value)
        else:
            done = await board.do(steps.set_variable, name, value) is not None
        if not done:
            return False
    return True


def _remember(operator: Operator, name: str, value: str) -> bool:
    """Keep a secret for as long as the program runs."""
    operator.desk.secrets.remember(name, value)
    return True


def stop_step(board: Board) -> None:
    """TERM, then KILL, to everything that the command started."""
    step = running_step(board.situation)
    if step is not None:
        ends = Section("", ("Its command, and everything it started, gets TERM, and KILL a few seconds later.",))
        failed = Section("", ("The step is then failed. What it has done so far stays done.",), "warning")
        dialog = Confirm(f"Stop step {step.number}: {step.title}", [ends, failed], verb="stop it")
        board.ask(dialog, lambda _: _stop(board, step.number))


async def _stop(board: Board, number: str) -> None:
    if await board.do(running.stop, number) is not None:
        board.say(f"Step {number} is asked to stop.")


def run_check(board: Board) -> None:
    """A command check is run; what a person looks at is recorded."""
    from backout_tui.ui.actions.checks import record_check

    check = board.situation.check
    if check is not None and check.kind == "command":
        board.work(_run_checks(board, [check.id]))
    else:
        record_check(board)


def run_due_checks(board: Board) -> None:
    """All of them by one confirmation."""
    due = [check.id for check in due_checks(board.truth) if check.kind == "command"]
    board.work(_run_checks(board, due))


async def _run_checks(board: Board, letters: list[str]) -> None:
    verb = "run" if board.truth.live else "show"
    sections: list[Section] = []
    for letter in letters:
        preview = await ready(board, partial(checks.preview, letter=letter))
        if preview is None:
            return
        sections += [Section(f"Check {letter}: {board.truth.checks[letter].title}", ())] if len(letters) > 1 else []
        sections += previews.of_command(preview)
    one = f"check {letters[0]}: {board.truth.checks[letters[0]].title}"
    title = f"{verb.capitalize()} {one if len(letters) == 1 else f'{len(letters)} checks'}"
    if await board.answer(Confirm(title, sections, verb=verb)):
        begun = [letter for letter in letters if await board.do(checks.run, letter) is not None]
        if begun:
            board.say(f"Check {', '.join(begun)}: {'begun' if board.truth.live else 'shown'}.")

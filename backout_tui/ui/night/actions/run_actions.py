"""Runs commands: the preview, what it still needs, one confirmation, then the start. It also stops them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from backout_tui.domain.backout.rehearsing import way_of
from backout_tui.domain.plan.plan import CheckKind
from backout_tui.domain.refusal import REASON, TICKS, Refusal
from backout_tui.domain.rules import gates
from backout_tui.domain.rules.next_wish import due_checks
from backout_tui.engine.operator import Operator
from backout_tui.engine.verbs import check_verbs, run_verbs, step_verbs
from backout_tui.engine.verbs.attempt_verbs import Preview
from backout_tui.engine.verbs.prerequisite_verbs import NOT_ASKED, Ticked
from backout_tui.engine.verbs.table.verb_gates import running_step
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.dialogs.confirm import Confirm, Section
from backout_tui.ui.dialogs.fields import Field, TextField
from backout_tui.ui.night.actions import previews
from backout_tui.ui.night.actions.lifting import asked_of, cleared, ticked
from backout_tui.ui.night.board import Board


def run_step(board: Board, refusal: Refusal | None) -> None:
    """Run the step's command, after asking for an open choice and a condition."""
    step = board.situation.step
    if step is not None:
        board.work(_run_step(board, step.number, known=refusal is None))


async def _run_step(board: Board, number: str, *, known: bool) -> None:
    runs = way_of(board.truth, board.truth.steps[number]).runs
    verb = "run" if runs else "show"
    title = f"{verb.capitalize()} step {number}"
    before = await board.do(partial(run_verbs.preview, number=number))
    if before is None:
        return
    wrong = before.wrong
    lift = await cleared(
        board, number, title, "go on",
        lambda: gates.against_running(board.truth, number, wrong=wrong), known=known and not wrong,
    )  # fmt: skip
    preview = await ready(board, partial(run_verbs.preview, number=number)) if lift is not None else None
    if lift is None or preview is None:
        return
    refusal = gates.why_not_run(
        board.truth, number, missing=preview.missing, wrong=preview.wrong, lifted=lift.names | {TICKS}
    )  # fmt: skip
    if (preview.missing or preview.wrong) and refusal is not None:
        board.say(refusal.words, warning=True)
        return
    sections = previews.of_command(preview)
    type_this = number if preview.type_number and runs else ""
    name = f"{title}: {board.truth.steps[number].title}"
    confirmed: Ticked | None = NOT_ASKED
    if asked := asked_of(board, number):
        confirmed = await ticked(board, asked, name, sections, verb=verb, type_this=type_this, why=lift.reason)
    elif not await board.answer(Confirm(name, sections, verb=verb, type_this=type_this)):
        return
    if confirmed is None:
        return
    run = partial(run_verbs.run, number=number, reason=lift.reason, beside=lift.beside, ticked=confirmed)
    begun = await board.do(partial(run, break_glass=lift.break_glass, shown=preview))
    if begun is not None:
        board.say(f"Step {number} was begun." if runs else f"Step {number} was shown; nothing ran.")


NEEDS = "Nothing gives these a value: without one the command would do something else than is written."


async def ready(board: Board, preview: Callable[[Operator], Preview]) -> Preview | None:
    """Return the preview once everything that the command needs was given; None when something is missing."""
    shown = await board.do(preview)
    while shown is not None and shown.runs and (wanted := _to_fill(shown)):
        answers = await board.answer(Ask("The command needs", wanted, note=NEEDS, verb="go on"))
        if answers is None or not await _filled(board, answers, shown):
            return None
        shown = await board.do(preview)
    return shown


def _to_fill(preview: Preview) -> list[Field]:
    """A field for each secret, each empty variable, and each that nothing sets. Placeholders belong to `c`."""
    missing = [name for name in preview.missing if name.isidentifier()]
    secret = set(preview.asked_secrets)
    return [TextField(name, name, required=True, password=name in secret) for name in missing]


async def _filled(board: Board, answers: dict[str, str], preview: Preview) -> bool:
    for name, value in answers.items():
        if name in preview.asked_secrets:
            done = await board.do(_remember, name, value)
        else:
            done = await board.do(step_verbs.set_variable, name, value) is not None
        if not done:
            return False
    return True


def _remember(operator: Operator, name: str, value: str) -> bool:
    """Keep a secret for as long as the program runs."""
    operator.desk.secrets.remember(name, value)
    return True


def stop_step(board: Board) -> None:
    """Send TERM, then KILL, to everything that the command started."""
    step, verb = running_step(board.situation), verb_of("step-stop")
    if step is not None:
        ends = Section("", ("Its command, and everything it started, gets TERM, and KILL a few seconds later.",))
        failed = Section("", ("The step is then failed. What it has done so far stays done.",), "warning")
        title = verb.title.format(on=step.number, what=step.title)
        dialog = Confirm(title, [ends, failed], verb=verb.enter)
        board.ask(dialog, lambda _: _stop(board, step.number))


async def _stop(board: Board, number: str) -> None:
    if await board.do(run_verbs.stop, number) is not None:
        board.say(verb_of("step-stop").said.format(on=number))


def run_check(board: Board) -> None:
    """Run the command of the check under the cursor."""
    if (check := board.situation.check) is not None:
        board.work(_run_checks(board, [check.id]))


def run_due_checks(board: Board) -> None:
    """Run all due checks after one confirmation."""
    due = [check.id for check in due_checks(board.truth) if check.kind is CheckKind.COMMAND]
    board.work(_run_checks(board, due))


async def in_spite_of(board: Board, title: str, refusal: Refusal | None) -> str | None:
    """Ask for the reason that lifts a refusal; "" if there is none, None if the person left or nothing lifts it."""
    if refusal is None:
        return ""
    if refusal.lifted_by != REASON:
        board.say(refusal.words, warning=True)
        return None
    answers = await board.answer(ask_why(title, "go on", refusal))
    return None if answers is None else answers["reason"]


async def _run_checks(board: Board, letters: list[str]) -> None:
    verb = "run" if board.truth.live else "show"
    sections: list[Section] = []
    reasons: dict[str, str] = {}
    for letter in letters:
        preview = await ready(board, partial(check_verbs.preview, letter=letter))
        if preview is None:
            return
        refusal = gates.why_not_run_check(board.truth.checks[letter], preview.missing, preview.wrong)
        reason = await in_spite_of(board, f"{verb.capitalize()} check {letter}", refusal if preview.wrong else None)
        if reason is None:
            return
        reasons[letter] = reason
        sections += [Section(f"Check {letter}: {board.truth.checks[letter].title}", ())] if len(letters) > 1 else []
        sections += previews.of_command(preview)
    one = f"check {letters[0]}: {board.truth.checks[letters[0]].title}"
    title = f"{verb.capitalize()} {one if len(letters) == 1 else f'{len(letters)} checks'}"
    if await board.answer(Confirm(title, sections, verb=verb)):
        begun = [
            letter
            for letter in letters
            if await board.do(partial(check_verbs.run, letter=letter, reason=reasons[letter])) is not None
        ]
        if begun:
            board.say(f"Check {', '.join(begun)}: {'begun' if board.truth.live else 'shown'}.")

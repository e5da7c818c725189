"""Things in doubt: saying what is true of a step, and declaring in doubt what cannot be asked from here."""

from __future__ import annotations

from functools import partial

from backout_tui.domain.backout.runs import Run, named
from backout_tui.domain.backout.whereabouts import OutOfReach
from backout_tui.domain.moments import hour
from backout_tui.domain.spans import span_words
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.night.actions.verb_form import do_verb, fields_of
from backout_tui.ui.night.board import Board


def resolve_step(board: Board, number: str, state: str = "") -> None:
    """Record what is true of a step without a recorded outcome: `state` if a key chose it, else ask."""
    step, verb = board.truth.steps[number], verb_of("step-resolve")
    attempt = step.attempt
    where = f" on {attempt.host}" if attempt is not None and attempt.host else ""
    note = f"It was begun{where}, and its outcome is unknown. Look there first. It is not run again by itself."
    fields = fields_of(board, verb, {"as_": state})
    fields = fields[::-1] if state else fields
    title = verb.title.format(on=number, what=step.title)
    board.ask(Ask(title, fields, note=note, verb=verb.enter), partial(_resolve, board, number))


async def _resolve(board: Board, number: str, answers: dict[str, str]) -> None:
    verb = verb_of("step-resolve")
    if await do_verb(board, verb, answers, on=number) is not None:
        board.say(verb.said.format(on=number, **answers))


def declare_in_doubt(board: Board, run: Run, beyond: OutOfReach) -> None:
    """Show where it runs, since when, why it cannot be asked and what declaring it in doubt does; ask why."""
    what, since, now = named(board.truth, run), run.attempt.started_at, board.now()
    ago = span_words((now - since).total_seconds())
    dialog = ask_why(f"Declare {what} in doubt", "declare it in doubt", label="why")
    begun = f"{hour(since, now, zoned=True)}, {ago} ago"
    dialog.note = (
        f"It was begun at {begun}, on {beyond.host}. Nobody can see from here how it stands: {beyond.why}."
        " Look there first.\n"
        "Once it is in doubt you can say what is true of it, and go on. This stops nothing: it may still run there."
        " If its own outcome comes later, it is recorded."
    )
    board.ask(dialog, partial(_declare, board, run, what))


async def _declare(board: Board, run: Run, what: str, answers: dict[str, str]) -> None:
    kind, name = run.item
    if await do_verb(board, verb_of(f"{kind}-doubt"), answers, on=name) is not None:
        board.say(f"{what[:1].upper()}{what[1:]} is in doubt, as you say. Enter says what is true of it.")

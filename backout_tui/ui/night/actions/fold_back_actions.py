"""Turns a backout's deviations into the next revision of its plan, or dismisses them, from the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from backout_tui.domain.text import clean_line
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning import foldback
from backout_tui.engine.planning.foldback import Outcome, Undealt
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.dialogs.fields import ChoiceField, Field
from backout_tui.ui.night.board import Board

FOLD, DISMISS = "fold back", "dismiss"
_SHOWN = 6
"""Deviations that the dialog lists; more do not fit beside the question on a small terminal."""


def fold_back(board: Board) -> None:
    """Fold back or dismiss this backout's deviations, open or closed; this writes into the plan's log."""
    board.work(_fold_back(board))


async def _fold_back(board: Board) -> None:
    number, plan_id = board.truth.id, board.truth.ref.id
    left = await board.do(lambda operator: foldback.undealt_of(operator.desk, number))
    copies = await board.do(lambda operator: foldback.copies_of(operator.desk, plan_id)) if left is not None else None
    if left is None or copies is None:
        return
    into = (f"plan {plan_id}", *(one.where for one in copies))
    answers = await board.answer(fold_back_dialog([left], into if copies else ()))
    if answers is None:
        return
    chosen = answers.get("into", into[0]).removeprefix("plan ")
    if answers["what"] == FOLD:
        made = await board.do(lambda operator: foldback.fold_back(operator.desk, number, chosen))
        if made is not None:
            board.say(f"{made_words(made)} The list (Ctrl+P) leads to it.")
        return
    why = await board.answer(why_dismiss(left))
    done = partial(_dismiss_here, number=number, reason=why["reason"], into=chosen) if why is not None else None
    if done is not None and await board.do(done) is not None:
        board.say(f"Dismissed: {left}.")


def fold_back_dialog(left: Sequence[Undealt], into: Sequence[str] = ()) -> Ask:
    """Ask whether to fold these deviations back or to dismiss them, and for which backout if there are several.

    `into` are the plans to choose from, if there are copies.
    """
    fields: list[Field] = [ChoiceField("backout", "backout", tuple(str(one.backout) for one in left))]
    fields = fields if len(left) > 1 else []
    fields.append(ChoiceField("what", "what to do", (FOLD, DISMISS)))
    if into:
        fields.append(ChoiceField("into", "into", tuple(into)))
    note = "Folded back, they make the plan's next revision, a draft: each is confirmed, edited or dropped there."
    title = f"Fold back {left[0]}" if len(left) == 1 else "Fold back deviations"
    return Ask(title, fields, note="\n".join([*_named(left), note]), verb="go on")


def _named(left: Sequence[Undealt]) -> list[str]:
    several = len(left) > 1
    lines = [
        f"{f'backout {one.backout}, ' if several else ''}{f'step {dev.step}, ' if dev.step else ''}"
        f"{dev.kind.replace('_', ' ')}: {clean_line(dev.reason)}"
        for one in left
        for dev in one.deviations
    ]
    lines += [f"step {offer.number} {clean_line(str(offer))}" for one in left for offer in one.observed]
    more = len(lines) - _SHOWN
    return [*lines[:_SHOWN], f"... and {more} more"] if more > 0 else lines


def why_dismiss(one: Undealt) -> Ask:
    """Ask for the reason of a dismissal."""
    return ask_why(f"Dismiss {one}", "dismiss them", label="why")


def made_words(made: Outcome) -> str:
    """`Plan 2, revision 3: 5 items to confirm (r); left out: step 7, changed: ...`."""
    revision, count = made.revision, len(made.items)
    left = f"; left out: {', '.join(made.left)}" if made.left else ""
    items = f"{count} item{'s' if count != 1 else ''} to confirm"
    return f"Plan {revision.plan_id}, revision {revision.revision}: {items}{left}."


def dismiss(desk: Desk, *, number: int, reason: str, into: str = "") -> Undealt:
    """Dismiss the deviations of backout `number` for the plan `into`; returns what was dismissed."""
    return foldback.dismiss(desk, number, reason, into)


def _dismiss_here(operator: Operator, *, number: int, reason: str, into: str) -> Undealt:
    return foldback.dismiss(operator.desk, number, reason, into)

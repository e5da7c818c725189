"""What a backout departed in, folded back into its plan or dismissed: from the plan's screen, or the dashboard."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.text import clean_line
from backout_tui.engine.desk import Desk
from backout_tui.engine.operator import Operator
from backout_tui.engine.planning import foldback
from backout_tui.engine.planning.foldback import Outcome, Undealt
from backout_tui.ui.actions.asking import ask_why
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field

if TYPE_CHECKING:
    from backout_tui.ui.plans.plan_screen import PlanScreen

FOLD, DISMISS = "fold back", "dismiss"
_SHOWN = 6
"""Deviations that the dialog names: more do not fit beside the question on a small terminal."""


def fold_back_into(screen: PlanScreen) -> None:
    """Of the plan on the screen: of which backout is asked where there are several."""
    if screen.seen.undealt:
        screen.work(_into(screen, screen.seen.undealt))
    else:
        screen.say("No backout of this plan departs from it in anything that was not dealt with.")


async def _into(screen: PlanScreen, left: Sequence[Undealt]) -> None:
    answers = await screen.answer(_dialog(left))
    if answers is None:
        return
    one = next(one for one in left if str(one.backout) == answers.get("backout", str(left[0].backout)))
    if answers["what"] == FOLD:
        made = await screen.do(foldback.fold_back, one.backout)
        words = _made_words(made) if made is not None else ""
    else:
        words = await _dismissed_from(screen, one)
    if words:
        await screen.look_again()
        screen.say(words)


async def _dismissed_from(screen: PlanScreen, one: Undealt) -> str:
    why = await screen.answer(_why_dismiss(one))
    done = await screen.do(partial(_dismiss, number=one.backout, reason=why["reason"])) if why is not None else None
    return f"Dismissed: {done}." if done is not None else ""


def fold_back(board: Board) -> None:
    """Of the backout on the dashboard, open or closed: it writes into the plan's log."""
    board.work(_fold_back(board))


async def _fold_back(board: Board) -> None:
    number = board.truth.id
    left = await board.do(lambda operator: foldback.undealt_of(operator.desk, number))
    if left is None or (answers := await board.answer(_dialog([left]))) is None:
        return
    if answers["what"] == FOLD:
        made = await board.do(lambda operator: foldback.fold_back(operator.desk, number))
        if made is not None:
            board.say(f"{_made_words(made)} The list (Ctrl+P) leads to it.")
        return
    why = await board.answer(_why_dismiss(left))
    if why is not None and await board.do(partial(_dismiss_here, number=number, reason=why["reason"])) is not None:
        board.say(f"Dismissed: {left}.")


def _dialog(left: Sequence[Undealt]) -> Ask:
    fields: list[Field] = [ChoiceField("backout", "backout", tuple(str(one.backout) for one in left))]
    fields = fields if len(left) > 1 else []
    fields.append(ChoiceField("what", "what to do", (FOLD, DISMISS)))
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


def _why_dismiss(one: Undealt) -> Ask:
    return ask_why(f"Dismiss {one}", "dismiss them", label="why")


def _made_words(made: Outcome) -> str:
    """`Plan 2, revision 3: 5 items to confirm (r); left out: step 7, changed: ...`."""
    revision, count = made.revision, len(made.items)
    left = f"; left out: {', '.join(made.left)}" if made.left else ""
    items = f"{count} item{'s' if count != 1 else ''} to confirm"
    return f"Plan {revision.plan_id}, revision {revision.revision}: {items}{left}."


def _dismiss(desk: Desk, *, number: int, reason: str) -> Undealt:
    return foldback.dismiss(desk, number, reason)


def _dismiss_here(operator: Operator, *, number: int, reason: str) -> Undealt:
    return foldback.dismiss(operator.desk, number, reason)

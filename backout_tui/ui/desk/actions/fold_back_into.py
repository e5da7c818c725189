"""Turns the deviations of a plan's backouts into its next revision, or dismisses them, from the plan's screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from backout_tui.engine.planning import foldback
from backout_tui.engine.planning.foldback import Undealt
from backout_tui.ui.night.actions.fold_back_actions import FOLD, dismiss, fold_back_dialog, made_words, why_dismiss

if TYPE_CHECKING:
    from backout_tui.ui.desk.plan_screen import PlanScreen


def fold_back_into(screen: PlanScreen) -> None:
    """Fold back into this plan, or dismiss, what its backouts or its source's deviated in; ask which if several."""
    if screen.seen.undealt:
        screen.work(_into(screen, screen.seen.undealt))
    else:
        screen.say("Every deviation of this plan's backouts has been dealt with.")


async def _into(screen: PlanScreen, left: Sequence[Undealt]) -> None:
    answers = await screen.answer(fold_back_dialog(left))
    if answers is None:
        return
    one = next(one for one in left if str(one.backout) == answers.get("backout", str(left[0].backout)))
    if answers["what"] == FOLD:
        made = await screen.do(foldback.fold_back, one.backout, screen.seen.number)
        words = made_words(made) if made is not None else ""
    else:
        words = await _dismissed_from(screen, one)
    if words:
        await screen.look_again()
        screen.say(words)


async def _dismissed_from(screen: PlanScreen, one: Undealt) -> str:
    why = await screen.answer(why_dismiss(one))
    if why is None:
        return ""
    done = await screen.do(partial(dismiss, number=one.backout, reason=why["reason"], into=screen.seen.number))
    return f"Dismissed: {done}." if done is not None else ""

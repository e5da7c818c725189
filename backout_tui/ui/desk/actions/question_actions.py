"""Writes a new plan from the nine questions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from backout_tui.domain.refusal import Refusal
from backout_tui.engine.desk import Desk
from backout_tui.engine.planning import questions
from backout_tui.errors import BackoutError, Refused
from backout_tui.ui.desk.questions_screen import QuestionsScreen
from backout_tui.ui.dialogs.ask_why import ask_why
from backout_tui.ui.dialogs.tell import Tell

if TYPE_CHECKING:
    from backout_tui.ui.desk.list_screen import ListScreen

Answers = dict[str, str]


def new_plan(screen: ListScreen, release: str = "") -> None:
    """Ask the nine questions, about `release` if it is known, and store the plan that the answers make."""
    answers = {"release": release} if release else None
    screen.ask(QuestionsScreen(answers, from_the_first=True), partial(_store, screen))


async def _store(screen: ListScreen, answers: Answers) -> None:
    """Store the plan; if that is refused or fails, keep everything that was typed. Without answers, begin anew."""
    if not answers:
        screen.call_later(new_plan, screen)
        return
    outcome = await screen.do(_stored, answers, "")
    if isinstance(outcome, Refusal):
        why = await screen.answer(ask_why("Begin a plan anew", "store it as its next revision", outcome))
        outcome = await screen.do(_stored, answers, why["reason"]) if why is not None else None
    if isinstance(outcome, BackoutError):
        await screen.answer(Tell("The plan is not stored", str(outcome), tone="warning"))
    if isinstance(outcome, str):
        await screen.look_again()
        screen.say(outcome)
    elif (again := await screen.answer(QuestionsScreen(answers))) is not None:
        await _store(screen, again)


def _stored(desk: Desk, answers: Answers, reason: str) -> str | Refusal | BackoutError:
    """Return in words what was stored, or why nothing was."""
    try:
        revision = questions.new_plan(desk, answers, reason=reason)
    except Refused as refused:
        return Refusal(refused.reason, refused.lifted_by)
    except BackoutError as error:
        return error
    return f"Stored as plan {revision.plan_id}, revision {revision.revision}: {revision.name} {revision.version}."

"""The decision: the question, who may decide and whom to call, and how they agreed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from backout_tui.domain import authority
from backout_tui.domain.backout import Backout, Decision
from backout_tui.domain.gates import why_not_decide
from backout_tui.domain.judgement import deciding_people, proxy_name
from backout_tui.domain.messages import plain_name
from backout_tui.engine.verbs import decisions
from backout_tui.ui.actions.asking import GLASS, deciders_of
from backout_tui.ui.actions.calls import phone_book
from backout_tui.ui.board import Board
from backout_tui.ui.dialogs.ask import Ask
from backout_tui.ui.dialogs.fields import ChoiceField, Field, TextField

NOBODY_AWAKE = "Nobody who may decide can be reached: whoever is here decides."
_MOST_TO_CALL = 3
AGREED = TextField("agreed", "agreed how", hint="by phone, by mail, in the channel")
"""How whoever decided agreed, when they are not at the keys themselves."""


class DecideForm(Ask):
    """Asks who decided what, and why; of somebody other than the operator also how they agreed."""

    def __init__(self, backout: Backout, actor: str, at: datetime, glass: str) -> None:
        """`actor` works here, at `at`; `glass` says why the glass is broken, "" when it is not."""
        fields: list[Field] = [
            TextField(
                "by", "decided by", actor if glass == NOBODY_AWAKE else "", required=True,
                suggestions=deciders_of(backout), hint="↓ who may decide",
            ),
            TextField("reason", "why", required=True),
            ChoiceField("kind", "decision", decisions.KINDS),
            AGREED,
        ]  # fmt: skip
        above = [glass, GLASS, authority.question(backout)] if glass else note(backout, at)
        title = "Break the glass: decide" if glass else "Decide"
        super().__init__(title, fields, note="\n".join(above), verb="record it")
        self.actor = actor

    def _answer(self) -> None:
        """Who is not at the keys has agreed somehow: that is asked as well."""
        by = self.lines[0].input.answer
        elsewhere = bool(by.strip()) and plain_name(by) != plain_name(self.actor)
        self.lines[-1].field = replace(AGREED, required=elsewhere)
        super()._answer()


def note(backout: Backout, at: datetime) -> list[str]:
    """The question, who may decide and from when, and where they are reached."""
    now = authority.standing(backout)
    since = authority.since_words(now, at) if now.proxy and now.wait_s else ""
    lines = [authority.question(backout), f"May decide: {authority.who_words(now, at)}{f', {since}' if since else ''}"]
    names = deciding_people(backout.plan) | {plain_name(proxy_name(backout.plan))}
    book = phone_book(tuple(one for one in backout.plan.contacts if plain_name(one.name) in names), at)
    otherwise = ["Nobody answers: leave, and break the glass (Ctrl+P)."] if now.authoriser or now.proxy else []
    return [*lines, *(f"Call {line}" for line in book[:_MOST_TO_CALL]), *otherwise]


def decide(board: Board) -> None:
    """Back out, fix forward or stand down: by whom, and why. One may decide anew."""
    refusal = why_not_decide(board.truth)
    _ask(board, refusal.words if refusal is not None else "")


def break_glass(board: Board) -> None:
    """Nobody who may decide can be reached: whoever is here decides, and that comes first in the review."""
    _ask(board, NOBODY_AWAKE)


def _ask(board: Board, glass: str) -> None:
    form = DecideForm(board.truth, board.situation.actor, board.now(), glass)
    board.ask(form, partial(_decide, board, bool(glass)))


async def _decide(board: Board, break_glass: bool, answers: dict[str, str]) -> None:
    receipt = await board.do(decisions.decide, **answers, break_glass=break_glass)
    if receipt is None or (decision := receipt.backout.decision) is None:
        return
    prepared = " The message to the authoriser is prepared: m opens it." if break_glass else ""
    board.say(f"Decided by {decision.by}: {decision.kind}.{_aside(decision)}{prepared}")


def _aside(decision: Decision) -> str:
    if not decision.named_authoriser:
        return " They are not the authoriser that the plan names: this is marked."
    if decision.early_s:
        return f" By {authority.decider_words(decision.role, decision.early_s)}: this is marked."
    return ""

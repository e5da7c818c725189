"""The decision: the question, who may decide and whom to call, and how they agreed."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from backout_tui.domain.backout.state import Backout, Decision
from backout_tui.domain.plan.authorisers import deciding_people, proxy_name
from backout_tui.domain.plan.judgement import affects_words, few, said_in
from backout_tui.domain.plan.texts import plain_name
from backout_tui.domain.rules import authority
from backout_tui.domain.rules.gates import why_not_decide
from backout_tui.domain.values import replace
from backout_tui.engine.verbs.table.verb_table import verb_of
from backout_tui.ui.dialogs.ask_why import GLASS, deciders_of
from backout_tui.ui.dialogs.read_and_ask import ReadAndAsk
from backout_tui.ui.night.actions.call_actions import phone_book
from backout_tui.ui.night.actions.verb_form import do_verb, fields_of
from backout_tui.ui.night.board import Board

NOBODY_AWAKE = "Nobody who may decide can be reached: whoever is here decides."
_MOST_TO_CALL = 3
_MOST_CRITERIA = 4


class DecideForm(ReadAndAsk):
    """Asks who decided what, and why, below what the plan says for it; also how somebody else agreed."""

    def __init__(self, board: Board, glass: str) -> None:
        """`glass` says why the glass is broken, "" when it is not."""
        verb, backout, self.actor = verb_of("decide"), board.truth, board.situation.actor
        begin = {"by": self.actor} if glass == NOBODY_AWAKE else {}
        fields = fields_of(board, verb, begin, by=deciders_of(backout))
        above = [glass, GLASS, *for_judgement(backout)] if glass else note(backout, board.now())
        title = "Break the glass: decide" if glass else verb.title
        super().__init__(title, above, fields, verb=verb.enter)

    def _answer(self) -> None:
        """Require how the person agreed, unless the operator decided."""
        by = self.lines[0].input.answer
        elsewhere = bool(by.strip()) and plain_name(by) != plain_name(self.actor)
        agreed = self.lines[-1].field
        self.lines[-1].field = replace(agreed, required=elsewhere)
        super()._answer()


def note(backout: Backout, at: datetime) -> list[str]:
    """What to judge by, who may decide and from when, and how to reach them."""
    now = authority.standing(backout)
    since = authority.since_words(now, at) if now.proxy and now.wait_s else ""
    lines = [f"May decide: {authority.who_words(now, at)}{f', {since}' if since else ''}"]
    names = deciding_people(backout.plan) | {plain_name(proxy_name(backout.plan))}
    book = phone_book(tuple(one for one in backout.plan.contacts if plain_name(one.name) in names), at)
    otherwise = ["Nobody answers: leave, and break the glass (Ctrl+P)."] if now.authoriser or now.proxy else []
    return [*for_judgement(backout), *lines, *(f"Call {line}" for line in book[:_MOST_TO_CALL]), *otherwise]


def for_judgement(backout: Backout) -> list[str]:
    """The question, when the plan says to back out, and what else is affected."""
    criteria, plan = said_in(backout.plan.when), backout.plan
    when = ["Back out when:", *(f"  - {one}" for one in few(criteria, _MOST_CRITERIA))] if criteria else []
    hit = affects_words(plan)
    return [authority.question(backout), *when, *([f"Affects: {hit}"] if hit else [])]


def decide(board: Board) -> None:
    """Record who decided to back out, fix forward or stand down, and why. A decision may be replaced."""
    refusal = why_not_decide(board.truth)
    _ask(board, refusal.words if refusal is not None else "")


def break_glass(board: Board) -> None:
    """Nobody who may decide can be reached, so the person at the keys decides; the review lists this first."""
    _ask(board, NOBODY_AWAKE)


def _ask(board: Board, glass: str) -> None:
    board.ask(DecideForm(board, glass), partial(_decide, board, bool(glass)))


async def _decide(board: Board, break_glass: bool, answers: dict[str, str]) -> None:
    receipt = await do_verb(board, verb_of("decide"), answers, glass=break_glass)
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
